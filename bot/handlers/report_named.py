"""Words that name somebody who would read the report: asked about once, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable

from bot import beside
from bot.beside import Beside
from bot.naming import named_in
from bot.turn import Turn
from flows.engine import Asking, Finished, Opening, Progress, Reviewing, again, confirm, resolved

# A step on which something is still to be said, or sent.
Onward = Asking | Reviewing | Finished


async def noted(turn: Turn, before: Progress, after: Progress) -> Beside:
    """What is kept beside the report, with the roles that the own words just answered may mean."""
    kept = beside.recall(turn.memory, after.id)
    own = {one.name for one in after.questions if one.kind == "text"}
    said = [str(after.answers[name]) for name in own & after.answers.keys() if after.answers[name] != before.answers.get(name)]
    answered = [words for words in said if words != "None"]
    return kept.naming(await named_in(turn, "\n".join(answered))) if answered else kept


def asked_about(turn: Turn, step: Onward, kept: Beside) -> Onward:
    """STEP; or, where it would show or send a report to somebody its words name, the question whether they are part of it."""
    match step:
        case Reviewing():
            return _asked(turn, step, resolved(step.progress), kept)
        # A locked report is not read through first, so that this is the last moment.
        case Finished() if step.progress.locked:
            return _asked(turn, step, step.openings, kept)
    return step


def readers(turn: Turn, openings: Iterable[Opening]) -> frozenset[str]:
    """Every role that is told of OPENINGS, or will be when nobody opens them in time."""
    ladders = (turn.school.ladder(one.matter, one.concerned) for one in openings)
    return frozenset(role for ladder in ladders for rung in ladder for role in rung)


def _asked(turn: Turn, step: Reviewing | Finished, openings: Iterable[Opening], kept: Beside) -> Onward:
    progress = step.progress
    for role in sorted(readers(turn, openings) & frozenset(kept.named)):
        progress = confirm(progress, role)
    return step if progress is step.progress else again(progress)
