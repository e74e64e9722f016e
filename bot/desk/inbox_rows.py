"""What the list of cases shows: which of them, in which order, and the few words on each. Pure."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from operator import itemgetter
from urllib.parse import urlencode

from bot import case_list, wording, wording_cases
from bot.case_list import Reader
from bot.schools import School
from bot.summaries import by_role
from flows.cases.case import Case, Severity
from flows.cases.clocks import due
from flows.matters import matter
from storage.kept import Person
from storage.store.listing import Listed

PAGE = 50
OPEN, NOBODY, MINE, LATE, CLOSED = "open", "nobody", "mine", "late", "closed"
SHOWS = {OPEN: "All open", NOBODY: "Nobody has it", MINE: "Mine", LATE: "Late", CLOSED: "Closed"}


@dataclass(frozen=True, slots=True)
class Filter:
    """What somebody wants to see. `event` and `urgency` are "" for all."""

    show: str = OPEN
    urgency: str = ""
    event: str = ""
    start: int = 0

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filter:
        """The wish that an address carries; whatever we do not know means the usual."""
        show, start = query.get("show", OPEN), query.get("from", "")
        urgency = query.get("urgency", "")
        return cls(
            show if show in SHOWS else OPEN,
            urgency if urgency in {one.value for one in Severity} else "",
            query.get("event", ""),
            int(start) if start.isdecimal() and len(start) <= len("100000") else 0,
        )


def address(school: str) -> Callable[..., str]:
    """Where a page of the list of SCHOOL is: the wish of the one that is shown, with what is to be different."""

    def at(wish: Filter, show: str | None = None, start: int = 0) -> str:
        fields = {
            "show": wish.show if show is None else show,
            "urgency": wish.urgency,
            "event": wish.event,
            "from": str(start or ""),
        }
        return f"/desk/{school}?{urlencode({name: value for name, value in fields.items() if value})}"

    return at


@dataclass(frozen=True, slots=True)
class Entry:
    """One case with the moment by which somebody has to do something about it."""

    case: Listed
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One row as it is read: no word of what was written."""

    reference: str
    event: str
    urgency: str
    level: str
    holder: str
    mine: bool
    age: str
    clock: str
    late: bool
    drill: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of the list: its entries, how many there are in each view, which events occur, and where the next page begins."""

    entries: tuple[Entry, ...]
    counts: Mapping[str, int]
    number: int
    events: tuple[tuple[str, str], ...]
    following: int | None


def inbox(cases: Sequence[Listed], wish: Filter, person: Person, school: School, now: datetime) -> Inbox:
    """The page of CASES that WISH asks for, the most overdue first; of closed ones, the newest first."""
    groups = _by_clock(cases)
    counts = {
        OPEN: len(cases),
        NOBODY: sum(one.waiting for one in cases),
        MINE: sum(one.holder == person.id for one in cases),
        LATE: sum(_late(group, school, now) for group in groups),
    }
    events = tuple(sorted({(one.matter, matter(one.matter).title) for one in cases}, key=lambda one: one[1]))
    wanted = [[one for one in group if _wanted(one, wish, person)] for group in groups]
    if wish.show == CLOSED:
        newest = sorted((one for group in wanted for one in group), key=lambda one: one.opened_at, reverse=True)
        found: Iterator[Entry] = (Entry(one, None) for one in newest)
        number = len(newest)
    else:
        if wish.show == LATE:
            wanted = [group[: _late(group, school, now)] for group in wanted]
        by_due = heapq.merge(*(_with_due(group, school) for group in wanted), key=itemgetter(0))
        found = (Entry(one, moment) for moment, one in by_due)
        number = sum(map(len, wanted))
    start = wish.start if wish.start < number else 0
    entries = tuple(islice(found, start, start + PAGE))
    end = start + len(entries)
    return Inbox(entries, counts, number, events, end if end < number else None)


def _by_clock(cases: Sequence[Listed]) -> list[list[Listed]]:
    """CASES in groups whose clocks run alike, each in the order of its due moments: only those shown need theirs worked out."""
    groups: dict[tuple[Severity, bool], list[Listed]] = defaultdict(list)
    for one in cases:
        groups[one.severity, one.waiting].append(one)
    return [sorted(group, key=lambda one: one.since) for group in groups.values()]


def _late(group: Sequence[Listed], school: School, now: datetime) -> int:
    """How many at the beginning of GROUP are late."""
    return bisect_right(group, now, key=lambda one: due(one, one.since, school.calendar))


def _with_due(group: Sequence[Listed], school: School) -> Iterator[tuple[datetime, Listed]]:
    return ((due(one, one.since, school.calendar), one) for one in group)


def _wanted(case: Listed, wish: Filter, person: Person) -> bool:
    if wish.urgency and case.severity.value != wish.urgency:
        return False
    if wish.event and case.matter != wish.event:
        return False
    return {NOBODY: case.waiting, MINE: case.holder == person.id}.get(wish.show, True)


def shown(entry: Entry, case: Case, reader: Reader) -> Shown:
    """ENTRY as a row for READER; CASE is the same one, with the way it goes."""
    late = entry.due is not None and entry.due <= reader.now
    return Shown(
        reference=case.reference,
        event=matter(case.matter).title,
        urgency=wording_cases.URGENT[case.severity.value],
        level=case.severity.value,
        holder=_holder(case, reader),
        mine=case.holder == reader.person.id,
        age=case_list.age(case.opened_at, reader.now),
        clock=_clock(entry, reader),
        late=late,
        drill=case.drill,
    )


def _holder(case: Case, reader: Reader) -> str:
    if case.holder is None or case.waiting:
        return "Nobody yet"
    if case.holder == reader.person.id:
        return "You"
    return wording.sentence(by_role(case, reader.people.get(case.holder), reader.school))


def _clock(entry: Entry, reader: Reader) -> str:
    if entry.due is None:
        return "Closed"
    if entry.due <= reader.now:
        return f"Late by {_span(reader.now - entry.due)}"
    when = wording.at(entry.due, reader.now, reader.school.zone).removeprefix("at ").removeprefix("on ")
    return f"{'To be taken' if entry.case.waiting else 'Next step'} by {when}"


def _span(span: timedelta) -> str:
    """SPAN in the largest unit that fits."""
    seconds = int(span.total_seconds())
    for unit, length in wording_cases.AGES:
        if (number := seconds // length) >= 1:
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "less than a minute"
