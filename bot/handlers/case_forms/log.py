"""Log a report: a role holder is led through the questions for somebody who told them by phone, in person or on paper."""

from __future__ import annotations

from bot import case_drafts, wording_case_forms
from bot.asking import asked
from bot.handlers.report_shown import begun as begin
from bot.logged import FLOW, may_log
from bot.messages import Reply
from bot.turn import Outcome, Turn
from storage.kept import Person


def begun(turn: Turn, person: Person) -> Outcome | None:
    """The first question; nothing for somebody whose role reads no report: they tell the school in the usual way."""
    if not may_log(person, turn.school):
        return None
    if turn.progress is not None:
        return Outcome((Reply(wording_case_forms.LOG_FINISH_FIRST),))
    step = begin(turn, FLOW)
    return Outcome((asked(step, turn.school),), progress=step.progress, memory=case_drafts.forget(turn.memory))
