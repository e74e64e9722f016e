"""What could not be stopped any more: it arrived after it had been taken back, and is blanked as soon as we know its name."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from storage.database import wake_after
from storage.kept import Due
from storage.store.queueing import BLANK
from storage.store.scope import Scope
from storage.tables import Push, table

PUSH = table(Push)


def key_of(line: str) -> str:
    """The key of the edit that blanks a line, by the key of the LINE: its row is gone by the time it arrives."""
    return f"{line}-blank"


def blank(scope: Scope, due: Due, receipt: str, at: datetime) -> None:
    """The platform has taken DUE, whose lease was lost. Where it was to be blanked, the edit was without a RECEIPT: make it now."""
    which = PUSH.c.key == key_of(due.key) if due.kind == "reply" else _beside(due)
    nameless = sa.and_(PUSH.c.school == due.school, PUSH.c.kind == BLANK, PUSH.c.card.is_(None), which)
    for key in scope.connection.execute(sa.select(PUSH.c.key).where(nameless)).scalars().all():
        sealed = scope.vault.seal("push", "card", key, receipt)
        again = {"card": sealed, "state": "waiting", "due_at": at, "finished_at": None, "token": None, "until": None}
        scope.connection.execute(sa.update(PUSH).where(PUSH.c.key == key).values(again))
        wake_after(scope.session, "outbox")


def _beside(due: Due) -> sa.ColumnElement[bool]:
    """The edits of the card DUE."""
    card = sa.select(PUSH.c.case_id, PUSH.c.person_id, PUSH.c.lap, PUSH.c.rank).where(PUSH.c.id == due.id, PUSH.c.kind == "push")
    return sa.tuple_(PUSH.c.case_id, PUSH.c.person_id, PUSH.c.lap, PUSH.c.rank).in_(card)
