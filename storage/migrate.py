"""Brings a database to the schema of this version, once, however many processes start at the same moment.

`python -m storage.migrate "what changes"` drafts the next migration from what `tables.py` says; read it before keeping it.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

from storage.database import Database
from storage.vault import Keyring, Vault

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x5369_676E  # the advisory lock that says: somebody is migrating


class SchemaNewer(Exception):
    """The database was written by a newer version; going on would damage it."""


async def migrate(database: Database, revision: str = "head") -> None:
    """Bring DATABASE to REVISION, everything or nothing. Does nothing when it is there already."""
    await asyncio.to_thread(_migrate, database, revision)


async def pending(database: Database) -> bool:
    """True when DATABASE is older than this version of Signpost, or empty."""
    return await asyncio.to_thread(current, database) != head()


def head() -> str:
    """The newest schema this version knows."""
    newest = _scripts().get_current_head()
    assert newest is not None  # noqa: S101 - the package ships its migrations
    return newest


def known(revision: str) -> bool:
    """True when this version knows the schema REVISION."""
    try:
        return _scripts().get_revision(revision) is not None
    except CommandError:
        return False


def current(database: Database) -> str | None:
    """The schema DATABASE has; None when it is empty. Refuses one from a newer version."""
    with database.reader.connect() as connection:
        return _current(connection)


def _current(connection: sa.Connection) -> str | None:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None and not known(revision):
        raise SchemaNewer(
            f"The database has schema {revision}, which this version of Signpost does not know (it knows up to {head()}). "
            "Install the version that wrote it, or a newer one."
        )
    return revision


def _migrate(database: Database, revision: str) -> None:
    # One connection from beginning to end: the lock, the look and the change are one transaction. SQLite's writers begin
    # IMMEDIATE, which is the lock; PostgreSQL lets go of the advisory lock when the transaction ends.
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        wanted = head() if revision == "head" else revision
        if _current(connection) == wanted:
            return
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _draft(message: str) -> None:
    """Write the next migration: the difference between the newest schema and what `tables.py` says."""
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
