"""Take a case, hand it on, say how urgent it is: by button, and by the same wish typed with its reference.

Nothing is remembered but the buttons last shown: whatever else is said or pressed meanwhile gives an unanswered question up.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace

from bot import case_answers, wording_cases
from bot.case_buttons import ABOUT, HAND_ON, HOW, LEAVE, TAKE, TAKE_OVER, TO, URGENCY
from bot.case_commands import Act, Command, command
from bot.handlers import case_handing, case_taking, case_urgency
from bot.handlers.case_standing import changed_since
from bot.memory import OFFERED
from bot.messages import Reply
from bot.turn import Outcome, Turn
from flows.cases.case import ALPHABET, Case
from storage.kept import Person

FEW = 3  # words: a reference with no more than these about it is a wish to see that case, and no reason
STOP_WORDS = frozenset({"cancel", "stop", "never mind", "leave it", "leave it as it is", "no", "back"})
_NAMED = re.compile(rf"SP-?[{ALPHABET}]{{5}}\b", re.IGNORECASE)


async def pressed(turn: Turn, case: Case, person: Person, wish: str, shown_with: str) -> Outcome | None:
    """What the button WISH of CASE does; None when it is no button of these. SHOWN_WITH says what it was shown with."""
    if wish.startswith((TO, HOW)) or wish == TAKE_OVER:
        if shown_with != str(case.version):
            return await changed_since(turn, case, person)
        if wish == TAKE_OVER:
            return await case_taking.taken(turn, case, person)
        if wish.startswith(TO):
            return await case_handing.to_role(turn, case, person, wish.removeprefix(TO))
        return await case_urgency.chosen(turn, case, person, wish.removeprefix(HOW))
    if wish == LEAVE:
        return _left(case)
    begin = {TAKE: case_taking.asked, HAND_ON: case_handing.asked, URGENCY: case_urgency.asked}.get(wish)
    return await begin(turn, case, person) if begin is not None else None


async def typed(turn: Turn, person: Person) -> Outcome | None:
    """The same wishes typed, and the answer to what was asked last. A reference that is not theirs is left to the next."""
    if (wished := command(turn.message.text)) is not None:
        case = await turn.cases.by_reference(wished.reference)
        return None if case is None else dropped(turn, await _wished(turn, case, person, wished))
    return await _answered(turn, person, turn.message.text.strip())


def dropped(turn: Turn, outcome: Outcome) -> Outcome:
    """OUTCOME, after a word on the reason that was asked for and did not come."""
    if case_answers.open_question(turn.memory) is None:
        return outcome
    return replace(outcome, replies=(Reply(wording_cases.URGENCY_LEFT), *outcome.replies))


async def _wished(turn: Turn, case: Case, person: Person, wished: Command) -> Outcome:
    match wished.act:
        case Act.TAKE:
            return await case_taking.asked(turn, case, person)
        case Act.HAND_ON if wished.whom:
            return await case_handing.to_role(turn, case, person, case_answers.role_meant(wished.whom, turn.school))
        case Act.HAND_ON:
            return await case_handing.asked(turn, case, person)
        case Act.URGENCY if wished.how:
            return await case_urgency.chosen(turn, case, person, wished.how, wished.why)
    return await case_urgency.asked(turn, case, person)


async def _answered(turn: Turn, person: Person, text: str) -> Outcome | None:
    """Words where a role, or a reason, was asked for by the very last thing that was said."""
    if (asked := case_answers.open_question(turn.memory)) is not None:
        return await _reason(turn, person, asked, text)
    choosing = [about for _, value, about in json.loads(turn.memory.get(OFFERED, "[]")) if value.startswith(TO)]
    role = case_answers.role_meant(text, turn.school) if choosing else None
    if role is None:
        return None
    case_id, _, shown_with = choosing[0].removeprefix(ABOUT).partition(":")
    case = await turn.cases.by_id(case_id)
    return None if case is None else await pressed(turn, case, person, f"{TO}{role}", shown_with)


async def _reason(turn: Turn, person: Person, asked: tuple[str, str], text: str) -> Outcome | None:
    """TEXT is the reason, unless it is plainly about something else: a question, or the wish to see a case."""
    case_id, how = asked
    if text.endswith("?") or (_NAMED.search(text) is not None and len(text.split()) <= FEW):
        return None
    case = await turn.cases.by_id(case_id)
    if case is None:
        return None  # it is not theirs to see any more: what they type is a message like any other
    if text.casefold().rstrip(".!") in STOP_WORDS:
        return _left(case)
    return await case_urgency.chosen(turn, case, person, how, text)


def _left(case: Case) -> Outcome:
    return Outcome((case_answers.said(case, wording_cases.LEFT.format(reference=case.reference)),))
