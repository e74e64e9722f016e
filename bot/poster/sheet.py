"""What stands on the sheet and in the letter: who reads a report, when, whom to ring, and how to get in. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.schools import School
from bot.ways_in import TELEGRAM, Way, picture
from bot.wording import listed
from flows.cases.calendar import Days
from flows.cases.routing import HEADTEACHER, rungs
from flows.matters import ABOUT_HEADTEACHER
from knowledge.services import Service

# What parents write about most, in their words; who reads it comes from the school's routes. Whom it is about is left out.
_EXAMPLES = (
    ("A child is bullied online", "bullying_of_pupil", frozenset[str]()),
    ("A child has seen something bad online", "content_met_by_pupil", frozenset[str]()),
    ("What an adult from the school does online", "staff_conduct", frozenset[str]()),
    ("Anything about the headteacher", ABOUT_HEADTEACHER, frozenset({HEADTEACHER})),
)
# Others on file are for professionals, for children only, or for later.
_FOR_PARENTS = ("nspcc", "ceop")
_TERMS = 3  # a school year: more dates than that nobody reads in a letter


@dataclass(frozen=True, slots=True)
class Door:
    """One way in, with its picture."""

    title: str
    link: str
    shown: str  # the link as it is printed
    svg: str


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads one kind of report first, and who is told where nobody opens it in time."""

    what: str
    first: str
    then: str


@dataclass(frozen=True, slots=True)
class Poster:
    """Everything that is printed for one school."""

    school: str
    doors: tuple[Door, ...]
    readers: tuple[Readers, ...]
    everybody: str  # all who read first, whatever it is about
    opens: str
    closes: str
    terms: tuple[str, ...]
    police: Service
    childline: Service
    services: tuple[Service, ...]
    office: str
    telegram: bool
    made_on: str


def made(school: School, ways: Sequence[Way], today: date) -> Poster:
    """The sheet and the letter of SCHOOL as they are right TODAY. WAYS are the links, the one to begin with first."""
    by_key = {one.key: one for one in school.services}
    readers = tuple(_readers(school))
    office = school.contacts["office"]
    return Poster(
        school=school.title,
        doors=tuple(Door(way.title, way.link, way.link.partition("://")[2], picture(way.link)) for way in ways),
        readers=readers,
        everybody=listed(list(dict.fromkeys(_the(school, role) for role in _first(school)))),
        opens=f"{school.calendar.opens:%H:%M}",
        closes=f"{school.calendar.closes:%H:%M}",
        terms=tuple(_term(term) for term in sorted(school.calendar.terms) if term[1] >= today)[:_TERMS],
        police=by_key["police"],
        childline=by_key["childline"],
        services=tuple(one for key in _FOR_PARENTS if (one := by_key.get(key)) is not None and one.verified(today)),
        office=office.value if office.verified(today) else "",
        telegram=any(way.channel == TELEGRAM for way in ways),
        made_on=_day(today),
    )


def _readers(school: School) -> Iterator[Readers]:
    for what, matter, without in _EXAMPLES:
        first, *then = rungs(school.routes[matter], without)
        later = [_the(school, role) for rung in then for role in rung]
        yield Readers(what, listed([_the(school, role) for role in first]), listed(later) if later else "")


def _first(school: School) -> Iterator[str]:
    """Those who read first in any of the examples but the last, which goes past the headteacher."""
    for _, matter, without in _EXAMPLES[:-1]:
        yield from rungs(school.routes[matter], without)[0]


def _the(school: School, role: str) -> str:
    return f"the {school.roles[role]}"


def _term(term: Days) -> str:
    return f"{_day(term[0])} to {_day(term[1])}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
