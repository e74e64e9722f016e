"""`signpost people add`: somebody new, with their roles and the places they are reached."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import schools
from bot.changing_roles import STAFF, changed
from bot.commands._people_role import say_before
from bot.commands._shared import DEFAULT_FILE, ConfigFile, SchoolName, at_school
from bot.commands._staffing import By, giver, place_called, role_called, staff_of, write
from bot.new_roles import what_holds
from storage.staffing import Entered
from storage.store import Store

Roles = Annotated[list[str], typer.Option("--role", "-r", help="A role they hold; may be given several times.")]
Places = Annotated[list[str], typer.Option("--place", "-p", help="CHANNEL:PLACE where they are reached, best first.")]


def command(
    name: Annotated[str, typer.Argument(help="As colleagues know them.")],
    *,
    role: Roles = [],  # noqa: B006 - typer copies it
    place: Places = [],  # noqa: B006 - typer copies it
    by: By = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask, also where nobody could confirm a role.")] = False,
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Add somebody, with their roles and the places they are reached. Headteacher, safeguarding lead and chair are told.

    Example: signpost people add "A. Person" --role dsl --place telegram:12345
    """

    async def work(store: Store, known: schools.School) -> None:
        staff = await staff_of(store, known)
        roles = tuple(dict.fromkeys(role_called(known, each) for each in role))
        to_confirm = tuple(each for each in roles if each != STAFF)
        who = uuid.uuid4().hex
        wish = Entered(
            who, name, roles, tuple(dict.fromkeys(place_called(each) for each in place)), not staff.set_up, giver(staff, by)
        )
        if to_confirm:
            say_before(staff, who, wish.by, yes=yes)
        now = datetime.now(UTC)
        await write(store, changed(wish, staff, now), now)
        typer.echo(f"Added {who[:8]}.")
        for channel, address in sorted(await store.proving.waiting(who)):
            typer.echo(f"Not used until it is proved: signpost people link {who[:8]} {channel}:{address} sends a code there.")
        for each in to_confirm:
            typer.echo(what_holds(staff, who, each, wish.by))

    at_school(config, school, work, make=True)
