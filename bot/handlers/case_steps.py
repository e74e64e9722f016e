"""A step of the school's policy is ticked as done, or its tick is taken away: an act, so that the record shows who, and when."""

from __future__ import annotations

from bot import case_answers, wording_case_desk
from bot.handlers.case_standing import closed
from bot.turn import Outcome, Turn
from flows.cases.acts import Doing, told
from flows.cases.case import Case, Status
from flows.cases.checklist import checklist
from storage.kept import Act, Person


async def ticked(turn: Turn, case: Case, person: Person, number: int, *, done: bool) -> Outcome:
    """PERSON, who may see CASE, says that its step NUMBER is done, or is not. Nothing is written where it stands so already."""
    if case.status is Status.CLOSED:
        return closed(case)
    history = await turn.cases.history(case.reference)
    steps = checklist(history) if history is not None else ()
    step = next((one for one in steps if one.number == number), None)
    if step is None:
        return Outcome((case_answers.with_open(case, wording_case_desk.NO_SUCH_STEP),))
    if (step.done is not None) is done:
        line = wording_case_desk.DONE_ALREADY if done else wording_case_desk.NOT_DONE
        return Outcome((case_answers.with_open(case, line.format(step=step.text)),))
    line = wording_case_desk.STEP_DONE if done else wording_case_desk.STEP_NOT_DONE
    act = Act(Doing.STEP_DONE if done else Doing.STEP_UNDONE, case.id, person.id, told(step=step.text))
    return Outcome((case_answers.with_open(case, line.format(step=step.text)),), audit=(act,))
