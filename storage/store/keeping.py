"""How long words are kept, and how they go: a case becomes a stub, a question a number, and messages are deleted.

A stub is the reference, the matter, the dates and the outcome. Who may not see the case may not see its stub either, so whom it
concerns and who was told stay.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from flows.cases.acts import Doing, told
from flows.cases.case import Case, Status
from flows.cases.closing import erasable
from flows.cases.retention import Retention
from storage import audit, evidence
from storage.database import Database
from storage.kept import Act, Unknown
from storage.store import following, news
from storage.store.cases import ADDITION, CASE, load, said_text
from storage.store.inbox import CONVERSATION
from storage.store.questions import ASKED
from storage.store.scope import Scope
from storage.store.transcripts import erase_about, erase_old, erase_talk

T = TypeVar("T")


class Keeping:
    """What one school keeps, and no longer. Only ids and counts come out of here: cases are read through `seen_by`."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

    async def due(self, retention: Retention, now: datetime, limit: int) -> tuple[str, ...]:
        """The ids of up to LIMIT cases whose words have been kept as long as RETENTION says."""
        return await self._database.read(lambda session: _due(self._scope(session), retention, now, limit))

    async def purge(self, case: str, retention: Retention, now: datetime) -> bool:
        """Make CASE a stub if it is still due; False when it was opened again, held or purged meanwhile."""
        return await self._write(lambda scope: _purge_due(scope, case, retention, now))

    async def erase(self, case: str, person: str, reason: str, now: datetime) -> None:
        """Make CASE a stub because PERSON says so. NotPossible while it is open or held; Unknown in another school."""
        act = Act(Doing.ERASED, case, person, told(reason=reason))
        await self._write(lambda scope: _erase(scope, case, act, now))

    async def forget_questions(self, before: datetime, now: datetime) -> int:
        """Take the words off the questions that were asked in vain BEFORE then; how often it was so is still counted."""
        return await self._write(lambda scope: _forget_questions(scope, before, now))

    async def forget_messages(self, before: datetime, now: datetime, limit: int) -> int:
        """Delete up to LIMIT messages and as many replies that were dealt with BEFORE then, except where a case is held."""
        return await self._write(lambda scope: _forget_messages(scope, before, now, limit))

    def _scope(self, session: Session) -> Scope:
        return Scope.of(session, self._database.vault, self._school)

    async def _write(self, job: Callable[[Scope], T]) -> T:
        return await self._database.write(lambda session: job(self._scope(session)))


def _due(scope: Scope, retention: Retention, now: datetime, limit: int) -> tuple[str, ...]:
    over = (CASE.c.status == Status.CLOSED.value, CASE.c.closed_at <= now, CASE.c.held_at.is_(None), CASE.c.purged_at.is_(None))
    return tuple(case.id for case in load(scope, sa.and_(*over), words=False) if retention.due(case, now))[:limit]


def _purge_due(scope: Scope, case: str, retention: Retention, now: datetime) -> bool:
    found = _locked(scope, case)
    if not retention.due(found, now):
        return False
    _make_stub(scope, found, Act(Doing.PURGED, case), now)
    return True


def _erase(scope: Scope, case: str, act: Act, now: datetime) -> None:
    found = _locked(scope, case)
    erasable(found)
    _make_stub(scope, found, act, now)


def _locked(scope: Scope, case: str) -> Case:
    """CASE, locked in the order that recordings lock in: the conversation it came from, then the case."""
    ours = sa.and_(CASE.c.id == case, CASE.c.school == scope.school)
    reporter = sa.select(CASE.c.reporter).where(ours).scalar_subquery()
    scope.connection.execute(
        sa.select(CONVERSATION.c.id).where(CONVERSATION.c.id == reporter).with_for_update(key_share=True)
    ).all()
    scope.connection.execute(sa.select(CASE.c.id).where(ours).with_for_update(key_share=True)).all()
    found = load(scope, ours, words=False)
    if not found:
        raise Unknown("No case of this school has that id.")
    return found[0]


def _make_stub(scope: Scope, case: Case, act: Act, now: datetime) -> None:
    """Everything that was written goes, here and where it was carried; then the links say so, and what the stub looks like."""
    if case.reporter is not None and not _held_beside(scope, case):
        erase_talk(scope, case.reporter)
    erase_about(scope, case)
    following.forget(scope, case)
    news.forget(scope, case)
    scope.connection.execute(sa.delete(ADDITION).where(ADDITION.c.case_id == case.id, ADDITION.c.school == scope.school))
    stub = {
        "said": scope.vault.seal("cases", "said", case.id, said_text(())),
        "reporter": None,
        "purged_at": now,
        "version": case.version + 1,
    }
    scope.connection.execute(sa.update(CASE).where(CASE.c.id == case.id, CASE.c.school == scope.school).values(stub))
    audit.purge(scope.session, scope.vault, scope.school, case.id, now)
    state = evidence.digest(scope.connection, scope.vault, scope.school, case.id)
    assert state is not None  # noqa: S101 - it was changed a few lines above; said for the type checker
    audit.append(scope.session, scope.vault, scope.school, (act,), now, states={case.id: state})


def _held_beside(scope: Scope, case: Case) -> bool:
    """Whether another report from the same conversation is held: what was said there may be part of it."""
    held = sa.select(CASE.c.id).where(CASE.c.school == scope.school, CASE.c.reporter == case.reporter)
    return scope.connection.execute(held.where(CASE.c.held_at.is_not(None), CASE.c.id != case.id).limit(1)).first() is not None


def _forget_questions(scope: Scope, before: datetime, now: datetime) -> int:
    old = sa.update(ASKED).where(ASKED.c.school == scope.school, ASKED.c.at < before, ASKED.c.words.is_not(None))
    gone = scope.connection.execute(old.values(words=None)).rowcount
    return _noted(scope, "words of questions destroyed", gone, now)


def _forget_messages(scope: Scope, before: datetime, now: datetime, limit: int) -> int:
    held = load(scope, CASE.c.held_at.is_not(None), words=False)
    return _noted(scope, "messages destroyed", erase_old(scope, before, limit, held), now)


def _noted(scope: Scope, what: str, gone: int, now: datetime) -> int:
    if gone:
        audit.append(scope.session, scope.vault, scope.school, (Act(what, details=json.dumps({"count": gone})),), now)
    return gone
