"""After a key rotation: what older keys sealed is sealed anew with the newest, a little at a time, in the background."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import Session

from storage.database import Database
from storage.rows import Row
from storage.sealed import SEALED, record_id
from storage.vault import HEADER, CannotOpen, Vault

log = logging.getLogger(__name__)


async def reseal(database: Database, limit: int = 100) -> int:
    """Seal up to LIMIT values anew, all schools together; returns how many are left to do. May be stopped at any moment.

    A value that does not open is logged and left alone; when only such are left, nothing is left to do.
    """
    left = await database.read(lambda session: count(session, database.vault))
    if left == 0:
        return 0
    done = await database.write(lambda session: _reseal(session, database.vault, limit))
    return left - done if done else 0


def count(session: Session, vault: Vault) -> int:
    """How many values an older key sealed."""
    return sum(
        session.connection().execute(sa.select(sa.func.count()).select_from(column.table).where(_old(column, vault))).scalar_one()
        for _, column in _sealed()
    )


def _sealed() -> Iterator[tuple[tuple[str, ...], sa.Column[bytes]]]:
    for name, (keys, columns) in SEALED.items():
        for column in columns:
            yield keys, Row.metadata.tables[name].c[column]


def _old(column: sa.Column[bytes], vault: Vault) -> sa.ColumnElement[bool]:
    # Older, not other: while a fresh key is taken up, a process that is a moment behind must not seal back what is ahead of it.
    return sa.and_(column.is_not(None), sa.func.substr(column, 1, HEADER.size) < vault.header)


def _reseal(session: Session, vault: Vault, limit: int) -> int:
    done = 0
    for keys, column in _sealed():
        rows = column.table
        some = sa.select(*(rows.c[key] for key in keys), column).where(_old(column, vault)).limit(limit - done)
        for row in session.connection().execute(some).mappings().all():
            record = record_id(row, keys)
            try:
                text = vault.open(rows.name, column.name, record, row[column.name])
            except CannotOpen as error:
                log.error("not sealed anew: %s", error)  # noqa: TRY400 - the message says all; a traceback would add locals
                continue
            same = [rows.c[key] == row[key] for key in keys]
            # Only if it is still what was read: a conversation may have gone on meanwhile, and is sealed with the newest then.
            change = sa.update(rows).where(*same, column == row[column.name])
            session.connection().execute(change.values({column.name: vault.seal(rows.name, column.name, record, text)}))
            done += 1
        if done >= limit:
            break
    return done
