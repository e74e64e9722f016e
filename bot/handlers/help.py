"""Greetings, "help", "talk to a person", and everything nobody else understood."""

from __future__ import annotations

from bot import reaching, wording
from bot.answering import CONTENTS, LIST
from bot.messages import Choice, Reply
from bot.turn import Outcome, Turn
from knowledge.intents import understand

MENU = "menu"
ASK, REPORT, PERSON = "ask", "report", "person"
GREETINGS = frozenset({"", "/start", "start", "hello", "hi", "menu", "help", "?", "/help"})


async def answer(turn: Turn) -> Outcome:
    """Always answers: a person who writes to the bot is never left with silence."""
    message = turn.message
    wish = message.text.strip().casefold()
    kind = understand(message.text, {}, turn.audience).kind
    if wish == PERSON or kind == "talk_to_human":
        return Outcome((reaching.in_person(turn.school, turn.now),))
    if message.pressed and wish == ASK:
        browse = Choice(wording.CONTENTS, LIST)
        return Outcome((Reply(wording.ASK_PROMPT, choices=(browse,), about=CONTENTS),))
    if wish in GREETINGS or kind == "smalltalk":
        return Outcome((menu(f"{wording.HELLO.format(school=turn.school.title)}\n\n{wording.HELP}"),))
    return Outcome() if turn.alarmed else Outcome((menu(wording.NOT_UNDERSTOOD),))


def menu(text: str) -> Reply:
    """TEXT with the three doors below it."""
    return Reply(
        text,
        choices=(Choice("Ask a question", ASK), Choice("Report something", REPORT), Choice("Talk to a person", PERSON)),
        about=MENU,
    )
