"""Words in a language the bot cannot read: says so plainly, in the languages most families speak, and shows the way to a person."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot import wording
from bot.handlers.help import MENU, menu
from bot.home_languages import LINES
from bot.messages import Choice
from bot.triage import TELL, WORRY_ID, keep_words
from bot.turn import Outcome, Turn
from flows.cases.routing import LEAD
from knowledge.language import english


async def answer(turn: Turn) -> Outcome | None:
    """Take what is not English, unless it answers an open question: there any language is as good as another."""
    message = turn.message
    if message.pressed or message.attachments or turn.progress is not None:
        return None
    # In a thread: the first message of all reads the words of English.
    if await asyncio.to_thread(english, message.text):
        return None
    doors = menu("\n".join((wording.ONLY_ENGLISH.format(office=turn.school.roles["office"]), "", *LINES)))
    if turn.alarmed:  # the lead's own button, or the case itself, is there already
        return Outcome((doors,))
    # Nobody weighed these words as well as English ones are weighed: a person can.
    kept = keep_words(turn)
    tell = Choice(wording.TELL_WHOM.format(role=turn.school.roles[LEAD]), TELL)
    return Outcome(
        (replace(doors, choices=(tell, *doors.choices), about=f"{MENU}:{kept[WORRY_ID]}"),), memory={**turn.memory, **kept}
    )
