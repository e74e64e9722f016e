"""The questions a report asks about itself, each open on top of the one it interrupted: stop? was that the answer? clear it?"""

from __future__ import annotations

from types import MappingProxyType

from flows.progress import Progress, Stage
from flows.question import Choice, Question
from flows.words import Command, command

_ANSWER, _AGAIN = Choice("It is my answer", "answer"), Choice("Ask me again", "on")

_STOP_OR_ANSWER = Question(
    "doubt",
    "Is that your answer, or do you want to stop?",
    help="We asked for your own words, and what you wrote can also mean that you would like to stop.",
    why="We do not want to stop you by mistake, nor keep a word you did not mean.",
    choices=(_ANSWER, Choice("I want to stop", "halt"), _AGAIN),
    kind="choice",
)
_PERSON_OR_ANSWER = Question(
    "doubt",
    "Is that your answer, or would you like to talk to a person?",
    help="We asked for your own words, and what you wrote can also mean that you would rather talk to somebody.",
    why="We do not want to lose a word you meant, nor keep one you did not mean.",
    choices=(_ANSWER, Choice("I want to talk", "person"), _AGAIN),
    kind="choice",
)
_KEEP_A_DRAFT = Question(
    "stop",
    "Would you like to keep what you have said as a draft?",
    help="A draft is sent to nobody. You can come back to it and go on where you stopped.",
    why="So that you do not have to write it all again if you change your mind.",
    choices=(Choice("Keep a draft", "yes"), Choice("Throw it away", "no"), Choice("Carry on", "on")),
    kind="choice",
)
_CLEAR_IT = Question(
    "restart",
    "Shall we clear what you have said and begin again?",
    help="Your answers so far would be gone. They have been sent to nobody.",
    why="What is cleared cannot be brought back.",
    choices=(Choice("Clear it and begin again", "yes"), Choice("Carry on", "no")),
    kind="choice",
)
_ALWAYS = MappingProxyType({Stage.STOPPING: _KEEP_A_DRAFT, Stage.RESTARTING: _CLEAR_IT})


def own_question(progress: Progress) -> Question | None:
    """The question about the report itself that is open; None when the report's own question, or the review, is."""
    if progress.stage is not Stage.DOUBT:
        return _ALWAYS.get(progress.stage)
    wish = command(progress.pending)
    return _PERSON_OR_ANSWER if wish and wish[0] is Command.PERSON else _STOP_OR_ANSWER
