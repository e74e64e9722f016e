"""Conversations: the lease that lets one process decide, and what was heard and said in one place, for the page that shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from storage.database import Database, wake_after
from storage.kept import Fenced, Lease, Waiting
from storage.store.persons import by_place
from storage.store.scope import Scope
from storage.tables import Conversation, Inbox, Reply, table

CONVERSATION, INBOX, REPLY = table(Conversation), table(Inbox), table(Reply)


class Line(NamedTuple):
    """One line of a transcript: `kind` is "heard" or "said", `body` is what the channel or the bot had written."""

    kind: str
    id: int
    at: datetime
    body: str

    def __repr__(self) -> str:
        return f"Line({self.kind}, {self.id})"


class Conversations:
    """The conversations of one school."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

    async def release(self, lease: Lease) -> None:
        """Give LEASE back undecided; whatever waits is picked up by whoever is free. A lease already lost is no matter."""
        await self._database.write(lambda session: _release(session, lease))

    async def renew(self, lease: Lease, now: datetime, hold: timedelta) -> Lease:
        """Hold on to LEASE until NOW + HOLD; Fenced when it was lost."""
        held = sa.update(CONVERSATION).where(*_ours(lease)).values(until=now + hold)
        if await self._database.write(lambda session: session.connection().execute(held).rowcount) == 0:
            raise Fenced("The conversation went to another process.")
        return replace(lease, until=now + hold)

    async def transcript(self, channel: str, place: str, sender: str, limit: int) -> tuple[Line, ...]:
        """The last LIMIT lines between SENDER and the bot at PLACE, oldest first."""
        return await self._database.read(lambda session: transcript(self._scope(session), channel, place, sender, limit))

    async def said_since(self, channel: str, place: str, after_id: int, limit: int) -> tuple[Line, ...]:
        """What the bot said at PLACE after the line with that id, oldest first; what is due but not sent is part of it."""
        return await self._database.read(lambda session: _said_since(self._scope(session), channel, place, after_id, limit))

    async def reached(self, channel: str, place: str) -> bool:
        """Whether anything that the bot said has arrived at PLACE."""
        return await self._database.read(lambda session: _reached(self._scope(session), channel, place))

    def _scope(self, session: Session) -> Scope:
        return Scope.of(session, self._database.vault, self._school)


def leased(scope: Scope, row: sa.RowMapping, begun: Waiting | None) -> Lease:
    """The lease that was just taken on ROW, with the message BEGUN in it."""
    key = row["id"]
    sender = scope.vault.open("conversation", "sender", key, row["sender"])
    return Lease(
        school=scope.school,
        conversation=key,
        channel=row["channel"],
        place=scope.vault.open("conversation", "place", key, row["place"]),
        sender=sender,
        token=row["token"],
        version=row["version"],
        until=row["until"],
        state=scope.vault.opened("conversation", "state", key, row["state"]),
        person=by_place(scope, row["channel"], sender),
        next=begun,
    )


def _ours(lease: Lease) -> tuple[sa.ColumnElement[bool], ...]:
    table = CONVERSATION.c
    return table.id == lease.conversation, table.school == lease.school, table.token == lease.token, table.version == lease.version


def _release(session: Session, lease: Lease) -> None:
    freed = sa.update(CONVERSATION).where(*_ours(lease)).values(token=None, until=None).returning(CONVERSATION.c.waiting)
    if session.connection().execute(freed).scalar():
        wake_after(session, "inbox")


def transcript(scope: Scope, channel: str, place: str, sender: str, limit: int) -> tuple[Line, ...]:
    """The last LIMIT lines between SENDER and the bot at PLACE, oldest first."""
    conversation = scope.conversation(channel, place, sender)
    heard = (
        sa.select(INBOX.c.id, INBOX.c.kept_at, INBOX.c.key, INBOX.c.body)
        .where(INBOX.c.school == scope.school, INBOX.c.conversation == conversation)
        .order_by(INBOX.c.seq.desc())
        .limit(limit)
    )
    lines = [
        Line("heard", row.id, row.kept_at, scope.vault.open("inbox", "body", row.key, row.body))
        for row in scope.connection.execute(heard)
    ]
    said = _said(scope, channel, place).order_by(REPLY.c.id.desc()).limit(limit)
    lines += [_line(scope, row) for row in scope.connection.execute(said)]
    # A question and its answer may share a moment: what was heard comes first.
    return tuple(sorted(lines, key=lambda line: (line.at, line.kind != "heard", line.id))[-limit:])


def _said_since(scope: Scope, channel: str, place: str, after_id: int, limit: int) -> tuple[Line, ...]:
    statement = _said(scope, channel, place).where(REPLY.c.id > after_id).order_by(REPLY.c.id).limit(limit)
    return tuple(_line(scope, row) for row in scope.connection.execute(statement))


def _reached(scope: Scope, channel: str, place: str) -> bool:
    sent = sa.exists().where(
        REPLY.c.school == scope.school, REPLY.c.address == scope.address(channel, place), REPLY.c.state == "sent"
    )
    return bool(scope.connection.execute(sa.select(sent)).scalar())


def _said(scope: Scope, channel: str, place: str) -> sa.Select[tuple[int, datetime, str, bytes]]:
    columns = sa.select(REPLY.c.id, REPLY.c.created_at, REPLY.c.key, REPLY.c.body)
    return columns.where(REPLY.c.school == scope.school, REPLY.c.address == scope.address(channel, place))


def _line(scope: Scope, row: sa.Row[tuple[int, datetime, str, bytes]]) -> Line:
    return Line("said", row.id, row.created_at, scope.vault.open("reply", "body", row.key, row.body))
