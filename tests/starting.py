"""What every start of a bot does alike is done once in a run: starting cost most tests more than what they are about.

Nothing but the repetition is left out. The schema is still looked at, a school of the test's own is still read and checked, and
what is tested by itself is not touched where it lives.
"""

from __future__ import annotations

import shutil
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot import app, schools
from bot.commands import _shared
from bot.readiness import Finding, lint
from bot.schools import SHIPPED, School, folder_of
from knowledge import danger
from storage.database import Database
from storage.kept import Published
from storage.migrate import migrate

Instead = tuple[object, str, object]  # where something stands, its name there, and what takes its place


@pytest.fixture(scope="session")
def alike(ready_sqlite: Path) -> tuple[Instead, ...]:
    """What every start does alike, done once."""
    return _instead(ready_sqlite)


@pytest.fixture(autouse=True)
def started_alike(alike: tuple[Instead, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """For each folder of tests whose `conftest.py` imports these two: a bot does not do again what was done for the one before."""
    for where, name, instead in alike:
        monkeypatch.setattr(where, name, instead)


def _instead(migrated: Path) -> tuple[Instead, ...]:
    """With these in place a bot gets what is always the same from the start before; MIGRATED is an SQLite file to copy."""
    read = schools.load
    shipped: dict[str, School] = {}

    async def copied(new: Database) -> None:
        # A new database begins as a copy of one that was migrated, and migrating finds nothing to do; any other is left alone.
        if new.is_sqlite and not (file := Path(str(new.url.database))).exists():
            shutil.copy(migrated, file)
        await migrate(new)

    def load(name: str, folder: Path | None = None, published: Published | None = None) -> School:
        if published is not None or folder_of(name, folder).parent != SHIPPED:
            return read(name, folder, published)
        if name not in shipped:
            shipped[name] = read(name)
        return shipped[name]

    @cache
    def found_shipped(name: str, today: date) -> tuple[Finding, ...]:
        return lint(shipped[name], today, live=False)

    def found(school: School, today: date, *, live: bool) -> tuple[Finding, ...]:
        unchanged = not live and school is shipped.get(school.name)
        return found_shipped(school.name, today) if unchanged else lint(school, today, live=live)

    return (
        (app, "migrate", copied),
        (_shared, "migrate", copied),  # the commands'
        (app, "lint", found),
        (schools, "load", load),
        (danger, "ready", cache(danger.ready)),  # it hashes the files of the model
    )
