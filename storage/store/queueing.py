"""How what has to happen later about a case is written down: what falls due, and each card with what it becomes afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from flows.cases.notice import Notice
from storage.database import wake_after
from storage.store.scope import Scope
from storage.tables import Notice as NoticeRow
from storage.tables import Push, table

NOTICE, PUSH = table(NoticeRow), table(Push)

# The edits of a card: somebody else has the case; whoever has the card has it; and it is about them, so that the card says
# nothing of it any more.
TAKEN, HELD, BLANK = "taken", "held", "blank"
EDITS = frozenset({TAKEN, HELD, BLANK})


@dataclass(frozen=True, slots=True)
class Card:
    """A card about a case to one person at one place; of another KIND the edit of one, which the platform knows by its RECEIPT."""

    case: str
    person: str
    channel: str
    place: str = field(repr=False)
    kind: str = "push"
    lap: int = 0
    rank: int = 0
    receipt: str | None = field(default=None, repr=False)
    why: str | None = None
    key: str = field(default_factory=lambda: uuid.uuid4().hex)


def plan(scope: Scope, notices: Sequence[Notice], at: datetime) -> None:
    """Write down NOTICES, each to be carried out when it is due."""
    rows = [
        {
            "school": scope.school,
            "case_id": notice.case,
            "rung": notice.rung,
            "kind": notice.kind.value,
            "due_at": notice.due_at,
            "created_at": at,
            "state": "waiting",
            "attempts": 0,
        }
        for notice in notices
    ]
    if rows:
        scope.connection.execute(sa.insert(NOTICE), rows)
        wake_after(scope.session, "outbox")


def card(scope: Scope, one: Card, at: datetime) -> None:
    """Write down ONE, to be sent at once; not again where it was written before."""
    row = {
        "school": scope.school,
        "key": one.key,
        "kind": one.kind,
        "case_id": one.case,
        "person_id": one.person,
        "channel": one.channel,
        "place": scope.vault.seal("push", "place", one.key, one.place),
        "lap": one.lap,
        "rank": one.rank,
        "card": None if one.receipt is None else scope.vault.seal("push", "card", one.key, one.receipt),
        "created_at": at,
        "due_at": at,
        "state": "waiting",
        "taken": False,
        "attempts": 0,
        "why": one.why,
    }
    scope.connection.execute(scope.insert(PUSH).values(row).on_conflict_do_nothing())
    wake_after(scope.session, "outbox")
