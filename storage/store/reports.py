"""The reports that one conversation may ask about: where they stand, and when the next word is due; nothing that was written.

Those are the reports sent from there, and those whose secret code was shown there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from flows.cases.calendar import Calendar
from flows.cases.case import Case, Status
from flows.cases.climbing import Climb
from flows.cases.clocks import due
from storage.database import Database
from storage.store.cases import CASE, climbs_of, load
from storage.store.following import opened
from storage.store.scope import Scope
from storage.store.told import last_steps


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks about a report: from which CONVERSATION, with which KEYS of reports followed there, and which PERSON, if known."""

    conversation: str
    keys: frozenset[str] = field(default=frozenset(), repr=False)
    person: str | None = None

    def may(self) -> sa.ColumnElement[bool]:
        """The rule, in SQL."""
        sent = CASE.c.reporter == self.conversation
        return sa.or_(sent, opened(self.keys, self.person)) if self.keys else sent


class Reports:
    """What whoever sent a report may know of it."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

    async def own(self, asker: Asker) -> tuple[Case, ...]:
        """The cases ASKER may ask about, newest first."""
        job: Callable[..., tuple[Case, ...]] = lambda session: load(  # noqa: E731 - a job is a closure; named for its type
            Scope.of(session, self._database.vault, self._school), asker.may(), words=False
        )
        return tuple(reversed(await self._database.read(job)))

    async def climbs(self, asker: Asker, case: str) -> tuple[Climb, ...]:
        """The notices to the rungs of CASE, if ASKER may ask about it, in the order they fall due."""
        return await self._database.read(lambda session: climbs_of(session, self._which(asker, case)))

    async def due(self, asker: Asker, case: str, calendar: Calendar) -> datetime | None:
        """By when whoever has CASE has to do something about it; None where nobody has it, or ASKER may not ask."""

        def read(session: Session) -> datetime | None:
            scope = Scope.of(session, self._database.vault, self._school)
            found = load(scope, self._which(asker, case), words=False)
            if not found or found[0].waiting or found[0].status is Status.CLOSED:
                return None
            return due(found[0], last_steps(scope, found).get(case, found[0].opened_at), calendar)

        return await self._database.read(read)

    def _which(self, asker: Asker, case: str) -> sa.ColumnElement[bool]:
        return sa.and_(CASE.c.school == self._school, CASE.c.id == case, asker.may())
