"""What a new role does from now on, and which roles nobody holds once somebody is gone; said alike everywhere. Pure."""

from __future__ import annotations

from bot import wording_roles as words
from bot.changing_roles import Staff, called, sure, told_roles
from bot.wording import listed
from flows.cases.confirming import LEADING
from storage.kept import Person


def what_holds(staff: Staff, person: str, role: str, by: str | None) -> str:
    """What ROLE, which BY has given to PERSON, does now, and who is asked to confirm it."""
    if not staff.set_up:
        return words.AT_ONCE.format(role=called(staff, role))
    asked = staff.confirmers(person, by)
    if not asked:
        return words.WAITS_FOR_NOBODY.format(role=called(staff, role))
    theirs = dict.fromkeys(each for one in asked for each in LEADING if each in sure(one))
    return words.WAITS.format(role=called(staff, role), roles=listed([f"the {called(staff, each)}" for each in theirs]))


def left_empty(staff: Staff, person: Person) -> tuple[str, ...]:
    """The roles of PERSON that nobody else holds who can be reached: what is sent to those reaches nobody."""
    others = [one for one in staff.people.values() if one.id != person.id and one.places]
    return tuple(called(staff, role) for role in told_roles(person, staff) if not any(role in one.roles for one in others))
