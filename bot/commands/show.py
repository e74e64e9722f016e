"""`signpost show`: read the guided reports before anybody has to answer them: every question, every way, and who is told."""

from __future__ import annotations

import asyncio
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import schools
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, live_policies, settings
from bot.commands._show import page, text
from bot.commands._show.sheet import sheet
from bot.config.names import school_names
from flows import catalogue
from flows.flow import questions


class Audience(StrEnum):
    """Whose way through a report is shown."""

    EVERYBODY = "everybody"
    STAFF = "staff"
    PARENT = "parent"


def command(  # noqa: PLR0917 - typer calls it, by name
    name: Annotated[str, typer.Argument(help="The report; without one, all of them are listed.", show_default=False)] = "",
    school: SchoolName = "",
    audience: Annotated[Audience, typer.Option(help="Leave out what only others are asked.")] = Audience.EVERYBODY,
    every: Annotated[bool, typer.Option("--all", help="Every report, one after the other.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write one page to this file, to read on paper or on a screen.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write the page even if the file is there.")] = False,
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Read the guided reports: what is asked and why, what ends or locks them, and who is told. Nothing is stored or sent.

    Examples:
      signpost show
      signpost show friend_request --school trent --audience staff
      signpost show --all --html reports.html
    """
    known = _schools(config, school)
    names = (name,) if name else catalogue.names()
    if not name and not every:
        if html is not None:
            raise Refused("Which reports? Add --all for every one of them, or name one: `signpost show NAME --html FILE`.")
        _list(known)
        return
    if html is not None and html.exists() and not force:
        raise Refused(f"{html} is there already. Choose another name, or add --force to write over it.")
    sheets = [sheet(one, known, audience.value) for one in names if name or any(one in each.flows for each in known)]
    if html is not None:
        if not html.parent.is_dir():
            raise Refused(f"There is no folder {html.parent}. Make it first, or choose another place.")
        html.write_text(page.render(sheets, known, datetime.now(known[0].zone).date()), encoding="utf-8")
        reports = "1 report" if len(sheets) == 1 else f"{len(sheets)} reports"
        where = known[0].title if len(known) == 1 else f"{len(known)} schools"
        typer.echo(f"{reports} of {where} {'is' if len(sheets) == 1 else 'are'} in {html}.")
        return
    out = Console(highlight=False)
    for one in sheets:
        text.show(out, one)


def _schools(file: Path, wanted: str) -> list[schools.School]:
    """The schools to read for: the one wanted, those served, or, where nothing is set up yet, all there are."""
    chosen = settings(file, rehearsal=not file.exists(), key_needed=False)
    there = school_names(chosen.schools_folder)
    if wanted and wanted not in there:
        raise Refused(f"There is no school “{wanted}”. Choose one with --school: {', '.join(there)}.")
    names = (wanted,) if wanted else chosen.schools if file.exists() else there
    live = asyncio.run(live_policies(chosen))
    return [schools.load(one, chosen.schools_folder, live.get(one)) for one in names]


def _list(known: list[schools.School]) -> None:
    table = Table("Report", "Title", "Questions", "Offered by", box=None, header_style="bold")
    for each in catalogue.names():
        flow = catalogue.flow(each)
        offered = [one.name for one in known if each in one.flows]
        by = "every school" if len(offered) == len(known) > 1 else ", ".join(offered) or flow.begun_by or "no school here"
        table.add_row(each, escape(flow.title), str(len(questions(flow))), by)
    Console(highlight=False).print(table)
