"""“It is mine”: somebody takes a case, also from somebody else, who then hears so."""

from __future__ import annotations

from bot import case_answers, wording_cases
from bot.handlers.case_standing import clock, closed, holder_role
from bot.messages import Reply
from bot.receipts import may_write
from bot.summaries import by_role, in_role, seen
from bot.turn import Outcome, Turn
from flows.cases.acts import Doing, told
from flows.cases.case import Case, NotPossible, Status
from flows.cases.working import take
from storage.kept import Act, Person


async def asked(turn: Turn, case: Case, person: Person) -> Outcome:
    """PERSON wants CASE. From somebody who has it, it is taken after one question."""
    if case.status is Status.CLOSED:
        return closed(case)
    if case.status is Status.TAKEN and case.holder == person.id:
        return Outcome((case_answers.yours_already(case, turn.school, turn.now),))
    if not case.waiting and case.holder != person.id:
        return Outcome((case_answers.sure_take(case, turn.school, await holder_role(turn, case), turn.now),))
    return await taken(turn, case, person)


async def taken(turn: Turn, case: Case, person: Person) -> Outcome:
    """CASE is PERSON's from now on. Whoever sent it hears that it was seen, unless they had heard that before."""
    try:
        theirs = take(case, person.id, await clock(turn, case))
    except NotPossible as why:
        return Outcome((case_answers.with_open(case, str(why)),))
    former = case.holder if case.holder not in (None, person.id) else None
    details = told(what=wording_cases.WAS_WITH.format(role=await holder_role(turn, case))) if former is not None else ""
    told_reporter = case.waiting and may_write(case)
    return Outcome(
        (case_answers.with_open(case, wording_cases.TAKEN.format(reference=case.reference)),),
        changed=(theirs,),
        settled=(case.id,),
        to_reporter=((theirs, seen(theirs, turn.school, in_role(case, person))),) if told_reporter else (),
        to_informed=() if former is None else ((theirs, former, _gone(turn, theirs, person)),),
        audit=(Act(Doing.TAKEN, case.id, person.id, details),),
    )


def _gone(turn: Turn, case: Case, person: Person) -> Reply:
    text = wording_cases.TAKEN_FROM_YOU.format(reference=case.reference, role=by_role(case, person, turn.school))
    return case_answers.with_open(case, text)
