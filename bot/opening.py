"""Opening a case: from what was said and the school's route to the case, its notices and its first audit link."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.people import told_now
from bot.schools import School
from bot.turn import Turn
from flows.cases.acts import Doing
from flows.cases.case import Case, Said, Severity, reference
from flows.cases.climbing import Climb
from flows.cases.clocks import notices
from flows.cases.notice import Notice
from flows.cases.past import Clock, left_out
from flows.cases.past import past as without
from flows.cases.routing import Involved, entangled, rungs
from flows.matters import COMPLAINT
from flows.steps import Opening
from storage.kept import Act, Person

_URGENCY = tuple(Severity)  # the most urgent first


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that is ready to be recorded."""

    case: Case
    notices: tuple[Notice, ...]
    act: Act
    told: tuple[str, ...] | None = None  # the roles in which somebody is there and told at once; None: nobody has looked
    door: tuple[str, ...] = ()  # the roles that are told now and were not on the route before
    replanned: tuple[str, ...] = ()  # its id, where the notices take the place of what was still to be said about it


async def open_case(
    turn: Turn,
    matter: str,
    severity: Severity,
    said: tuple[Said, ...],
    *,
    involved: frozenset[str] = frozenset(),
    part: bool = False,
    logger: Person | None = None,
) -> Opened:
    """Open a case on MATTER. INVOLVED are the roles that are, or may be, what it is about.

    It is kept from the people in them, in whatever other role it would reach them.

    A PART of a report, for people who see less of it, knows no reporter: what is added later must not reach them, and the
    person who sent the report follows the report itself. Neither does what a LOGGER wrote down for somebody else: nobody is
    written to, and what was sent from the logger's own conversation before has nothing to do with it.
    """
    route = turn.school.routes[matter]
    handlers = await _handlers(turn) if matter == COMPLAINT and logger is None else frozenset()
    part_of_it = await _part(turn, involved, handlers)
    case = Case(
        id=uuid.uuid4().hex,
        reference=reference(),
        matter=matter,
        severity=severity,
        opened_at=turn.now,
        rungs=rungs(route, part_of_it.roles),
        refs=route.ref,
        steps=route.steps,
        said=said,
        reporter=None if part or logger is not None else turn.conversation,
        concerns=part_of_it.people,
    )
    details = json.dumps({"matter": matter, "severity": severity.value})
    act = Act(Doing.OPENED, case.id, details=details) if logger is None else Act(Doing.LOGGED, case.id, logger.id, details)
    told = told_now(case, await turn.people.list(), turn.now)
    return Opened(case, notices(case, turn.school.calendar, turn.now), act, told)


def further(school: School, openings: Sequence[Opening], told: Iterable[str] | None = None) -> tuple[Opening, ...]:
    """The parts of a report that tell somebody it does not tell at once by itself, or tell them sooner.

    TOLD are those the report itself tells at once, where that is not by its own route.
    """
    report, *parts = openings
    whole = set(told if told is not None else chain.from_iterable(school.ladder(report.matter, report.concerned)[:1]))
    return tuple(
        part
        for part in parts
        for first in school.ladder(part.matter, part.concerned)[:1]
        # Whoever reads all of it gains nothing from a second card with less on it.
        if not whole >= set(first) or _URGENCY.index(part.severity) < _URGENCY.index(report.severity)
    )


async def past(turn: Turn, case: Case, matter: str, involved: frozenset[str]) -> Opened:
    """CASE, sent from here, after it turned out to be about MATTER with INVOLVED roles in it: they lose it.

    Nobody who is concerned keeps it: if one of them had said "I have it", the case is open again.
    """
    act = Act("report added", case.id, details=json.dumps({"matter": matter, "involved": sorted(involved)}))
    if not involved:
        return Opened(case, (), act)
    part = await _part(turn, involved | left_out(case), case.concerns)
    # An emergency that is raised by these very words stands nowhere yet: its first rung is told by the same decision.
    fresh = any(raised.id == case.id for raised in turn.raised)
    climbs = (Climb(0, turn.now, told=True),) if fresh else await turn.climbs(case.id)
    clock = Clock(climbs, turn.school.calendar, turn.now)
    gone = without(case, part, turn.school.routes[matter], clock)
    return Opened(gone.case, gone.notices, act, None, gone.door, (case.id,) if gone.case.waiting else ())


async def _part(turn: Turn, roles: frozenset[str], people: frozenset[str]) -> Involved:
    """Who is part of a report about ROLES or PEOPLE, by who holds which role at this moment."""
    return entangled(roles, await turn.people.held() if roles or people else {}, people)


async def _handlers(turn: Turn) -> frozenset[str]:
    """Whoever has, or had, a report that was sent from here: a complaint is never read by the person it may be about."""
    return frozenset(case.holder for case in await turn.own() if case.holder is not None)
