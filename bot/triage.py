"""Emergency first: what danger words add before anything a handler says. A step of the one path, in a flow or out of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from bot import wording
from bot.messages import Choice, Reply
from bot.opening import open_case
from bot.summaries import role_words, telling
from bot.turn import Outcome, Turn
from flows.cases.case import Said, Severity
from flows.matters import DANGER, TELL_THE_LEAD
from knowledge.risk import Risk
from storage.kept import Act, Addition

EMERGENCY = "emergency"  # memory: the case this conversation's danger words opened
WORRY = "worry"  # memory: words that may need the lead, until the button is pressed or the next worry comes
WORRY_ID = "worry_id"
ASKED_OF_THEM = "What they wrote"

# Words that follow an emergency within this time belong to the same case; later ones open a new one.
SAME_EMERGENCY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Alarm:
    """What triage puts in front of the handlers' outcome. `quiet` when there is nothing."""

    outcome: Outcome = field(default_factory=Outcome)
    memory: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def quiet(self) -> bool:
        return not self.outcome.replies


async def alarm(turn: Turn, risk: Risk) -> Alarm:
    """What RISK calls for: 999 and a case at once, one line and a button, or nothing."""
    if risk.level == "immediate":
        return await _emergency(turn, risk)
    if risk.level == "high":
        return _worry(turn)
    return Alarm()


async def _emergency(turn: Turn, risk: Risk) -> Alarm:
    said = (Said(ASKED_OF_THEM, turn.message.text),)
    earlier = turn.memory.get(EMERGENCY)
    for case in await turn.own() if earlier else ():
        if case.id == earlier and case.waiting and turn.now - case.opened_at < SAME_EMERGENCY:
            lines = (wording.NINE_NINE_NINE, wording.TOLD_AGAIN.format(reference=case.reference))
            added = (Addition(case.id, said),)
            return Alarm(Outcome((Reply("\n\n".join(lines)),), added=added, audit=(Act("words added", case.id),)))
    opened = await open_case(turn, DANGER, Severity.IMMEDIATE, said, involved=risk.names_roles)
    case = opened.case
    told = telling(turn.school, case, wording.TOLD_EMERGENCY)
    if risk.names_roles and case.rungs:
        told += " " + wording.LEFT_OUT.format(roles=role_words(turn.school, sorted(risk.names_roles)))
    return Alarm(
        Outcome((Reply(f"{wording.NINE_NINE_NINE}\n\n{told}"),), opened=(case,), notices=opened.notices, audit=(opened.act,)),
        {EMERGENCY: case.id},
    )


def _worry(turn: Turn) -> Alarm:
    worry = uuid.uuid4().hex[:8]
    button = Reply(wording.WORRIED, choices=(Choice(wording.TELL_THE_LEAD, "tell-the-lead"),), about=f"worry:{worry}")
    return Alarm(Outcome((button,)), {WORRY: turn.message.text, WORRY_ID: worry})


async def told_the_lead(turn: Turn) -> Outcome:
    """Somebody pressed "Tell the lead now": the words they wrote become a report."""
    if turn.message.about != f"worry:{turn.memory.get(WORRY_ID, '')}" or WORRY not in turn.memory:
        return Outcome((Reply(wording.WORRY_GONE),))
    said = (Said(ASKED_OF_THEM, turn.memory[WORRY]),)
    opened = await open_case(turn, TELL_THE_LEAD, Severity.HIGH, said)
    case = opened.case
    text = telling(turn.school, case, wording.LEAD_TOLD)
    memory = {key: value for key, value in turn.memory.items() if key not in (WORRY, WORRY_ID)}
    return Outcome((Reply(text),), memory=memory, opened=(case,), notices=opened.notices, audit=(opened.act,))
