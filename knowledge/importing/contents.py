"""Finds the table of contents, which is no text, and keeps its titles: they tell headings from short sentences later on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.importing.document import Dropped, Line
from knowledge.importing.fields import FIELD
from knowledge.importing.marks import marked

_HEAD = re.compile(r"^(?:table of )?contents(?: page)?\s*:?$|^index\s*:?$", re.IGNORECASE)
_TO_PAGE = re.compile(r"(?:\.{2,}|…|\t|\s{2,}|\s)\s*(?:page|p\.?)?\s*\d{1,3}$", re.IGNORECASE)
_LONGEST = 14
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """The lines without their table of contents, its titles, and what was taken out."""

    lines: list[Line]
    titles: frozenset[str]
    dropped: list[Dropped]


def without_contents(lines: list[Line]) -> Listed:
    """LINES without the table of contents."""
    if any(line.listed for line in lines):
        return _declared(lines)
    where = next((place for place, line in enumerate(lines) if _HEAD.match(marked(line).text)), None)
    if where is None:
        found = _unannounced(lines)
        if found is None:
            return Listed(lines, frozenset(), [])
        start, end, titles = found
    else:
        start = where
        end, titles = _entries(lines, where + 1)
        if end == where + 1:
            return Listed(lines, frozenset(), [])
    dropped = [Dropped(line.number, line.text, "the table of contents") for line in lines[start:end]]
    return Listed([*lines[:start], *lines[end:]], frozenset(titles), dropped)


def _declared(lines: list[Line]) -> Listed:
    """LINES without those that the format itself calls a table of contents, and without the word above them."""
    first = next(place for place, line in enumerate(lines) if line.listed)
    gone = {place for place, line in enumerate(lines) if line.listed}
    if first and _HEAD.match(lines[first - 1].text):
        gone.add(first - 1)
    titles = frozenset(title_key(_entry(line)[1]) for line in lines if line.listed)
    dropped = [Dropped(lines[place].number, lines[place].text, "the table of contents") for place in sorted(gone)]
    return Listed([line for place, line in enumerate(lines) if place not in gone], titles, dropped)


def title_key(text: str) -> str:
    """TEXT as titles are compared: letters and digits only."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _entries(lines: list[Line], start: int) -> tuple[int, set[str]]:
    """Where the entries that begin at START end, and their titles. The body begins where a title comes the second time."""
    titles: set[str] = set()
    last = {title_key(marked(line).text): place for place, line in enumerate(lines)}
    place = start
    while place < len(lines):
        line = lines[place]
        paged, title = _entry(line)
        if title_key(title) in titles and not paged:
            break
        if place > start and line.gap and FIELD.match(line.text):
            break  # “Version: 4” leads to no page
        short = len(title.split()) <= _LONGEST and not title.endswith((".", ";", ","))
        # A title that the body words otherwise stands right among the others; behind a gap the body may have begun.
        comes = last.get(title_key(title), 0) > place or (place > start and not line.gap)
        if not (paged or (short and (comes or marked(line).bullet or marked(line).label))):
            break
        titles.add(title_key(title))
        place += 1
    return place, titles - {""}


def _entry(line: Line) -> tuple[bool, str]:
    """Whether LINE ends in a page number, and its title without number and page."""
    text = "\t".join(cell for cell in line.cells if cell) if line.cells else line.text
    shorter = _TO_PAGE.sub("", text)
    paged = shorter != text and bool(shorter.strip())
    return paged, marked(Line(re.sub(r"[.…\s]+$", "", shorter.replace("\t", " ")))).text


def _unannounced(lines: list[Line]) -> tuple[int, int, set[str]] | None:
    """A run of lines that all lead to a page is a table of contents, also without a heading above it."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _leads(lines[end]):
            end += 1
        if end - start >= _FEWEST:
            return start, end, {title_key(_entry(line)[1]) for line in lines[start:end]}
        start = end + 1
    return None


def _leads(line: Line) -> bool:
    last = line.cells[-1] if line.cells else ""
    return bool(
        re.fullmatch(r"(?:page\s*)?\d{1,3}", last, re.IGNORECASE)
        and len(line.text.split()) <= _LONGEST
        and len(line.text) > len(last) + 3
    )
