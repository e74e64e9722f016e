"""The cards one person was sent, as they stand now, for a channel that shows rows instead of passing messages on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from flows.cases.acts import Doing, told
from flows.cases.case import Case
from storage import audit, gathering
from storage.database import Database
from storage.kept import Act, Gathering, Person
from storage.store import reaching
from storage.store.cases import CASE, CONCERN, PUSH, load, visible_to
from storage.store.scope import Scope
from storage.store.settling import GATHERED


class Card(NamedTuple):
    """One push: when it was made, its case without what was written in it, and whether anything proves that it arrived."""

    id: int
    at: datetime
    case: Case
    arrived: bool = True


class Roll(NamedTuple):
    """Several pushes that are told of together: their numbers, when the first was made, and what is said."""

    ids: tuple[int, ...]
    at: datetime
    gathering: Gathering
    arrived: bool


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

    async def gathered(self, person: Person, channel: str, now: datetime) -> Roll | None:
        """The cards sent to PERSON through CHANNEL that are told of together, as they stand NOW; None when there are none."""
        return await self._database.read(lambda session: self._gathered(session, person.id, channel, now))

    async def arrived(self, person: Person, channel: str, ids: Collection[int], at: datetime) -> None:
        """PERSON's page has fetched the cards with these IDS: that proves their delivery."""
        await self._database.write(lambda session: self._arrived(session, person.id, channel, ids, at))

    def _gathered(self, session: Session, person: str, channel: str, now: datetime) -> Roll | None:
        scope = Scope.of(session, self._database.vault, self._school)
        rows = gathering.gathered(scope, person, channel, now - gathering.RUN, leaving=True)
        if not rows:
            return None
        ids, arrived = tuple(sorted(row["id"] for row in rows)), all(row["delivered_at"] is not None for row in rows)
        return Roll(ids, min(row["created_at"] for row in rows), gathering.speaks_of(scope, person, rows), arrived)

    def _arrived(self, session: Session, person: str, channel: str, ids: Collection[int], at: datetime) -> None:
        scope = Scope.of(session, self._database.vault, self._school)
        theirs = (PUSH.c.school == scope.school, PUSH.c.person_id == person, PUSH.c.channel == channel, PUSH.c.kind == "push")
        unproved = (*theirs, PUSH.c.id.in_(ids), PUSH.c.state != "withdrawn", PUSH.c.delivered_at.is_(None))
        # A case before its cards, as everybody locks them.
        which = CASE.c.id.in_(sa.select(PUSH.c.case_id).where(*unproved))
        scope.connection.execute(sa.select(CASE.c.id).where(which).order_by(CASE.c.id).with_for_update(key_share=True)).all()
        proved = sa.update(PUSH).where(*unproved).values(delivered_at=at).returning(PUSH.c.case_id, PUSH.c.lap)
        found = scope.connection.execute(proved).all()
        for row in found:
            reaching.reached(scope, row.case_id, row.lap, at)
        acts = tuple(Act(Doing.CARD_ARRIVED, row.case_id, person, told(through=channel)) for row in found)
        audit.append(session, scope.vault, scope.school, acts, at)

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
            sa.select(PUSH.c.id, PUSH.c.case_id, PUSH.c.created_at, PUSH.c.delivered_at)
            .where(PUSH.c.school == scope.school, PUSH.c.person_id == person, PUSH.c.channel == channel)
            .where(PUSH.c.kind == "push", sa.or_(PUSH.c.state == "sent", on_its_way))
            .where(sa.func.coalesce(PUSH.c.why, "") != GATHERED)
            .order_by(PUSH.c.id.desc())
            .limit(limit)
        )
        rows = scope.connection.execute(sent).all()
        ids = [row.case_id for row in rows]
        cases = {case.id: case for case in load(scope, sa.and_(visible_to(person), CASE.c.id.in_(ids)), words=False)}
        return tuple(
            Card(row.id, row.created_at, cases[row.case_id], row.delivered_at is not None)
            for row in reversed(rows)
            if row.case_id in cases
        )
