"""A change of who holds which role, with what is said of it: to those who lead the school, and to whoever it is about. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot import wording
from bot import wording_roles as words
from bot.messages import Choice, Reply
from bot.schools import School
from bot.turn import Outcome
from flows.cases.case import ALPHABET
from flows.cases.confirming import LEADING, may_confirm
from storage.kept import Person
from storage.staffing import (
    Change,
    Entered,
    Holding,
    PlaceLinked,
    PlaceUnlinked,
    RoleConfirmed,
    RoleGiven,
    RoleRefused,
    RoleTaken,
)

ABOUT = "role:"  # about: followed by the person, the role and the code of the holding where it is to be confirmed
CONFIRM, NOT_RIGHT = "confirm", "not-right"
STAFF = "staff"  # knows of no role beyond working at the school: nothing is told to it
_CODE = 5
_TYPED = re.compile(rf"(?P<wish>confirm|not[ -]right)\s+(?P<role>[a-z_]+)\s+(?P<code>[{ALPHABET}]{{{_CODE}}})[.!]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Staff:
    """The school's people as they are before a change, with who holds what; `set_up`: the school has had a report."""

    school: School
    people: Mapping[str, Person] = field(repr=False)
    holdings: tuple[Holding, ...] = ()
    set_up: bool = True

    def confirmers(self, person: str, given_by: str | None) -> tuple[Person, ...]:
        """Whoever could confirm what GIVEN_BY gives to PERSON, and can be asked."""
        return tuple(
            one for one in self.people.values() if one.places and may_confirm(one.id, sure(one), holder=person, given_by=given_by)
        )

    def called_by(self, role: str, code_: str) -> Holding | None:
        """The holding of ROLE that goes by that code, as long as somebody has it."""
        return next((one for one in self.holdings if one.role == role and code(one) == code_), None)


def typed(text: str) -> tuple[str, str, str] | None:
    """The wish that TEXT is, with the role and the code it names; None when it is anything else."""
    said = _TYPED.fullmatch(text.strip())
    if said is None:
        return None
    wish = CONFIRM if said["wish"].casefold() == CONFIRM else NOT_RIGHT
    return wish, said["role"].casefold(), said["code"].upper()


def sure(person: Person) -> frozenset[str]:
    """The roles of PERSON that were confirmed."""
    return frozenset(person.roles) - person.unconfirmed


def code(holding: Holding) -> str:
    """A few letters by which this very holding is meant; one that was taken and given again has others."""
    told = f"{holding.person} {holding.role} {holding.since.timestamp():.6f}"
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in hashlib.sha256(told.encode()).digest()[:_CODE])


def changed(wish: Change, staff: Staff, now: datetime) -> Outcome:
    """WISH, made NOW, with what it makes necessary to say."""
    match wish:
        case Entered():
            return _entered(wish, staff, now)
        case RoleGiven():
            return _given(wish, staff, now)
        case RoleTaken():
            return _taken(wish, staff)
        case RoleConfirmed():
            return _confirmed(wish, staff)
        case RoleRefused():
            return _refused(wish, staff)
        case PlaceLinked() | PlaceUnlinked():
            return _place(wish, staff)
    raise TypeError(f"{type(wish).__name__} changes no role and no place.")


def how(by: str | None, staff: Staff) -> str:
    """By whom it was done, by role and never by name."""
    if by is None:
        return words.BY_COMMAND_LINE
    return words.BY_ROLE.format(role=called(staff, _main_role(staff.people[by])))


def entered(by: str | None, staff: Staff, person: str) -> str:
    """The sentence that says so."""
    return words.SAID_THEMSELVES if by == person else words.ENTERED.format(how=how(by, staff))


def called(staff: Staff, role: str) -> str:
    """ROLE in the school's own words."""
    return staff.school.roles.get(role, role.replace("_", " "))


def told_roles(person: Person, staff: Staff) -> tuple[str, ...]:
    """The roles of PERSON that reports can reach."""
    return tuple(role for role in person.roles if role in staff.school.roles)


def lines(wish: Change, lead: Reply, theirs: Reply, *, without: Collection[str] = ()) -> Outcome:
    """The change WISH; LEAD is said to all who lead the school, THEIRS to whoever it is about, and nothing to who did it."""
    left_out = frozenset({wish.person, *without, *([wish.by] if wish.by is not None else [])})
    own = () if wish.by == wish.person else ((wish.person, theirs),)
    return about_people(Outcome(people=(wish,), to_roles=((LEADING, lead, left_out),), to_person=own))


def about_people(outcome: Outcome) -> Outcome:
    """OUTCOME with every line marked as one about the school's people: where none of it may be said, it is known by that."""
    return replace(
        outcome,
        to_roles=tuple((roles, _marked(reply), without) for roles, reply, without in outcome.to_roles),
        to_person=tuple((person, _marked(reply)) for person, reply in outcome.to_person),
    )


def _marked(reply: Reply) -> Reply:
    return reply if reply.about else replace(reply, about=ABOUT)


def _given(wish: RoleGiven, staff: Staff, now: datetime) -> Outcome:
    if wish.role == STAFF:
        return Outcome(people=(wish,))
    lead, theirs = _new(wish, wish.role, staff.people[wish.person].name, staff, now)
    return lines(wish, lead, theirs)


def _entered(wish: Entered, staff: Staff, now: datetime) -> Outcome:
    both = [_new(wish, role, wish.name, staff, now) for role in wish.roles if role != STAFF]
    left_out = frozenset({wish.person})
    told = tuple((LEADING, lead, left_out) for lead, _ in both)
    return about_people(Outcome(people=(wish,), to_roles=told, to_person=tuple((wish.person, theirs) for _, theirs in both)))


def _new(wish: RoleGiven | Entered, role: str, name: str, staff: Staff, now: datetime) -> tuple[Reply, Reply]:
    """What is said of a new holding: with buttons as soon as somebody has to confirm it."""
    said = {
        "name": name,
        "role": called(staff, role),
        "school": staff.school.title,
        "entered": entered(wish.by, staff, wish.person),
    }
    given, yours = words.GIVEN.format(**said), words.YOURS.format(**said)
    if not staff.set_up:
        return Reply(given), Reply(yours)
    held = Holding(wish.person, role, now, wish.by)
    ask = words.GIVEN_TO_CONFIRM.format(key=role, code=code(held))
    choices = (Choice(words.CONFIRM, CONFIRM), Choice(words.NOT_RIGHT, NOT_RIGHT))
    about = f"{ABOUT}{held.person}:{role}:{code(held)}"
    return Reply(f"{given} {ask}", choices=choices, about=about), Reply(f"{yours} {words.YOURS_TO_CONFIRM}")


def _taken(wish: RoleTaken, staff: Staff) -> Outcome:
    if wish.role == STAFF:
        return Outcome(people=(wish,))
    said = _said(wish, wish.role, staff)
    return lines(wish, Reply(words.TAKEN.format(**said)), Reply(words.YOURS_TAKEN.format(**said)))


def _confirmed(wish: RoleConfirmed, staff: Staff) -> Outcome:
    said = _said(wish, wish.role, staff)
    return lines(wish, Reply(words.CONFIRMED.format(**said)), Reply(words.YOURS_CONFIRMED.format(**said)))


def _refused(wish: RoleRefused, staff: Staff) -> Outcome:
    said = _said(wish, wish.role, staff)
    said["how"] = wording.sentence(said["how"].removeprefix("by "))
    return lines(wish, Reply(words.REFUSED.format(**said)), Reply(words.YOURS_REFUSED.format(**said)))


def _place(wish: PlaceLinked | PlaceUnlinked, staff: Staff) -> Outcome:
    """Only where a report could be read there: a place of somebody without such a role is nobody's business."""
    person = staff.people[wish.person]
    roles = told_roles(person, staff)
    if not roles:
        return Outcome(people=(wish,))
    linked = isinstance(wish, PlaceLinked)
    said = {
        "name": person.name,
        "roles": wording.listed([called(staff, role) for role in roles]),
        "channel": wording.sentence(wish.channel),
        "how": how(wish.by, staff),
        "entered": entered(wish.by, staff, wish.person),
    }
    lead = (words.LINKED if linked else words.UNLINKED).format(**said)
    theirs = (words.YOURS_LINKED if linked else words.YOURS_UNLINKED).format(**said)
    return lines(wish, Reply(f"{lead} {words.IF_WRONG}"), Reply(f"{theirs} {words.IF_WRONG}"))


def _said(wish: RoleTaken | RoleConfirmed | RoleRefused, role: str, staff: Staff) -> dict[str, str]:
    return {
        "name": staff.people[wish.person].name,
        "role": called(staff, role),
        "how": how(wish.by, staff),
        "entered": entered(wish.by, staff, wish.person),
        "school": staff.school.title,
    }


def _main_role(person: Person) -> str:
    """The role by which others know who did it: one of those that lead, if they hold one."""
    return next((role for role in LEADING if role in person.roles), person.roles[0] if person.roles else STAFF)
