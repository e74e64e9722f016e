"""The words that steer a report rather than answer it: back, skip, why, help, cancel, where am I, a person, send and others."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum


class Command(StrEnum):
    """What a person can ask of the flow itself, at any question and by the same word on a button."""

    BACK = "back"
    SKIP = "skip"
    KEEP = "keep"
    WHY = "why"
    HELP = "help"
    CANCEL = "cancel"
    START_AGAIN = "start again"
    WHERE = "where am i"
    EDIT = "edit"
    SEND = "send"
    PERSON = "talk to a person"
    DONE = "done"


# fmt: off
_HEARD: dict[Command, tuple[str, ...]] = {
    Command.BACK: ("back", "go back", "previous", "previous question", "one back"),
    Command.SKIP: ("skip", "skip it", "skip this", "pass", "next"),
    Command.KEEP: ("keep", "keep it", "leave it", "leave it as it is"),
    Command.WHY: ("why", "why do you ask", "why are you asking", "why do you need that", "why do you need to know"),
    Command.HELP: ("help", "help me", "what can i say", "i dont understand", "what do you mean"),
    Command.CANCEL: ("cancel", "stop", "quit", "exit", "abort", "never mind", "nevermind", "forget it", "i want to stop"),
    Command.START_AGAIN: ("start again", "start over", "restart", "begin again"),
    Command.WHERE: ("where am i", "how many", "how many questions", "how much longer", "how long is this"),
    Command.SEND: ("send", "send it", "submit", "send now", "send report"),
    Command.PERSON: ("a real person", "a person", "a human", "human", "person", "call me", "ring me"),
    Command.DONE: ("done", "thats all", "that is all", "thats it", "finished", "no more"),
}
# fmt: on
_COMMANDS = {phrase: command for command, phrases in _HEARD.items() for phrase in phrases}

# Not knowing is a reason to leave a question out, unless the question itself offers it as an answer.
DONT_KNOW = frozenset({"dont know", "i dont know", "do not know", "not sure", "im not sure", "unsure", "no idea", "idk", "dunno"})
# Wishes for a person that are just as well the answer to "how may we get in touch with you?".
PERHAPS_AN_ANSWER = frozenset({"a human", "human", "a person", "person", "call me", "ring me"})
RATHER_NOT = frozenset(
    {"rather not say", "id rather not say", "i would rather not say", "prefer not to say", "id prefer not to say"}
)

_PERSON = re.compile(
    r"(?:(?:can|could|may) i |id like to |i would like to |i want to |i need to |let me |please )?"
    r"(?:talk|speak) (?:to|with) (?:a |a real )?(?:person|human|someone|somebody)(?: please)?"
)
_EDIT = re.compile(r"(?:edit|change|correct)\s+(?:number\s+|question\s+)?(\d{1,2})")


def normal(text: str) -> str:
    """TEXT as it is compared: lower case, no accents, apostrophes or end marks, single spaces."""
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    plain = re.sub(r"['’‘`]", "", plain.casefold())
    return " ".join(re.sub(r"[^\w\s]|_", " ", plain).split())


def command(text: str) -> tuple[Command, int] | None:
    """The wish TEXT is, and the number it names (0 when none); None when it is no wish but, perhaps, an answer."""
    said = normal(text)
    if edit := _EDIT.fullmatch(said):
        return Command.EDIT, int(edit.group(1))
    if _PERSON.fullmatch(said):
        return Command.PERSON, 0
    if said in DONT_KNOW or said in RATHER_NOT:
        return Command.SKIP, 0
    found = _COMMANDS.get(said)
    return (found, 0) if found else None
