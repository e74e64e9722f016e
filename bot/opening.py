"""Opening a case: from what was said and the school's route to the case, its notices and its first audit link."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass

from bot.turn import Turn
from flows.cases.case import Case, Said, Severity, reference
from flows.cases.clocks import notices
from flows.cases.notice import Notice
from flows.cases.routing import rungs
from storage.kept import Act


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that is ready to be recorded."""

    case: Case
    notices: tuple[Notice, ...]
    act: Act


async def open_case(
    turn: Turn,
    matter: str,
    severity: Severity,
    said: tuple[Said, ...],
    *,
    involved: frozenset[str] = frozenset(),
) -> Opened:
    """Open a case on MATTER. INVOLVED are the roles that are, or may be, what it is about: they and the people in them lose it."""
    route = turn.school.routes[matter]
    people = [person for role in sorted(involved) for person in await turn.people.holders(role)]
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
        reporter=turn.conversation,
        concerns=frozenset(person.id for person in people),
    )
    act = Act("case opened", case=case.id, details=json.dumps({"matter": matter, "severity": severity.value}))
    return Opened(case, notices(case, turn.school.calendar, turn.now), act)
