"""Opening a case: from what was said and the school's route to the case, its notices and its first audit link."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.turn import Turn
from flows.cases.case import Case, Said, Severity, Status, reference
from flows.cases.clocks import notices
from flows.cases.notice import Notice, NoticeKind
from flows.cases.routing import CHAIR, rungs
from storage.kept import Act


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that is ready to be recorded."""

    case: Case
    notices: tuple[Notice, ...]
    act: Act
    door: tuple[str, ...] = ()  # the roles that are told now and were not on the route before


async def open_case(
    turn: Turn,
    matter: str,
    severity: Severity,
    said: tuple[Said, ...],
    *,
    involved: frozenset[str] = frozenset(),
    part: bool = False,
) -> Opened:
    """Open a case on MATTER. INVOLVED are the roles that are, or may be, what it is about: they and the people in them lose it.

    A PART of a report, for people who see less of it, knows no reporter: what is added later must not reach them, and the
    person who sent the report follows the report itself.
    """
    route = turn.school.routes[matter]
    case = Case(
        id=uuid.uuid4().hex,
        reference=reference(),
        matter=matter,
        severity=severity,
        opened_at=turn.now,
        rungs=rungs(route, involved),
        refs=route.ref,
        steps=route.steps,
        said=said,
        reporter=None if part else turn.conversation,
        concerns=await _people(turn, involved),
    )
    act = Act("case opened", case=case.id, details=json.dumps({"matter": matter, "severity": severity.value}))
    return Opened(case, notices(case, turn.school.calendar, turn.now), act)


async def past(turn: Turn, case: Case, matter: str, involved: frozenset[str]) -> Opened:
    """CASE after it turned out to be about MATTER with INVOLVED roles in it: they lose it, and the clock goes on past them.

    Nobody who is concerned keeps it: if one of them had said "I have it", the case is open again.
    """
    act = Act("report added", case.id, details=json.dumps({"matter": matter, "involved": sorted(involved)}))
    if not involved:
        return Opened(case, (), act)
    people = await _people(turn, involved)
    told = {role for rung in case.rungs for role in rung}
    door = tuple(role for rung in rungs(turn.school.routes[matter], involved) for role in rung if role not in told)
    held = case.holder in people
    if held and not door:
        # Everybody on the route was told that it is taken, and is not told twice: it has to come before somebody new.
        door = tuple({CHAIR} - told - involved)
    changed = replace(
        case,
        concerns=case.concerns | people,
        rungs=(*case.rungs, door) if door else case.rungs,
        status=Status.OPEN if held else case.status,
        holder=None if held else case.holder,
        acknowledged_at=None if held else case.acknowledged_at,
    )
    begun = Notice(case.id, len(case.rungs), NoticeKind.PUSH, turn.now)
    last = Notice(case.id, len(changed.rungs), NoticeKind.PHONE, turn.now + timedelta(minutes=10))
    notices = ((begun,) if door else ()) + ((last,) if held else ())
    return Opened(changed, notices if changed.waiting else (), act, door if changed.waiting else ())


async def _people(turn: Turn, involved: frozenset[str]) -> frozenset[str]:
    """The ids of everybody who holds one of the INVOLVED roles today: exclusion is by person."""
    return frozenset([person.id for role in sorted(involved) for person in await turn.people.holders(role)])
