"""Killed between every two steps: of a report, of telling people, of somebody having it, and of saying so to all the others."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path

import pytest

from storage.keyring import Keyring
from tests.conftest import _empty
from tests.crash.doom import Doom
from tests.crash.nursery import Nursery
from tests.crash.storm import brewing
from tests.crash.verdict import compared

pytestmark = pytest.mark.crash

# What becomes of the one case: three acknowledge at the same moment; it climbs to the end; the one who has it loses it.
COURSES = ("several", "climbs", "about the lead")
# Each death waits for its leases to run out, mostly asleep: several at once. A server has so many connections and no more.
AT_ONCE = {"sqlite": 10, "postgresql": 6}
# `make crash` dies at every step; `make test` at a few of about so many that a course has, each time at others.
WHOLE = "KILLS" in os.environ
STEPS_OF = {"several": 30, "climbs": 20, "about the lead": 60}
FEW = 6
# What is to be met on the way: if it is not, the numbers count something else.
STEPS = {"Inbox.keep", "Store.record", "Work._expand", "Work.claim_pushes", "Work.finish_many"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where one thing happens, over and over, and every time the bot dies at another step of it."""

    kind: str
    fresh_url: Callable[[str], str]
    keyring: Keyring
    lives: Nursery
    folder: Path
    emptied: list[str] = field(default_factory=list)

    async def dies_at(self, doom: Doom, course: str) -> tuple[str | None, int]:
        """Somebody is in danger, and the bot dies as DOOM says: at which step that was, and how many sends were repeated."""
        logs = self.folder / f"{course}-{doom.number}-{doom.committed}"
        logs.mkdir()
        async with self._database() as url, brewing(url, self.keyring, self.lives, logs) as storm:
            storm.exchange.refuses = 0
            storm.crowd.fates, storm.crowd.soon = {course: 1}, 0.2
            storm.crowd.listen()
            storm.crowd.begins("danger")
            step = await storm.ends(await storm.begin(doom))
            if step is not None:
                await storm.open(1)
                await storm.settle()
            verdict = await compared(storm)
            verdict.must_stand(f"killed {step or 'at no step'}, number {doom.number}")
            return step, verdict.figures().repeats

    @asynccontextmanager
    async def _database(self) -> AsyncIterator[str]:
        """An empty database; a PostgreSQL one is used again, since making one costs more than the whole run."""
        url = self.emptied.pop() if self.emptied else self.fresh_url(self.kind)
        yield url
        if self.kind == "postgresql":
            await asyncio.to_thread(_empty, url)
            self.emptied.append(url)


@pytest.fixture
def place(kind: str, fresh_url: Callable[[str], str], keyring: Keyring, lives: Nursery, tmp_path: Path) -> Place:
    """A place to die at, on either database."""
    return Place(kind, fresh_url, keyring, lives, tmp_path)


@pytest.mark.parametrize("course", COURSES)
async def test_a_death_at_any_step_loses_nothing(place: Place, course: str, figure: Callable[[str], None]) -> None:
    """Just before each commit, and just after it, the process is gone; the next one finds everything and goes on.

    One case, once; one holder; at most one repeat of each send that was in flight, with the same key; the chain whole. The
    steps are counted until a process lives to the end: then there is none left to die at.
    """
    died: Counter[str] = Counter()
    repeats = 0
    for dooms in _every(AT_ONCE[place.kind]) if WHOLE else _a_few(course):
        ends = await asyncio.gather(*(place.dies_at(doom, course) for doom in dooms))
        died.update(step.rpartition(" ")[2] for step, _ in ends if step is not None)
        repeats += sum(again for _, again in ends)
        if any(step is None for step, _ in ends):
            break
    where = ", ".join(f"{step} {times}" for step, times in sorted(died.items()))
    figure(f"{place.kind:10} “{course}”: {died.total()} deaths at a step ({where}); {repeats} sends repeated, 0 lost")
    assert died.keys() >= (STEPS if WHOLE else set())


def _every(together: int) -> Iterator[tuple[Doom, ...]]:
    """All the deaths there are, so many at once, without an end."""
    every = (Doom(number, committed) for number in count(1) for committed in (False, True))
    while True:
        yield tuple(islice(every, together))


def _a_few(course: str) -> Iterator[tuple[Doom, ...]]:
    """Some of them."""
    yield tuple(Doom(number, random.random() < 0.5) for number in random.sample(range(1, STEPS_OF[course] + 1), FEW))
