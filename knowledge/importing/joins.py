"""Puts sentences together again that a margin, a page or a blank line has cut."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.importing.document import Line

ENDS = (".", "!", "?", ":", ":-", ";", "”", '"', ".)", "…")
_TAIL = 80  # signs
_WHOLE = 60  # signs of a line that is no heading
_SCHOOL = re.compile(r"\b(?:school|academy|college|nursery|federation|trust)$", re.IGNORECASE)
_HYPHEN = re.compile(r"\w-$")
OPEN = re.compile(
    r"\b(?:and|or|the|a|an|of|to|in|on|for|with|by|from|their|our|its|that|which|as|at|be|is|are|must|should|will|not|any|all|clause|section|paragraph|see|under)$|[,(–-]$",
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
    """Whether LINE is the rest of what BEFORE begins."""
    if line.level and line.level == before.level:
        # A title set over two lines. The school's name above it is a line of its own.
        return before.wide and not line.gap and not line.label and not _SCHOOL.search(before.text)
    return _both_plain(before, line) and _same_sentence(before, line)


def _both_plain(before: Line, line: Line) -> bool:
    """Whether the two can be parts of one paragraph at all."""
    if line.bullet or line.label or line.level or line.cells or before.level or before.cells or before.whole:
        return False
    return (
        bool(line.text)
        and before.strong == line.strong
        and not before.text.endswith((":", ":-"))
        and "@" not in line.text.split()[0]
    )


def _same_sentence(before: Line, line: Line) -> bool:
    """Whether LINE goes on where BEFORE stops, although a margin, a page or a blank line stands between them."""
    end = before.text[-_TAIL:]  # a paragraph may be long by now, and only its end matters
    words = len(end.split())
    hanging = words > 5 and bool(OPEN.search(end))
    if line.text[0].islower():
        ended = before.text.endswith(ENDS)
        return (before.wide and not line.gap) or (not ended and (words >= 3 or len(line.text.split()) < 3))
    if line.gap:
        cut = not before.bullet and len(before.text) > _WHOLE and not before.text.endswith(ENDS)
        return (hanging or cut) and line.page != before.page
    return before.wide or hanging


def _together(before: str, after: str) -> str:
    """A word divided at the margin keeps its hyphen: whether it belongs there only the school knows."""
    return before + after if _HYPHEN.search(before[-2:]) and after[0].islower() else f"{before} {after}"
