"""How long the words of a case are kept: a legal hold, the end of one, and where a closed case stands by now."""

from __future__ import annotations

from bot import case_closing, wording_case_desk
from bot.case_closing import Changed
from bot.desk.case_filled import Fields, needed
from bot.handlers.case_forms import close
from bot.messages import Reply
from bot.turn import Outcome, Turn
from flows.cases.case import Case, NotPossible
from storage.kept import Person


async def hold(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:
    """Nothing of CASE is destroyed until the hold is lifted."""
    reason = needed(fields, "reason", wording_case_desk.WHY)
    try:
        after = case_closing.held(case, person.id, reason, turn.now)
    except NotPossible as why:
        return Outcome((Reply(str(why)),))
    return _written(after, wording_case_desk.HELD.format(reference=case.reference))


async def lift(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:  # noqa: ARG001 - as every act
    """The hold on CASE is over."""
    reason = needed(fields, "reason", wording_case_desk.WHY)
    try:
        after = case_closing.lifted(case, person.id, reason)
    except NotPossible as why:
        return Outcome((Reply(str(why)),))
    return _written(after, wording_case_desk.LIFTED.format(reference=case.reference))


async def moved(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:
    """CASE stands in the school's own record system: its words here go after the days the school set for that."""
    there = needed(fields, "recorded_as", wording_case_desk.WHERE_RECORDED)
    try:
        after = case_closing.moved(case, person.id, there, turn.now)
    except NotPossible as why:
        return Outcome((Reply(str(why)),))
    system = turn.school.record_system or wording_case_desk.RECORD_SYSTEM
    kept = close.kept(turn, after.case)
    return _written(after, wording_case_desk.MOVED.format(reference=case.reference, system=system, there=there, kept=kept))


def _written(after: Changed, said: str) -> Outcome:
    return Outcome((Reply(said),), changed=(after.case,), audit=(after.act,))
