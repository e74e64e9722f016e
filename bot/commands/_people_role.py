"""`signpost people role`: give somebody a role, or take it from them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import schools
from bot import wording_roles as words
from bot.changing_roles import STAFF, Staff, changed
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, at_school
from bot.commands._staffing import By, PersonName, called, giver, role_called, staff_of, write
from bot.new_roles import what_holds
from storage.staffing import RoleGiven, RoleTaken
from storage.store import Store


def command(
    person: PersonName,
    role: Annotated[str, typer.Argument(help="The role, as school.toml calls it: dsl, deputy_dsl, headteacher, chair, …")],
    *,
    take: Annotated[bool, typer.Option("--take", help="They no longer hold it.")] = False,
    by: By = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask, also where nobody could confirm it.")] = False,
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Give somebody a role, or take it from them. Headteacher, safeguarding lead and chair are told, and so is the person.

    Once the school has had a report, a new role is for new reports only, until one of them, neither the person nor whoever gave
    it, confirms it in the chat. What somebody was told in a role that is taken from them is not shown to them any more.

    Example: signpost people role "A. Person" deputy_dsl
    """

    async def work(store: Store, known: schools.School) -> None:
        staff = await staff_of(store, known)
        who, wanted, giving = called(staff, person), role_called(known, role), giver(staff, by)
        now = datetime.now(UTC)
        if take:
            if wanted not in who.roles:
                raise Refused(f"{who.id[:8]} does not hold the role {wanted}. Nothing was changed.")
            await write(store, changed(RoleTaken(who.id, wanted, giving, known.calendar), staff, now), now)
            typer.echo(f"{who.id[:8]} does not hold the role {wanted} any more.")
            return
        if giving == who.id:
            raise Refused(words.NOT_YOURSELF)
        if wanted in who.roles:
            raise Refused(f"{who.id[:8]} holds the role {wanted} already. Nothing was changed.")
        if wanted != STAFF:
            say_before(staff, who.id, giving, yes=yes)
        await write(store, changed(RoleGiven(who.id, wanted, not staff.set_up, giving), staff, now), now)
        typer.echo(f"{who.id[:8]} holds the role {wanted}.")
        if wanted != STAFF:
            typer.echo(what_holds(staff, who.id, wanted, giving))

    at_school(config, school, work, make=True)


def say_before(staff: Staff, person: str, by: str | None, *, yes: bool) -> None:
    """Where nobody could confirm a new role, say so before anything is written."""
    if not staff.set_up or staff.confirmers(person, by):
        return
    typer.echo(words.NOBODY_CONFIRMS)
    if not yes and not typer.confirm("Go on all the same?"):
        raise Refused("Nothing was changed.")
