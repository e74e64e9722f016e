"""Puts sentences together again that a margin, a page or a blank line has cut."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.importing.document import Line

ENDS = (".", "!", "?", ":", ":-", ";", "”", '"', ".)", "…")
_SCHOOL = re.compile(r"\b(?:school|academy|college|nursery|federation|trust)$", re.IGNORECASE)
_HYPHEN = re.compile(r"\w-$")
_OPEN = re.compile(
    r"\b(?:and|or|the|a|an|of|to|in|on|for|with|by|from|their|our|its|that|which|as|at|be|is|are|must|should|will|not|any|all)$|[,(–-]$",
    re.IGNORECASE,
)


def joined(lines: list[Line]) -> list[Line]:
    """LINES, marked already, with each cut sentence on one of them."""
    whole: list[Line] = []
    for line in lines:
        before = whole[-1] if whole else None
        if before is not None and _carries_on(before, line):
            whole[-1] = replace(before, text=_together(before.text, line.text), wide=line.wide, whole=line.whole)
        else:
            whole.append(line)
    return whole


def _carries_on(before: Line, line: Line) -> bool:
    """Whether LINE is the rest of the sentence that BEFORE begins."""
    if line.level and line.level == before.level:
        # A title set over two lines. The school's name above it is a line of its own.
        return before.wide and not line.gap and not line.label and not _SCHOOL.search(before.text)
    if line.bullet or line.label or line.level or line.cells or before.level or before.cells or before.whole or not line.text:
        return False
    if (
        before.strong != line.strong
        or "@" in line.text.split()[0]
        or len(before.text.split()) < 3 <= len(line.text.split())
        and not before.wide
    ):
        return False
    ended = before.text.endswith(ENDS)
    if before.text.endswith((":", ":-")):
        return False
    if line.text[0].islower():
        return not ended or (before.wide and not line.gap)
    if line.gap:
        return bool(_OPEN.search(before.text)) and len(before.text.split()) > 5 and line.page != before.page
    return before.wide or (bool(_OPEN.search(before.text)) and len(before.text.split()) > 5)


def _together(before: str, after: str) -> str:
    """A word divided at the margin keeps its hyphen: whether it belongs there only the school knows."""
    return before + after if _HYPHEN.search(before) and after[0].islower() else f"{before} {after}"
