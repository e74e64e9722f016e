"""A report in which somebody said that there is danger, and which ends there: what they answered is an urgent report of its own.

They stopped writing, or they are a child whom this place is not for. 999 was said before; now the school hears of it as well.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot import beside, wording
from bot.memory import Talk
from bot.messages import Reply
from bot.opening import open_case
from bot.summaries import role_words, telling
from bot.triage import EMERGENCY, SAME_EMERGENCY, part_of
from bot.turn import Kept, Outcome, Turn
from flows.cases.case import Severity
from flows.cases.routing import UNNAMED_ADULT
from flows.matters import DANGER

AFTER = timedelta(minutes=10)  # as the bot says when it says 999
SEEN_TO = "danger_seen_to"  # memory: the report whose danger the school has heard of


def waits(talk: Talk) -> bool:
    """Whether TALK's open report says that somebody is in danger, and nobody has seen to it that the school hears of it."""
    progress = talk.progress
    return progress is not None and progress.in_danger and talk.memory.get(SEEN_TO) != progress.id


async def told(turn: Turn, sentence: str) -> Outcome:
    """What TURN's open report says so far, sent as an emergency past whoever it names; SENTENCE says so to its writer.

    Nothing where their own words opened one in the middle of it: that report and this one are the same.
    """
    progress = turn.progress
    assert progress is not None  # noqa: S101 - only a report that is open can end
    memory = {**turn.memory, SEEN_TO: progress.id}
    earlier = [case for case in await turn.own() if case.id == turn.memory.get(EMERGENCY)]
    if any(turn.now - case.opened_at < SAME_EMERGENCY for case in earlier):
        return Outcome(memory=memory)
    involved = part_of(progress)
    said = (*progress.said, *beside.recall(turn.memory, progress.id).said)
    opened = await open_case(turn, DANGER, Severity.IMMEDIATE, said, involved=involved)
    text = telling(turn.school, opened.case, sentence, opened.told)
    if (left_out := sorted(involved - {UNNAMED_ADULT})) and opened.case.rungs:
        text += " " + wording.LEFT_OUT_SAID.format(roles=role_words(turn.school, left_out))
    return Outcome(
        (Reply(f"{text}\n\n{wording.NINE_NINE_NINE}"),),
        memory={**memory, EMERGENCY: opened.case.id},
        opened=(opened.case,),
        notices=opened.notices,
        audit=(opened.act,),
        passed_on=True,
    )


async def with_it(turn: Turn, outcome: Outcome) -> Outcome:
    """OUTCOME, which ends the report of somebody whom this place is not for; and the school hears of the danger they spoke of."""
    if turn.progress is None or not turn.progress.in_danger:
        return outcome
    school_told = await told(turn, wording.TOLD_STOPPED)
    memory = dict(turn.memory if isinstance(outcome.memory, Kept) else outcome.memory)
    if school_told.opened:
        memory[EMERGENCY] = school_told.opened[0].id  # more words of it join that
    return replace(
        outcome,
        replies=(*outcome.replies, *school_told.replies),
        memory=memory,
        opened=school_told.opened,
        notices=school_told.notices,
        audit=school_told.audit,
        passed_on=True,
    )
