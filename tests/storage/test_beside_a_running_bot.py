"""A command that is run while the bot runs on SQLite: two processes have the file open, and one of them ends."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from storage.database import Database
from storage.tables import Pulse, table
from storage.vault import Keyring, Vault

LOOKS_AND_ENDS = """
import sqlite3, sys
here = sqlite3.connect(sys.argv[1])
print(here.execute("SELECT count(*) FROM pulse").fetchone()[0])
here.close()
"""


def looks(file: Path) -> int:
    """What another process finds: how many beats. It ends, as every command does, by closing what it opened."""
    done = subprocess.run([sys.executable, "-c", LOOKS_AND_ENDS, str(file)], check=True, capture_output=True, text=True)
    return int(done.stdout)


async def test_a_command_that_ends_leaves_the_running_bot_its_log(tmp_path: Path):
    """SQLite deletes the write-ahead log with the last connection, and the bot's locks say that it is not the last.

    However many connections the bot has opened since: without its locks what it writes next is lost, and it reads no more.
    """
    file = tmp_path / "signpost.db"
    database = Database.open(f"sqlite:///{file}", Vault(Keyring.new()))
    pulse = table(Pulse)
    try:
        await database.write(lambda session: pulse.create(session.connection()))
        assert (
            await database.read(
                lambda session: session.connection().execute(sa.select(sa.func.count()).select_from(pulse)).scalar()
            )
            == 0
        )
        log = file.with_name("signpost.db-wal")
        before = log.stat().st_ino
        assert looks(file) == 0
        assert log.stat().st_ino == before, "the log was deleted below the bot"
        await database.write(lambda session: session.connection().execute(sa.insert(pulse).values(id=1, at=datetime.now(UTC))))
        assert looks(file) == 1
        assert await database.writable()
    finally:
        await database.close()
