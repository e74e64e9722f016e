"""Scores an imported policy against a table of its sections: is all of it there, word by word, and nothing else?"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.importing import CannotImport, Proposal, propose
from knowledge.importing.document import Document
from knowledge.importing.marks import all_marked
from knowledge.importing.noise import clean, unmarked
from knowledge.importing.reading import SUFFIXES, read
from knowledge.policy import Section

_WORD = re.compile(r"[^\W_]+")
_WHOLE = 0.98  # of an anchor's words: one slip in fifty is a slip, more is a hole
_REACH = 400  # words that a lead-in may stand before what hangs on it


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in the document that an answer may come from, as the table names it."""

    name: str
    starts_with: str = field(repr=False)
    ends_with: str = field(repr=False)
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """What came of one document."""

    school: str
    leaves: int
    anchors: int
    covered: int
    holes: tuple[str, ...]  # anchors that are not covered, or that the document does not hold
    words: int
    lost: tuple[str, ...] = field(repr=False)  # words inside anchors that are nowhere in the proposal
    invented: tuple[str, ...] = field(repr=False)  # leaves whose words are not in the document in this order
    outside: tuple[str, ...]  # leaves that are in no anchor
    across: tuple[str, ...]  # leaves that reach from one anchor into another
    people: int
    home: dict[str, str] = field(repr=False)  # for each leaf the smallest anchor it is in


def anchors_in(table: Path) -> dict[str, list[Anchor]]:
    """The anchors of each school in TABLE, in the order of the document."""
    found = json.loads(table.read_text(encoding="utf-8"))
    return {
        school: [Anchor(one["anchor"], one["starts_with"], one["ends_with"], one.get("parent")) for one in entries]
        for school, entries in found.items()
    }


def documents_in(folder: Path) -> dict[str, Path]:
    """The documents in FOLDER that can be imported, by school: the file's name without its ending."""
    return {file.stem: file for file in sorted(folder.iterdir()) if file.suffix.lower() in SUFFIXES}


def score(file: Path, anchors: Sequence[Anchor]) -> Scored:
    """How well FILE is imported. People are kept here, so that every word can be compared; a second import counts them."""
    proposal = propose(file, file.stem, keep_people=True)
    people = len(propose(file, file.stem).people)
    return compared(read(file), proposal, anchors, people)


def compared(document: Document, proposal: Proposal, anchors: Sequence[Anchor], people: int = 0) -> Scored:
    """How PROPOSAL, made of DOCUMENT, fits the table."""
    stream = _Stream(document, {one.number for one in proposal.dropped if one.number})
    spans, missing = _spans(stream, anchors)
    placed, invented = _placed(stream, proposal.policy.sections)
    home, outside, across = _homes(placed, spans)
    filled = {anchor for anchor, (start, end) in spans.items() if any(start <= one and other <= end for _, one, other in placed)}
    whole = {anchor for anchor, (start, end) in spans.items() if stream.share(start, end) >= _WHOLE}
    inside = sorted({place for start, end in spans.values() for place in range(start, end)})
    lost = [stream.words[place] for place in inside if stream.is_lost(place)]
    holes = [*missing, *(anchor for anchor in spans if anchor not in filled & whole)]
    return Scored(
        school=Path(document.name).stem,
        leaves=len(proposal.policy.leaves()),
        anchors=len(anchors),
        covered=len(filled & whole),
        holes=tuple(holes),
        words=len(inside),
        lost=tuple(lost),
        invented=tuple(invented),
        outside=tuple(outside),
        across=tuple(across),
        people=people,
        home=home,
    )


def tokens(text: str) -> list[str]:
    """The words of TEXT as they are compared: markup, case, signs and lines to write on make no difference."""
    return [word.casefold() for word in _WORD.findall(clean(unmarked(text)))]


class _Stream:
    """The document as one row of words, each with whether it was dropped, is a printed number, or was found in the proposal."""

    def __init__(self, document: Document, dropped: set[int]) -> None:
        self.words: list[str] = []
        self._idle: list[bool] = []  # dropped, or a number printed before a rule: its absence is no loss
        self._found: list[bool] = []
        self._where: dict[str, list[int]] = defaultdict(list)
        for line in all_marked(document.lines):
            label = tokens(line.label)
            for place, word in enumerate([*label, *tokens(line.text)]):
                self._where[word].append(len(self.words))
                self.words.append(word)
                self._idle.append(line.number in dropped or place < len(label))
                self._found.append(False)

    def starts(self, word: str, after: int) -> Iterator[int]:
        """Where WORD stands: behind AFTER first, then before it."""
        places = self._where.get(word, [])
        yield from (place for place in places if place >= after)
        yield from (place for place in places if place < after)

    def end_of(self, wanted: Sequence[str], start: int) -> int | None:
        """Where WANTED ends when it begins at START; what was dropped may stand in between. None when it does not stand there."""
        place = start
        for word in wanted:
            while place < len(self.words) and self.words[place] != word and self._idle[place]:
                place += 1
            if place >= len(self.words) or self.words[place] != word:
                return None
            place += 1
        return place

    def like(self, letters: str, after: int) -> tuple[int, int] | None:
        """Where the same letters stand behind AFTER, however they are parted: a copy writes “Head teacher” for “Headteacher”."""
        for start in range(after, len(self.words)):
            if not letters.startswith(self.words[start]):
                continue
            place, rest = start, letters
            while rest and place < len(self.words) and (rest.startswith(self.words[place]) or self._idle[place]):
                rest = rest.removeprefix(self.words[place])
                place += 1
            if not rest:
                return start, place
        return None

    def take(self, start: int, end: int) -> None:
        """What stands from START to END is in the proposal."""
        self._found[start:end] = [True] * (end - start)

    def is_lost(self, place: int) -> bool:
        """Whether the word at PLACE should be in the proposal and is not."""
        return not self._found[place] and not self._idle[place]

    def share(self, start: int, end: int) -> float:
        """Which share of what stands from START to END is in the proposal."""
        return 1 - sum(self.is_lost(place) for place in range(start, end)) / max(1, end - start)


def _spans(stream: _Stream, anchors: Sequence[Anchor]) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """Where each anchor begins and ends, and those the document does not hold."""
    spans: dict[str, tuple[int, int]] = {}
    missing: list[str] = []
    last = 0
    for anchor in anchors:
        found = _span(stream, anchor, last)
        if found is None:
            missing.append(anchor.name)
        else:
            spans[anchor.name] = found
            last = found[0]
    return spans, missing


def _span(stream: _Stream, anchor: Anchor, after: int) -> tuple[int, int] | None:
    first, last = tokens(anchor.starts_with), tokens(anchor.ends_with)
    for start in stream.starts(first[0], after):
        if start < after or (begun := stream.end_of(first, start)) is None:
            continue
        for place in stream.starts(last[0], start):
            if place >= start and (end := stream.end_of(last, place)) is not None and end >= begun:
                return start, end
    return None


def _placed(stream: _Stream, sections: Sequence[Section]) -> tuple[list[tuple[str, int, int]], list[str]]:
    """Where each leaf stands, and the leaves that stand nowhere. Titles and lead-ins are found too: they are no loss."""
    placed: list[tuple[str, int, int]] = []
    invented: list[str] = []
    cursor = 0
    for section in sections:
        wanted, named, lead = (tokens(part) for part in (section.text, section.title, section.lead))
        if section.within is None:
            cursor = _take(stream, named, cursor)
            named = []
        if not wanted:
            cursor = _take(stream, named, cursor)
            continue
        # The title of a fact, or of a row of a table, is what stands in the first column.
        before = lead or (named if named != wanted[: len(named)] else [])
        found = _find(stream, wanted, cursor, before) or _find(stream, wanted, cursor)
        if found is None:
            invented.append(section.ref)
            continue
        if lead and found[0] == found[1]:
            _take(stream, lead, max(0, found[0] - _REACH))
        stream.take(found[0], found[2])
        placed.append((section.ref, *found[1:]))
        cursor = found[2]
        for alias in section.aliases:
            again = stream.like("".join(wanted), found[2])
            if again is not None:
                stream.take(*again)
                placed.append((alias, *again))
                _take(stream, lead, max(0, again[0] - _REACH))
    return placed, invented


def _find(stream: _Stream, wanted: list[str], after: int, before: Sequence[str] = ()) -> tuple[int, int, int] | None:
    """Where BEFORE and WANTED stand together: where the one begins, where the other begins, where it ends."""
    first = before[0] if before else wanted[0]
    for begin in stream.starts(first, after):
        start = stream.end_of(before, begin) if before else begin
        if start is not None and (end := stream.end_of(wanted, start)) is not None:
            return begin, start, end
    return None


def _take(stream: _Stream, wanted: list[str], after: int) -> int:
    """Mark WANTED, which stands somewhere behind AFTER, as in the proposal, where it is not marked yet; where it ends."""
    for start in stream.starts(wanted[0], after) if wanted else ():
        end = stream.end_of(wanted, start)
        if end is not None and any(stream.is_lost(place) for place in range(start, end)):
            stream.take(start, end)
            return end if start >= after else after
    return after


def _homes(placed: list[tuple[str, int, int]], spans: dict[str, tuple[int, int]]) -> tuple[dict[str, str], list[str], list[str]]:
    """The smallest anchor around each leaf; the leaves in none; the leaves that cross into another."""
    home: dict[str, str] = {}
    outside: list[str] = []
    across: list[str] = []
    for ref, start, end in placed:
        around = [(other - one, name) for name, (one, other) in spans.items() if one <= start and end <= other]
        touched = [name for name, (one, other) in spans.items() if one < end and start < other]
        if around:
            home[ref] = min(around)[1]
        elif touched:
            across.append(ref)
        else:
            outside.append(ref)
    return home, outside, across


__all__ = ["Anchor", "CannotImport", "Scored", "anchors_in", "compared", "documents_in", "score"]
