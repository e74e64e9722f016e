"""Somebody joins a chat by the code of their invitation, or leaves the school: what that changes, and what is said of it. Pure."""

from __future__ import annotations

from bot import wording, wording_roles
from bot import wording_invites as words
from bot.changing_roles import Staff, about_people, called, entered, how, told_roles
from bot.messages import Reply
from bot.turn import Outcome
from flows.cases.confirming import LEADING
from storage.kept import Person
from storage.staffing import Joined, Removed


def who(person: Person, staff: Staff) -> str:
    """PERSON by name and role, as they are asked whether that is them."""
    roles = told_roles(person, staff)
    said = wording.listed([f"the {called(staff, role)}" for role in roles]) if roles else words.STAFF_MEMBER
    return words.NAMED.format(name=person.name, roles=said)


def joined(wish: Joined, given_by: str | None, staff: Staff) -> Outcome:
    """Whoever writes there is that person from now on.

    Those who lead the school are told, unless no report could reach the person. So is the person, where they were reached before:
    a code that fell into wrong hands must not stay unnoticed.
    """
    person = staff.people[wish.person]
    channel = wording.sentence(wish.channel)
    before = ((person.id, Reply(words.YOU_WERE_LINKED.format(channel=channel))),) if person.places else ()
    roles = told_roles(person, staff)
    if not roles:
        return about_people(Outcome(people=(wish,), to_person=before))
    lead = wording_roles.LINKED.format(
        name=person.name,
        roles=wording.listed([called(staff, role) for role in roles]),
        channel=channel,
        entered=words.INVITED.format(how=how(given_by, staff)),
    )
    told = (LEADING, Reply(f"{lead} {wording_roles.IF_WRONG}"), frozenset({person.id}))
    return about_people(Outcome(people=(wish,), to_roles=(told,), to_person=before))


def removed(wish: Removed, staff: Staff) -> Outcome:
    """Somebody has left. Those who lead the school are told, unless no report could reach the person; they themselves are not."""
    person = staff.people[wish.person]
    roles = told_roles(person, staff)
    if not roles:
        return Outcome(people=(wish,))
    line = words.REMOVED.format(
        name=person.name,
        roles=wording.listed([called(staff, role) for role in roles]),
        entered=entered(wish.by, staff, person.id),
    )
    left_out = frozenset({person.id, *([wish.by] if wish.by is not None else [])})
    return about_people(Outcome(people=(wish,), to_roles=((LEADING, Reply(line), left_out),)))
