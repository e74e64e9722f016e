"""The borders between the packages hold, and each of them is seen to fail when it is crossed."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "flows", "knowledge", "storage")
CONTRACTS = {
    one["id"]: one["name"] for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}

# For each border, a file and a line that crosses it.
CROSSINGS = {
    "layers": ("flows/matters.py", "import knowledge.policy"),
    "pure": ("flows/engine.py", "import asyncio"),
    "strangers": ("bot/handlers/help.py", "import bot.channels.console"),
    "deciding": ("bot/handlers/policy.py", "import bot.record"),
    "rows": ("bot/people.py", "import sqlmodel"),
    "sdk": ("bot/handlers/cases.py", "import slack_bolt"),
}


def lint(folder: Path) -> str:
    """What import-linter says of the packages in FOLDER."""
    script = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command; lint_imports_command()"
    run = subprocess.run(
        [sys.executable, "-P", "-c", script, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )
    return run.stdout + run.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The four packages and their settings, to be broken."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_has_a_crossing_that_it_must_catch():
    """A contract nobody has seen fail proves nothing."""
    assert CROSSINGS.keys() == CONTRACTS.keys()


@pytest.mark.parametrize("contract", CROSSINGS)
def test_crossing_a_border_is_noticed_by_its_english_name(contract: str, copy: Path):
    """One forbidden import, and the contract that forbids it is broken; the report calls it by its sentence."""
    file, line = CROSSINGS[contract]
    source = copy / file
    source.write_text(
        source.read_text().replace("from __future__ import annotations\n", f"from __future__ import annotations\n{line}\n", 1)
    )
    said = " ".join(lint(copy).split())
    assert f"{CONTRACTS[contract]} BROKEN" in said


def test_the_borders_hold(copy: Path):
    """As it stands, nothing crosses."""
    said = lint(copy)
    assert "0 broken" in said, said
