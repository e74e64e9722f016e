"""Every fault at every channel, measured: what is written in docs/faults.md is what a run has seen.

`make faults` runs every cell, prints the table and writes the page. Here a few cells run, one for each fault and some for each
channel, and have to say what the page says.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.columns import COLUMNS
from tests.faults.rows import ROWS
from tests.faults.table import FILE, NOT, document, read

WHOLE = os.environ.get("FAULTS") == "whole"
FAULTS = {name: row.heading for name, row in ROWS.items()}
TITLES = {name: column.title for name, column in COLUMNS.items()}
EVERY = [(fault, column) for fault, row in ROWS.items() for column in COLUMNS if column not in row.not_for]
FEW = [
    ("429", "slack, line"), ("5xx", "teams"), ("reset", "telegram, calling"), ("hang", "slack, calling"), ("half", "web"),
    ("credentials", "email"), ("duplicate", "teams"), ("order", "telegram, asked"), ("poison", "slack, line"),
    ("edited", "telegram, calling"), ("deleted", "slack, calling"), ("oversized", "console"), ("junk", "web"),
    ("restart", "telegram, asked"),
]  # fmt: skip

Measured = Callable[[str, str, str], None]


@pytest.mark.parametrize(("fault", "column"), EVERY if WHOLE else FEW, ids=lambda name: name.replace(", ", "-"))
async def test_what_happens(fault: str, column: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, measured: Measured):
    """The bot beside one platform, which does one thing wrong; what came of it is asserted, counted, and said in a line."""
    if fault == "hang":  # patience alone is shortened: it is given up after half a second, and not after ten or twenty
        monkeypatch.setattr("bot.outbox.SEND_WITHIN", 0.5)
        monkeypatch.setattr("bot.channels.email.post.ANSWER_WITHIN", 0.5)
    said = await ROWS[fault].does(tmp_path, column)
    measured(fault, column, said)
    if not WHOLE:
        assert written()[fault, column] == said, "docs/faults.md says something else: look why, then `make faults`"


def written() -> dict[tuple[str, str], str]:
    """What docs/faults.md says."""
    return read(FILE.read_text(encoding="utf-8"), FAULTS, TITLES)


@pytest.mark.skipif(WHOLE, reason="a whole run writes the page at its end")
def test_the_page_says_something_about_every_fault_at_every_channel():
    """What happened, or why it does not apply; and nothing that no test measures."""
    cells = written()
    assert set(cells) == {(fault, column) for fault in FAULTS for column in TITLES}
    for fault, row in ROWS.items():
        for column in TITLES:
            reason = row.not_for.get(column)
            assert (cells[fault, column] == f"{NOT}{reason}") == (reason is not None)
    assert document(cells, FAULTS, TITLES) == FILE.read_text(encoding="utf-8")


def test_the_few_that_run_every_time_miss_no_fault_and_no_channel():
    """A fault that nobody tries in `make test` could be broken for weeks."""
    assert {fault for fault, _ in FEW} == set(ROWS)
    assert {column for _, column in FEW} == set(COLUMNS)
    assert set(FEW) <= set(EVERY)
