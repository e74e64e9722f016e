"""Digests: each school day what needs somebody, each week how things stand, so that silence is never mistaken for safety.

Each is a row with a time; whichever process is free carries it out, once. Nobody is told of a case that they may not see.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

from bot import drill
from bot.clock import Clock
from bot.digest_pages import daily, weekly
from bot.logs import log
from bot.pushing import Ways, first_place
from bot.record import record, written
from bot.schools import School
from flows.cases.calendar import ONE_DAY
from flows.cases.routing import DEPUTY, HEADTEACHER, LEAD
from storage.kept import Letter, Overtaken, Person
from storage.store import Store
from storage.store.digests import DAILY, WEEKLY, Edition, Reader

POLL = 5.0  # real seconds: a rehearsal's clock may jump
AGAIN = 30.0  # real seconds until what failed is tried once more
HOLD = timedelta(seconds=60)

# Who is told of all that is theirs to see. Whoever else has a case is told of it when it waits for an update.
DAILY_TO = frozenset({LEAD, DEPUTY})
WEEKLY_TO = frozenset({LEAD, DEPUTY, HEADTEACHER})
ROLES = tuple(sorted(DAILY_TO | WEEKLY_TO))


class Digests:
    """Any number of processes may run one: the row of a digest is locked while it is carried out, and done afterwards."""

    def __init__(
        self, schools: Mapping[str, School], stores: Mapping[str, Store], clock: Clock, channels: Callable[[str], Mapping[str, str]]
    ) -> None:
        self._schools = schools
        self._stores = stores
        self._clock = clock
        self._channels = channels  # each running channel, and how it stands at a school
        self._planned: dict[str, date] = {}
        self.ticked_at = clock.now()

    async def run(self) -> None:
        """Go round until cancelled."""
        pause = POLL
        while True:
            await asyncio.sleep(pause)
            self.ticked_at = self._clock.now()
            pause = POLL
            for name in self._schools:
                try:
                    await self.look(name)
                except Exception as error:  # noqa: BLE001 - this loop must outlive its database; the error is logged by type
                    log.error("a digest could not be carried out", school=name, kind="digest", exc_info=error)
                    pause = AGAIN

    async def look(self, name: str) -> int:
        """Plan what is to come at the school called NAME, carry out what is due there, and end drills that are over."""
        school, store, now = self._schools[name], self._stores[name], self._clock.now()
        today = school.calendar.local(now).date()
        if self._planned.get(name) != today:
            await store.digests.plan(planned(school, now), now)
            self._planned[name] = today
        await self._end_drills(store, now)
        if not may_go(school, now):
            return 0
        return await store.digests.carry_out(now, ROLES, lambda edition: self._compose(edition, school, now))

    def _compose(self, edition: Edition, school: School, now: datetime) -> tuple[Letter, ...]:
        return compose(edition, school, now, self._channels(school.name))

    async def _end_drills(self, store: Store, now: datetime) -> None:
        for case in await store.figures.drills_open(now - drill.OVER_AFTER):
            try:
                await record(store, drill.over(case, now), at=now, hold=HOLD)
            except Overtaken:
                log.info("a drill was changed at this moment: it is ended in the next round")


def planned(school: School, now: datetime) -> dict[tuple[str, str], datetime]:
    """The digests of today and of this week at SCHOOL, by kind and day, with the moment they are due. None on closed days."""
    calendar = school.calendar
    today = calendar.local(now).date()
    found: dict[tuple[str, str], datetime] = {}
    if calendar.is_school_day(today):
        found[DAILY, today.isoformat()] = _at(school, today)
    monday = today - timedelta(days=today.weekday())
    week = (monday + ONE_DAY * number for number in range(7))
    if (first := next((day for day in week if calendar.is_school_day(day)), None)) is not None:
        found[WEEKLY, first.isoformat()] = _at(school, first)
    return found


def may_go(school: School, now: datetime) -> bool:
    """Whether digests go out NOW: on school days from their hour until the school closes. A later one waits for the next day."""
    calendar = school.calendar
    local = calendar.local(now)
    return calendar.is_school_day(local.date()) and school.digest_at <= local.time() < calendar.closes


def compose(edition: Edition, school: School, now: datetime, channels: Mapping[str, str]) -> tuple[Letter, ...]:
    """What EDITION says to whom, each at the first of their places that works. Pure: it runs inside the transaction."""
    ways = Ways.of(channels, channels, now)
    found = ((reader.person, _text(edition, reader, school, now, channels)) for reader in edition.readers)
    return tuple(Letter(*place, text) for person, text in found if text is not None and (place := _place(person, ways)) is not None)


def _text(edition: Edition, reader: Reader, school: School, now: datetime, channels: Mapping[str, str]) -> str | None:
    roles = frozenset(reader.person.roles)
    if edition.kind == WEEKLY:
        return written(weekly(edition, reader, school, now, channels)) if roles & WEEKLY_TO else None
    reply = daily(edition, reader, school, now, everything=bool(roles & DAILY_TO))
    return None if reply is None else written(reply)


def _place(person: Person, ways: Ways) -> tuple[str, str] | None:
    return None if person.is_away(ways.now) else first_place(person, ways)


def _at(school: School, day: date) -> datetime:
    return datetime.combine(day, school.digest_at, school.zone).astimezone(UTC)
