"""`signpost audit`: prove that the record of everything done to a case has not been altered."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot import schools
from bot.commands._shared import DEFAULT_FILE, ConfigFile, SchoolName, at_school, one_school, opened, settings
from storage.store import Store

app = typer.Typer(no_args_is_help=True, help="Prove that the record of everything done to a case has not been altered.")


@app.command()
def verify(
    head: Annotated[str, typer.Option(help="A head written down earlier: shows whether the end was cut off since.")] = "",
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Walk the chains, of every school unless one is named. Ends with 1 where a link is not as it was written."""
    chosen = settings(config)
    names = chosen.schools if not school and not head else (one_school(chosen, school),)
    broken: list[str] = []

    async def run() -> None:
        async with opened(chosen) as database:
            for name in names:
                verdict = await Store(database, name).audit.verify(head or None)
                if verdict.whole:
                    typer.echo(f"{name}: whole, {verdict.links} links, head {verdict.head}")
                else:
                    broken.append(name)
                    typer.echo(f"{name}: NOT whole, from link {verdict.first_bad}: {verdict.why}.")

    asyncio.run(run())
    if broken:
        typer.echo("Keep the database as it is, and compare it with the last backup.", err=True)
        raise typer.Exit(1)


@app.command()
def head(school: SchoolName = "", config: ConfigFile = DEFAULT_FILE) -> None:
    """The last link of a school's chain. Written down elsewhere, it shows later whether the end was cut off."""

    async def work(store: Store, known: schools.School) -> None:
        seq, last = await store.audit.head()
        typer.echo(f"{known.name} {seq} {last}")

    at_school(config, school, work)


@app.command()
def log(
    after: Annotated[int, typer.Option(help="Begin after this link.")] = 0,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=10_000)] = 50,
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """What was done, to which case, by whom, when. What people wrote is not shown."""
    out = Console(highlight=False)

    async def work(store: Store, known: schools.School) -> None:
        table = Table("Link", "When", "Act", "Case", "Person", box=None, header_style="bold")
        for link in await store.audit.links(after=after, limit=limit):
            when = link.at.astimezone(known.zone).strftime("%d %b %Y %H:%M:%S")
            table.add_row(str(link.seq), when, link.act, (link.case or "")[:8], (link.person or "")[:8])
        out.print(table if table.row_count else "Nothing has been done yet.")

    at_school(config, school, work)
