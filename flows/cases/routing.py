"""Who is told about a matter, in which order, and who never is: a school's route, less everybody the report is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from flows.matters import DANGER, MATTERS

HEADTEACHER = "headteacher"
LEAD = "dsl"
DEPUTY = "deputy_dsl"
CHAIR = "chair"
CLASS_TEACHER = "class_teacher"

# Stands among the concerned roles for "an adult at the school, I would rather not say who". It may be the headteacher.
UNNAMED_ADULT = "unnamed_adult"

Label = Literal["policy", "default", "outside"]


@dataclass(frozen=True, slots=True)
class Route:
    """What one school does with one matter. `label` says whether its own policy says so, or our fallback where it is silent.

    `decides` are the roles that may approve or decline, where the matter is a request: those of `to` unless it says others.
    """

    matter: str
    to: tuple[str, ...]
    also: tuple[str, ...] = ()
    climb: tuple[tuple[str, ...], ...] = ()
    ref: tuple[str, ...] = ()
    within: str = ""
    then: str = ""
    steps: tuple[str, ...] = ()
    label: Label = "policy"
    decides: tuple[str, ...] = ()


def deciders(route: Route) -> tuple[str, ...]:
    """The roles that may approve or decline what ROUTE's matter asks for; nobody where it asks for nothing."""
    return (route.decides or route.to) if MATTERS[route.matter].asks else ()


def rungs(route: Route, leave_out: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    """The roles to tell, first rung first, without LEAVE_OUT. Empty when nobody at the school is left: that must be said aloud."""
    if route.matter == DANGER:
        return _emergency(route, leave_out)
    if HEADTEACHER in leave_out or UNNAMED_ADULT in leave_out:
        # Everybody else on the route works for the headteacher, so only the chair can look into it freely.
        return _without(((CHAIR,),), leave_out)
    if LEAD in leave_out:
        # A deputy works to the lead and is not asked to look into them; the next rung is.
        return _without(_ladder(route), leave_out | {DEPUTY})
    return _without(_ladder(route), leave_out)


def ask_two_doors(concerned: Iterable[str]) -> bool:
    """Whether to offer the choice between the usual door and the chair: an adult is part of this and nobody has said who.

    Until that is answered `rungs` takes the chair's door, because the unnamed adult may stand behind the other one.
    """
    named = frozenset(concerned)
    return UNNAMED_ADULT in named and HEADTEACHER not in named


def _emergency(route: Route, leave_out: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    # Words written in a fright name roles by accident ("he hit his head"): each role they may name is left out, the rest are
    # told at once, and the chair waits at the top in case the headteacher's place has to be filled.
    ladder = _ladder(route)
    if HEADTEACHER in leave_out or UNNAMED_ADULT in leave_out:
        ladder = (*ladder, (CHAIR,))
    return _without(ladder, leave_out)


def _ladder(route: Route) -> tuple[tuple[str, ...], ...]:
    return ((*route.to, *route.also), *route.climb)


def _without(ladder: tuple[tuple[str, ...], ...], leave_out: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    told: set[str] = set(leave_out)
    kept: list[tuple[str, ...]] = []
    for rung in ladder:
        fresh = tuple(role for role in dict.fromkeys(rung) if role not in told)
        told.update(fresh)
        if fresh:
            kept.append(fresh)
    return tuple(kept)
