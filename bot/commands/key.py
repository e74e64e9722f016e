"""`signpost key`: add a fresh key to the ring, or print the recovery sheets again."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands._keyfile import HOLDERS, print_sheets, put_in_place
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, opened, settings
from bot.config import Config
from bot.keys import keyring
from storage.kept import Act
from storage.store import Store

app = typer.Typer(no_args_is_help=True, help="Add a fresh key to the ring, or print the recovery sheets again.")
Holders = Annotated[list[str] | None, typer.Option("--holder", help="Who keeps a sheet, by role. May be given again.")]


@app.command()
def rotate(holder: Holders = None, config: ConfigFile = DEFAULT_FILE) -> None:
    """Seal with a fresh key from now on. Stop the bot first; once started again, it re-seals what is older in the background."""
    chosen = settings(config)
    file = _file(chosen)
    fresh = keyring(chosen).rotated()

    async def run() -> None:
        async with opened(chosen) as database:
            # First the file: a key that has sealed something and is not written down would take it along.
            put_in_place(file, fresh)
            now = datetime.now(UTC)
            for name in chosen.schools:
                await Store(database, name).audit.append((Act("key rotated", details=json.dumps({"key": fresh.newest})),), now)

    asyncio.run(run())
    typer.echo(f"Key {fresh.newest} is on the ring in {file}. Start the bot again. The old recovery sheets lack it: destroy them.")
    print_sheets(fresh, chosen.schools, holder or HOLDERS)


@app.command()
def sheet(holder: Holders = None, config: ConfigFile = DEFAULT_FILE) -> None:
    """Print the recovery sheets: with one of them, whoever holds it can read everything."""
    chosen = settings(config)
    print_sheets(keyring(chosen), chosen.schools, holder or HOLDERS)


def _file(config: Config) -> Path:
    if config.key_file is None:
        raise Refused(
            "The key is in SIGNPOST_KEYS. Put it into a file, name that as key_file, and unset the variable; then rotate."
        )
    return config.key_file
