"""Leads a person through a guided report, one question at a time, the same way for every flow and every channel."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from pydantic import ValidationError

from flows.answers import NotUnderstood, answers_it, understand
from flows.finishing import openings, report_of
from flows.progress import HAPPENED, REVIEW, Progress, Stage, Vanished
from flows.question import JSON, Choice, Question
from flows.setting import ANYWHERE, Setting
from flows.steps import Asking, Finished, Opening, Reviewing, Stale, Step, Stopped, ToPerson
from flows.words import Command, command

__all__ = [
    "Asking", "Finished", "Opening", "Progress", "Reviewing", "Setting", "Stage", "Stale", "Step", "Stopped", "ToPerson",
    "Vanished", "about_of", "again", "begin", "confirm", "hear", "lock", "resolved", "silence",
]  # fmt: skip

# How much of an earlier answer is repeated when somebody comes back to it.
LONGEST_REMINDER = 160

# The questions the engine asks about the report itself. Each is open on top of the question it interrupted.
_ABOUT_ITSELF = {
    Stage.STOPPING: Question(
        "stop",
        "Would you like to keep what you have said as a draft?",
        help="A draft is sent to nobody. You can come back to it and go on where you stopped.",
        why="So that you do not have to write it all again if you change your mind.",
        choices=(Choice("Keep a draft", "yes"), Choice("Throw it away", "no"), Choice("Carry on", "on")),
        kind="choice",
    ),
    Stage.DOUBT: Question(
        "doubt",
        "Is that your answer, or do you want to stop?",
        help="We asked for your own words, and what you wrote can also mean that you would like to stop.",
        why="We do not want to stop you by mistake, nor keep a word you did not mean.",
        choices=(Choice("It is my answer", "answer"), Choice("I want to stop", "halt"), Choice("Ask me again", "on")),
        kind="choice",
    ),
    Stage.RESTARTING: Question(
        "restart",
        "Shall we clear what you have said and begin again?",
        help="Your answers so far would be gone. They have been sent to nobody.",
        why="What is cleared cannot be brought back.",
        choices=(Choice("Clear it and begin again", "yes"), Choice("Carry on", "no")),
        kind="choice",
    ),
}


def about_of(progress: Progress) -> str:
    """What binds a button to the question it was shown with."""
    place = f"{progress.id}:{progress.asked}"
    if progress.stage in _ABOUT_ITSELF:
        return f"{place}:{progress.stage.value}"
    return f"{place}:{progress.taps}" if progress.taps else place


def begin(flow_name: str, id: str, setting: Setting = ANYWHERE) -> Asking:  # noqa: A002 - it is the id of the progress
    """The first question of the flow called FLOW_NAME, told in SETTING, after its introduction."""
    progress = Progress(flow_name, id=id, setting=setting)
    # The first question can never be a conditional one, so there always is one.
    return _asking(progress.onward(), progress.declared.intro)


def again(progress: Progress, note: str = "", *, understood: bool = True) -> Asking | Reviewing:
    """The open question once more, with NOTE before it; nothing changes."""
    if progress.stage is Stage.REVIEWING:
        lines = tuple((number, one.question, one.answer) for number, one in enumerate(progress.said, 1))
        return Reviewing(progress, lines, note, understood)
    return _asking(progress, note, understood=understood)


def hear(progress: Progress, text: str, *, pressed: bool, about: str, now: datetime) -> Step:
    """What follows when the person types TEXT, or presses the button that means it under the question ABOUT, at NOW."""
    if pressed and about and about != about_of(progress):
        return Stale(again(progress, "That button belongs to an earlier question. This is where we are."))
    if progress.stage in _ABOUT_ITSELF:
        return _about_itself(progress, text, now, pressed=pressed)
    question = None if progress.stage is Stage.REVIEWING else _open(progress)
    wish = command(text)
    if wish and wish[0] is Command.DONE and (question is None or question.kind != "ticks"):
        wish = None  # "that's it" ends a row of boxes; anywhere else it is what the person says
    if wish and not (question and answers_it(question, text)):
        return _steer(progress, wish, text, pressed=pressed)
    if question is None:
        return _at_review(progress, text)
    return _answer(progress, question, text, now, pressed=pressed)


def confirm(progress: Progress, role: str) -> Progress:
    """PROGRESS when the words may name ROLE: whether that person is part of it is asked, once, before anything is sent."""
    known = role in progress.named or any(
        one.kind == "role" and progress.answers.get(one.name) == role for one in progress.questions
    )
    return progress if known else replace(progress, named=(*progress.named, role)).onward()


def lock(progress: Progress, words: str, now: datetime) -> Step:
    """There may be a picture of a child: ask nothing more, and send what is there as soon as we know who must not be told."""
    locked = replace(progress, locked=True)
    if words and HAPPENED not in progress.answers:
        question = next(one for one in progress.questions if one.name == HAPPENED)
        locked = locked.answered(question, understand(question, words, now).value)
    return _onward(locked, "")


def resolved(progress: Progress) -> tuple[Opening, ...]:
    """The cases that would be opened if PROGRESS were sent now; none when an answer does not fit with the others."""
    try:
        return openings(report_of(progress), progress)
    except ValidationError:
        return ()


def silence(progress: Progress) -> Finished | None:
    """What is sent when the open question stays unanswered and its silence means something; None when it means nothing."""
    if progress.stage is not Stage.ASKING or not (meant := _open(progress).silence):
        return None
    onward = progress.answered(_open(progress), meant).onward()
    done = _send(onward) if onward.stage is Stage.REVIEWING else None
    return done if isinstance(done, Finished) else None


def _asking(progress: Progress, note: str = "", *, understood: bool = True) -> Asking:
    names = [question.name for question in progress.coming_up]
    number = names.index(progress.asked) + 1 if progress.asked in names else len(names)
    return Asking(progress, _open(progress), number, len(names), note, understood)


def _open(progress: Progress) -> Question:
    own = _ABOUT_ITSELF.get(progress.stage)
    return own or next(question for question in progress.coming_up if question.name == progress.asked)


def _answer(progress: Progress, question: Question, text: str, now: datetime, *, pressed: bool) -> Step:
    if question.kind == "ticks" and pressed:
        return _tapped(progress, question, text)
    try:
        heard = understand(question, text, now, pressed=pressed)
    except NotUnderstood as puzzled:
        return again(progress, puzzled.hint, understood=False)
    return _answered(progress, question, heard.value, heard.note)


def _answered(progress: Progress, question: Question, value: JSON, note: str = "") -> Step:
    answered = progress.answered(question, value)
    if goodbye := question.stops.get(str(value)):
        return Stopped(kept=False, note=goodbye, progress=answered, because=str(value))
    said = value if isinstance(value, list) else [value]
    if any(one in question.locks for one in said):
        answered = replace(answered, locked=True)
    return _onward(answered, note)


def _onward(progress: Progress, note: str) -> Step:
    """The next question. A locked report is not read through first: it goes out as soon as nothing is left to ask."""
    onward = progress.onward()
    return _send(onward) if onward.locked and onward.stage is Stage.REVIEWING else again(onward, note)


def _tapped(progress: Progress, question: Question, value: str) -> Step:
    if value not in {choice.value for choice in question.choices}:
        return again(progress, "Tap what applies, then “done”.", understood=False)
    return again(progress.tapped(value))


def _done(progress: Progress) -> Step:
    question = _open(progress)
    if progress.ticked:
        return _answered(progress, question, [one.value for one in question.choices if one.value in progress.ticked])
    return _skip(progress) if question.optional else again(progress, "Tap at least one, then “done”.", understood=False)


def _at_review(progress: Progress, text: str) -> Step:
    if re.fullmatch(r"[0-9]{1,2}", text.strip()):
        return _edit(progress, int(text))
    hint = "Nothing has been sent yet. Say “send”, or “edit” and a number to change that answer, or “cancel”."
    return again(progress, hint, understood=False)


def _steer(progress: Progress, wish: tuple[Command, int], text: str, *, pressed: bool) -> Step:
    what, number = wish
    if what is Command.EDIT:
        return _edit(progress, number)
    if what is Command.CANCEL:
        return _cancel(progress, text, pressed=pressed)
    simple: dict[Command, Callable[[Progress], Step]] = {
        Command.BACK: _back,
        Command.SKIP: _skip,
        Command.KEEP: _keep,
        Command.WHY: _why,
        Command.HELP: _help,
        Command.WHERE: _where,
        Command.START_AGAIN: _start_again,
        Command.SEND: _send,
        Command.PERSON: _to_person,
        Command.DONE: _done,
    }
    return simple[what](progress)


def _about_itself(progress: Progress, text: str, now: datetime, *, pressed: bool) -> Step:
    question = _ABOUT_ITSELF[progress.stage]
    match command(text):
        case (Command.WHY | Command.HELP as what, _):
            return again(progress, question.why if what is Command.WHY else question.help)
        case (Command.PERSON, _):
            return _to_person(progress)
        case (Command.BACK, _):
            return again(_resumed(progress))
        # "Cancel" said twice is the wish to stop.
        case (Command.CANCEL, _) if progress.stage is Stage.DOUBT:
            return _stop(_resumed(progress))
        case (Command.KEEP, _) if progress.stage is Stage.STOPPING:
            return _decided(progress, "yes", now)
    try:
        return _decided(progress, str(understand(question, text, now, pressed=pressed).value), now)
    except NotUnderstood as puzzled:
        return again(progress, puzzled.hint, understood=False)


def _decided(progress: Progress, choice: str, now: datetime) -> Step:
    resumed = _resumed(progress)
    match progress.stage, choice:
        case Stage.STOPPING, "yes":
            return Stopped(kept=True, note="We keep it as a draft. It has been sent to nobody.", progress=resumed)
        case Stage.STOPPING, "no":
            return Stopped(kept=False, note="All right, it is gone. Nothing was sent.", progress=resumed)
        case Stage.DOUBT, "answer":
            return _answer(resumed, _open(resumed), progress.pending, now, pressed=False)
        case Stage.DOUBT, "halt":
            return _stop(resumed)
        case Stage.RESTARTING, "yes":
            return begin(progress.flow, progress.id, progress.setting)
    return again(resumed)


def _resumed(progress: Progress) -> Progress:
    """Back from a question about the report to the one it interrupted."""
    stage = Stage.REVIEWING if progress.asked == REVIEW else Stage.ASKING
    return replace(progress, stage=stage, pending="")


def _edit(progress: Progress, number: int) -> Step:
    names = [question.name for question in progress.coming_up]
    if 0 < number <= len(names) and names[number - 1] in progress.answers:
        return _return_to(progress, names[number - 1])
    return again(progress, f"There is no answer number {number} to change yet.", understood=False)


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
    said = " ".join(_open(there).shown(progress.answers[name]).split())
    shortened = said if len(said) <= LONGEST_REMINDER else f"{said[:LONGEST_REMINDER].rstrip()}…"
    return again(there, f"You said: “{shortened}”. Answer again, or say “keep” to leave it as it is.")


def _skip(progress: Progress) -> Step:
    if progress.stage is Stage.REVIEWING:
        return again(progress, "There is nothing left to skip. Say “send” when you are ready.")
    question = _open(progress)
    if question.optional or question.silence:
        return _answered(progress, question, question.silence or None)
    why = question.why or "Without it your report could not reach the right person."
    return again(progress, f"We do need an answer to this one. {why}")


def _keep(progress: Progress) -> Step:
    if progress.stage is Stage.ASKING and progress.asked in progress.answers:
        return _onward(progress, "")
    return again(
        progress, "There is no answer here to keep yet." if progress.stage is Stage.ASKING else "Everything is kept as it is."
    )


def _why(progress: Progress) -> Step:
    if progress.stage is Stage.REVIEWING:
        return again(progress, "So that you can see everything before anybody else does.")
    return again(progress, _open(progress).why or "It helps the right person to act on your report.")


def _help(progress: Progress) -> Step:
    if progress.stage is Stage.REVIEWING:
        return again(progress, "Say “send”, or “edit” and a number to change that answer. “Back” and “cancel” work too.")
    ways = "You can also say “back”, “why?”, “where am I?” or “cancel”."
    skip = "Say “skip” to leave it out. " if _open(progress).optional else ""
    return again(progress, f"{_open(progress).help} {skip}{ways}".strip())


def _where(progress: Progress) -> Step:
    step = again(progress)
    if isinstance(step, Reviewing):
        return replace(step, note="You have answered everything. Nothing has been sent yet.")
    return replace(step, note=f"This is question {step.number} of {step.of}. Nothing has been sent yet.")


def _cancel(progress: Progress, text: str, *, pressed: bool) -> Step:
    if not pressed and progress.stage is Stage.ASKING and _open(progress).kind in ("text", "when"):
        return again(replace(progress, stage=Stage.DOUBT, pending=text))
    return _stop(progress)


def _stop(progress: Progress) -> Step:
    if not progress.answers:
        return Stopped(kept=False, note="All right, we stop here. Nothing was sent.", progress=progress)
    return again(replace(progress, stage=Stage.STOPPING))


def _start_again(progress: Progress) -> Step:
    if not progress.answers:
        return begin(progress.flow, progress.id, progress.setting)
    return again(replace(progress, stage=Stage.RESTARTING))


def _to_person(progress: Progress) -> Step:
    return ToPerson(again(progress))


def _send(progress: Progress) -> Step:
    if progress.stage is not Stage.REVIEWING:
        return again(progress, "Before it can be sent there is still this question.")
    try:
        report = report_of(progress)
    except ValidationError as refused:
        # A rule of the flow's own, beyond one question's choices: ask for the answer it names once more.
        place = next((str(error["loc"][0]) for error in refused.errors(include_input=False) if error["loc"]), progress.said[0].name)
        return again(
            progress.at(place), "This answer does not fit with the others. Could you look at it once more?", understood=False
        )
    return Finished(report, openings(report, progress), progress)
