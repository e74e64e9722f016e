"""Somebody is away, or back: whole days by the school's clock, and what is said of it to whom. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot import changing_roles, wording
from bot import wording_roles as words
from bot.changing_roles import Staff, called, told_roles
from bot.messages import Reply
from bot.schools import School
from bot.turn import Outcome
from flows.cases.case import Case
from storage.kept import Person
from storage.staffing import CameBack, WentAway

LONGEST = timedelta(days=366)
ONE_DAY = timedelta(days=1)


def away(person: str, first: date, last: date, school: School, *, stands_in: str | None = None, by: str | None = None) -> WentAway:
    """PERSON is away from the beginning of the FIRST day to the end of the LAST, by the clock of SCHOOL."""
    return WentAway(person, _midnight(last + ONE_DAY, school), _midnight(first, school), stands_in, by)


def days(wish: WentAway, school: School) -> str:
    """The days of WISH in words."""
    last = (wish.until.astimezone(school.zone) - ONE_DAY).date()
    first = wish.since.astimezone(school.zone).date() if wish.since is not None else None
    if first == last:
        return f"on {named(last)}"
    return f"from {named(first)} to {named(last)}" if first is not None else f"until {named(last)}"


def named(day: date) -> str:
    """DAY as it is said, such as "Monday 23 November"."""
    return f"{day:%A} {day.day} {day:%B}"


def back_on(wish: WentAway, school: School) -> str:
    """The first day on which they are told again."""
    return named(wish.until.astimezone(school.zone).date())


def went(wish: WentAway, staff: Staff) -> Outcome:
    """WISH, with what is said of it: to those who lead the school, to whoever is away, and to whoever stands in."""
    person, school = staff.people[wish.person], staff.school
    roles = told_roles(person, staff)
    if not roles:
        return Outcome(people=(wish,))
    other = staff.people[wish.stands_in] if wish.stands_in is not None else None
    said = {**_said(person, roles, staff, wish.by), "days": days(wish, school)}
    lead = words.AWAY.format(**said, instead=instead(other))
    theirs = words.YOURS_AWAY.format(**said, instead=instead(other, theirs=True))
    both = changing_roles.lines(wish, Reply(lead), Reply(theirs), without=() if other is None else (other.id,))
    if other is None:
        return both
    return replace(both, to_person=(*both.to_person, (other.id, Reply(words.YOU_STAND_IN.format(**said)))))


def came_back(wish: CameBack, staff: Staff) -> Outcome:
    """WISH, with what is said of it."""
    person = staff.people[wish.person]
    roles = told_roles(person, staff)
    if not roles:
        return Outcome(people=(wish,))
    said = _said(person, roles, staff, wish.by)
    return changing_roles.lines(wish, Reply(words.BACK.format(**said)), Reply(words.YOURS_BACK.format(**said)))


def stands_in(case: Case, person: Person) -> bool:
    """Whether PERSON is told of CASE in somebody's place: no role of their own is on any rung of it."""
    return not any(role in person.roles for rung in case.rungs for role in rung)


def as_stand_in(card: Reply) -> Reply:
    """CARD, with the reason why it comes to them."""
    return replace(card, text="\n\n".join(part for part in (words.CARD_STANDS_IN, card.text) if part))


def instead(other: Person | None, *, theirs: bool = False) -> str:
    """Who is told meanwhile."""
    if other is None:
        return words.NEXT_IN_LINE
    return (words.STANDS_IN_FOR_YOU if theirs else words.STANDS_IN).format(name=other.name)


def _said(person: Person, roles: tuple[str, ...], staff: Staff, by: str | None) -> dict[str, str]:
    return {
        "name": person.name,
        "roles": wording.listed([called(staff, role) for role in roles]),
        "entered": changing_roles.entered(by, staff, person.id),
    }


def _midnight(day: date, school: School) -> datetime:
    return datetime.combine(day, time(0), school.zone).astimezone(UTC)
