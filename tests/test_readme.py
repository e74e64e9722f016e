"""The README tells the truth: its commands run, its lists are the code's, and its transcript is what the bot says."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from bot.__main__ import FOLDER

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.split("#")[0].strip() for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()
]
MAKE = [shlex.split(line)[1] for line in COMMANDS if line.startswith("make ")]
SIGNPOST = [shlex.split(line)[1:] for line in COMMANDS if line.startswith(".venv/bin/signpost ")]
TOP_LEVEL = {"bot", "flows", "knowledge", "storage", "tests", "benchmarks", "docs", "deploy"}
TOP_FILES = {"pyproject.toml", "README.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE", "Makefile"}


def table(heading: str) -> list[str]:
    """The first column of the table under HEADING."""
    part = README.split(heading, 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)


def test_the_commands_in_the_table_are_the_commands_there_are():
    """One file a command, and one row."""
    assert table("## Set up for a school") == sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))


def test_the_folders_in_the_table_are_the_folders_there_are():
    """Nothing stands in the top level that the page does not tell of."""
    assert {name.rstrip("/") for name in table("## Where things are")} == TOP_LEVEL


def test_the_top_level_is_the_agreed_one():
    """Packages, pages and the folder of each purpose; no drawer for leftovers."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    tops = {Path(name).parts[0] for name in tracked}
    assert tops <= TOP_LEVEL | TOP_FILES | {".ci", ".gitignore"}
    assert tops >= TOP_FILES


@pytest.mark.parametrize("target", MAKE)
def test_every_make_target_that_is_named_exists(target: str):
    """`make -n` knows it."""
    run = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "ARCHITECTURE.md",
        "docs/running.md",
        "docs/cases.md",
        "docs/flows.md",
        "docs/durability.md",
        "docs/performance.md",
        "benchmarks/README.md",
    ],
)
def test_every_path_that_a_page_names_is_there(page: str):
    """A page that points to nothing has stopped being true."""
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:bot|flows|knowledge|storage|tests|benchmarks|docs|deploy)/[\w./-]*)`", text))
    linked = {
        str((ROOT / page).parent.joinpath(link).resolve().relative_to(ROOT)) for link in re.findall(r"\]\(([\w./-]+)\)", text)
    }
    assert [path for path in sorted(named | linked) if not (ROOT / path).exists()] == []


def test_the_transcript_is_what_the_bot_says():
    """Every quoted block stands, line for line, in a conversation that is replayed at every change."""
    spoken = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "conversations").glob("*.txt"))
    quoted = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    assert quoted
    for block in quoted:
        assert block in spoken


def test_setting_up_a_school_goes_as_it_is_written(tmp_path: Path):
    """init, people, check and run, one after the other, in an empty folder; run answers and stops when asked."""
    assert [line[0] for line in SIGNPOST] == ["init", "people", "check", "run"]
    environment = {**os.environ, "SIGNPOST_CONFIG": str(tmp_path / "signpost.toml"), "HOME": str(tmp_path)}
    options = {
        "init": ["--yes", "--school", "rosebrook", "--key", str(tmp_path / "safe" / "key"), "--data", str(tmp_path / "data")]
    }
    for line in SIGNPOST[:-1]:
        done = signpost(*line, *options.get(line[0], []), cwd=tmp_path, env=environment)
        expected = (0, 1) if line[0] == "check" else (0,)  # contacts and terms are still empty: check says so
        assert done.returncode in expected, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
    web, status = free_port(), free_port()
    settings = tmp_path / "signpost.toml"
    settings.write_text(re.sub(r"(?m)^port = .*$", "", settings.read_text()), encoding="utf-8")
    settings.write_text(
        settings.read_text().replace("[web]", f"[web]\nport = {web}").replace("[status]", f"[status]\nport = {status}"),
        encoding="utf-8",
    )
    running = subprocess.Popen(
        [sys.executable, "-m", "bot", *SIGNPOST[-1]], cwd=tmp_path, env={**environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        assert answers(f"http://127.0.0.1:{web}/readyz"), running.stdout
    finally:
        running.send_signal(signal.SIGTERM)
        out, _ = running.communicate(timeout=20)
    assert running.returncode == 0, out


def signpost(*line: str, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The command line, in another folder."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *line], cwd=cwd, env={**env, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def free_port() -> int:
    """A port nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def answers(url: str) -> bool:
    """Whether URL says 200 within a few seconds."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=2) as reply:  # noqa: S310 - our own loopback address
                return bool(reply.status == 200)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    return False
