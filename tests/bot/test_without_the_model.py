"""`signpost` where the language model is missing or another: it says so and does not start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import knowledge

KNOWLEDGE = Path(knowledge.__file__).parent


@pytest.fixture
def spoilt(place, tmp_path):
    """Runs a command in a process of its own, beside a copy of what we know in which one file of the model is not as released."""

    def run(name: str, how: str, *args: str) -> subprocess.CompletedProcess[str]:
        shutil.copytree(KNOWLEDGE, tmp_path / "code" / "knowledge", copy_function=os.symlink)
        file = tmp_path / "code" / "knowledge" / "model" / name
        whole = file.read_bytes()
        file.unlink()
        if how == "truncated":
            file.write_bytes(whole[: len(whole) // 2])
        elif how == "changed":
            file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        environ = {**os.environ, "PYTHONPATH": f"{tmp_path / 'code'}{os.pathsep}{KNOWLEDGE.parent}", "COLUMNS": "300"}
        command = [sys.executable, "-m", "bot", *args]
        return subprocess.run(command, cwd=place, env=environ, capture_output=True, text=True, timeout=60, check=False)

    return run


@pytest.mark.parametrize(("name", "how"), [("encoder.npz", "truncated"), ("ranking.npz", "missing")])
def test_the_bot_does_not_start(spoilt, name, how):
    """Not with half of what it understands: neither search, nor intents, nor risk. The file and the remedy are said in one line."""
    told = spoilt(name, how, "run", "--rehearsal")
    assert told.returncode == 2
    (line,) = told.stderr.strip().splitlines()
    assert name in line
    assert "Restore the folder from the release" in line
    assert "Chat page" not in told.stdout


def test_a_question_on_the_command_line_is_not_answered_with_less(spoilt):
    """What is printed for another program is the real thing or nothing."""
    told = spoilt("ranking.npz", "changed", "ask", "--json", "may I post photos?")
    assert told.returncode == 2
    assert told.stdout == ""
    assert "ranking.npz" in told.stderr
