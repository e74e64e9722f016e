"""Where whoever sent a report is told that there is news on the page: a sealed address, and how far they were shown and told.

An address is used only while a line waits that no page has shown them, and after that not again until one has.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from flows.cases.case import Case
from storage.database import Database
from storage.kept import Letter
from storage.store import letters
from storage.store.cases import CASE, load
from storage.store.conversations import CONVERSATION, REPLY
from storage.store.scope import Scope
from storage.tables import NewsAddress, table

NEWS = table(NewsAddress)
EMAIL = "email"

# Whether whoever sent this report may be written to. Runs inside the transaction: pure, and quick.
MayWrite = Callable[[Case], bool]


class News:
    """The addresses of one school."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

    async def shown(self, channel: str, place: str, sender: str, reply: int) -> None:
        """A page has shown SENDER everything at PLACE up to REPLY. Where nobody left an address, nothing is written."""
        scoped = self._scope

        def behind(session: Session) -> bool:
            scope = scoped(session)
            which = _behind(scope.conversation(channel, place, sender), reply)
            return scope.connection.execute(sa.select(NEWS.c.conversation).where(which)).first() is not None

        def write(session: Session) -> None:
            scope = scoped(session)
            which = _behind(scope.conversation(channel, place, sender), reply)
            scope.connection.execute(sa.update(NEWS).where(which).values(read_to=reply))

        if await self._database.read(behind):
            await self._database.write(write)

    async def tell(self, body: str, now: datetime, unread_for: timedelta, may_write: MayWrite) -> int:
        """Send BODY to everybody for whom a line has waited UNREAD_FOR; returns to how many. MAY_WRITE is asked of each report."""
        before = now - unread_for
        if not await self._database.read(lambda session: _waiting(self._scope(session), before)):
            return 0
        return await self._database.write(lambda session: _tell(self._scope(session), body, now, before, may_write))

    def _scope(self, session: Session) -> Scope:
        return Scope.of(session, self._database.vault, self._school)


def _behind(conversation: str, reply: int) -> sa.ColumnElement[bool]:
    return sa.and_(NEWS.c.conversation == conversation, sa.func.coalesce(NEWS.c.read_to, 0) < reply)


def keep(scope: Scope, conversation: str, address: str, at: datetime) -> None:
    """Tell whoever writes in CONVERSATION at ADDRESS from now on; nowhere when it is empty. What was said before is known."""
    gone = sa.delete(NEWS).where(NEWS.c.conversation == conversation, NEWS.c.school == scope.school)
    scope.connection.execute(gone)
    if not address:
        return
    row = {
        "conversation": conversation,
        "school": scope.school,
        "address": scope.vault.seal("news_address", "address", conversation, address),
        "created_at": at,
        "read_to": _last_said(scope, conversation),
    }
    scope.connection.execute(sa.insert(NEWS).values(row))


def forget(scope: Scope, case: Case) -> None:
    """Destroy the address that was left for CASE, unless another report from there still needs it."""
    others = sa.select(CASE.c.id).where(
        CASE.c.school == scope.school, CASE.c.reporter == case.reporter, CASE.c.id != case.id, CASE.c.purged_at.is_(None)
    )
    if case.reporter is not None and scope.connection.execute(others.limit(1)).first() is None:
        scope.connection.execute(sa.delete(NEWS).where(NEWS.c.conversation == case.reporter, NEWS.c.school == scope.school))


def _waiting(scope: Scope, before: datetime) -> tuple[tuple[str, int], ...]:
    """The conversations in which something said BEFORE then is unread and untold, each with the last such line."""
    # Told of something that they have not looked at since: once is enough.
    untold = sa.or_(NEWS.c.told_to.is_(None), NEWS.c.read_to >= NEWS.c.told_to)
    reports = sa.exists().where(CASE.c.reporter == NEWS.c.conversation, CASE.c.school == scope.school)
    rows = scope.connection.execute(
        sa.select(NEWS.c.conversation, NEWS.c.read_to, CONVERSATION.c.channel, CONVERSATION.c.place)
        .join(CONVERSATION, CONVERSATION.c.id == NEWS.c.conversation)
        .where(NEWS.c.school == scope.school, untold, reports)
    ).all()
    found = []
    for row in rows:
        place = scope.vault.open("conversation", "place", row.conversation, row.place)
        unread = (REPLY.c.id > (row.read_to or 0), REPLY.c.created_at <= before)
        last = scope.connection.execute(sa.select(sa.func.max(REPLY.c.id)).where(*_said_at(scope, row.channel, place), *unread))
        if (reply := last.scalar()) is not None:
            found.append((row.conversation, int(reply)))
    return tuple(found)


def _tell(scope: Scope, body: str, now: datetime, before: datetime, may_write: MayWrite) -> int:
    posted = []
    for conversation, reply in _waiting(scope, before):
        address = _taken_up(scope, conversation, reply, now)
        if address is None:
            continue
        if all(may_write(case) for case in load(scope, CASE.c.reporter == conversation)):
            posted.append(Letter(EMAIL, address, body))
        else:
            # They said that writing to them is not safe: an address is no use to anybody then.
            scope.connection.execute(sa.delete(NEWS).where(NEWS.c.conversation == conversation))
    letters.queue(scope, posted, now)
    return len(posted)


def _taken_up(scope: Scope, conversation: str, reply: int, now: datetime) -> str | None:
    """The address for CONVERSATION, told of REPLY from now on; None where another process was first, or they looked meanwhile."""
    first = sa.and_(sa.func.coalesce(NEWS.c.told_to, 0) < reply, sa.func.coalesce(NEWS.c.read_to, 0) < reply)
    told = sa.update(NEWS).where(NEWS.c.conversation == conversation, first).values(told_to=reply, told_at=now)
    sealed: bytes | None = scope.connection.execute(told.returning(NEWS.c.address)).scalar()
    return scope.vault.opened("news_address", "address", conversation, sealed)


def _last_said(scope: Scope, conversation: str) -> int | None:
    row = scope.connection.execute(
        sa.select(CONVERSATION.c.channel, CONVERSATION.c.place).where(
            CONVERSATION.c.id == conversation, CONVERSATION.c.school == scope.school
        )
    ).first()
    if row is None:
        return None
    place = scope.vault.open("conversation", "place", conversation, row.place)
    last = scope.connection.execute(sa.select(sa.func.max(REPLY.c.id)).where(*_said_at(scope, row.channel, place)))
    number: int | None = last.scalar()
    return number


def _said_at(scope: Scope, channel: str, place: str) -> tuple[sa.ColumnElement[bool], ...]:
    return REPLY.c.school == scope.school, REPLY.c.address == scope.address(channel, place)
