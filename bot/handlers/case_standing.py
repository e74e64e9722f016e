"""How a case stands with people, said by role: who has it, since when, and why somebody else does not decide it now."""

from __future__ import annotations

from bot import case_answers, wording, wording_cases
from bot.summaries import by_role
from bot.turn import Outcome, Turn
from flows.cases.case import Case, Status
from flows.cases.past import Clock
from flows.cases.working import has_it
from storage.kept import Person


async def holder_role(turn: Turn, case: Case) -> str:
    """The role of whoever has CASE, in the school's words."""
    holder = None if case.holder is None else await turn.people.by_id(case.holder)
    return by_role(case, holder, turn.school)


async def stands(turn: Turn, case: Case, person: Person) -> str:
    """CASE in a few words for PERSON: who has it by role, and since when."""
    if case.status is Status.CLOSED:
        return wording_cases.IS_CLOSED
    if case.waiting:
        return wording_cases.NOBODY_HAS_IT
    who = wording_cases.YOU_HAVE_IT if has_it(case, person.id) else wording_cases.WITH.format(role=await holder_role(turn, case))
    if case.acknowledged_at is None:
        return who
    since = wording.at(case.acknowledged_at, turn.now, turn.school.zone)
    return wording_cases.SEEN_SINCE.format(who=who, when=since)


async def changed_since(turn: Turn, case: Case, person: Person) -> Outcome:
    """A button that was shown when CASE stood otherwise: nothing is done, and they are told how it stands now."""
    text = wording_cases.CHANGED_SINCE.format(reference=case.reference, stands=await stands(turn, case, person))
    return Outcome((case_answers.with_open(case, text),))


async def not_while(turn: Turn, case: Case) -> Outcome:
    """Somebody else has it, and decides on its way."""
    if case.status is Status.CLOSED:
        return closed(case)
    text = wording_cases.NOT_WHILE.format(
        reference=case.reference, role=await holder_role(turn, case), take=wording_cases.TAKE_OVER
    )
    return Outcome((case_answers.can_take_over(case, text),))


def closed(case: Case) -> Outcome:
    """There is nothing to take, to hand on or to hurry any more."""
    return Outcome((case_answers.with_open(case, wording_cases.CLOSED.format(reference=case.reference)),))


async def clock(turn: Turn, case: Case) -> Clock:
    """How far CASE has climbed, and how the school counts the hours."""
    return Clock(await turn.cases.climbs(case.id), turn.school.calendar, turn.now)
