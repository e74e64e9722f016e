"""Finds what is printed on every page and is no part of the policy: page numbers, running titles, copyright and web lines."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise

from knowledge.importing.document import Dropped, Line

_PAGE = re.compile(
    r"(?:^|\b)(?:page|p\.|pg\.?)\s*\|?\s*\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?\b|^\W*\d{1,3}\s*(?:of|/)\s*\d{1,3}\W*$|\|\s*page\s*$",
    re.IGNORECASE,
)
_ONLY_NUMBER = re.compile(r"^\W*\d{1,3}\W*$")
_COPYRIGHT = re.compile(r"^(?:©|\(c\)|c(?=\s[A-Z])|copyright)\s.{0,80}\b(?:19|20)\d\d\b.{0,20}$", re.IGNORECASE)
_WEB = re.compile(r"^(?:https?://|www\.)\S+$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_LONGEST = 16  # words


def without_footers(lines: list[Line]) -> tuple[list[Line], list[Dropped]]:
    """LINES without what belongs to the page and not to the text. Where something was taken out the next line has a gap above."""
    why = _reasons(lines)
    paged = any(line.page for line in lines)
    kept: list[Line] = []
    dropped: list[Dropped] = []
    for place, line in enumerate(lines):
        if place in why:
            dropped.append(Dropped(line.number, line.text, why[place]))
        else:
            # Plain text knows no pages, but what was taken out of it stood between two of them.
            kept.append(line if paged or not dropped else replace(line, page=len(dropped)))
    return kept, dropped


def _reasons(lines: list[Line]) -> dict[int, str]:
    why = {place: reason for place, line in enumerate(lines) if (reason := _alone(line)) and not _is_item(lines, place)}
    _bare_numbers(lines, why)
    if any(line.page for line in lines):
        _at_the_edges(lines, why)
    _running(lines, why)
    return why


def _alone(line: Line) -> str:
    """Why LINE is no text, where it can be told from the line itself."""
    if len(line.text.split()) > _LONGEST or line.level:
        return ""
    if _PAGE.search(line.text) and not re.search(r"\bsee page\b|\bon page\b", line.text, re.IGNORECASE) and not _listed(line):
        return "the foot or head of a page"
    if _COPYRIGHT.match(line.text):
        return "a copyright line"
    return "a web address on its own" if _WEB.match(line.text) else ""


def _is_item(lines: list[Line], place: int) -> bool:
    """Whether the “(c)” of the line at PLACE is that of an item: an Act with its year, between (b) and (d), has no copyright."""
    near = [line.text.lstrip("(").lower() for line in lines[max(0, place - 3) : place + 4]]
    return lines[place].text.startswith("(c)") and any(text.startswith(("b)", "d)")) for text in near)


def _listed(line: Line) -> bool:
    """A line of the table of contents says a page too."""
    return re.search(r"^.{3,}?\s+page\s+\d+$", line.text, re.IGNORECASE) is not None and len(line.cells) > 1


def _bare_numbers(lines: list[Line], why: dict[int, str]) -> None:
    """A number alone on its line is a page number where such numbers climb by about one."""
    bare = [(place, int(_DIGITS.findall(line.text)[0])) for place, line in enumerate(lines) if _ONLY_NUMBER.match(line.text)]
    rising = [one for one, after in pairwise(bare) if 0 < after[1] - one[1] <= 2]
    if len(bare) == 1 or len(rising) >= 0.5 * (len(bare) - 1):
        why.update((place, "a page number") for place, _ in bare)


def _at_the_edges(lines: list[Line], why: dict[int, str]) -> None:
    """What stands first or last on most pages, but for its numbers, is a running head or foot."""
    pages: dict[int, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        pages[line.page].append(place)
    if len(pages) < 3:
        return
    edges = {place for places in pages.values() for place in (*places[:3], *places[-3:])}
    seen = Counter(_masked(lines[place]) for place in edges)
    for place in edges:
        if seen[_masked(lines[place])] >= max(3, len(pages) // 2) and len(lines[place].text.split()) <= _LONGEST:
            why.setdefault(place, "the foot or head of a page")


def _running(lines: list[Line], why: dict[int, str]) -> None:
    """A line that comes again and again beside the foot of a page belongs to it. Two passes: such lines stand in stacks."""
    again: dict[str, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        if len(line.text.split()) <= _LONGEST:
            again[_masked(line)].append(place)
    for _ in range(2):
        for places in again.values():
            beside = [place for place in places if place - 1 in why or place + 1 in why or place in why]
            if len(places) >= 3 and len(beside) == len(places):
                why.update((place, "the foot or head of a page") for place in places if place not in why)


def _masked(line: Line) -> str:
    return _DIGITS.sub("#", " ".join(line.text.casefold().split()))
