"""A rehearsal: demo people in every role, and a clock that can be sped up or moved to what is due next. Nothing in it is real."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.clock import RehearsalClock
from bot.schools import School
from flows.cases.case import Case, Status
from storage.kept import Act, Overtaken, Person, Recording
from storage.store import Store
from storage.work import Work

RATES = (1, 60, 600)
# Nobody rehearses by skipping to the day on which a draft is destroyed: the whole calendar would go with it.
SOON = timedelta(hours=1)
_HOLD = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody a newcomer can be. `receives` are those a report is pushed to."""

    key: str
    label: str
    title: str
    roles: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # what they are also called when somebody types who they want to be

    @property
    def receives(self) -> bool:
        return bool(self.roles) and self.key != "teacher"

    def place(self, channel: str) -> str:
        """Where this persona sits in CHANNEL: a fixed place, because nobody signs in to a rehearsal."""
        return f"rehearsal-{self.key}" if channel == "web" else self.key


PERSONAS = (
    Persona("parent", "Parent", "a parent"),
    Persona("teacher", "Teacher", "a teacher", ("staff",), ("staff",)),
    Persona("dsl", "Safeguarding lead", "the safeguarding lead", ("dsl",), ("lead", "safeguarding")),
    Persona("deputy_dsl", "Deputy", "the deputy safeguarding lead", ("deputy_dsl",), ("deputy",)),
    Persona("headteacher", "Headteacher", "the headteacher", ("headteacher",), ("head",)),
    Persona("slt", "Senior leader", "a senior leader", ("slt",), ("leader", "senior")),
    Persona("chair", "Chair", "the chair of the governing body", ("chair",), ("governors",)),
    Persona("office", "School office", "the school office", ("office",)),
    Persona("it", "IT", "the IT provider", ("it",), ("technician",)),
    Persona("dpo", "Data protection", "the data protection officer", ("dpo",), ("data",)),
    Persona("eso", "E-safety", "the e-safety officer", ("eso",)),
    Persona("oso", "Online safety", "the online safety officer", ("oso",)),
    Persona("computing_lead", "Computing", "the lead for computing", ("computing_lead",)),
    Persona("class_teacher", "Class teacher", "a class teacher who is told", ("class_teacher",), ("class",)),
)
CHANNELS = ("web", "console")


def persona(word: str) -> Persona | None:
    """The persona that WORD names, however a person would put it."""
    wish = word.strip().casefold()
    return next((one for one in PERSONAS if wish in (one.key, one.label.casefold(), *one.words)), None)


def cast(school: School) -> tuple[Persona, ...]:
    """Who can be played at SCHOOL: everybody whose role it has a word for."""
    return tuple(one for one in PERSONAS if not one.receives or school.roles.keys() >= set(one.roles))


def receivers(school: School) -> tuple[Persona, ...]:
    """Those at SCHOOL whom a report is pushed to."""
    return tuple(one for one in cast(school) if one.receives)


async def seed(store: Store, school: School) -> None:
    """Give the school its demo people, once. Their names say what they are, so that nobody takes them for somebody."""
    for one in cast(school):
        if one.roles and await _sits(store, one) is None:
            places = tuple((channel, one.place(channel)) for channel in CHANNELS)
            await store.people.add(f"Demo {one.label.lower()}", one.roles, places)


async def _sits(store: Store, one: Persona) -> Person | None:
    return await store.people.by_place(CHANNELS[0], one.place(CHANNELS[0]))


class Rehearsal:
    """The stage hands of a rehearsal, for the web page and the terminal alike."""

    def __init__(self, clock: RehearsalClock, work: Work, channels: Sequence[str]) -> None:
        self.clock = clock
        self._work = work
        self._channels = tuple(channels)

    def pace(self, rate: int) -> None:
        """Go on at RATE times the real speed."""
        if rate not in RATES:
            raise ValueError(f"A rehearsal runs at one of {', '.join(map(str, RATES))} times the real speed.")
        self.clock.run_at(rate)

    async def next_due(self) -> datetime | None:
        """When something will happen by itself next: a reminder, a climb, a message to the reporter."""
        now = self.clock.now()
        left = await self._work.next_idle(now)
        moments = [await self._work.next_due(self._channels), left if left is not None and left - now <= SOON else None]
        return min((moment for moment in moments if moment is not None), default=None)

    async def skip(self) -> datetime | None:
        """Move the clock to what is due next. None: nothing is waiting, and the clock stays."""
        due = await self.next_due()
        if due is not None:
            self.clock.move_to(due)
        return due


async def start_again(store: Store, now: datetime) -> int:
    """Close every report that any demo person was told of, so that nothing old climbs into the next round. Returns how many."""
    cases: dict[str, Case] = {}
    for one in PERSONAS:
        person = await _sits(store, one) if one.receives else None
        if person is None:
            continue
        for case in await store.seen_by(person).open():
            cases[case.id] = case
    closed = 0
    for case in cases.values():
        ended = replace(case, status=Status.CLOSED)
        act = Act("rehearsal started again", case.id)
        try:
            await store.record(Recording(at=now, changed=(ended,), settled=(case.id,), acts=(act,)), _HOLD)
        except Overtaken:  # somebody acknowledged it at this very moment: it climbs no more, and that was all we wanted
            continue
        closed += 1
    return closed
