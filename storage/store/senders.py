"""Who sent a report, as far as the school knows whoever writes from that place: only to be compared, and never shown."""

from __future__ import annotations

import sqlalchemy as sa

from storage.kept import Person
from storage.store.persons import by_place
from storage.store.scope import Scope
from storage.tables import Case, Conversation, table

CASE, CONVERSATION = table(Case), table(Conversation)


def sender(scope: Scope, which: sa.ColumnElement[bool]) -> Person | None:
    """Whoever sent the one case for which WHICH holds; None where the school does not know them."""
    statement = sa.select(CONVERSATION).join(CASE, CASE.c.reporter == CONVERSATION.c.id).where(CASE.c.school == scope.school, which)
    row = scope.connection.execute(statement).mappings().first()
    if row is None:
        return None
    return by_place(scope, row["channel"], scope.vault.open("conversation", "sender", row["id"], row["sender"]))
