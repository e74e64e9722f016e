"""Somebody has the case: what still waits to be said about it is withdrawn, and cards already sent are edited to say so."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import wake_after
from storage.store.scope import Scope
from storage.tables import Notice, Push, table

NOTICE, PUSH = table(Notice), table(Push)

# Why a card is still to be sent: the platform said neither yes nor no. It stays until the card is settled, whatever comes after.
PERHAPS_SHOWN = "perhaps shown"


def perhaps_shown() -> sa.ColumnElement[bool]:
    """Cards that may be on somebody's screen although no attempt to send them succeeded."""
    return sa.func.coalesce(PUSH.c.why, "") == PERHAPS_SHOWN


def settle(scope: Scope, cases: Collection[str], holders: Collection[str], at: datetime) -> None:
    """Withdraw what waits for CASES, mark what is in flight, and queue the edit of what was sent to anybody but HOLDERS."""
    if not cases:
        return
    theirs = sa.and_(PUSH.c.school == scope.school, PUSH.c.case_id.in_(cases), PUSH.c.kind == "push")
    waiting = sa.and_(NOTICE.c.school == scope.school, NOTICE.c.case_id.in_(cases), NOTICE.c.state == "waiting")
    scope.connection.execute(sa.update(NOTICE).where(waiting).values(state="withdrawn", finished_at=at))
    unsent = sa.and_(theirs, PUSH.c.state == "waiting")
    never_shown = sa.and_(PUSH.c.token.is_(None), ~perhaps_shown())
    scope.connection.execute(sa.update(PUSH).where(unsent, never_shown).values(state="withdrawn", finished_at=at))
    # These are being sent at this moment, or were perhaps shown: whoever ends one, or finds it, queues the edit.
    scope.connection.execute(sa.update(PUSH).where(unsent).values(taken=True))
    sent = sa.select(PUSH).where(theirs, PUSH.c.state == "sent", PUSH.c.person_id.not_in(holders))
    edit(scope, scope.connection.execute(sent).mappings().all(), at)


def edit(scope: Scope, sent: Sequence[sa.RowMapping], at: datetime) -> None:
    """Queue, for each card in SENT, the edit that says somebody has the case."""
    for row in sent:
        key = uuid.uuid4().hex
        place = scope.vault.open("push", "place", row["key"], row["place"])
        change: dict[str, Any] = {
            "school": scope.school,
            "key": key,
            "kind": "taken",
            "case_id": row["case_id"],
            "person_id": row["person_id"],
            "channel": row["channel"],
            "place": scope.vault.seal("push", "place", key, place),
            "created_at": at,
            "due_at": at,
            "state": "waiting",
            "taken": False,
            "attempts": 0,
        }
        scope.connection.execute(scope.insert(PUSH).values(change).on_conflict_do_nothing())
    if sent:
        wake_after(scope.session, "outbox")
