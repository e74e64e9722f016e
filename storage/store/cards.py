"""The cards one person was sent, as they stand now, for a channel that shows rows instead of passing messages on."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from flows.cases.case import Case
from storage.database import Database
from storage.kept import Person
from storage.store.cases import CASE, CONCERN, PUSH, load, visible_to
from storage.store.scope import Scope


class Card(NamedTuple):
    """One push: when it was made, and its case without what was written in it."""

    id: int
    at: datetime
    case: Case


class Gone(NamedTuple):
    """A push that was shown, and is about whoever it was shown to: nothing of it is left but that it stood there."""

    id: int
    at: datetime


class Cards:
    """The cards of one school. A case that is about somebody has no card for them, whenever that came out."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

    async def shown_to(self, person: Person, channel: str, limit: int) -> tuple[Card, ...]:
        """The last LIMIT cards sent to PERSON through CHANNEL, oldest first."""
        return await self._database.read(lambda session: self._shown_to(session, person.id, channel, limit))

    async def taken_from(self, person: Person, channel: str, limit: int) -> tuple[Gone, ...]:
        """The last LIMIT cards that PERSON was sent through CHANNEL and must not have any more, oldest first."""
        return await self._database.read(lambda session: self._taken_from(session, person.id, channel, limit))

    def _taken_from(self, session: Session, person: str, channel: str, limit: int) -> tuple[Gone, ...]:
        about = sa.exists().where(CONCERN.c.case_id == PUSH.c.case_id, CONCERN.c.person_id == person)
        statement = (
            sa.select(PUSH.c.id, PUSH.c.created_at)
            .where(PUSH.c.school == self._school, PUSH.c.person_id == person, PUSH.c.channel == channel)
            .where(PUSH.c.kind == "push", PUSH.c.state == "sent", about)
            .order_by(PUSH.c.id.desc())
            .limit(limit)
        )
        return tuple(Gone(row.id, row.created_at) for row in reversed(session.connection().execute(statement).all()))

    def _shown_to(self, session: Session, person: str, channel: str, limit: int) -> tuple[Card, ...]:
        scope = Scope.of(session, self._database.vault, self._school)
        # The page is woken while the push is being sent; one that nobody has begun to send may still be withdrawn.
        on_its_way = sa.and_(PUSH.c.state == "waiting", PUSH.c.token.is_not(None))
        sent = (
            sa.select(PUSH.c.id, PUSH.c.case_id, PUSH.c.created_at)
            .where(PUSH.c.school == scope.school, PUSH.c.person_id == person, PUSH.c.channel == channel)
            .where(PUSH.c.kind == "push", sa.or_(PUSH.c.state == "sent", on_its_way))
            .order_by(PUSH.c.id.desc())
            .limit(limit)
        )
        rows = scope.connection.execute(sent).all()
        ids = [row.case_id for row in rows]
        cases = {case.id: case for case in load(scope, sa.and_(visible_to(person), CASE.c.id.in_(ids)), words=False)}
        return tuple(Card(row.id, row.created_at, cases[row.case_id]) for row in reversed(rows) if row.case_id in cases)
