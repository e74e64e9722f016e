"""What somebody at the desk may change about the people of the school, and what is said when they may not. Pure.

Whoever leads the school changes others; everybody says themselves when they are away; and nobody gives themselves anything.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot import absences, wording, wording_roles
from bot import wording_people as words
from bot.changing_roles import STAFF, Staff, called, changed, sure
from bot.joining import removed
from bot.messages import Reply
from bot.new_roles import what_holds
from bot.turn import Outcome
from flows.cases.confirming import leads
from storage.kept import Person
from storage.staffing import CameBack, Entered, Invited, InviteEnded, Removed, RoleGiven, RoleTaken

LONGEST_NAME = 80
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Wishing:
    """Whoever wishes for something, with the school's people as they are NOW."""

    staff: Staff
    me: Person
    now: datetime

    @property
    def leading(self) -> bool:
        """Whether they may change others: by a role that was confirmed, or a new one would be enough to make the next."""
        return leads(sure(self.me))

    @property
    def today(self) -> date:
        """The day it is at the school."""
        return self.now.astimezone(self.staff.school.zone).date()


@dataclass(frozen=True, slots=True)
class Absence:
    """An absence as it was written: the first day and the last, and who is told meanwhile, by id."""

    first: str
    last: str
    stands_in: str = ""


def give(wishing: Wishing, person: Person, role: str) -> Outcome:
    """PERSON holds ROLE from now on; for reports from before, somebody else has to confirm it."""
    staff, me = wishing.staff, wishing.me
    if not wishing.leading:
        return _no(words.NOT_YOURS)
    if person.id == me.id:
        return _no(wording_roles.NOT_YOURSELF)
    if role not in (*staff.school.roles, STAFF):
        return _no(words.NO_SUCH_ROLE)
    if role in person.roles:
        return _no(words.HOLDS_IT.format(role=called(staff, role)))
    outcome = changed(RoleGiven(person.id, role, not staff.set_up, me.id), staff, wishing.now)
    if role == STAFF:
        return _said(outcome, words.GIVEN_STAFF.format(name=person.name))
    given = words.GIVEN.format(name=person.name, role=called(staff, role))
    return _said(outcome, f"{given} {what_holds(staff, person.id, role, me.id)}")


def take(wishing: Wishing, person: Person, role: str) -> Outcome:
    """PERSON does not hold ROLE any more. Whoever leads may also lay down a role of their own."""
    staff = wishing.staff
    if not wishing.leading:
        return _no(words.NOT_YOURS)
    if role not in person.roles:
        return _no(words.HOLDS_IT_NOT.format(role=called(staff, role)))
    outcome = changed(RoleTaken(person.id, role, wishing.me.id, staff.school.calendar), staff, wishing.now)
    text = words.TAKEN_STAFF if role == STAFF else words.TAKEN
    return _said(outcome, text.format(name=person.name, role=called(staff, role)))


def enter(wishing: Wishing, name: str, role: str) -> Outcome:
    """Somebody whom the school did not know before, with a first role. Under a name that is known nobody is entered again."""
    staff = wishing.staff
    plain = " ".join(unicodedata.normalize("NFKC", name).split())
    if not wishing.leading:
        return _no(words.NOT_YOURS)
    if not 1 < len(plain) <= LONGEST_NAME or not plain.isprintable():
        return _no(words.NAME_MISSING.format(most=LONGEST_NAME))
    if role not in (*staff.school.roles, STAFF):
        return _no(words.NO_SUCH_ROLE)
    if any(" ".join(one.name.split()).casefold() == plain.casefold() for one in staff.people.values()):
        return _no(words.NAME_KNOWN)
    wish = Entered(uuid.uuid4().hex, plain, (role,), (), not staff.set_up, wishing.me.id)
    outcome = changed(wish, staff, wishing.now)
    # Whoever did it reads the answer here, and needs no line about it as well.
    without = tuple((roles, reply, left_out | {wishing.me.id}) for roles, reply, left_out in outcome.to_roles)
    entered = words.ENTERED.format(name=plain)
    more = "" if role == STAFF else f" {what_holds(staff, wish.person, role, wishing.me.id)}"
    return _said(replace(outcome, to_roles=without), f"{entered}{more}")


def invite(wishing: Wishing, person: Person, code: str, channel: str, until: datetime) -> Outcome:
    """PERSON can show who they are with CODE; a code of theirs that nobody has used ends."""
    if not wishing.leading:
        return _no(words.NOT_YOURS)
    if not person.roles:
        return _no(words.NO_ROLE_TO_BE)
    if person.places and person.id != wishing.me.id:
        # With one more place of theirs somebody would read as them, and confirm as them what they themselves have given.
        return _no(words.REACHED_ALREADY.format(name=person.name))
    wish = Invited(person.id, code, channel or None, wishing.me.id)
    end = wording.day_and_clock(until, wishing.staff.school.zone)
    return _said(Outcome(people=(wish,)), words.INVITED.format(name=person.name, until=end))


def end_invite(wishing: Wishing, person: Person, *, waits: bool) -> Outcome:
    """The code of PERSON that nobody has used works no more."""
    if not wishing.leading:
        return _no(words.NOT_YOURS)
    if not waits:
        return _no(words.NO_INVITE)
    return _said(Outcome(people=(InviteEnded(person.id, wishing.me.id),)), words.INVITE_ENDED.format(name=person.name))


def away(wishing: Wishing, person: Person, wish: Absence, held: int = 0) -> Outcome:
    """PERSON is away as in WISH. HELD is how many cases they have themselves."""
    staff, me, own = wishing.staff, wishing.me, person.id == wishing.me.id
    if not own and not wishing.leading:
        return _no(words.NOT_FOR_OTHERS)
    days = _span(wish.first, wish.last)
    if days is None:
        return _no(words.DAYS_MISSING)
    if (wrong := _wrong(*days, wishing.today)) or (wrong := _not_instead(wishing, person, wish.stands_in)):
        return _no(wrong)
    school = staff.school
    gone = absences.away(person.id, *days, school, stands_in=wish.stands_in or None, by=me.id)
    said = (words.YOU_ARE_AWAY if own else words.AWAY).format(
        name=person.name,
        days=absences.days(gone, school),
        back=absences.back_on(gone, school),
        instead=absences.instead(staff.people[wish.stands_in] if wish.stands_in else None),
    )
    more = words.AWAY_HELD.format(count="1 case" if held == 1 else f"{held} cases") if held else ""
    return _said(absences.went(gone, staff), f"{said} {more}".rstrip())


def back(wishing: Wishing, person: Person) -> Outcome:
    """PERSON is there again, or will not be away after all."""
    if person.id != wishing.me.id and not wishing.leading:
        return _no(words.NOT_FOR_OTHERS)
    if person.away_until is None or person.away_until <= wishing.now:
        return _no(words.NOT_AWAY)
    text = words.YOU_ARE_BACK if person.id == wishing.me.id else words.BACK
    return _said(absences.came_back(CameBack(person.id, wishing.me.id), wishing.staff), text.format(name=person.name))


def remove(wishing: Wishing, person: Person, *, meant: bool) -> Outcome:
    """PERSON has left the school."""
    staff = wishing.staff
    if not wishing.leading:
        return _no(words.NOT_YOURS)
    if person.id == wishing.me.id:
        return _no(words.REMOVE_YOURSELF)
    if not person.roles and not person.places:
        return _no(words.GONE_ALREADY)
    if leads(person.roles):
        # Whoever is taken out hears nothing of it. Nobody is to be rid of those who could look into them without their noticing.
        return _no(words.REMOVE_LEADING.format(name=person.name))
    if not meant:
        return _no(words.REMOVE_SURE)
    outcome = removed(Removed(person.id, wishing.me.id, staff.school.calendar), staff)
    return _said(outcome, words.REMOVED.format(name=person.name))


def _span(first: str, last: str) -> tuple[date, date] | None:
    if not _DAY.fullmatch(first) or not _DAY.fullmatch(last):
        return None
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None


def _wrong(first: date, last: date, today: date) -> str:
    if last < first:
        return words.DAYS_TURNED
    if last < today:
        return words.DAYS_PAST
    return words.DAYS_LONG if last - max(first, today) > absences.LONGEST else ""


def _not_instead(wishing: Wishing, person: Person, other: str) -> str:
    if not other:
        return ""
    if other == person.id:
        return words.NOT_THEMSELVES
    if other == wishing.me.id:
        return words.NOT_YOURSELF
    found = wishing.staff.people.get(other)
    return "" if found is not None and found.roles else words.WITHOUT_ROLE


def _no(why: str) -> Outcome:
    return Outcome((Reply(why),))


def _said(outcome: Outcome, text: str) -> Outcome:
    return replace(outcome, replies=(Reply(text),))
