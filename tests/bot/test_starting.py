"""What a bot in these tests does not do again when it starts is the same as if it had: `tests/starting.py`."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from bot import app, readiness, schools
from bot.config.names import school_names
from storage.database import Database
from storage.migrate import migrate
from storage.vault import Vault

TODAY = date(2026, 11, 23)


async def test_a_database_that_is_copied_is_as_one_that_was_migrated(tmp_path: Path, vault: Vault):
    """Every table, index and trigger, and nothing in it; and a file that is there already is not written over."""
    for name, brought in (("copied", app.migrate), ("migrated", migrate)):
        for _ in range(2):
            database = Database.open(f"sqlite:///{tmp_path / name}", vault)
            await brought(database)
            assert await database.writable()
            await database.close()
    assert _everything(tmp_path / "copied") == _everything(tmp_path / "migrated")


def _everything(file: Path) -> tuple[object, ...]:
    with sqlite3.connect(file) as connection:
        made = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
        rows = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone() for kind, name, _ in made if kind == "table"}
    connection.close()
    # Where a migration makes a table anew, its constraints come in any order.
    return [(kind, name, sorted(line.strip(",") for line in (sql or "").splitlines())) for kind, name, sql in made], rows


@pytest.mark.parametrize("name", school_names())
def test_a_school_as_shipped_is_found_as_sound_as_it_is(name: str):
    """What was found the first time is what would be found now; for going live it is looked at anew."""
    school = schools.load(name)
    assert schools.load(name) is school
    for live in (False, True, False):
        assert app.lint(school, TODAY, live=live) == readiness.lint(school, TODAY, live=live)


def test_a_school_of_its_own_is_read_each_time(own):
    """Whatever a test changes in a school's file is what its bot reads."""
    folder = own('title = "', 'title = "Old ')
    before = schools.load("hill", folder)
    own('title = "Old ', 'title = "New ')
    assert schools.load("hill", folder).title == before.title.replace("Old", "New", 1) != before.title
