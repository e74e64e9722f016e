"""How urgent a case is: somebody who works on it says so, and why. The reason is the next message, or stands behind the wish."""

from __future__ import annotations

from bot import case_answers, case_drafts, wording_cases
from bot.handlers import adding
from bot.handlers.case_standing import clock, closed, not_while
from bot.turn import Outcome, Turn
from flows.answers import clean
from flows.cases.acts import Doing, told
from flows.cases.case import Case, NotPossible, Severity, Status
from flows.cases.working import change_urgency, may_work
from storage.kept import Act, Person

REASON = 500  # letters: it stands in the record beside the act


async def asked(turn: Turn, case: Case, person: Person) -> Outcome:
    """How urgent is it?"""
    if (refused := await _refused(turn, case, person)) is not None:
        return refused
    return Outcome((case_answers.how_urgent(case),))


async def chosen(turn: Turn, case: Case, person: Person, how: str, reason: str = "") -> Outcome:
    """CASE is to be as urgent as HOW says, for a REASON, which is asked for where there is none yet."""
    if (refused := await _refused(turn, case, person)) is not None:
        return refused
    severity = next((one for one in Severity if one.value == how.casefold()), None)
    if severity is None:
        return Outcome((case_answers.how_urgent(case),))
    if severity is case.severity:
        same = wording_cases.SAME_URGENCY.format(reference=case.reference, now=wording_cases.URGENT[severity.value])
        return Outcome((case_answers.with_open(case, same),))
    words = clean(reason)
    if len(words) > REASON:
        return _why(turn, case, severity, wording_cases.REASON_TOO_LONG.format(most=REASON))
    if not words:
        return _why(turn, case, severity)
    return await _changed(turn, case, person, severity, words)


def _why(turn: Turn, case: Case, severity: Severity, before: str = "") -> Outcome:
    # Whatever else waited for words here has been given up: one message must not answer two questions.
    memory = case_drafts.forget(adding.forget(turn.memory))
    return Outcome((case_answers.why_urgent(case, severity, before),), memory=memory)


async def _changed(turn: Turn, case: Case, person: Person, severity: Severity, reason: str) -> Outcome:
    try:
        after = change_urgency(case, severity, await clock(turn, case))
    except NotPossible as why:
        return Outcome((case_answers.with_open(case, str(why)),))
    details = told(before=case.severity.value, severity=severity.value, reason=reason)
    return Outcome(
        (case_answers.urgent_now(case, after, reason, turn.school, turn.now),),
        changed=(after.case,),
        replanned=(case.id,) if case.waiting else (),
        notices=after.notices,
        audit=(Act(Doing.URGENCY, case.id, person.id, details),),
    )


async def _refused(turn: Turn, case: Case, person: Person) -> Outcome | None:
    if case.status is Status.CLOSED:
        return closed(case)
    return None if may_work(case, person.id) else await not_while(turn, case)
