"""`signpost people remove`: somebody leaves the school."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import schools
from bot.changing_roles import Staff
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, at_school
from bot.commands._staffing import By, PersonName, called, giver, staff_of, write
from bot.joining import removed
from bot.new_roles import left_empty
from bot.wording import listed
from storage.kept import Person
from storage.staffing import Removed
from storage.store import Store


def command(
    person: PersonName,
    *,
    by: By = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Somebody leaves: in every channel at once they are recognised no more, hold no role, and are sent nothing.

    What they had in hand goes on to the others. Their name stays in the records of cases. Headteacher, safeguarding lead and
    chair are told.

    Example: signpost people remove "A. Person"
    """

    async def work(store: Store, known: schools.School) -> None:
        staff = await staff_of(store, known)
        who = called(staff, person)
        if not who.roles and not who.places:
            raise Refused(f"{who.id[:8]} holds no role and is recognised nowhere. Nothing was changed.")
        _say_before(staff, who, yes=yes)
        wish = Removed(who.id, giver(staff, by), known.calendar)
        await write(store, removed(wish, staff), datetime.now(UTC))
        typer.echo(f"{who.id[:8]} holds no role and is recognised nowhere any more. What they had goes on to the others.")
        typer.echo("Take their account out of the school's workspace too: whoever is in it may ask for the staff rules.")

    at_school(config, school, work)


def _say_before(staff: Staff, who: Person, *, yes: bool) -> None:
    """Which roles nobody will hold, before anything is written: what is sent to those reaches nobody."""
    if left := left_empty(staff, who):
        typer.echo(f"Nobody else who can be reached holds the role of {listed(left)}.")
        typer.echo("Reports for it then go on to the next in line. Better first: signpost people role NAME ROLE")
    if not yes and not typer.confirm(f"Take {who.id[:8]} out of every channel?"):
        raise Refused("Nothing was changed.")
