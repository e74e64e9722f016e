"""What each word that steers a report does: back, skip, keep, why, help, where am I, edit, cancel, start again, a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from flows.onward import answered, done, onward, send
from flows.progress import Progress, Stage
from flows.showing import again, begin, open_question
from flows.steps import Reviewing, Step, Stopped, ToPerson
from flows.words import PERHAPS_AN_ANSWER, Command, normal

# How much of an earlier answer is repeated when somebody comes back to it.
LONGEST_REMINDER = 160


def steer(progress: Progress, wish: tuple[Command, int], text: str, *, pressed: bool) -> Step:
    """What follows the WISH that TEXT is."""
    what, number = wish
    if what is Command.EDIT:
        return edit(progress, number)
    if not pressed and _doubtful(progress, what, text):
        return again(replace(progress, stage=Stage.DOUBT, pending=text, changes=progress.changes + 1))
    return _SIMPLE[what](progress)


def edit(progress: Progress, number: int) -> Step:
    """Back to the answer NUMBER."""
    names = [question.name for question in progress.coming_up]
    if 0 < number <= len(names) and names[number - 1] in progress.answers:
        return _return_to(progress, names[number - 1])
    return again(progress, f"There is no answer number {number} to change yet.", understood=False)


def stop(progress: Progress) -> Step:
    """Ask once what becomes of the words; where there are none, just end."""
    if not progress.answers:
        return Stopped(kept=False, note="All right, we stop here. Nothing was sent.", progress=progress)
    return again(replace(progress, stage=Stage.STOPPING))


def where(progress: Progress) -> Step:
    """How far it is."""
    step = again(progress)
    if isinstance(step, Reviewing):
        return replace(step, note="You have answered everything. Nothing has been sent yet.")
    return replace(step, note=f"This is question {step.number} of {step.of}. Nothing has been sent yet.")


def to_person(progress: Progress) -> Step:
    """The person would rather talk to somebody; the report waits."""
    return ToPerson(again(progress))


def _doubtful(progress: Progress, what: Command, text: str) -> bool:
    """Whether TEXT, typed where own words are wanted, may just as well be the answer."""
    if progress.stage is not Stage.ASKING or open_question(progress).kind not in ("text", "when"):
        return False
    return what is Command.CANCEL or normal(text) in PERHAPS_AN_ANSWER


def _back(progress: Progress) -> Step:
    names = [question.name for question in progress.coming_up]
    place = len(names) if progress.stage is Stage.REVIEWING else names.index(progress.asked)
    if place == 0:
        return again(progress, "This is the first question.")
    return _return_to(progress, names[place - 1])


def _return_to(progress: Progress, name: str) -> Step:
    there = progress.at(name)
    if name not in progress.answers:
        return again(there)
    said = " ".join(open_question(there).shown(progress.answers[name]).split())
    shortened = said if len(said) <= LONGEST_REMINDER else f"{said[:LONGEST_REMINDER].rstrip()}…"
    return again(there, f"You said: “{shortened}”. Answer again, or say “keep” to leave it as it is.")


def _skip(progress: Progress) -> Step:
    if progress.stage is Stage.REVIEWING:
        return again(progress, "There is nothing left to skip. Say “send” when you are ready.")
    question = open_question(progress)
    if question.optional or question.silence:
        return answered(progress, question, question.silence or None)
    why = question.why or "Without it your report could not reach the right person."
    return again(progress, f"We do need an answer to this one. {why}")


def _keep(progress: Progress) -> Step:
    if progress.stage is Stage.REVIEWING:
        return again(progress, "Everything is kept as it is.")
    return onward(progress) if progress.asked in progress.answers else again(progress, "There is no answer here to keep yet.")


def _why(progress: Progress) -> Step:
    if progress.stage is Stage.REVIEWING:
        return again(progress, "So that you can see everything before anybody else does.")
    return again(progress, open_question(progress).why or "It helps the right person to act on your report.")


def _help(progress: Progress) -> Step:
    if progress.stage is Stage.REVIEWING:
        return again(progress, "Say “send”, or “edit” and a number to change that answer. “Back” and “cancel” work too.")
    question = open_question(progress)
    several = "You can name several, such as “1, 2”." if question.kind == "ticks" else ""
    skip = "Say “skip” to leave it out." if question.optional else ""
    ways = "You can also say “back”, “why?”, “where am I?” or “cancel”."
    return again(progress, " ".join(part for part in (question.help, several, skip, ways) if part))


def _start_again(progress: Progress) -> Step:
    if progress.locked:
        # Clearing would take the lock away without a word. Whoever wants it gone can still throw it away, knowing that they do.
        note = "This one is not cleared, because a child's safety may depend on it. “Back” changes an answer, “cancel” stops it."
        return again(progress, note)
    if not progress.answers:
        return begin(progress.flow, progress.id, progress.setting)
    return again(replace(progress, stage=Stage.RESTARTING))


_SIMPLE: MappingProxyType[Command, Callable[[Progress], Step]] = MappingProxyType(
    {
        Command.BACK: _back,
        Command.SKIP: _skip,
        Command.KEEP: _keep,
        Command.WHY: _why,
        Command.HELP: _help,
        Command.WHERE: where,
        Command.CANCEL: stop,
        Command.START_AGAIN: _start_again,
        Command.SEND: send,
        Command.PERSON: to_person,
        Command.DONE: done,
    }
)
