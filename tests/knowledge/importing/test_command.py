"""`signpost policy import` and `signpost eval sections`, as somebody types them."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands import eval as scoring
from bot.commands import policy
from bot.commands._problems import sentence
from bot.commands._shared import Refused
from knowledge.importing import CannotImport
from knowledge.markdown import load
from tests.knowledge.importing import press


def run(app, *words: object):
    """What the command line says to WORDS."""
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_proposal_is_shown_and_written(tmp_path: Path, paper):
    """The tree, what was left out and why, whom it names; then a file, and the word that nothing was published."""
    goal = tmp_path / "thornfield.md"
    said = run(policy.app, "import", paper("footers", "pdf"), "--school", "thornfield", "--to", goal)
    assert said.exit_code == 0, said.output
    for part in (
        "3.2 The messaging service",
        "the table of contents: 12",
        "the foot or head of a page",
        "Miss Fennimore",
        "the deputy headteacher",
        "it is not published",
    ):
        assert part in said.output
    assert "Fennimore" not in goal.read_text()
    assert load(goal).title == "Digital Communications Policy"


def test_a_dry_run_writes_nothing(tmp_path: Path, paper, monkeypatch: pytest.MonkeyPatch):
    """It shows the same and leaves no file."""
    monkeypatch.chdir(tmp_path)
    said = run(policy.app, "import", paper("bold", "docx"), "--school", "hazel", "--dry-run")
    assert "Nothing was written" in said.output
    assert list(tmp_path.iterdir()) == []


def test_corrections_are_not_written_over(tmp_path: Path, paper):
    """Somebody's morning may be in that file."""
    goal = tmp_path / "hazel.md"
    goal.write_text("corrected")
    said = run(policy.app, "import", paper("bold", "docx"), "--school", "hazel", "--to", goal)
    assert isinstance(said.exception, Refused)
    assert goal.read_text() == "corrected"
    assert run(policy.app, "import", paper("bold", "docx"), "--school", "hazel", "--to", goal, "--replace").exit_code == 0
    assert goal.read_text() != "corrected"


def test_people_are_kept_where_that_is_asked_for(tmp_path: Path, paper):
    """The names are shown, and left in."""
    goal = tmp_path / "thornfield.md"
    said = run(policy.app, "import", paper("footers", "docx"), "--school", "thornfield", "--to", goal, "--keep-people")
    assert "found and left in" in said.output
    assert "Miss Fennimore" in goal.read_text()


def test_a_bad_file_ends_in_one_sentence(tmp_path: Path):
    """No traceback: what is wrong with which file, and the remedy."""
    (tmp_path / "scan.pdf").write_bytes(b"\x89PNG....")
    said = run(policy.app, "import", tmp_path / "scan.pdf", "--school", "hazel", "--dry-run")
    assert isinstance(said.exception, CannotImport)
    assert sentence(said.exception).startswith("scan.pdf: this is a picture.")


def test_sections_are_scored_against_a_table(tmp_path: Path, paper):
    """The last line is one line of figures for another program."""
    for name, form in (("legal", "docx"), ("roman", "html")):
        (tmp_path / f"{name}.{form}").write_bytes(paper(name, form).read_bytes())
    table = {name: [asdict(anchor) | {"anchor": anchor.name} for anchor in press.anchors(name)] for name in ("legal", "roman")}
    (tmp_path / "sections.json").write_text(json.dumps(table))
    said = run(scoring.app, "sections", "--import-from", tmp_path, "--sections", tmp_path / "sections.json", "--json")
    figures = json.loads(said.output.splitlines()[-1])
    assert (figures["coverage"], figures["intact"], figures["invented"], figures["across"]) == (1.0, 1.0, 0, 0)
    assert set(figures["schools"]) == {"legal", "roman"}


def test_a_section_that_is_missing_shows(tmp_path: Path, paper):
    """A score that cannot fall is none."""
    (tmp_path / "legal.docx").write_bytes(paper("legal", "docx").read_bytes())
    anchor = {"anchor": "9", "title": "x", "starts_with": "Words that the document does not have", "ends_with": "at all"}
    (tmp_path / "sections.json").write_text(json.dumps({"legal": [anchor]}))
    said = run(scoring.app, "sections", tmp_path / "sections.json", "--import-from", tmp_path)
    figures = json.loads(said.output.splitlines()[-1])
    assert figures["schools"]["legal"]["not_covered"] == ["9"]
    assert "legal: not covered: 9" in said.output


def test_the_bot_starts_without_the_libraries_that_read_documents():
    """They are for an hour in a year; `run` and `ask` do not wait for them."""
    script = (
        "import sys, bot.app, bot.commands.run, bot.commands.ask; print([m for m in sys.modules if m.split('.')[0] in {LIBRARIES}])"
    )
    libraries = {"pypdfium2", "selectolax", "defusedxml", "charset_normalizer"}
    ran = subprocess.run(
        [sys.executable, "-c", script.replace("LIBRARIES", repr(libraries)[1:-1])], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
