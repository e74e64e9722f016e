"""The fault table as it stands in docs/faults.md: written from what a run has measured, and read back to be compared with one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

FILE = Path(__file__).parents[2] / "docs" / "faults.md"
HEAD = """# What happens when something goes wrong
Each line was written by a run: `make faults` starts the bot beside each platform, over real sockets, breaks something, looks what
people see and what is kept, and writes it down here. `make test` runs some of the cells and compares them with this page. The
platforms are strict ones of our own (`tests/*_wire.py`); nothing here was tried at the real services.

“Shown twice”: the platform had shown it and its answer was lost, so nobody could know; it was sent again, under the same key.
"""
NOT = "*does not apply*: "

# (fault, column) -> what happened, or why the fault does not apply there.
Cells = Mapping[tuple[str, str], str]


def document(cells: Cells, faults: Mapping[str, str], columns: Mapping[str, str]) -> str:
    """The page for CELLS. FAULTS and COLUMNS are headings by name: a section for each fault, a line for each column."""
    parts = [HEAD]
    for fault, heading in faults.items():
        rows = [f"| {title} | {cells[fault, column]} |" for column, title in columns.items()]
        parts.append("\n".join((f"## {heading}", "| where | what happened |", "|---|---|", *rows)))
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def read(text: str, faults: Mapping[str, str], columns: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """The cells of a page that `document` wrote."""
    by_heading = {heading: fault for fault, heading in faults.items()}
    by_title = {title: column for column, title in columns.items()}
    cells: dict[tuple[str, str], str] = {}
    fault = ""
    for line in text.splitlines():
        if line.startswith("## "):
            fault = by_heading[line.removeprefix("## ")]
        elif (row := re.fullmatch(r"\| (.+?) \| (.+) \|", line)) is not None and row[1] != "where":
            cells[fault, by_title[row[1]]] = row[2]
    return cells


def printed(cells: Cells, faults: Mapping[str, str], columns: Mapping[str, str], screen: Console) -> None:
    """Print CELLS as far as there are some."""
    for fault, heading in faults.items():
        there = [(title, cells[fault, column]) for column, title in columns.items() if (fault, column) in cells]
        if there:
            table = Table("where", "what happened", title=heading, title_justify="left", expand=True)
            for title, said in there:
                table.add_row(title, said, style="dim" if said.startswith(NOT) else "")
            screen.print(table)
