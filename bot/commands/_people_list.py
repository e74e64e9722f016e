"""`signpost people list`: everybody the school knows."""

from __future__ import annotations

from datetime import datetime

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import schools
from bot.commands._shared import DEFAULT_FILE, ConfigFile, SchoolName, at_school
from storage.kept import Person
from storage.store import Store

NOBODY = "Nobody yet. `signpost people add NAME --role dsl --place CHANNEL:PLACE` adds somebody."


def command(school: SchoolName = "", config: ConfigFile = DEFAULT_FILE) -> None:
    """Everybody the school knows: their roles, where they are reached, and when they are away."""

    async def work(store: Store, known: schools.School) -> None:
        people = await store.people.list()
        names = {person.id: person.name for person in people}
        table = Table("Id", "Name", "Roles", "Places", "Away", box=None, header_style="bold")
        for person in people:
            places = ", ".join(f"{channel}:{place}" for channel, place in person.places)
            table.add_row(person.id[:8], escape(person.name), _roles(person), escape(places), escape(away(person, names, known)))
        Console(highlight=False).print(table if people else NOBODY)
        if any(person.unconfirmed for person in people):
            typer.echo("\n* not confirmed yet: told of new reports only. `signpost people show NAME` says who can confirm it.")

    at_school(config, school, work, make=True)


def _roles(person: Person) -> str:
    return ", ".join(f"{role}*" if role in person.unconfirmed else role for role in person.roles)


def away(person: Person, names: dict[str, str], school: schools.School) -> str:
    """When PERSON is away, and who stands in for them: nothing where they are not, or have been."""
    if person.away_until is None or person.away_until <= datetime.now(school.zone):
        return ""
    back = f"back {_day(person.away_until, school)}"
    first = f"from {_day(person.away_from, school)}, " if person.away_from and not person.is_away(datetime.now(school.zone)) else ""
    instead = f"; {names.get(person.stands_in, 'nobody known')} stands in" if person.stands_in else ""
    return f"{first}{back}{instead}"


def _day(moment: datetime, school: schools.School) -> str:
    return moment.astimezone(school.zone).strftime("%d %b %Y")
