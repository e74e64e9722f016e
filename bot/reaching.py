"""How people are reached without the bot, here and outside the school: a number is given only if somebody checked it lately."""

from __future__ import annotations

from datetime import date, datetime

from bot import wording
from bot.messages import Reply
from bot.schools import School
from bot.summaries import role_words
from flows.cases.routing import DEPUTY, HEADTEACHER, LEAD

_OUTSIDE_SCHOOL = ("social_care_day", "social_care_night", "designated_officer")


def today(school: School, now: datetime) -> date:
    """The day it is at SCHOOL."""
    return now.astimezone(school.zone).date()


def ring(school: School, now: datetime) -> str:
    """The words to ring the school office, with its number where that has been checked."""
    office = school.contacts.get("office")
    if office is None or not office.verified(today(school, now)):
        return wording.RING_OFFICE
    return wording.RING_OFFICE_ON.format(number=office.value)


def outside(school: School, now: datetime, *keys: str) -> str:
    """Who outside the school can help, of KEYS or of all there are; nothing where no number has been checked."""
    day = today(school, now)
    known = [(key, school.contacts[key]) for key in keys or _OUTSIDE_SCHOOL if key in school.contacts]
    lines = [wording.OUTSIDE_CONTACTS[key].format(contact=contact.value) for key, contact in known if contact.verified(day)]
    return wording.OUTSIDE.format(lines="; ".join(lines)) if lines else ""


def report_remove(school: School, now: datetime) -> str:
    """How a young person gets a picture taken down. Childline, which is always shown, leads there where no address is checked."""
    day = today(school, now)
    found = next((one for one in school.services if one.key == "report_remove" and one.verified(day)), None)
    return wording.REPORT_REMOVE if found is None else wording.REPORT_REMOVE_AT.format(contact=found.contact)


def in_person(school: School, now: datetime, *, without: frozenset[str] = frozenset()) -> Reply:
    """Whom to speak to here, by role, less those WITHOUT whom somebody would rather speak; and who helps outside."""
    roles = [role for role in (LEAD, DEPUTY, HEADTEACHER) if role in school.roles and role not in without]
    if LEAD in without or HEADTEACHER in without:
        roles = [role for role in roles if role != DEPUTY]  # the deputy works to them
    if not roles:
        roles = ["chair"]
    here = wording.A_PERSON.format(roles=role_words(school, roles).replace(" and ", " or "), ring=ring(school, now))
    return Reply("\n\n".join(part for part in (here, outside(school, now), wording.NINE_NINE_NINE_SHORT) if part))
