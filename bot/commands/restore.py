"""`signpost restore`: bring a backup back into an empty database; asks for the recovery sheet where the key is gone."""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands._keyfile import write_new
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, connected, settings
from bot.config import Config
from bot.keys import keyring
from storage.backup import CannotRestore, Manifest, restore
from storage.kept import Act
from storage.schema import SchemaNewer
from storage.sheet import from_sheet
from storage.store import Store
from storage.vault import Keyring

NUMBERED = re.compile(r"\s*\d")
ASK = "The key is gone. Type the numbered lines of the recovery sheet, and an empty line at the end:"


def command(
    file: Annotated[Path, typer.Argument(help="The backup.", show_default=False)],
    sheet: Annotated[Path | None, typer.Option(help="The recovery sheet as a text file, instead of typing it.")] = None,
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Bring a backup back into an empty database, SQLite or PostgreSQL, whichever it came from.

    Where the key is gone, the lines of the recovery sheet bring it back too.
    """
    chosen = settings(config, key_needed=False)
    ring = None if _has_key(chosen) else from_sheet(_typed(chosen, sheet))

    async def run() -> Manifest:
        async with connected(chosen, ring) as database:
            manifest = await restore(database, file)
            for name in chosen.schools:
                await Store(database, name).audit.append((Act("restored from backup"),), datetime.now(UTC))
            return manifest

    # The key first: data that is back while its key could not be written would be the loss over again.
    made = _keep(chosen, ring)
    try:
        manifest = asyncio.run(run())
    except (CannotRestore, SchemaNewer):
        if made is not None:
            made.unlink()  # it does not belong to this backup, and must not stand in the way of the one that does
        raise
    rows = sum(part.rows for part in manifest.tables.values())
    typer.echo(f"{rows} rows of {manifest.created_at:%d %b %Y %H:%M} UTC are back. Now: signpost check")


def _has_key(config: Config) -> bool:
    return config.secrets.keys is not None or (config.key_file is not None and config.key_file.is_file())


def _typed(config: Config, sheet: Path | None) -> str:
    if config.key_file is None:
        raise Refused(f"There is no place for the key: name one as key_file in {config.file}, then restore.")
    if sheet is not None:
        return sheet.read_text(encoding="utf-8")
    typer.echo(ASK)
    lines: list[str] = []
    for line in sys.stdin:
        if not line.strip() and any(NUMBERED.match(each) for each in lines):
            break  # a sheet that is pasted whole has empty lines above the numbered ones too
        lines.append(line)
    return "".join(lines)


def _keep(config: Config, ring: Keyring | None) -> Path | None:
    if ring is None or config.key_file is None:
        keyring(config)  # there, and readable
        return None
    write_new(config.key_file, ring)
    return config.key_file
