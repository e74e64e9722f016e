"""Everything that the page of one case is made of, read once for whoever opens it. What they may not see is not among it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.handlers import case_handing, case_standing
from bot.turn import Turn
from flows.cases import alike
from flows.cases.alike import Like
from flows.cases.case import Case, Status
from flows.cases.chronology import History
from flows.cases.climbing import Climb
from flows.cases.telling import Told
from flows.cases.working import may_work
from storage.kept import Person

COMPARED = 50  # cases that are read through for likeness: beyond that it would slow the page down


@dataclass(frozen=True, slots=True)
class Reading:
    """One case as PERSON may see it."""

    turn: Turn
    person: Person
    history: History
    stands: str
    told: Sequence[Told] = ()
    climbs: Sequence[Climb] = ()
    linked: Sequence[Case] = ()
    alike: Sequence[Like] = field(default=(), repr=False)
    due: datetime | None = None
    open_to: Sequence[str] = ()  # the roles it can be handed to
    own: bool = False  # they sent it themselves

    @property
    def case(self) -> Case:
        """The case itself, with all that was said."""
        return self.history.case


async def read(turn: Turn, person: Person, reference: str) -> Reading | None:
    """The case with REFERENCE for PERSON; None where there is none for them."""
    cases = turn.cases
    history = await cases.history(reference)
    if history is None:
        return None
    case = history.case
    linked = await cases.linked(case.id)
    return Reading(
        turn,
        person,
        history,
        stands=await case_standing.stands(turn, case, person),
        told=await cases.told(case.id),
        climbs=await cases.climbs(case.id),
        linked=linked,
        alike=await _alike(turn, case, linked),
        due=await cases.due(case.id, turn.school.calendar),
        open_to=await _open_to(turn, case, person),
        own=await cases.sent(case.id),
    )


async def _alike(turn: Turn, case: Case, linked: Sequence[Case]) -> Sequence[Like]:
    """The reports that look like the same event, of those that this reader may see, less those that are linked already."""
    if case.purged_at is not None:
        return ()
    there = {one.id for one in linked}
    near = [one for one in await turn.cases.around(case.opened_at, alike.AROUND, COMPARED) if one.id not in there]
    return alike.like(case, near, turn.school.zone)


async def _open_to(turn: Turn, case: Case, person: Person) -> Sequence[str]:
    if case.status is Status.CLOSED or not may_work(case, person.id):
        return ()
    return await case_handing.open_to(turn, case, person)
