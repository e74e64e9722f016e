"""A talk less what belongs to some reports sent from it: as it would read had they never been. Pure.

Nothing in a line says to which report it belongs. What names a report does, and so does the turn in which it was sent; from there
the numbers that buttons and questions carry lead to every other turn of it. Where that is in doubt a turn is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flows.cases.case import Case
from storage.store.conversations import Line

_NUMBER = re.compile(r"[0-9a-f]{8,}")  # of a draft, a case, or words that may be passed on, as a question carries it
_TELLING = 12  # letters from which the same words in a report and in a talk are no accident
HEARD = "heard"


@dataclass(frozen=True, slots=True)
class _Turn:
    """What somebody wrote, with what was answered; or what was said to them unasked."""

    lines: tuple[Line, ...]
    about: frozenset[str]  # the numbers it carries
    words: tuple[str, ...] = field(repr=False)

    @property
    def begun(self) -> datetime:
        return self.lines[0].at


def without(lines: Sequence[Line], hidden: Sequence[Case]) -> tuple[Line, ...]:
    """LINES, oldest first, less every turn that belongs to one of the HIDDEN reports."""
    if not hidden:
        return tuple(lines)
    turns = list(_turns(lines))
    out = {place for case in hidden for place in _first(turns, case)}
    while True:
        numbers = frozenset(number for place in out for number in turns[place].about)
        further = {place for place, turn in enumerate(turns) if turn.about & numbers}
        if further <= out:
            break
        out |= further
    return tuple(line for place, turn in enumerate(turns) if place not in out for line in turn.lines)


def _first(turns: Sequence[_Turn], case: Case) -> Iterator[int]:
    """Where CASE shows by itself: the turn in which it was sent, those that name it, and those with its words."""
    yield from [place for place, turn in enumerate(turns) if turn.begun <= case.opened_at][-1:]
    told = [_plain(one.answer) for one in case.said]
    for place, turn in enumerate(turns):
        named = any(case.id in line.body or case.reference in line.body for line in turn.lines)
        if named or any(_same(words, answer) for words in turn.words for answer in told):
            yield place


def _same(words: str, answer: str) -> bool:
    shorter, longer = sorted((words, answer), key=len)
    return len(shorter) >= _TELLING and shorter in longer


def _turns(lines: Sequence[Line]) -> Iterator[_Turn]:
    """LINES turn by turn. Of several messages in a row each has its answer, and all are one turn; what is said later is another."""
    begun: list[Line] = []
    answered: set[datetime] = set()
    for line in lines:
        if begun and not _goes_on(line, begun, answered):
            yield _turn(begun)
            begun, answered = [], set()
        begun.append(line)
        if line.kind != HEARD:
            answered.add(line.at)
    if begun:
        yield _turn(begun)


def _goes_on(line: Line, begun: Sequence[Line], answered: set[datetime]) -> bool:
    heard = sum(one.kind == HEARD for one in begun)
    if line.kind == HEARD:
        return heard > len(answered)
    return line.at in answered or len(answered) < heard


def _turn(lines: Sequence[Line]) -> _Turn:
    bodies = [json.loads(line.body) for line in lines]
    about = frozenset(number for body in bodies for number in _NUMBER.findall(str(body.get("about") or "")))
    words = tuple(_plain(str(body.get("text") or "")) for line, body in zip(lines, bodies, strict=True) if line.kind == HEARD)
    return _Turn(tuple(lines), about, words)


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())
