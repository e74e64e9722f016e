"""Digests of one school: one row for each kind and day, carried out once, by whichever process is first."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from flows.cases.case import Status
from flows.cases.figures import Drill, Standing, Tally
from storage import audit
from storage.claim import WAITING
from storage.database import Database, wake_after
from storage.kept import Act, Letter, Person
from storage.store import figures, letters, persons
from storage.store.cases import CASE
from storage.store.scope import Scope
from storage.tables import Digest as DigestRow
from storage.tables import table

DIGEST = table(DigestRow)

DAILY, WEEKLY = "daily", "weekly"
A_WEEK = timedelta(days=7)
# A card that has been on its way for so long is a place that could not be reached.
STUCK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody a digest may be for, with what they may see and nothing else: what stands open, what came, what did not go out."""

    person: Person
    standing: tuple[Standing, ...] = ()
    came: tuple[Tally, ...] = ()
    unsent: int = 0


@dataclass(frozen=True, slots=True)
class Edition:
    """A digest that is being carried out: its kind and day, since when it tells, and what everybody may know."""

    kind: str
    day: str
    since: datetime
    readers: tuple[Reader, ...]
    in_vain: int
    last_drill: Drill | None
    head: str  # the end of the audit chain


# What goes to whom. Runs inside the transaction: pure, and quick.
Compose = Callable[[Edition], tuple[Letter, ...]]


class Digests:
    """The digests of one school."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

    async def plan(self, due: Mapping[tuple[str, str], datetime], now: datetime) -> None:
        """See to it that there is a row for each (kind, day) of DUE; one that is there already stays as it is.

        The first of its kind is not sent late: a school that has just begun is not told of a morning before that.
        """
        if due:
            await self._database.write(lambda session: _plan(self._scope(session), due, now))

    async def carry_out(self, now: datetime, roles: Sequence[str], compose: Compose) -> int:
        """Carry out what is due, each kind once: a day that was missed is not made up for. Returns how many letters go out.

        COMPOSE is given everybody who holds one of ROLES, and whoever has a case.
        """
        if not await self._database.read(lambda session: _due(self._scope(session), now)):
            return 0
        return await self._database.write(lambda session: _carry_out(self._scope(session), now, roles, compose))

    def _scope(self, session: Session) -> Scope:
        return Scope.of(session, self._database.vault, self._school)


def _plan(scope: Scope, due: Mapping[tuple[str, str], datetime], now: datetime) -> None:
    known = scope.connection.execute(sa.select(DIGEST.c.kind).where(DIGEST.c.school == scope.school).distinct()).scalars().all()
    rows = []
    for (kind, day), at in due.items():
        begun = at <= now and kind not in known
        state = {"state": "done", "finished_at": now} if begun else {"state": "waiting", "finished_at": None}
        rows.append({"school": scope.school, "kind": kind, "day": day, "due_at": at, "created_at": now, **state})
    scope.connection.execute(scope.insert(DIGEST).values(rows).on_conflict_do_nothing())


def _due(scope: Scope, now: datetime) -> bool:
    return scope.connection.execute(_ours(scope, now).limit(1)).first() is not None


def _ours(scope: Scope, now: datetime) -> sa.Select[int, str, str, datetime]:
    which = (DIGEST.c.school == scope.school, DIGEST.c.state == WAITING, DIGEST.c.due_at <= now)
    return sa.select(DIGEST.c.id, DIGEST.c.kind, DIGEST.c.day, DIGEST.c.due_at).where(*which)


def _carry_out(scope: Scope, now: datetime, roles: Sequence[str], compose: Compose) -> int:
    """Everything in one transaction: a crash sends nothing or all, and a second process finds nothing left to do."""
    rows = scope.connection.execute(_ours(scope, now).order_by(DIGEST.c.day).with_for_update(skip_locked=True)).all()
    newest = {row.kind: row for row in rows}  # the last day wins
    _hold_still(scope)
    readers = _readers(scope, roles) if rows else ()
    going: list[Letter] = []
    acts: list[Act] = []
    for kind, row in newest.items():
        letters_of_it = compose(_edition(scope, kind, row.day, readers, now))
        going += letters_of_it
        if letters_of_it:
            acts.append(Act("digest sent", details=json.dumps({"kind": kind, "day": row.day, "people": len(letters_of_it)})))
    done = {"state": "done", "finished_at": now}
    scope.connection.execute(sa.update(DIGEST).where(DIGEST.c.id.in_([row.id for row in rows])).values(done))
    letters.queue(scope, going, now)
    audit.append(scope.session, scope.vault, scope.school, acts, now)
    wake_after(scope.session, "outbox")
    return len(going)


def _hold_still(scope: Scope) -> None:
    """Whoever says at this moment whom a case is about waits until the letters stand there, and then takes them back."""
    still_open = (CASE.c.school == scope.school, CASE.c.status != Status.CLOSED.value)
    scope.connection.execute(sa.select(CASE.c.id).where(*still_open).order_by(CASE.c.id).with_for_update(read=True)).all()


def _edition(scope: Scope, kind: str, day: str, people: Sequence[Person], now: datetime) -> Edition:
    since = _before(scope, kind) or now - A_WEEK
    newest = figures.drills(scope, 1) if kind == WEEKLY else ()
    return Edition(
        kind=kind,
        day=day,
        since=since,
        readers=tuple(_reader(scope, person, kind, since, now) for person in people),
        in_vain=figures.in_vain(scope, since, now) if kind == WEEKLY else 0,
        last_drill=newest[0] if newest else None,
        head=audit.head(scope.session, scope.school)[1],
    )


def _reader(scope: Scope, person: Person, kind: str, since: datetime, now: datetime) -> Reader:
    standing = figures.standing(scope, person.id)
    if kind == DAILY:
        return Reader(person, standing)
    came = figures.tallies(scope, person.id, since, now)
    return Reader(person, standing, came, figures.unsent(scope, person.id, now - STUCK))


def _readers(scope: Scope, roles: Sequence[str]) -> tuple[Person, ...]:
    held = sa.select(persons.ROLE.c.person_id).where(persons.ROLE.c.school == scope.school, persons.ROLE.c.role.in_(roles))
    in_hand = (CASE.c.school == scope.school, CASE.c.holder.is_not(None), CASE.c.status != Status.CLOSED.value)
    has_one = sa.select(CASE.c.holder).where(*in_hand)
    return persons.load(scope, sa.or_(persons.PERSON.c.id.in_(held), persons.PERSON.c.id.in_(has_one)))


def _before(scope: Scope, kind: str) -> datetime | None:
    """When a digest of this KIND was carried out last."""
    done = (DIGEST.c.school == scope.school, DIGEST.c.kind == kind, DIGEST.c.state == "done")
    moment: datetime | None = scope.connection.execute(sa.select(sa.func.max(DIGEST.c.finished_at)).where(*done)).scalar()
    return moment
