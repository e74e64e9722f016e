"""Brings a database to the schema of this version, once, however many processes start at the same moment.

`python -m storage.migrate "what changes"` drafts the next migration from what `tables.py` says; read it before keeping it.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import schema
from storage.database import Database
from storage.schema import current, current_of, head
from storage.vault import Keyring, Vault

if TYPE_CHECKING:
    from alembic.config import Config

LOCK = 0x5369_676E  # the advisory lock that says: somebody is migrating


async def migrate(database: Database, revision: str = "head") -> None:
    """Bring DATABASE to REVISION, everything or nothing. Does nothing when it is there already."""
    await asyncio.to_thread(_migrate, database, revision)


async def pending(database: Database) -> bool:
    """True when DATABASE is older than this version of Signpost, or empty."""
    return await asyncio.to_thread(current, database) != head()


def _migrate(database: Database, revision: str) -> None:
    # One connection from beginning to end: the lock, the look and the change are one transaction. SQLite's writers begin
    # IMMEDIATE, which is the lock; PostgreSQL lets go of the advisory lock when the transaction ends.
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        wanted = head() if revision == "head" else revision
        if current_of(connection) == wanted:
            return
        from alembic import command  # noqa: PLC0415 - a third of a second that a start with nothing to migrate need not wait

        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(schema.FOLDER))
    return config


def _draft(message: str) -> None:
    """Write the next migration: the difference between the newest schema and what `tables.py` says."""
    from alembic import command  # noqa: PLC0415 - as above

    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{folder}/draft.db", Vault(Keyring.new()))
        asyncio.run(migrate(database))
        number = int(head()) + 1
        with database.engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
        asyncio.run(database.close())


if __name__ == "__main__":
    _draft(sys.argv[1])
