"""Somebody loses a role: what they were told in it alone is out of their sight, and what they had goes on to the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa

from flows.cases.calendar import Calendar
from flows.cases.case import Case, Status
from flows.cases.leaving import goes_on
from storage.kept import Act
from storage.store import settling
from storage.store.cases import CASE, CONCERN, PUSH, load, values
from storage.store.persons import ROLE
from storage.store.queueing import BLANK, plan
from storage.store.scope import Scope
from storage.store.taking_back import take_back

LEFT = "holder left"


def lose(scope: Scope, person: str, role: str, calendar: Calendar, at: datetime) -> tuple[Act, ...]:
    """PERSON does not hold ROLE any more. What another role of theirs is told of stays theirs; the acts say what went on."""
    left = set(scope.connection.execute(sa.select(ROLE.c.role).where(ROLE.c.person_id == person)).scalars())
    theirs = sa.or_(CASE.c.holder == person, CASE.c.id.in_(sa.select(PUSH.c.case_id).where(PUSH.c.person_id == person)))
    _lock(scope, theirs)
    gone = [case for case in load(scope, theirs, words=False) if _only_by(role, case.rungs, left)]
    had = [case for case in gone if case.holder == person and case.status in (Status.ACKNOWLEDGED, Status.TAKEN)]
    for case in had:
        _goes_on(scope, case, calendar, at)
    _out_of_sight(scope, person, [case.id for case in gone], at)
    return tuple(Act(LEFT, case.id) for case in had)


def come_again(scope: Scope, person: str) -> None:
    """PERSON may be told again of what they lost with a role they hold once more: no card says any longer that they may not."""
    about = sa.select(CONCERN.c.case_id).where(CONCERN.c.person_id == person)
    mine = sa.and_(PUSH.c.school == scope.school, PUSH.c.person_id == person, PUSH.c.case_id.not_in(about))
    blanked = sa.select(PUSH.c.case_id).where(mine, PUSH.c.kind == BLANK)
    lost = set(scope.connection.execute(blanked).scalars())
    if lost:
        scope.connection.execute(sa.delete(PUSH).where(mine, PUSH.c.case_id.in_(lost)))


def _lock(scope: Scope, which: sa.ColumnElement[bool]) -> None:
    statement = sa.select(CASE.c.id).where(CASE.c.school == scope.school, which).order_by(CASE.c.id)
    scope.connection.execute(statement.with_for_update(key_share=True)).all()


def _only_by(role: str, rungs: Iterable[Iterable[str]], left: Collection[str]) -> bool:
    """Whether somebody who has these roles LEFT was told by ROLE alone; whoever has none left sees nothing at all."""
    told = {one for rung in rungs for one in rung}
    return not left or (role in told and told.isdisjoint(left))


def _goes_on(scope: Scope, case: Case, calendar: Calendar, at: datetime) -> None:
    free, notices = goes_on(case, calendar, at)
    written = {**values(scope, free), "version": case.version + 1}
    scope.connection.execute(sa.update(CASE).where(CASE.c.id == case.id).values(written))
    settling.withdraw_notices(scope, (case.id,), at)
    plan(scope, notices, at)


def _out_of_sight(scope: Scope, person: str, cases: Collection[str], at: datetime) -> None:
    cards = sa.select(PUSH).where(PUSH.c.person_id == person, PUSH.c.case_id.in_(cases), PUSH.c.kind == "push")
    rows = scope.connection.execute(cards.where(PUSH.c.state != "withdrawn").order_by(PUSH.c.id)).mappings().all()
    take_back(scope, (person,), cases, at)
    # Not even what they had read before its card came, and which is in sight for everybody else who has read it.
    theirs = sa.and_(PUSH.c.school == scope.school, PUSH.c.person_id == person, PUSH.c.case_id.in_(cases))
    scope.connection.execute(sa.update(PUSH).where(theirs, PUSH.c.kind == "push").values(seen_at=None))
    settling.withdraw_edits(scope, theirs, at)
    if not rows:
        return
    ids = [row["id"] for row in rows]
    scope.connection.execute(sa.update(PUSH).where(PUSH.c.id.in_(ids)).values(state="withdrawn", finished_at=at, token=None))
    # One that is being sent at this moment may arrive as well; of the others nothing was ever shown, and nothing has to be blanked.
    shown = [row for row in rows if row["state"] == "sent" or row["token"] is not None or row["why"] == settling.PERHAPS_SHOWN]
    settling.edit(scope, shown, at, kind=BLANK)
