"""`signpost upgrade`: back up, then bring the database to this version's schema. Stop the bot first."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import typer

from bot.commands._shared import DEFAULT_FILE, NO_DATABASE, ConfigFile, connected, exists, settings
from bot.config import Config
from storage.backup import backup
from storage.migrate import migrate
from storage.schema import current, head


def command(config: ConfigFile = DEFAULT_FILE) -> None:
    """Back up, then bring the database to this version's schema. Stop the bot first. A newer database is refused, untouched."""
    chosen = settings(config)
    if not exists(chosen):
        raise NO_DATABASE
    asyncio.run(_upgrade(chosen))


async def _upgrade(config: Config) -> None:
    async with connected(config) as database:
        before = current(database)
        if before == head():
            typer.echo(f"Nothing to do: the database has schema {before}.")
            return
        if before is not None:  # an empty one holds nothing to lose
            file = config.data_folder / "backups" / f"before-upgrade-{datetime.now(UTC):%Y%m%dT%H%M%S}.zip"
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            await backup(database, file)
            typer.echo(f"Backed up to {file}.")
        await migrate(database)
        typer.echo(f"Upgraded from schema {before or 'none'} to {head()}.")
