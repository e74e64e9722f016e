"""The reports sent from one conversation: where they stand, and when the next word on them is due; nothing that was written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from flows.cases.calendar import Calendar
from flows.cases.case import Case, Status
from flows.cases.climbing import Climb
from flows.cases.clocks import due
from storage.database import Database
from storage.store.cases import CASE, climbs_of, load
from storage.store.scope import Scope
from storage.store.told import last_steps


class Reports:
    """What whoever sent a report may know of it, asked from where it was sent."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

    async def own(self, conversation: str) -> tuple[Case, ...]:
        """The cases reported there, newest first."""
        which = CASE.c.reporter == conversation
        job: Callable[..., tuple[Case, ...]] = lambda session: load(  # noqa: E731 - a job is a closure; named for its type
            Scope.of(session, self._database.vault, self._school), which, words=False
        )
        return tuple(reversed(await self._database.read(job)))

    async def climbs(self, conversation: str, case: str) -> tuple[Climb, ...]:
        """The notices to the rungs of CASE, if it was reported there, in the order they fall due."""
        return await self._database.read(lambda session: climbs_of(session, self._sent_from(conversation, case)))

    async def due(self, conversation: str, case: str, calendar: Calendar) -> datetime | None:
        """By when whoever has CASE has to do something about it; None where nobody has it, or it was not reported there."""

        def read(session: Session) -> datetime | None:
            scope = Scope.of(session, self._database.vault, self._school)
            found = load(scope, self._sent_from(conversation, case), words=False)
            if not found or found[0].waiting or found[0].status is Status.CLOSED:
                return None
            return due(found[0], last_steps(scope, found).get(case, found[0].opened_at), calendar)

        return await self._database.read(read)

    def _sent_from(self, conversation: str, case: str) -> sa.ColumnElement[bool]:
        return sa.and_(CASE.c.school == self._school, CASE.c.reporter == conversation, CASE.c.id == case)
