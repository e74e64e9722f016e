"""Who holds which role: given, confirmed by somebody else, taken away; and who may hear of a report by which of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from flows.cases.case import Case, Status
from flows.cases.confirming import may_confirm
from flows.cases.notice import Notice as NoticeOf
from flows.cases.notice import NoticeKind
from storage.kept import Overtaken, Person
from storage.staffing import Holding, RoleConfirmed, RoleGiven, RoleRefused
from storage.store import leaving, persons
from storage.store.persons import PERSON, ROLE
from storage.store.queueing import plan
from storage.store.scope import Scope
from storage.tables import Case as CaseRow
from storage.tables import Notice, table

CASE, NOTICE = table(CaseRow), table(Notice)


class NotByThem(Exception):
    """Nobody gives themselves a role, and who holds or gave it cannot confirm it: another of those who lead has to."""


def no_report_yet(scope: Scope) -> bool:
    """Whether the school has no report at all, drills aside: then it is being set up, and nothing is there that could be read."""
    real = sa.select(CASE.c.id).where(CASE.c.school == scope.school, CASE.c.drill.is_not(True)).limit(1)
    return scope.connection.execute(real).first() is None


def holdings(scope: Scope, which: sa.ColumnElement[bool] | None = None) -> tuple[Holding, ...]:
    """Who holds what at the scope's school, in the order in which it was given."""
    statement = sa.select(ROLE).where(ROLE.c.school == scope.school, sa.true() if which is None else which)
    rows = scope.connection.execute(statement.order_by(ROLE.c.since, ROLE.c.role, ROLE.c.person_id)).mappings()
    return tuple(
        Holding(row["person_id"], row["role"], row["since"], row["given_by"], row["confirmed_at"], row["confirmed_by"])
        for row in rows
    )


def to_be_told(scope: Scope, case: Case, roles: Sequence[str], now: datetime) -> tuple[Person, ...]:
    """Whoever may be told of CASE in one of ROLES at NOW; with those who are away comes whoever stands in for them."""
    in_time = sa.and_(opens(case.opened_at), _vouched_for(case))
    people = persons.holding(scope, roles, in_time)
    away = {one.stands_in for one in people if one.stands_in is not None and one.is_away(now)}
    if not away:
        return people
    # Who stands in holds some role of the school, by which they might have been told of it as well.
    anyone = sa.exists().where(ROLE.c.person_id == PERSON.c.id, ROLE.c.school == scope.school, in_time)
    stand_ins = {one.id: one for one in persons.load(scope, sa.and_(PERSON.c.id.in_(away), anyone))}
    return tuple(replace(one, stand_in=stand_ins.get(one.stands_in or "") if one.is_away(now) else None) for one in people)


def opens(opened_at: datetime) -> sa.ColumnElement[bool]:
    """The holdings through which a case that was opened then is told: confirmed ones, and those that are older than it."""
    return sa.or_(ROLE.c.confirmed_at.is_not(None), ROLE.c.since <= opened_at)


def _vouched_for(case: Case) -> sa.ColumnElement[bool]:
    """Not the holdings that rest on the word of somebody whom CASE concerns, and on nobody else's: it may be their second self."""
    return sa.or_(ROLE.c.confirmed_at.is_not(None), ROLE.c.given_by.is_(None), ROLE.c.given_by.not_in(sorted(case.concerns)))


def give(scope: Scope, change: RoleGiven, at: datetime) -> bool:
    """Give the role; True if it is confirmed. Who has it already keeps what they have."""
    if change.by == change.person:
        raise NotByThem("Nobody gives themselves a role.")
    leaving.come_again(scope, change.person)
    confirmed = no_report_yet(scope)
    if change.confirmed is not None and change.confirmed is not confirmed:
        raise Overtaken("The school's first report has come meanwhile.")
    row = {
        "person_id": change.person,
        "role": change.role,
        "school": scope.school,
        "since": at,
        "given_by": change.by,
        "confirmed_at": at if confirmed else None,
    }
    scope.connection.execute(scope.insert(ROLE).values(row).on_conflict_do_nothing())
    return confirmed


def take(scope: Scope, person: str, role: str) -> None:
    """PERSON does not hold ROLE."""
    scope.connection.execute(sa.delete(ROLE).where(ROLE.c.person_id == person, ROLE.c.role == role, ROLE.c.school == scope.school))


def confirm(scope: Scope, change: RoleConfirmed, at: datetime) -> None:
    """From now on the role opens reports from before it was given: those that still wait are told at once."""
    _checked(scope, change)
    theirs = (ROLE.c.person_id == change.person, ROLE.c.role == change.role, ROLE.c.school == scope.school)
    scope.connection.execute(sa.update(ROLE).where(*theirs).values(confirmed_at=at, confirmed_by=change.by))
    tell_again(scope, (change.role,), at)


def refuse(scope: Scope, change: RoleRefused) -> None:
    """The role was not to be given."""
    _checked(scope, change)
    take(scope, change.person, change.role)


def tell_again(scope: Scope, roles: Collection[str], at: datetime) -> None:
    """Somebody has joined ROLES, or is back: what waits on rungs of theirs that were told already is told to them as well."""
    told = (
        sa.select(NOTICE.c.case_id, NOTICE.c.rung, CASE.c.rungs)
        .join(CASE, CASE.c.id == NOTICE.c.case_id)
        .where(CASE.c.school == scope.school, CASE.c.status == Status.OPEN.value)
        .where(NOTICE.c.kind == NoticeKind.PUSH.value, NOTICE.c.state.not_in(("waiting", "withdrawn")))
        .distinct()
        .order_by(NOTICE.c.case_id, NOTICE.c.rung)
    )
    for row in scope.connection.execute(told).all():
        rungs = json.loads(row.rungs)
        if row.rung < len(rungs) and not set(rungs[row.rung]).isdisjoint(roles):
            tell_joined(scope, row.case_id, row.rung, at, due_at=at)


def tell_joined(scope: Scope, case: str, rung: int, at: datetime, *, due_at: datetime) -> None:
    """Look at RUNG of CASE once more when it is DUE: whoever of it was not told by then is told. It hurries nobody."""
    plan(scope, (NoticeOf(case, rung, NoticeKind.JOINED, due_at),), at)


def _checked(scope: Scope, change: RoleConfirmed | RoleRefused) -> None:
    """The holding is still the one that was asked about, and BY is still somebody who may say so."""
    theirs = sa.and_(ROLE.c.person_id == change.person, ROLE.c.role == change.role)
    found = holdings(scope, sa.and_(theirs, ROLE.c.since == change.since, ROLE.c.confirmed_at.is_(None)))
    if not found:
        raise Overtaken("That role was confirmed, or taken back, meanwhile.")
    mine = {one.role for one in holdings(scope, ROLE.c.person_id == change.by) if one.confirmed}
    if not may_confirm(change.by, mine, holder=change.person, given_by=found[0].given_by):
        raise NotByThem("Another of those who lead the school has to say so.")
