"""Conversations in which something is due although nobody writes: a draft nobody came back to, words that were kept long enough.

What is due is sealed in the conversation's state and decided by the bot; the row says only when to look.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from storage.claim import NOW, Claim, Terms
from storage.kept import Lag, Lease
from storage.store.conversations import CONVERSATION, leased
from storage.store.scope import Scope
from storage.vault import CannotOpen, Vault

log = logging.getLogger(__name__)

# How long a conversation that does not open lets the others go first: its key may yet be found.
UNOPENED = timedelta(hours=1)


def claim(session: Session, vault: Vault, terms: Terms) -> tuple[Lease, ...]:
    """Lease conversations that are due, the longest waiting first. While somebody's words wait in one, those come first."""
    rows = _DUE.take(session, terms)
    return tuple(lease for row in rows if (lease := _lease(Scope.of(session, vault, row["school"]), row, terms.now)) is not None)


def put_off(session: Session, lease: Lease, until: datetime) -> None:
    """Give LEASE back, and look again at UNTIL. A lease already lost is no matter."""
    ours = (CONVERSATION.c.id == lease.conversation, CONVERSATION.c.token == lease.token, CONVERSATION.c.version == lease.version)
    session.connection().execute(sa.update(CONVERSATION).where(*ours).values(token=None, until=None, wake_at=until))


def next_wake(session: Session, now: datetime) -> datetime | None:
    """When the next conversation will be due, after NOW."""
    return session.connection().execute(_NEXT, {"b_now": now}).scalar()


def behind(session: Session, now: datetime) -> Lag:
    """What is due and not done."""
    return Lag(*session.connection().execute(_BEHIND, {"b_now": now}).one())


def _lease(scope: Scope, row: sa.RowMapping, now: datetime) -> Lease | None:
    try:
        return leased(scope, row, None)
    except CannotOpen as error:
        log.error("an idle conversation cannot be looked at: %s", error)  # noqa: TRY400 - the message says all; a traceback would add locals
        freed = sa.update(CONVERSATION).where(CONVERSATION.c.id == row["id"])
        scope.connection.execute(freed.values(token=None, until=None, wake_at=now + UNOPENED))
        return None


_IDLE = sa.and_(CONVERSATION.c.wake_at <= NOW, CONVERSATION.c.waiting == sa.literal_column("0"))
_DUE = Claim(CONVERSATION, _IDLE, (CONVERSATION.c.wake_at, CONVERSATION.c.id), version=CONVERSATION.c.version + 1)
_NEXT = sa.select(sa.func.min(CONVERSATION.c.wake_at)).where(CONVERSATION.c.wake_at > NOW)
_BEHIND = sa.select(sa.func.count(), sa.func.min(CONVERSATION.c.wake_at)).where(_IDLE)
