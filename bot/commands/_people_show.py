"""`signpost people show`: one person, with each role since when, who gave it and who confirmed it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import schools
from bot import wording_roles as words
from bot.changing_roles import STAFF, Staff
from bot.changing_roles import called as role_words
from bot.commands._people_list import away
from bot.commands._shared import DEFAULT_FILE, ConfigFile, SchoolName, at_school
from bot.commands._staffing import PersonName, called, staff_of
from storage.kept import Person
from storage.staffing import Holding
from storage.store import Store

JOINED = " (joined by a code)"


def command(person: PersonName, school: SchoolName = "", config: ConfigFile = DEFAULT_FILE) -> None:
    """One person: each role since when, who gave it, and who confirmed it or could; where they are reached; when they are away."""

    async def work(store: Store, known: schools.School) -> None:
        staff = await staff_of(store, known)
        who = called(staff, person)
        out = Console(highlight=False)
        out.print(f"[bold]{escape(who.name)}[/]  {who.id[:8]}")
        roles = Table("Role", "Since", "Given", "Confirmed", box=None, header_style="bold")
        for holding in staff.holdings:
            if holding.person == who.id:
                row = (holding.role, _when(holding.since, known), _by(holding.given_by, staff), _confirmed(holding, staff))
                roles.add_row(*(escape(cell) for cell in row))
        out.print(roles if roles.row_count else "No role.")
        names = {one.id: one.name for one in staff.people.values()}
        out.print(escape(f"\nReached at: {_places(who, await store.invites.verified(who.id))}"))
        for channel, place in sorted(await store.proving.waiting(who.id)):
            out.print(escape(f"Not used until its code has come back: {channel}:{place}"))
        out.print(escape(f"Away: {away(who, names, known) or 'no'}"))

    at_school(config, school, work)


def _places(person: Person, shown: Collection[tuple[str, str]]) -> str:
    return ", ".join(f"{channel}:{place}{JOINED * ((channel, place) in shown)}" for channel, place in person.places) or "nowhere"


def _confirmed(holding: Holding, staff: Staff) -> str:
    if holding.confirmed_at is not None:
        how = _by(holding.confirmed_by, staff) if holding.confirmed_by else "while the school was set up"
        return f"{_when(holding.confirmed_at, staff.school)}, {how}"
    if holding.role == STAFF:
        return "needs nobody"
    could = staff.confirmers(holding.person, holding.given_by)
    if not could:
        return "no, and nobody could: add a chair, headteacher or safeguarding lead"
    return f"no; could be by {', '.join(one.name for one in could)}"


def _by(person: str | None, staff: Staff) -> str:
    if person is None:
        return words.BY_COMMAND_LINE
    found = staff.people.get(person)
    return "by somebody who is gone" if found is None else f"by {found.name}, {role_words(staff, (*found.roles, STAFF)[0])}"


def _when(moment: datetime, school: schools.School) -> str:
    return moment.astimezone(school.zone).strftime("%d %b %Y %H:%M")
