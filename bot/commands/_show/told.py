"""Who is told of a matter at one school, in which order, by which rule, and who is told when it is about one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot import wording
from bot.schools import School
from bot.summaries import role_words
from flows.cases.routing import HEADTEACHER, Route, deciders, rungs


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told of one matter at one school, and by which rule."""

    school: str
    first: str
    then: tuple[str, ...]
    about: tuple[tuple[str, str], ...]  # whom it may be about, and who is told then
    label: str
    places: str
    within: str
    points_to: str
    decides: str = ""


def told(school: School, route: Route, never: frozenset[str]) -> Told:
    """Who hears of it at SCHOOL by ROUTE, without the roles in NEVER, whom it is about in any case."""
    ladder = rungs(route, never)
    found = dict.fromkeys(school.policy.place(school.policy.section(ref)) for ref in route.ref)
    return Told(
        school=school.title,
        first=role_words(school, ladder[0]) if ladder else wording.NOBODY_SEES,
        then=tuple(role_words(school, rung) for rung in ladder[1:]),
        about=tuple(_about(school, route, never)),
        label=route.label,
        places=_places(list(found)),
        within=route.within,
        points_to=route.then,
        decides=role_words(school, deciders(route)) if deciders(route) else "",
    )


def _about(school: School, route: Route, never: frozenset[str]) -> Iterable[tuple[str, str]]:
    """Who is told when it is about somebody who would be told: for most that they are left out says it all."""
    ladder = rungs(route, never)
    for role in dict.fromkeys((HEADTEACHER, *(role for rung in ladder for role in rung))):
        past = rungs(route, never | {role})
        simply = tuple(left for rung in ladder if (left := tuple(one for one in rung if one != role)))
        if role not in never and past != simply:
            who = f"{role_words(school, (role,))}{', or an adult nobody named' if role == HEADTEACHER else ''}"
            yield who, " → ".join(role_words(school, rung) for rung in past) or wording.NOBODY_SEES


def _places(found: list[str]) -> str:
    """“section 6.2, section 8” as people say it."""
    return ", ".join([*found[:1], *(place.removeprefix("section ") for place in found[1:])])


def choosable(school: School) -> str:
    """The roles that can be named at SCHOOL where a report asks for one."""
    return ", ".join(school.setting("").roles.values())
