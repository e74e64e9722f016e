"""The buttons of a reminder: carry on, keep it as a draft, throw it away; and a draft that is asked for and not there any more."""

from __future__ import annotations

from dataclasses import replace

from bot import wording
from bot.asking import asked
from bot.drafts import KEEP, ON
from bot.handlers.help import MENU, menu
from bot.handlers.report_shown import RESUME, shown
from bot.memory import DRAFT, REMINDER
from bot.messages import Reply
from bot.turn import Outcome, Turn
from flows.engine import Progress, Stage, about_of, again, hear

# What the engine calls these wishes at its own question whether to keep a draft.
_MEANT = {KEEP: "yes", ON: "on"}


async def answer(turn: Turn) -> Outcome | None:
    """Take what answers a reminder, whatever became of the report meanwhile."""
    message = turn.message
    if message.about.startswith(REMINDER):
        return await _answered(turn, message.about.removeprefix(REMINDER))
    if message.pressed and message.about.startswith(MENU) and message.text == RESUME and DRAFT not in turn.memory:
        return _nothing_there(turn)
    return None


async def _answered(turn: Turn, report: str) -> Outcome:
    progress, wish = turn.progress, turn.message.text
    if progress is None and (aside := _aside(turn)) is not None and aside.id == report:
        # It was kept already: the same three buttons still do what they say.
        turn = replace(turn, memory={key: value for key, value in turn.memory.items() if key != DRAFT})
        progress = aside
    if progress is None or progress.id != report:
        return _nothing_there(turn)
    if wish == ON:
        return Outcome((asked(again(progress, wording.OPEN_QUESTION), turn.school),), progress=progress, memory=turn.memory)
    stopping = replace(progress, stage=Stage.STOPPING, pending="")
    if wish != KEEP and not turn.message.pressed:
        # Typed, it may have been meant for the question before: what cannot be undone is asked.
        return Outcome((asked(again(stopping), turn.school),), progress=stopping, memory=turn.memory)
    step = hear(stopping, _MEANT.get(wish, "no"), pressed=True, about=about_of(stopping), now=turn.now)
    return await shown(replace(turn, progress=progress), step)


def _aside(turn: Turn) -> Progress | None:
    if DRAFT not in turn.memory:
        return None
    draft = Progress.from_json(turn.memory[DRAFT], turn.school.setting(turn.message.address.channel))
    return draft if isinstance(draft, Progress) else None


def _nothing_there(turn: Turn) -> Outcome:
    """Said kindly; while another report is open, its question follows by itself."""
    return Outcome((Reply(wording.OLD_BUTTON),) if turn.progress is not None else (menu(wording.NO_DRAFT),))
