"""`signpost people away`: somebody is away for some days, or back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer

from bot import absences, schools
from bot.changing_roles import Staff
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, at_school
from bot.commands._staffing import By, PersonName, called, giver, staff_of, write
from storage.staffing import CameBack, WentAway
from storage.store import Store


def command(
    person: PersonName,
    *,
    first: Annotated[str, typer.Option("--from", help="The first day they are away, as 2026-09-01. Without it: today.")] = "",
    until: Annotated[str, typer.Option(help="The first day they are back, as 2026-09-08.")] = "",
    stands_in: Annotated[str, typer.Option("--stands-in", help="Who is told in their place: somebody with a role here.")] = "",
    back: Annotated[bool, typer.Option("--back", help="They are back already.")] = False,
    by: By = "",
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Pass somebody over while they are away: what comes goes to whoever stands in, or to the next in line. Whole school days.

    Whoever stands in is told of what comes meanwhile and of nothing else, and never of what is about them or about whoever is away.

    Example: signpost people away "A. Person" --from 2027-03-03 --until 2027-03-11 --stands-in "B. Person"
    """
    if bool(until) == back:
        raise Refused("Say either --until with the first day they are back, or --back.")
    if back and (first or stands_in):
        raise Refused("--back ends an absence: leave out --from and --stands-in.")

    async def work(store: Store, known: schools.School) -> None:
        staff = await staff_of(store, known)
        who, giving, now = called(staff, person), giver(staff, by), datetime.now(UTC)
        if back:
            await write(store, absences.came_back(CameBack(who.id, giving), staff), now)
            typer.echo(f"{who.id[:8]} is back.")
            return
        instead = _instead(staff, who.id, stands_in)
        today = now.astimezone(known.zone).date()
        begin, end = _day(first) if first else today, _day(until)
        if end <= today:
            raise Refused(f"{until} has gone by. Write the first day they are back, or use --back.")
        if begin >= end:
            raise Refused("--from is the first day they are away and --until the first day they are back: that one comes later.")
        wish: WentAway = absences.away(who.id, begin, end - timedelta(days=1), known, stands_in=instead, by=giving)
        await write(store, absences.went(wish, staff), now)
        other = f" {staff.people[instead].id[:8]} stands in." if instead else ""
        typer.echo(f"{who.id[:8]} is away {absences.days(wish, known)}, and back on {absences.back_on(wish, known)}.{other}")

    at_school(config, school, work, make=True)


def _instead(staff: Staff, person: str, given: str) -> str | None:
    if not given:
        return None
    other = called(staff, given)
    if other.id == person:
        raise Refused("Nobody stands in for themselves.")
    if not other.roles:
        raise Refused("Whoever stands in holds a role of the school. Give them one first: signpost people role NAME ROLE")
    return other.id


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Refused("Write the day as 2026-09-01.") from None
