"""`signpost backup`: everything that is stored, in one file, taken while the bot runs. The key is not in it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, opened, settings
from storage.backup import Manifest, backup
from storage.kept import Act
from storage.store import Store


def command(
    file: Annotated[
        Path | None, typer.Argument(help="Where to put it; otherwise a dated file in the data folder.", show_default=False)
    ] = None,
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Back up everything that is stored, while the bot runs. What people wrote stays sealed, and the key is not part of it.

    Keep backups apart from the key: with both, everything can be read; with either alone, nothing.
    """
    chosen = settings(config)
    target = file or chosen.data_folder / "backups" / f"signpost-{datetime.now(UTC):%Y%m%dT%H%M%S}.zip"
    if target.exists():
        raise Refused(f"{target} is there already. Name another file.")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def run() -> Manifest:
        async with opened(chosen) as database:
            manifest = await backup(database, target)
            for name in chosen.schools:
                await Store(database, name).audit.append((Act("backup taken"),), datetime.now(UTC))
            return manifest

    manifest = asyncio.run(run())
    rows = sum(part.rows for part in manifest.tables.values())
    typer.echo(f"{target}: {rows} rows, schema {manifest.schema_revision}, opened by keyring {manifest.keyring}.")
