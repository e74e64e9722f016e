"""`signpost run`: start everything that the configuration names, and go on until stopped."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import logs
from bot.app import App
from bot.config import FILE, load
from bot.host import serve
from bot.keys import rehearsal_key
from bot.rehearsal import receivers


def command(
    config: Annotated[Path, typer.Option("--config", "-c", help="The configuration to run with.")] = Path(FILE),
    rehearsal: Annotated[
        bool,
        typer.Option("--rehearsal", help="A rehearsal on this machine: demo people, a clock that can be sped up, data of its own."),
    ] = False,
) -> None:
    """Start Signpost and go on until stopped.

    Examples:
      signpost run                   the school's own configuration, signpost.toml
      signpost run --rehearsal       try it: nothing leaves this machine
    """
    settings = load(config, os.environ, rehearsal=rehearsal)
    logs.setup(settings.logging.format, settings.logging.level, settings.schools)
    asyncio.run(serve(settings, _announce))


def _announce(app: App, pages: str, status: str) -> None:
    out = Console(soft_wrap=True, highlight=False)
    out.print()
    if app.config.rehearsal:
        out.print("[bold]Signpost is running as a rehearsal.[/] Nothing here is real, and nothing leaves this machine.")
    else:
        out.print("[bold]Signpost is running.[/]")
    out.print(f"  Chat page   {pages}/")
    out.print(f"  Desk        {pages}/desk")
    for name, school in app.schools.items() if app.config.rehearsal else ():
        for one in receivers(school):
            out.print(f"              as {one.title} ({school.title}): {pages}/desk/{name}/as/{one.key}")
    out.print(f"  Status      {status}/status")
    if app.config.rehearsal:
        out.print(
            f"  Key         made for this rehearsal, beside its data: {rehearsal_key(app.config)}. A real school keeps it apart."
        )
    out.print("  Stop        press Ctrl-C")
    out.print()
