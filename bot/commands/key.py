"""`signpost key`: add a fresh key to the ring, or print the recovery sheets again."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.commands._keyfile import HOLDERS, print_sheets, put_in_place
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, opened, settings
from bot.config import Config
from bot.keys import keyring
from storage.database import Database
from storage.kept import Act
from storage.keyholders import without
from storage.keyring import Keyring
from storage.store import Store

app = typer.Typer(no_args_is_help=True, help="Add a fresh key to the ring, or print the recovery sheets again.")
Holders = Annotated[list[str] | None, typer.Option("--holder", help="Who keeps a sheet, by role. May be given again.")]


@app.command()
def rotate(
    holder: Holders = None,
    wait: Annotated[int, typer.Option(help="Seconds to wait until every running bot has the key.", min=0)] = 60,
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Seal with a fresh key from now on, while the bot runs. What older keys sealed is sealed anew in the background.

    First the key is put on the ring and only opens; once every running bot has it, it seals. Stopped in between, it goes on
    where it was when it is run again.
    """
    chosen = settings(config)
    file = _file(chosen)
    ring = keyring(chosen)
    if not ring.handed_round:
        ring = ring.with_next()
        # First the file: a key that has sealed something and is not written down would take it along.
        put_in_place(file, ring)
    asyncio.run(_seal_with(chosen, file, ring, wait))
    fresh = ring.settled()
    typer.echo(f"Key {fresh.newest} is on the ring in {file} and seals from now on. The old recovery sheets lack it: destroy them.")
    print_sheets(fresh, chosen.schools, holder or HOLDERS)


async def _seal_with(config: Config, file: Path, ring: Keyring, wait: int) -> None:
    """Let the newest key on RING seal as soon as every running bot has it."""
    async with opened(config, ring=ring) as database:
        await _handed_round(database, file, ring, wait)
        act = Act("key rotated", details=json.dumps({"key": ring.newest}))
        for name in config.schools:
            await Store(database, name).audit.append((act,), datetime.now(UTC))
        put_in_place(file, ring.settled())


async def _handed_round(database: Database, file: Path, ring: Keyring, wait: int) -> None:
    end = datetime.now(UTC) + timedelta(seconds=wait)
    while left := await without(database, ring.newest, datetime.now(UTC)):
        if datetime.now(UTC) >= end:
            raise Refused(
                f"{left} running bot(s) have not taken up key {ring.newest}: they read another key file. Copy {file} to where they "
                f"run, then run this again. Until then key {ring.sealing} seals as before, and nothing is lost."
            )
        await asyncio.sleep(0.5)


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
