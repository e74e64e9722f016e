"""A notice falls due: who is told is decided now, inside one transaction, from who holds the roles at this moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from flows.cases.acts import Doing
from flows.cases.case import Case
from flows.cases.notice import Notice, NoticeKind
from storage import audit
from storage.audit import LINK
from storage.claim import NOW, WAITING
from storage.database import wake_after
from storage.kept import Expansion, Person, Tried
from storage.store import cases, letters, persons, reaching, roles
from storage.store.scope import Scope
from storage.tables import Case as CaseRow
from storage.tables import Conversation, Push, table
from storage.tables import Notice as NoticeRow
from storage.vault import Vault

NOTICE, PUSH, CASE, CONVERSATION = table(NoticeRow), table(Push), table(CaseRow), table(Conversation)

# (notice, school, case, holders of the rung's roles, ids already told): pure, for it runs inside the transaction.
Resolve = Callable[[Notice, str, Case, tuple[Person, ...], frozenset[str]], Expansion]
# (school, case, everybody its rungs may tell, where those who were told have been tried): as pure.
Pursue = Callable[[str, Case, tuple[Person, ...], tuple[Tried, ...]], Expansion]


def due(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """The notices that are due, the longest waiting first."""
    return session.connection().execute(_DUE, {"b_now": now, "b_limit": limit}).scalars().all()


def expand(session: Session, vault: Vault, notice: int, now: datetime, resolve: Resolve, *, pursue: Pursue | None = None) -> bool:
    """Carry out one due notice; False when another process was faster. Locks in the same order as a recording does."""
    row = session.connection().execute(sa.select(NOTICE).where(NOTICE.c.id == notice)).mappings().one()
    scope = Scope.of(session, vault, row["school"])
    _lock(scope, row["case_id"])
    locked = sa.select(NOTICE.c.state).where(NOTICE.c.id == notice).with_for_update()
    if scope.connection.execute(locked).scalar() != "waiting":
        return False
    # With its words: whoever sent it may have said in them that it is not safe to be written to.
    case = cases.load(scope, CASE.c.id == row["case_id"])[0]
    if not case.waiting:
        _end(scope, notice, "withdrawn", now)
        return True
    found = Notice(case.id, row["rung"], NoticeKind(row["kind"]), row["due_at"])
    if found.kind is NoticeKind.REACH:
        if pursue is None:
            raise ValueError("A notice asks whether anybody has been reached, and nothing was given that says what follows.")
        everybody = roles.to_be_told(scope, case, reaching.told_roles(case), now)
        expansion = pursue(scope.school, case, everybody, reaching.tried(scope, case))
    else:
        expansion = resolve(found, scope.school, case, _holders(scope, case, found, now), _told(scope, case))
    _end(scope, notice, "passed" if expansion.nobody else "done", now)
    reaching.queue(scope, case, expansion.pushes, now)
    if expansion.look_at is not None:
        reaching.look_at(scope, case, expansion.look_at, now)
    letters.queue(scope, (*expansion.letters, *letters.addressed(scope, expansion.to_reporters)), now)
    if expansion.climb_now:
        _climb(scope, case.id, now)
    for back in dict.fromkeys(expansion.back_at):
        roles.tell_joined(scope, case.id, found.rung, now, due_at=back)
    audit.append(session, vault, scope.school, expansion.acts, now)
    wake_after(session, "outbox")
    return True


def put_back(session: Session, notice: int, until: datetime) -> None:
    """NOTICE could not be carried out: try again later, and let the others go first."""
    later = sa.update(NOTICE).where(NOTICE.c.id == notice, NOTICE.c.state == "waiting")
    session.connection().execute(later.values(due_at=until, attempts=NOTICE.c.attempts + 1))


def attempts(session: Session, notice: int) -> int:
    """How often NOTICE failed so far."""
    failed: int = session.connection().execute(sa.select(NOTICE.c.attempts).where(NOTICE.c.id == notice)).scalar_one()
    return failed


def _lock(scope: Scope, case: str) -> None:
    reporter = sa.select(CASE.c.reporter).where(CASE.c.id == case).scalar_subquery()
    scope.connection.execute(
        sa.select(CONVERSATION.c.id).where(CONVERSATION.c.id == reporter).with_for_update(key_share=True)
    ).all()
    scope.connection.execute(sa.select(CASE.c.id).where(CASE.c.id == case).with_for_update(key_share=True)).all()


def _holders(scope: Scope, case: Case, notice: Notice, now: datetime) -> tuple[Person, ...]:
    if notice.kind is NoticeKind.PHONE:
        return _wrote_it_down(scope, case)
    if notice.rung >= len(case.rungs):
        return ()
    return roles.to_be_told(scope, case, case.rungs[notice.rung], now)


def _wrote_it_down(scope: Scope, case: Case) -> tuple[Person, ...]:
    """Whoever logged CASE for somebody else, while they are of the school and no part of it: nobody else can be asked to phone."""
    by = sa.select(LINK.c.person_id).where(
        LINK.c.school == scope.school, LINK.c.case_id == case.id, LINK.c.act == Doing.LOGGED.value
    )
    people = persons.load(scope, persons.PERSON.c.id.in_(by))
    return tuple(one for one in people if one.roles and one.id not in case.concerns)


def _told(scope: Scope, case: Case) -> frozenset[str]:
    """Who was told in this lap: when a case is handed on or opened again, somebody may have to hear of it once more."""
    # Who was to be told, and then was not after all, may be told as soon as they are there again.
    this_lap = sa.select(PUSH.c.person_id).where(PUSH.c.case_id == case.id, PUSH.c.lap == case.lap, PUSH.c.state != "withdrawn")
    return frozenset(scope.connection.execute(this_lap).scalars())


def _end(scope: Scope, notice: int, state: str, now: datetime) -> None:
    scope.connection.execute(sa.update(NOTICE).where(NOTICE.c.id == notice).values(state=state, finished_at=now))


def _climb(scope: Scope, case: str, now: datetime) -> None:
    """Nobody is left on this rung: the next notice of CASE does not wait for its time."""
    following = (
        sa.select(NOTICE.c.id)
        .where(NOTICE.c.case_id == case, NOTICE.c.state == "waiting", NOTICE.c.due_at > now)
        .where(NOTICE.c.kind.in_((NoticeKind.PUSH.value, NoticeKind.PHONE.value)))
        .order_by(NOTICE.c.due_at, NOTICE.c.rung, NOTICE.c.id)
        .limit(1)
        .scalar_subquery()
    )
    scope.connection.execute(sa.update(NOTICE).where(NOTICE.c.id == following).values(due_at=now))


_DUE = (
    sa.select(NOTICE.c.id)
    .where(NOTICE.c.state == WAITING, NOTICE.c.due_at <= NOW)
    .order_by(NOTICE.c.due_at, NOTICE.c.id)
    .limit(sa.bindparam("b_limit", type_=sa.Integer))
)
