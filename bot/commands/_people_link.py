"""`signpost people link`: where somebody is reached, and recognised."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import schools
from bot.changing_roles import changed
from bot.commands._shared import DEFAULT_FILE, ConfigFile, SchoolName, at_school
from bot.commands._staffing import By, PersonName, called, giver, place_called, staff_of, write
from storage.staffing import PlaceLinked, PlaceUnlinked
from storage.store import Store


def command(
    person: PersonName,
    place: Annotated[str, typer.Argument(help="CHANNEL:PLACE, as in telegram:12345.")],
    *,
    remove: Annotated[bool, typer.Option("--remove", help="They are no longer reached or recognised there.")] = False,
    by: By = "",
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Say where somebody is reached and recognised. Whoever writes from there is taken for them, so those who lead are told.

    Example: signpost people link "A. Person" telegram:12345
    """

    async def work(store: Store, known: schools.School) -> None:
        staff = await staff_of(store, known)
        who, now = called(staff, person), datetime.now(UTC)
        kind = PlaceUnlinked if remove else PlaceLinked
        await write(store, changed(kind(who.id, *place_called(place), giver(staff, by)), staff, now), now)
        after = await store.people.by_id(who.id)
        places = len(after.places) if after is not None else 0
        typer.echo(
            f"{who.id[:8]}: {', '.join(who.roles) or 'no role'}; reached at {places} {'place' if places == 1 else 'places'}."
        )

    at_school(config, school, work, make=True)
