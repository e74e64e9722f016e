"""`signpost poster`: one sheet for the wall and one letter home, ready to print: how parents get in, and who reads it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import schools
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, live_policies, one_school, settings
from bot.poster import html, made
from bot.ways_in import missing, ways_in

Out = Annotated[Path | None, typer.Option("--out", "-o", help="The file; otherwise poster-SCHOOL.html here.", show_default=False)]


def command(
    school: SchoolName = "",
    out: Out = None,
    force: Annotated[bool, typer.Option("--force", help="Write it even if the file is there.")] = False,
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Write one sheet for the wall and one letter home, as a page to print. It needs no key, and nothing is stored or sent.

    Print it again when who reads reports changes, or the term dates do.

    Example: signpost poster --school rosebrook --out poster.html
    """
    chosen = settings(config, key_needed=False)
    name = one_school(chosen, school)
    ways, lacking = ways_in(chosen, name), missing(chosen, name)
    where = chosen.file or config
    if not ways:
        raise Refused(f"Parents could not get in: {where} does not say {' or '.join(lacking) or 'a channel that parents can use'}.")
    file = out or Path(f"poster-{name}.html")
    if file.exists() and not force:
        raise Refused(f"{file} is there already. Choose another name, or add --force to write over it.")
    if not file.parent.is_dir():
        raise Refused(f"There is no folder {file.parent}. Make it first, or choose another place.")
    live = asyncio.run(live_policies(chosen))
    known = schools.load(name, chosen.schools_folder, live.get(name))
    poster = made(known, ways, datetime.now(known.zone).date())
    file.write_text(html(poster), encoding="utf-8")
    typer.echo(f"{file}: a sheet and a letter, two pages of A4. Open it in a browser and print it, without headers and footers.")
    for setting in lacking:
        typer.echo(f"One way in is not on it: {where} does not say {setting}.")
    if not poster.terms:
        typer.echo(f"It names no term dates: {known.folder / 'school.toml'} has none that are still to come under calendar.terms.")
    if not poster.office:
        typer.echo(f"It names no number of the school: contacts.office in {known.folder / 'school.toml'} was not verified lately.")
