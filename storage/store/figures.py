"""Figures of one school: what one person may count, what needs somebody, and how drills went. A drill counts in no other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from flows.cases.case import Case, Ending, Severity, Status
from flows.cases.figures import Drill, Standing, Tally, Trial
from storage.database import Database
from storage.kept import Person
from storage.store.cases import CASE, PUSH, load, visible_to
from storage.store.questions import ASKED
from storage.store.scope import Scope
from storage.store.told import last_steps

T = TypeVar("T")

REAL = sa.func.coalesce(CASE.c.drill, sa.false()).is_(sa.false())
DRILL = CASE.c.drill.is_(sa.true())


class Figures:
    """What can be counted at one school, each time through the eyes of one person."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

    async def opened(self, person: Person, since: datetime, until: datetime) -> tuple[Tally, ...]:
        """The cases PERSON may see that were opened from SINCE until before UNTIL."""
        return await self._read(lambda scope: tallies(scope, person.id, since, until))

    async def in_vain(self, since: datetime, until: datetime) -> int:
        """How many questions got no sure answer from SINCE until before UNTIL, or one that did not help."""
        return await self._read(lambda scope: in_vain(scope, since, until))

    async def asked_in_vain(self, since: datetime, until: datetime) -> tuple[datetime, ...]:
        """When those were asked, the first of them first."""
        return await self._read(lambda scope: asked_in_vain(scope, since, until))

    async def drills(self, limit: int = 20) -> tuple[Drill, ...]:
        """The last LIMIT drills, the newest first, with how everybody was reached."""
        return await self._read(lambda scope: drills(scope, limit))

    async def drill(self, reference: str) -> Drill | None:
        """The drill with that reference; a real case is none."""
        found = await self._read(lambda scope: _tried(scope, load(scope, sa.and_(DRILL, CASE.c.reference == reference))))
        return found[0] if found else None

    async def drills_open(self, before: datetime) -> tuple[Case, ...]:
        """The drills that were begun BEFORE then and are not closed."""
        which = sa.and_(DRILL, CASE.c.opened_at < before, CASE.c.status != Status.CLOSED.value)
        return await self._read(lambda scope: load(scope, which))

    async def _read(self, job: Callable[[Scope], T]) -> T:
        def read(session: Session) -> T:
            return job(Scope.of(session, self._database.vault, self._school))

        return await self._database.read(read)


def tallies(scope: Scope, person: str, since: datetime, until: datetime) -> tuple[Tally, ...]:
    """The cases that the person with that id may see, as they are counted. Nothing that was written is opened for it."""
    columns = (
        CASE.c.matter,
        CASE.c.severity,
        CASE.c.status,
        CASE.c.opened_at,
        CASE.c.acknowledged_at,
        CASE.c.closed_at,
        CASE.c.ending,
    )
    statement = (
        sa.select(*columns)
        .where(CASE.c.school == scope.school, REAL, visible_to(person), CASE.c.opened_at >= since, CASE.c.opened_at < until)
        .order_by(CASE.c.opened_at, CASE.c.id)
    )
    severities, statuses = {one.value: one for one in Severity}, {one.value: one for one in Status}
    return tuple(
        Tally(
            row.matter,
            severities[row.severity],
            statuses[row.status],
            row.opened_at,
            row.acknowledged_at,
            row.closed_at,
            None if row.ending is None else Ending(row.ending),
        )
        for row in scope.connection.execute(statement)
    )


def standing(scope: Scope, person: str) -> tuple[Standing, ...]:
    """The cases that the person with that id may see and that are not closed, without what was written in them."""
    cases = load(scope, sa.and_(REAL, visible_to(person), CASE.c.status != Status.CLOSED.value), words=False)
    steps = last_steps(scope, cases)
    return tuple(Standing(case, steps.get(case.id, case.opened_at)) for case in cases)


def unsent(scope: Scope, person: str, before: datetime) -> int:
    """How many cards of cases that the person with that id may see were queued BEFORE then and still have not gone out."""
    seen = sa.select(CASE.c.id).where(CASE.c.school == scope.school, REAL, visible_to(person))
    waiting = (PUSH.c.kind == "push", PUSH.c.state == "waiting", PUSH.c.created_at < before)
    statement = sa.select(sa.func.count()).where(PUSH.c.case_id.in_(seen), *waiting)
    return int(scope.connection.execute(statement).scalar_one())


def in_vain(scope: Scope, since: datetime, until: datetime) -> int:
    """How many questions the policy did not answer."""
    statement = sa.select(sa.func.count()).where(*_unanswered(scope, since, until))
    return int(scope.connection.execute(statement).scalar_one())


def asked_in_vain(scope: Scope, since: datetime, until: datetime) -> tuple[datetime, ...]:
    """When the questions were asked that the policy did not answer."""
    statement = sa.select(ASKED.c.at).where(*_unanswered(scope, since, until)).order_by(ASKED.c.at)
    return tuple(scope.connection.execute(statement).scalars())


def _unanswered(scope: Scope, since: datetime, until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    asked = (ASKED.c.school == scope.school, ASKED.c.at >= since, ASKED.c.at < until)
    return (*asked, sa.or_(ASKED.c.band != "yes", ASKED.c.helpful.is_(False)))


def drills(scope: Scope, limit: int) -> tuple[Drill, ...]:
    """The last LIMIT drills, the newest first."""
    newest = sa.select(CASE.c.id).where(CASE.c.school == scope.school, DRILL).order_by(CASE.c.opened_at.desc()).limit(limit)
    ids = scope.connection.execute(newest).scalars().all()
    return tuple(reversed(_tried(scope, load(scope, CASE.c.id.in_(ids), words=False)))) if ids else ()


def _tried(scope: Scope, cases: tuple[Case, ...]) -> tuple[Drill, ...]:
    """How everybody was reached whom CASES, all of them drills, have told."""
    cards: dict[str, dict[str, Trial]] = defaultdict(dict)
    holders = {case.id: case for case in cases}
    statement = (
        sa.select(PUSH).where(PUSH.c.school == scope.school, PUSH.c.case_id.in_(holders), PUSH.c.kind == "push").order_by(PUSH.c.id)
    )
    for row in scope.connection.execute(statement).mappings() if cases else ():
        people, case = cards[row["case_id"]], holders[row["case_id"]]
        known = people.get(row["person_id"])
        sent = row["finished_at"] if row["state"] == "sent" else None
        people[row["person_id"]] = Trial(
            person=row["person_id"],
            queued=known.queued if known else row["created_at"],
            sent=_first(known.sent if known else None, sent),
            delivered=_first(known.delivered if known else None, row["delivered_at"]),
            seen=_first(known.seen if known else None, row["seen_at"]),
            acknowledged=case.acknowledged_at if case.holder == row["person_id"] else None,
        )
    return tuple(Drill(case, tuple(cards[case.id].values())) for case in cases)


def _first(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
