"""What several commands need: the settings, the database as it stands, one school, and a way to say no."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.config import FILE, Config, load
from bot.keys import keyring
from storage.database import Database
from storage.migrate import current, head
from storage.vault import Vault

ConfigFile = Annotated[Path, typer.Option("--config", "-c", envvar="SIGNPOST_CONFIG", help="The configuration to work with.")]
SchoolName = Annotated[str, typer.Option("--school", "-s", help="Which school; needed where several are served.")]
DEFAULT_FILE = Path(FILE)


class Refused(Exception):
    """What was asked for cannot be done; the message says why, and what to do instead."""


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
async def opened(config: Config) -> AsyncIterator[Database]:
    """The database of CONFIG, which must be there and have this version's schema. Nothing is made and nothing is migrated."""
    if not exists(config):
        raise Refused("There is no database yet. `signpost run` makes it; `signpost restore FILE` brings one back.")
    database = Database.open(config.database_url, Vault(keyring(config)))
    try:
        revision = current(database)
        if revision != head():
            raise Refused(f"The database has schema {revision or 'none'}, this version needs {head()}. Run `signpost upgrade`.")
        yield database
    finally:
        await database.close()


def exists(config: Config) -> bool:
    """False when the database is a file and the file is not there: opening it would make one."""
    url = config.database_url
    return not url.startswith("sqlite:///") or Path(url.removeprefix("sqlite:///")).is_file()
