"""Every matter, every school, every way to share out its roles, every person it may be about: they never see a trace of it.

`make conflicts` runs it whole and prints how much that is; `make test` takes pairs of roles, and of the database one matter and two
readers of each pair: whoever holds both roles, and in turn one of the others.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from typing import TypeVar

import pytest

from bot.people import to_tell
from flows.cases.calendar import Calendar
from flows.cases.case import Case
from flows.cases.figures import Standing
from flows.cases.routing import CHAIR, HEADTEACHER, Rungs, entangled, rungs
from flows.matters import DANGER
from storage.database import Database
from storage.kept import Person
from storage.store import Store
from storage.store.cards import Cards
from storage.store.cases import Seen
from storage.store.figures import standing
from storage.store.listing import Listed
from storage.store.scope import Scope
from tests.bot.matrix import ALL_MATTERS, NOW, SCHOOLS, About, Arrangement, arrangements, cases, fill

T = TypeVar("T")

WHOLE = "CONFLICTS" in os.environ
TOGETHER = (2, 3) if WHOLE else (2,)
# What a reader is allowed to see does not depend on the matter: one will do where time is short.
MATTERS = ALL_MATTERS if WHOLE else ("tell_the_lead",)
LATER = NOW + timedelta(days=365)
AT_ONCE = 8 if WHOLE else 64  # arrangements in one database


def everybody() -> Iterator[tuple[Arrangement, Person]]:
    """Every arrangement with every person in it, each role held by one and each held by two."""
    for school in SCHOOLS:
        for twice in (False, True):
            for arrangement in arrangements(school, TOGETHER, twice=twice):
                yield from ((arrangement, person) for person in arrangement.people)


def in_lots(several: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """SEVERAL, SIZE at a time."""
    return (several[start : start + size] for start in range(0, len(several), size))


def readers_of(arrangement: Arrangement, number: int) -> Sequence[Person]:
    """Who of the arrangement with this NUMBER reads; where time is short not all, unless nobody holds two roles."""
    both, *others = arrangement.people
    return arrangement.people if WHOLE or not arrangement.together else (both, others[number % len(others)])


def check(arrangement: Arrangement, person: Person, ladder: Rungs, *, danger: bool) -> None:
    """Nothing on LADDER may reach PERSON, or end with nobody while somebody uninvolved holds the role."""
    told = [role for rung in ladder for role in rung]
    for rung in ladder:
        holders = [one for one in arrangement.people if set(one.roles) & set(rung)]
        chosen = to_tell(holders, concerns={person.id}, told=(), channels=("web",), now=NOW)
        assert chosen, (arrangement.together, person.roles, ladder)
        assert person.id not in {one.id for one, _ in chosen}
    assert all(arrangement.held[role] - {person.id} for role in told), (arrangement.together, person.roles, ladder)
    assert ladder or CHAIR in person.roles
    assert danger or HEADTEACHER not in person.roles or set(told) <= {CHAIR}


def test_no_ladder_ends_at_whoever_it_is_about(capsys):
    """On each rung of each case: they are told by no role of theirs, and no role is climbed to that only they fill.

    What is about the headteacher is told to the chair alone; where nobody is left, that is because the chair is part of it.
    """
    checked = ladders = 0
    for arrangement, person in everybody():
        part = entangled((), arrangement.held, frozenset({person.id}))
        found = {(rungs(arrangement.school.routes[matter], part.roles), matter == DANGER) for matter in ALL_MATTERS}
        checked, ladders = checked + len(ALL_MATTERS), ladders + len(found)
        for ladder, danger in found:
            check(arrangement, person, ladder, danger=danger)
    with capsys.disabled():
        print(f"\n  ladders: {checked:,} of arrangement, matter and person; {ladders:,} differ")


async def anything(asked: Awaitable[object]) -> object | None:
    """What was ASKED, or None where that is nothing at all."""
    return await asked or None


async def both(eyes: Seen) -> tuple[Listed, ...]:
    """The two lists of the desk."""
    return (*await eyes.listed(), *await eyes.listed(closed=True))


async def all_of(person: Person, store: Store, database: Database, about: Sequence[About]) -> set[str]:
    """Every case that PERSON is shown, by every way to ask; a way that is not known here fails."""
    eyes = store.seen_by(person)
    asked: dict[str, Callable[[About], Awaitable[object]]] = {
        "by_reference": lambda one: eyes.by_reference(one.case.reference),
        "by_id": lambda one: eyes.by_id(one.case.id),
        "climbs": lambda one: anything(eyes.climbs(one.case.id)),
        "history": lambda one: eyes.history(one.case.reference),
        "told": lambda one: anything(eyes.told(one.case.id)),
        "due": lambda one: eyes.due(one.case.id, Calendar()),
        "linked": lambda one: anything(eyes.linked(one.case.id)),
        "some": lambda one: anything(eyes.some({one.case.reference})),
        "sent": lambda one: anything(eyes.sent(one.case.id)),
    }
    listed: dict[str, Callable[[], Awaitable[tuple[Case | Listed, ...]]]] = {
        "open": eyes.open,
        "mine": eyes.mine,
        "late": lambda: eyes.late(Calendar(), LATER),
        "listed": lambda: both(eyes),
        "around": lambda: eyes.around(NOW, LATER - NOW, 1_000_000),
    }
    ways = {name for name in vars(Seen) if not name.startswith("_")}
    assert ways == listed.keys() | asked.keys(), "There is a new way to read a case. Ask it here, too."
    found = {case.id for ask in listed.values() for case in await ask()}
    found |= {card.case.id for card in await Cards(database, store.school).shown_to(person, "web", 1_000_000)}
    found |= {one.case.id for one in await digested(person, store, database)}
    for one in about:
        if one.person.id == person.id:
            found |= {one.case.id for way in asked.values() if await way(one) is not None}
    return found


async def digested(person: Person, store: Store, database: Database) -> tuple[Standing, ...]:
    """What a digest would tell PERSON of. It counts no more than that."""
    named = await database.read(lambda session: standing(Scope.of(session, database.vault, store.school), person.id))
    counted = await store.figures.opened(person, NOW - timedelta(days=365), LATER)
    assert len(counted) <= len(named), "a figure may not know of more than a list"
    return named


@pytest.mark.parametrize("name", SCHOOLS)
async def test_nobody_is_shown_a_case_about_them(name, fresh_url, vault, capsys):
    """Although everybody was pushed every case, and they even hold one: no list, no look-up, no card and no history shows it.

    Whoever is not concerned is shown it, so that this is not true for want of cases.
    """
    readers = readings = 0
    for lot in in_lots(list(arrangements(name, TOGETHER)), AT_ONCE):
        # A new one each time: a list looks at every open case of the school, and there have never been so many.
        database = Database.open(fresh_url("sqlite"), vault)
        about = [list(cases(arrangement, MATTERS)) for arrangement in lot]
        await fill(database, name, lot, about)
        for arrangement, several in zip(lot, about, strict=True):
            for person in readers_of(arrangement, readers):
                shown = await all_of(person, Store(database, name), database, several)
                theirs = {one.case.id for one in several if one.person.id == person.id}
                assert not shown & theirs, (arrangement.together, person.roles)
                # A case that somebody else has taken is on their card, so that all the others' are shown.
                assert shown == {one.case.id for one in several} - theirs
                readers, readings = readers + 1, readings + len(several)
        await database.close()
    with capsys.disabled():
        print(f"\n  {name}: {readers:,} readers, {readings:,} of reader and case")
