"""Collects what each cell has measured; a whole run prints the table at its end, and writes down what it has seen."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from rich.console import Console

from tests.faults.columns import COLUMNS
from tests.faults.rows import ROWS
from tests.faults.table import FILE, NOT, document, printed, read

_CELLS = pytest.StashKey[dict[tuple[str, str], str]]()


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[[str, str, str], None]:
    """Takes what a cell has measured."""
    cells = request.config.stash.setdefault(_CELLS, {})

    def take(fault: str, column: str, said: str) -> None:
        cells[fault, column] = said

    return take


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what was measured, and write it into docs/faults.md; what a part of the table says beside it stays as it was."""
    if os.environ.get("FAULTS") != "whole" or not (cells := config.stash.get(_CELLS, {})):
        return
    faults = {name: row.heading for name, row in ROWS.items()}
    columns = {name: column.title for name, column in COLUMNS.items()}
    cells |= {(name, column): f"{NOT}{why}" for name, row in ROWS.items() for column, why in row.not_for.items()}
    printed(cells, faults, columns, Console())
    known = read(FILE.read_text(encoding="utf-8"), faults, columns) if FILE.exists() else {}
    page = {**known, **cells}
    if left := [(fault, column) for fault in faults for column in columns if (fault, column) not in page]:
        terminalreporter.write_line(f"docs/faults.md stays as it was: not measured: {left}")
    else:
        FILE.write_text(document(page, faults, columns), encoding="utf-8")
        terminalreporter.write_line("Written: docs/faults.md")
