"""Which keys the running processes have, so that nobody seals with a key that another of them cannot open with yet."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from storage.database import Database
from storage.store.scope import INSERTS
from storage.tables import Process, table

PROCESS = table(Process)
SAID_EVERY = timedelta(seconds=15)
ALIVE = timedelta(seconds=40)  # whoever has not said anything for so long has ended
FORGOTTEN = timedelta(days=1)


async def say(database: Database, process: str, now: datetime) -> None:
    """PROCESS is running NOW, with the keys that DATABASE's vault has."""
    newest = database.vault.keyring.newest
    await database.write(lambda session: _say(session, process, newest, now))


async def without(database: Database, key: int, now: datetime) -> int:
    """How many processes that are running NOW have not got KEY."""
    lacking = sa.select(sa.func.count()).where(PROCESS.c.newest_key < key, PROCESS.c.seen_at > now - ALIVE)
    found: int = await database.read(lambda session: session.connection().execute(lacking).scalar_one())
    return found


def _say(session: Session, process: str, newest: int, now: datetime) -> None:
    connection = session.connection()
    put = INSERTS[connection.dialect.name](PROCESS).values(id=process, newest_key=newest, seen_at=now)
    connection.execute(put.on_conflict_do_update(index_elements=["id"], set_={"newest_key": newest, "seen_at": now}))
    connection.execute(sa.delete(PROCESS).where(PROCESS.c.seen_at < now - FORGOTTEN))
