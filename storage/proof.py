"""Proof that the key at hand is the right one: it opens the newest of everything that was sealed, and finds it again."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session

from storage.database import Database
from storage.sealed import SEALED, record_id
from storage.store.scope import Scope
from storage.tables import Conversation, Row, table
from storage.vault import CannotOpen, Vault

WHEN = ("id", "at", "opened_at", "updated_at", "created_at", "seq")  # what tells the newest row of a table, best first


async def newest_opens(database: Database) -> bool | None:
    """True when the key opens the newest sealed row of every table; False when it does not; None when nothing is sealed yet."""
    return await database.read(lambda session: _newest_opens(session, database.vault))


def _newest_opens(session: Session, vault: Vault) -> bool | None:
    found = False
    for name, (keys, columns) in SEALED.items():
        row = _newest(session, Row.metadata.tables[name])
        if row is None:
            continue
        found = True
        try:
            for column in columns:
                vault.opened(name, column, record_id(row, keys), row[column])
        except CannotOpen:
            return False
    return (found or None) and _finds(session, vault)


def _newest(session: Session, rows: sa.Table) -> sa.RowMapping | None:
    when = next((rows.c[name] for name in WHEN if name in rows.c and not isinstance(rows.c[name].type, sa.String)), None)
    newest = sa.select(rows).limit(1) if when is None else sa.select(rows).order_by(when.desc()).limit(1)
    return session.connection().execute(newest).mappings().first()


def _finds(session: Session, vault: Vault) -> bool:
    """The look-up key is right too: without it nobody's conversation would be recognised again."""
    row = _newest(session, table(Conversation))
    if row is None:
        return True
    place = vault.open("conversation", "place", row["id"], row["place"])
    sender = vault.open("conversation", "sender", row["id"], row["sender"])
    found = Scope.of(session, vault, row["school"]).conversation(row["channel"], place, sender)
    return bool(found == row["id"])
