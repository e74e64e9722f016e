"""`signpost chat`: the same bot in the terminal, as a rehearsal that leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bot import logs
from bot.app import running
from bot.channels.console import Console
from bot.config import FILE, Config, load


def command(
    config: Annotated[Path, typer.Option("--config", "-c", help="Whose schools to rehearse with, if it exists.")] = Path(FILE),
) -> None:
    """Talk to the bot here in the terminal. A rehearsal: demo people, a clock that can be sped up, nothing kept.

    Examples:
      signpost chat
      echo 'Can I add a parent on Facebook?' | signpost chat
    """
    settings = load(config, os.environ, rehearsal=True)
    logs.setup(settings.logging.format, "error")  # the log would run through the conversation
    with TemporaryDirectory(prefix="signpost-chat-") as folder:
        asyncio.run(_chat(in_terminal(settings, Path(folder))))


def in_terminal(settings: Config, folder: Path) -> Config:
    """SETTINGS for the terminal. Its data lie apart, and vanish: two rehearsals must not move each other's clock."""
    own = {"channels": ("console",), "data_folder": folder, "database": "", "key_file": folder / "rehearsal.key"}
    return settings.model_copy(update=own)


async def _chat(settings: Config) -> None:
    async with running(settings) as app:
        console = app.channels["console"]
        assert isinstance(console, Console)  # noqa: S101 - said for the type checker; in_terminal chose it
        await console.finished.wait()
