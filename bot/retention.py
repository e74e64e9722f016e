"""Every night, at each school: words that were kept as long as the school keeps them are destroyed. What is held stays."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from bot.clock import Clock
from bot.logs import log
from bot.schools import School
from storage.database import away
from storage.store import Store

NIGHT = time(2)  # by the school's own clock: nobody writes, and the backups of the evening are made
BATCH = 100
POLL = 5.0  # real seconds: a rehearsal's clock may jump
AGAIN = 60.0  # real seconds until a night that failed is tried once more


class Nights:
    """Any number of processes may run one: each case is looked at again, under its lock, before anything of it goes.

    What is due is read from the rows and not remembered, so a night that was missed is made up for at the next start.
    """

    def __init__(self, schools: Mapping[str, School], stores: Mapping[str, Store], clock: Clock) -> None:
        self._schools = schools
        self._stores = stores
        self._clock = clock
        self._done: dict[str, date] = {}

    async def run(self) -> None:
        """Go round until cancelled."""
        while True:
            try:
                for name in self._schools:
                    await self._look(name)
            except Exception as error:  # noqa: BLE001 - this loop must outlive its database; the error is logged by type
                log.error("words that are due could not be destroyed", exc_info=error)
                await asyncio.sleep(AGAIN)
            await asyncio.sleep(POLL)

    async def _look(self, name: str) -> None:
        now = self._clock.now()
        night = last_night(self._schools[name], now)
        if self._done.get(name) != night:
            await sweep(self._schools[name], self._stores[name], now)
            self._done[name] = night


def last_night(school: School, now: datetime) -> date:
    """The day on which the last night at SCHOOL began its work."""
    local = now.astimezone(school.zone)
    return local.date() if local.time() >= NIGHT else local.date() - timedelta(days=1)


async def sweep(school: School, store: Store, now: datetime) -> int:
    """Destroy whatever has been kept long enough; returns how many cases became stubs."""
    kept = school.retention
    stubs = await _cases(school, store, now)
    questions = await store.keeping.forget_questions(now - timedelta(days=kept.questions), now)
    messages = 0
    while gone := await store.keeping.forget_messages(now - timedelta(days=kept.messages), now, BATCH):
        messages += gone
    if stubs or questions or messages:
        log.info("words were destroyed that had been kept long enough", school=school.name, count=stubs + questions + messages)
    return stubs


async def _cases(school: School, store: Store, now: datetime) -> int:
    stubs = 0
    failed: set[str] = set()
    while left := [case for case in await store.keeping.due(school.retention, now, BATCH + len(failed)) if case not in failed]:
        for case in left:
            try:
                stubs += await store.keeping.purge(case, school.retention, now)
            except Exception as error:
                if away(error):
                    raise  # nothing is wrong with the case
                log.error("the words of a case could not be destroyed", school=school.name, exc_info=error)
                failed.add(case)
    return stubs
