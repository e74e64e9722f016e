"""What several commands need: the settings, the database as it stands, one school, and a way to say no."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot import logs, schools
from bot.config import FILE, Config, load
from bot.config.rules import SQLITE
from bot.keys import keyring
from storage.database import Database
from storage.kept import Person, Published
from storage.migrate import migrate
from storage.schema import current, head
from storage.store import Store
from storage.vault import Keyring, Vault
from storage.work import Work

ConfigFile = Annotated[Path, typer.Option("--config", "-c", envvar="SIGNPOST_CONFIG", help="The configuration to work with.")]
SchoolName = Annotated[str, typer.Option("--school", "-s", help="Which school; needed where several are served.")]
DEFAULT_FILE = Path(FILE)


class Refused(Exception):
    """What was asked for cannot be done; the message says why, and what to do instead."""


NO_DATABASE = Refused("There is no database yet. `signpost run` makes it; `signpost restore FILE` brings one back.")


def settings(file: Path, *, rehearsal: bool = False, key_needed: bool = True) -> Config:
    """The configuration in FILE; from then on only warnings are logged, so that a command's answer stands alone."""
    config = load(file, os.environ, rehearsal=rehearsal, key_needed=key_needed)
    logs.setup("console", "warning", config.schools)
    return config


def one_school(config: Config, name: str) -> str:
    """The school called NAME, or the only one there is."""
    if not name and len(config.schools) == 1:
        return config.schools[0]
    if name not in config.schools:
        asked = f'"{name}" is not among the schools served' if name else "Several schools are served"
        raise Refused(f"{asked}. Choose one with --school: {', '.join(config.schools)}.")
    return name


@asynccontextmanager
async def connected(config: Config, ring: Keyring | None = None) -> AsyncIterator[Database]:
    """The database of CONFIG as it is, whatever its schema, with the key it names or RING."""
    if on_file(config) is not None:
        config.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database.open(config.database_url, Vault(ring or keyring(config)))
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def opened(config: Config, *, make: bool = False, ring: Keyring | None = None) -> AsyncIterator[Database]:
    """The database of CONFIG with this version's schema, with the key it names or RING.

    Never migrated on the way; made only where MAKE says so and none is.
    """
    new = not exists(config)
    if new and not make:
        raise NO_DATABASE
    async with connected(config, ring) as database:
        if new:
            await migrate(database)
        elif (revision := current(database)) != head():
            raise Refused(f"The database has schema {revision or 'none'}, this version needs {head()}. Run `signpost upgrade`.")
        yield database


def at_school(file: Path, name: str, work: Callable[[Store, schools.School], Awaitable[None]], *, make: bool = False) -> None:
    """Do WORK with the store of one school of the configuration in FILE. People can be entered before the first start: MAKE."""
    config = settings(file)
    chosen = one_school(config, name)

    async def run() -> None:
        schools.folder_of(chosen, config.schools_folder)  # a school that is not there should cost nobody a new database
        async with opened(config, make=make) as database:
            store = Store(database, chosen)
            await work(store, schools.load(chosen, config.schools_folder, await store.policies.live()))

    asyncio.run(run())


async def live_policies(config: Config) -> dict[str, Published]:
    """The version of each school's policy that is live; none where nothing was published, or there is no database yet."""
    if not exists(config):
        return {}
    # A policy is no secret and lies open: this look needs no key, and works where none is at hand.
    async with connected(config, Keyring.new()) as database:
        if current(database) != head():
            return {}  # an older schema knows of no versions: until the upgrade the folders hold
        return await Work(database).live_policies(config.schools)


def one_person(people: Sequence[Person], given: str) -> Person:
    """Whoever of PEOPLE goes by GIVEN: their name, or the beginning of their id."""
    found = [person for person in people if person.name.casefold() == given.casefold() or person.id.startswith(given.casefold())]
    if len(found) != 1:
        why = "Several people go by that" if found else "Nobody goes by that"
        raise Refused(f"{why}. Give the id that `signpost people list` shows.")
    return found[0]


def exists(config: Config) -> bool:
    """False when the database is a file and the file is not there: opening it would make one."""
    file = on_file(config)
    return file is None or file.is_file()


def on_file(config: Config) -> Path | None:
    """The database's file, where it is one."""
    return Path(config.database_url.removeprefix(SQLITE)) if config.database_url.startswith(SQLITE) else None
