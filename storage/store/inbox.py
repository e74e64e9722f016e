"""Messages as they come in: each kept once, in order, and handed to this process at once when its conversation is free."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storage.claim import WAITING
from storage.database import Database, wake_after
from storage.kept import Arrival, Lease, Waiting
from storage.store.persons import by_place
from storage.store.scope import INSERTS, Scope
from storage.tables import Conversation, table
from storage.tables import Inbox as InboxRow

INBOX, CONVERSATION = table(InboxRow), table(Conversation)

# A message that has ended this many attempts without a record takes its process with it each time: it is set aside.
ATTEMPTS = 5
SET_ASIDE = "set-aside"


class Inbox:
    """The inbox of one school."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

    async def keep(self, arrival: Arrival, token: str, now: datetime, hold: timedelta) -> tuple[bool, Lease | None]:
        """Make ARRIVAL durable: (True, …) when it is new. The lease of its conversation comes with it when nobody else is at it."""
        vault = self._database.vault
        return await self._database.write(lambda session: keep(Scope.of(session, vault, self._school), arrival, token, now, hold))


def keep(scope: Scope, arrival: Arrival, token: str, now: datetime, hold: timedelta) -> tuple[bool, Lease | None]:
    """One transaction: the conversation is locked, the message gets the next number in it, and perhaps a lease."""
    conversation = scope.conversation(arrival.channel, arrival.place, arrival.sender)
    row = _locked(scope, conversation, arrival, now)
    free = row.token is None or row.until <= now
    at_once = free and row.waiting == 0
    number = _insert(
        scope, arrival, {"conversation": conversation, "seq": row.last_seq + 1, "kept_at": now, "attempts": int(at_once)}
    )
    if number is None:
        return False, None
    change = {"b_id": conversation, "last_seq": row.last_seq + 1, "waiting": row.waiting + 1, "updated_at": now}
    if not at_once:
        scope.connection.execute(_QUEUED, change)
        if free:
            wake_after(scope.session, "inbox")
        return True, None
    until = now + hold
    scope.connection.execute(_LEASED, {**change, "token": token, "until": until, "version": row.version + 1})
    return True, Lease(
        school=scope.school,
        conversation=conversation,
        channel=arrival.channel,
        place=arrival.place,
        sender=arrival.sender,
        token=token,
        version=row.version + 1,
        until=until,
        state=scope.vault.opened("conversation", "state", conversation, row.state),
        person=by_place(scope, arrival.channel, arrival.sender),
        next=Waiting(number, arrival.message_id, arrival.received_at, arrival.body, attempts=1),
    )


def begin_oldest(scope: Scope, conversation: str, now: datetime) -> tuple[Waiting | None, int]:
    """Begin the oldest waiting message of CONVERSATION, whose row the caller has locked; and how many were set aside before it."""
    aside = 0
    while True:
        row = scope.connection.execute(_OLDEST, {"b_conversation": conversation}).first()
        if row is None:
            return None, aside
        if row.attempts < ATTEMPTS:
            break
        aside += 1
        scope.connection.execute(
            FINISHED, {"b_id": row.id, "b_conversation": conversation, "state": "failed", "failure": SET_ASIDE, "finished_at": now}
        )
    scope.connection.execute(_BEGUN, {"b_id": row.id})
    message_id = scope.vault.open("inbox", "message_id", row.key, row.message_id)
    body = scope.vault.open("inbox", "body", row.key, row.body)
    return Waiting(row.id, message_id, row.received_at, body, row.attempts + 1), aside


def _locked(scope: Scope, conversation: str, arrival: Arrival, now: datetime) -> Any:
    row = scope.connection.execute(_LOCK, {"b_id": conversation}).first()
    if row is not None:
        return row
    first = {
        "id": conversation,
        "school": scope.school,
        "channel": arrival.channel,
        "place": scope.vault.seal("conversation", "place", conversation, arrival.place),
        "sender": scope.vault.seal("conversation", "sender", conversation, arrival.sender),
        "version": 0,
        "last_seq": 0,
        "waiting": 0,
        "created_at": now,
        "updated_at": now,
    }
    scope.connection.execute(scope.insert(CONVERSATION).values(first).on_conflict_do_nothing())
    return scope.connection.execute(_LOCK, {"b_id": conversation}).one()


def _insert(scope: Scope, arrival: Arrival, where: dict[str, object]) -> int | None:
    """The new row's id; None when the message had been kept before."""
    key = scope.vault.look_up("message", scope.school, arrival.channel, arrival.message_id)
    row = {
        "school": scope.school,
        "key": key,
        "channel": arrival.channel,
        "message_id": scope.vault.seal("inbox", "message_id", key, arrival.message_id),
        "body": scope.vault.seal("inbox", "body", key, arrival.body),
        "received_at": arrival.received_at,
        "state": "waiting",
        **where,
    }
    number: int | None = scope.connection.execute(_KEPT[scope.connection.dialect.name], row).scalar()
    return number


# Put together once for each database: it runs for every message.
_KEPT = {
    dialect: insert(INBOX).on_conflict_do_nothing(index_elements=["school", "key"]).returning(INBOX.c.id)
    for dialect, insert in INSERTS.items()
}
_LOCK = (
    sa.select(
        CONVERSATION.c.state,
        CONVERSATION.c.version,
        CONVERSATION.c.last_seq,
        CONVERSATION.c.waiting,
        CONVERSATION.c.token,
        CONVERSATION.c.until,
    )
    .where(CONVERSATION.c.id == sa.bindparam("b_id"))
    .with_for_update(key_share=True)
)
_QUEUED = (
    sa.update(CONVERSATION)
    .where(CONVERSATION.c.id == sa.bindparam("b_id"))
    .values(last_seq=sa.bindparam("last_seq"), waiting=sa.bindparam("waiting"), updated_at=sa.bindparam("updated_at"))
)
_LEASED = _QUEUED.values(token=sa.bindparam("token"), until=sa.bindparam("until"), version=sa.bindparam("version"))
_OLDEST = (
    sa.select(INBOX.c.id, INBOX.c.key, INBOX.c.message_id, INBOX.c.received_at, INBOX.c.body, INBOX.c.attempts)
    .where(INBOX.c.conversation == sa.bindparam("b_conversation"), INBOX.c.state == WAITING)
    .order_by(INBOX.c.seq)
    .limit(1)
)
_BEGUN = sa.update(INBOX).where(INBOX.c.id == sa.bindparam("b_id")).values(attempts=INBOX.c.attempts + 1)
FINISHED = (
    sa.update(INBOX)
    .where(
        INBOX.c.id == sa.bindparam("b_id"),
        INBOX.c.conversation == sa.bindparam("b_conversation"),
        INBOX.c.state == WAITING,
    )
    .values(state=sa.bindparam("state"), failure=sa.bindparam("failure"), finished_at=sa.bindparam("finished_at"))
)
