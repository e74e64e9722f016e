"""Who is told about a matter, in which order, and who never is: a school's route, less everybody the report is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from flows.matters import DANGER, MATTERS

HEADTEACHER = "headteacher"
LEAD = "dsl"
DEPUTY = "deputy_dsl"
CHAIR = "chair"
CLASS_TEACHER = "class_teacher"

# Whoever is involved and holds one of these is involved in all that its other holders would do: they answer for each other.
_LEADING = frozenset({HEADTEACHER, LEAD, CHAIR})

# They look after machines and paper, not after people: a report about one of them is the headteacher's to read, and nobody else's.
TECHNICAL = frozenset({"it", "computing_lead"})
_HEADTEACHER_ALONE = TECHNICAL | {"office"}

# Stands among the concerned roles for "an adult at the school, I would rather not say who". It may be the headteacher.
UNNAMED_ADULT = "unnamed_adult"

Label = Literal["policy", "default", "outside"]

# Roles that are told together, one rung after the other.
Rungs = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Route:
    """What one school does with one matter. `label` says whether its own policy says so, or our fallback where it is silent.

    `decides` are the roles that may approve or decline, where the matter is a request: those of `to` unless it says others.
    """

    matter: str
    to: tuple[str, ...]
    also: tuple[str, ...] = ()
    climb: Rungs = ()
    ref: tuple[str, ...] = ()
    within: str = ""
    then: str = ""
    steps: tuple[str, ...] = ()
    label: Label = "policy"
    decides: tuple[str, ...] = ()


def deciders(route: Route) -> tuple[str, ...]:
    """The roles that may approve or decline what ROUTE's matter asks for; nobody where it asks for nothing."""
    return (route.decides or route.to) if MATTERS[route.matter].asks else ()


@dataclass(frozen=True, slots=True)
class Involved:
    """Who is part of a report: the ROLES that are not told, and the PEOPLE who see nothing of it."""

    roles: frozenset[str]
    people: frozenset[str]


def entangled(named: Iterable[str], held: Mapping[str, frozenset[str]], people: Collection[str] = ()) -> Involved:
    """Who is part of a report about the NAMED roles or PEOPLE. HELD says who holds which role today.

    It is about people: whoever holds a named role takes their other roles with them. At a school whose headteacher is the
    safeguarding lead, a report about the lead is one about the headteacher. A role that others hold too goes on without them.
    """
    roles = frozenset(named)
    theirs = frozenset(people).union(*(held.get(role, frozenset()) for role in roles))
    taken = {role for role, holders in held.items() if holders & theirs and (role in _LEADING or holders <= theirs)}
    return Involved(roles | taken, theirs)


def rungs(route: Route, leave_out: frozenset[str]) -> Rungs:
    """The roles to tell, first rung first, without LEAVE_OUT. Empty when nobody at the school is left: that must be said aloud."""
    if route.matter == DANGER:
        return _emergency(route, leave_out)
    if CHAIR in leave_out:
        # Nobody at the school stands above the chair: the local authority does.
        return ()
    if HEADTEACHER in leave_out or UNNAMED_ADULT in leave_out:
        # Everybody else on the route works for the headteacher, so only the chair can look into it freely.
        return ((CHAIR,),)
    if leave_out & _HEADTEACHER_ALONE:
        return ((HEADTEACHER,), (CHAIR,))
    if LEAD in leave_out:
        # A deputy works to the lead and is not asked to look into them.
        leave_out |= {DEPUTY}
    return _without(_headed(route) if leave_out else _ladder(route), leave_out)


def ask_two_doors(concerned: Iterable[str]) -> bool:
    """Whether to offer the choice between the usual door and the chair: an adult is part of this and nobody has said who.

    Until that is answered `rungs` takes the chair's door, because the unnamed adult may stand behind the other one.
    """
    named = frozenset(concerned)
    return UNNAMED_ADULT in named and HEADTEACHER not in named


def _emergency(route: Route, leave_out: frozenset[str]) -> Rungs:
    # Words written in a fright name roles by accident ("he hit his head"): each role they may name is left out, the rest are
    # told at once, and the chair waits at the top in case the headteacher's place has to be filled.
    ladder = _ladder(route)
    if HEADTEACHER in leave_out or UNNAMED_ADULT in leave_out:
        ladder = (*ladder, (CHAIR,))
    return _without(ladder, leave_out)


def _headed(route: Route) -> Rungs:
    """The ladder for a report with an adult of the school in it: the headteacher knows from the start, whatever its matter."""
    first, *later = _ladder(route)
    if HEADTEACHER in first or TECHNICAL.issuperset(first):  # who mends a machine is told nothing of anybody
        return (first, *later)
    return ((HEADTEACHER, *first), *later)


def _ladder(route: Route) -> Rungs:
    return ((*route.to, *route.also), *route.climb)


def _without(ladder: Rungs, leave_out: frozenset[str]) -> Rungs:
    told: set[str] = set(leave_out)
    kept: list[tuple[str, ...]] = []
    for rung in ladder:
        fresh = tuple(role for role in dict.fromkeys(rung) if role not in told)
        told.update(fresh)
        if fresh:
            kept.append(fresh)
    return tuple(kept)
