"""`signpost people`: who holds which role, where they are reached, and who is away. Every change is in the audit."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import schools
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, at_school, one_person
from bot.config import channel_names
from bot.config.rules import did_you_mean
from storage.kept import Person
from storage.store import Store

app = typer.Typer(no_args_is_help=True, help="Who holds which role, where they are reached, and who is away.")
PersonName = Annotated[str, typer.Argument(help="Their name, or the beginning of their id, as `signpost people list` shows it.")]
Roles = Annotated[list[str], typer.Option("--role", "-r", help="A role they hold; may be given several times.")]
Places = Annotated[list[str], typer.Option("--place", "-p", help="CHANNEL:PLACE where they are reached, best first.")]
STAFF = "staff"  # knows of no role beyond working at the school


@app.command("list")
def list_(school: SchoolName = "", config: ConfigFile = DEFAULT_FILE) -> None:
    """Everybody the school knows."""
    out = Console(highlight=False)

    async def work(store: Store, known: schools.School) -> None:
        table = Table("Id", "Name", "Roles", "Places", "Away until", box=None, header_style="bold")
        for person in await store.people.list():
            places = ", ".join(f"{channel}:{place}" for channel, place in person.places)
            away = person.away_until.astimezone(known.zone).strftime("%d %b %Y %H:%M") if person.away_until else ""
            table.add_row(person.id[:8], escape(person.name), ", ".join(person.roles), escape(places), away)
        out.print(
            table if table.row_count else "Nobody yet. `signpost people add NAME --role dsl --place CHANNEL:PLACE` adds somebody."
        )

    at_school(config, school, work, make=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="As colleagues know them.")],
    role: Roles = [],  # noqa: B006 - typer copies it
    place: Places = [],  # noqa: B006 - typer copies it
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Add somebody, with their roles and the places they are reached.

    Example: signpost people add "A. Person" --role dsl --place telegram:12345
    """

    async def work(store: Store, known: schools.School) -> None:
        roles = [_role(known, each) for each in role]
        person = await store.people.add(name, roles, [_place(each) for each in place])
        typer.echo(f"Added {person.id[:8]}.")

    at_school(config, school, work, make=True)


@app.command()
def role(
    person: PersonName,
    role: Annotated[str, typer.Argument(help="The role, as school.toml calls it: dsl, deputy_dsl, headteacher, chair, …")],
    take: Annotated[bool, typer.Option("--take", help="They no longer hold it.")] = False,
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Give somebody a role, or take it from them. It holds from the next thing that is sent."""

    async def work(store: Store, known: schools.School) -> None:
        who = one_person(await store.people.list(), person)
        change = store.people.take_role if take else store.people.give_role
        _said(await change(who.id, _role(known, role)))

    at_school(config, school, work, make=True)


@app.command()
def away(
    person: PersonName,
    until: Annotated[str, typer.Option(help="The first day they are back, as 2026-09-01.")] = "",
    back: Annotated[bool, typer.Option("--back", help="They are back already.")] = False,
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Pass somebody over until they are back: whatever comes meanwhile goes to the next in line."""
    if bool(until) == back:
        raise Refused("Say either --until with the first day they are back, or --back.")

    async def work(store: Store, known: schools.School) -> None:
        who = one_person(await store.people.list(), person)
        await store.people.away(who.id, None if back else _morning(until, known))
        typer.echo(f"{who.id[:8]} is {'back' if back else f'away until {until}'}.")

    at_school(config, school, work, make=True)


@app.command()
def link(
    person: PersonName,
    place: Annotated[str, typer.Argument(help="CHANNEL:PLACE, as in telegram:12345.")],
    remove: Annotated[bool, typer.Option("--remove", help="They are no longer reached or recognised there.")] = False,
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Say where somebody is reached and recognised."""

    async def work(store: Store, known: schools.School) -> None:  # noqa: ARG001 - one shape for all
        who = one_person(await store.people.list(), person)
        change = store.people.unlink if remove else store.people.link
        _said(await change(who.id, *_place(place)))

    at_school(config, school, work, make=True)


def _said(person: Person) -> None:
    typer.echo(f"{person.id[:8]}: {', '.join(person.roles) or 'no role'}; reached at {len(person.places)} places.")


def _role(school: schools.School, role: str) -> str:
    known = (*school.roles, STAFF)
    if role not in known:
        raise Refused(f"There is no role “{role}”. {did_you_mean(role, known)}")
    return role


def _place(written: str) -> tuple[str, str]:
    channel, _, place = written.partition(":")
    if not place:
        raise Refused("Write a place as CHANNEL:PLACE, for instance telegram:12345.")
    if channel not in channel_names():
        raise Refused(f"There is no channel “{channel}”. {did_you_mean(channel, channel_names())}")
    return channel, place


def _morning(written: str, school: schools.School) -> datetime:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise Refused("Write the day as 2026-09-01.") from None
    moment = datetime.combine(day, time(0), school.zone).astimezone(UTC)
    if moment < datetime.now(UTC) - timedelta(days=1):
        raise Refused(f"{written} has gone by. Write the first day they are back, or use --back.")
    return moment
