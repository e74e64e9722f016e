"""Reads tables: keys and values become facts, rows below a row of heads become rules with the heads as their lead-in."""

from __future__ import annotations

import re

from knowledge.importing.document import Line

_LONGEST_KEY = 9
_HEAD = re.compile(r"[.;!]$|\d{4}$")

EMPTY = "–"  # a field that nobody has filled in

# text, line, lead-in, title, whether it is a fact
Row = tuple[str, int, str, str, bool]


def rows(lines: list[Line]) -> list[Row]:
    """The rows of one table, or of lines that are set in columns."""
    found: list[Row] = []
    head: tuple[str, ...] = ()
    for place, line in enumerate(lines):
        cells = tuple(cell for cell in line.cells if cell) or (line.text,)
        if _is_head(line, lines[place + 1 :]):
            head = cells
            found.append((" | ".join(cells), line.number, "", "", True))
        elif head and len(cells) > 2:
            found.append((" | ".join(cells), line.number, " | ".join(head), "", True))
        elif pairs := _pairs(cells):
            found += [(value or EMPTY, line.number, " | ".join(head), key, True) for key, value in pairs]
        else:
            long = max(len(cell.split()) for cell in cells) > 12
            found.append((" | ".join(cells), line.number, " | ".join(head), "", not long))
    return _without_lone_heads(found)


def _without_lone_heads(found: list[Row]) -> list[Row]:
    """The heads of columns stand before their rows already; alone they are kept only where nothing follows."""
    leads = {lead for _, _, lead, _, _ in found if lead}
    return [row for row in found if row[0] not in leads]


def _is_head(line: Line, after: list[Line]) -> bool:
    cells = [cell for cell in line.cells if cell]
    if len(cells) == 2 and len(after) > 1:
        # Two columns have heads where what stands below the second is told in sentences; “Version | 2” has none.
        return len(line.text.split()) <= 8 and all(len(row.cells) == 2 and len(row.cells[1].split()) > 5 for row in after)
    return (
        len(cells) > 2
        and all(len(cell.split()) <= 5 and not _HEAD.search(cell) and not cell[0].isdigit() for cell in cells)
        and not any(cell.endswith(":") for cell in cells[:1])
        and (not after or len(after[0].cells) >= 2)
    )


def _pairs(cells: tuple[str, ...]) -> list[tuple[str, str]]:
    """Keys with their values, where that is what CELLS are: “Version | 2”, or “Written: | 2020 | Reviewed: | 2025”."""
    if (
        len(cells) == 2
        and len(cells[0].split()) <= _LONGEST_KEY
        and ":" not in cells[0].rstrip(":- ")
        and not cells[1].endswith((":", ":-"))
    ):
        return [(cells[0].rstrip(":- "), cells[1])]
    pairs: list[tuple[str, str]] = []
    for cell in cells:
        if cell.endswith((":", ":-")):
            pairs.append((cell.rstrip(":- "), ""))
        elif pairs and not pairs[-1][1]:
            pairs[-1] = (pairs[-1][0], cell)
        else:
            return []
    return pairs if any(value for _, value in pairs) else []
