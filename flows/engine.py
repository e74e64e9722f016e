"""Leads a person through a guided report, one question at a time, the same way for every flow and every channel."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from pydantic import ValidationError

from flows.about_itself import own_question
from flows.answers import NotUnderstood, answers_it, understand
from flows.finishing import openings, report_of
from flows.onward import answered, onward, send, tapped
from flows.progress import REVIEW, Progress, Stage, Vanished
from flows.question import HAPPENED, Question
from flows.setting import Setting
from flows.showing import about_of, again, begin, open_question
from flows.steering import edit, steer, stop, to_person, where
from flows.steps import Asking, Finished, Opening, Reviewing, Stale, Step, Stopped, ToPerson
from flows.words import Command, command

__all__ = [
    "Asking", "Finished", "Opening", "Progress", "Reviewing", "Setting", "Stage", "Stale", "Step", "Stopped", "ToPerson",
    "Vanished", "about_of", "again", "begin", "confirm", "hear", "lock", "resolved", "silence",
]  # fmt: skip


def hear(progress: Progress, text: str, *, pressed: bool, about: str, now: datetime) -> Step:
    """What follows when the person types TEXT, or presses the button that means it under the question ABOUT, at NOW."""
    if pressed and about and about != about_of(progress):
        return Stale(again(progress, "That button belongs to an earlier question. This is where we are."))
    if own := own_question(progress):
        return _about_itself(progress, own, text, now, pressed=pressed)
    question = None if progress.stage is Stage.REVIEWING else open_question(progress)
    wish = command(text)
    if wish and wish[0] is Command.DONE and (question is None or question.kind != "ticks"):
        wish = None  # "that's it" ends a row of boxes; anywhere else it is what the person says
    if wish and not (question and answers_it(question, text)):
        return steer(progress, wish, text, pressed=pressed)
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
    """There may be a picture of a child: ask nothing more, and send what is there as soon as we know who must not be told.

    WORDS, in which that showed, are added to what happened. A lock never opens again: neither another answer nor “start again”
    takes it away, and only whoever throws the report away, knowing that they do, is rid of it.
    """
    locked = replace(progress, locked=True)
    question = next(one for one in locked.questions if one.name == HAPPENED)
    before = locked.answers.get(HAPPENED)
    try:
        heard = understand(question, words, now)
    except NotUnderstood:
        return onward(locked)  # no words came with it
    if before is None:
        locked = locked.answered(question, heard.value)
    elif str(heard.value) not in str(before):
        locked = locked.answered(question, f"{before}\n\n{heard.value}")
    return onward(locked, heard.note)


def resolved(progress: Progress) -> tuple[Opening, ...]:
    """The cases that would be opened if PROGRESS were sent now; none when an answer does not fit with the others."""
    try:
        return openings(report_of(progress), progress)
    except ValidationError:
        return ()


def silence(progress: Progress) -> Finished | None:
    """What is sent when the open question stays unanswered and its silence means something; None when it means nothing."""
    unanswered = progress
    while unanswered.stage is Stage.ASKING:
        question = open_question(unanswered)
        if not question.silence:
            return None
        unanswered = unanswered.answered(question, question.silence).onward()
    if progress.stage is not Stage.ASKING:
        return None
    sent = send(unanswered)
    return sent if isinstance(sent, Finished) else None


def _answer(progress: Progress, question: Question, text: str, now: datetime, *, pressed: bool) -> Step:
    if question.kind == "ticks" and pressed:
        return tapped(progress, question, text)
    try:
        heard = understand(question, text, now, pressed=pressed)
    except NotUnderstood as puzzled:
        return again(progress, puzzled.hint, understood=False)
    value = heard.value
    if isinstance(value, list) and progress.tapping:
        # Some boxes were tapped and others named: whoever does both means them all.
        value = [choice.value for choice in question.choices if choice.value in (*progress.ticked, *value)]
    return answered(progress, question, value, heard.note)


def _at_review(progress: Progress, text: str) -> Step:
    if re.fullmatch(r"[0-9]{1,2}", text.strip()):
        return edit(progress, int(text))
    hint = "Nothing has been sent yet. Say “send”, or “edit” and a number to change that answer, or “cancel”."
    return again(progress, hint, understood=False)


def _about_itself(progress: Progress, question: Question, text: str, now: datetime, *, pressed: bool) -> Step:
    wish = command(text)
    if wish and not answers_it(question, text) and (step := _steered(progress, question, wish[0])):
        return step
    try:
        return _decided(progress, str(understand(question, text, now, pressed=pressed).value), now)
    except NotUnderstood as puzzled:
        return again(progress, puzzled.hint, understood=False)


def _steered(progress: Progress, question: Question, what: Command) -> Step | None:
    """What a word that steers does at the QUESTION about the report itself; None where it does nothing."""
    if what is Command.CANCEL and progress.stage is Stage.DOUBT:
        return stop(_resumed(progress))  # said twice, it is the wish to stop
    if what is Command.KEEP and progress.stage is Stage.STOPPING:
        return _kept(progress)
    simple: dict[Command, Callable[[], Step]] = {
        Command.WHY: lambda: again(progress, question.why),
        Command.HELP: lambda: again(progress, question.help),
        Command.WHERE: lambda: where(progress),
        Command.PERSON: lambda: to_person(progress),
        Command.BACK: lambda: again(_resumed(progress)),
    }
    return simple[what]() if what in simple else None


def _decided(progress: Progress, choice: str, now: datetime) -> Step:
    resumed = _resumed(progress)
    match progress.stage, choice:
        case Stage.STOPPING, "yes":
            return _kept(progress)
        case Stage.STOPPING, "no":
            return Stopped(kept=False, note="All right, it is gone. Nothing was sent.", progress=resumed)
        case Stage.RESTARTING, "yes":
            return begin(progress.flow, progress.id, progress.setting)
        case Stage.DOUBT, _:
            return _cleared_up(progress, choice, now)
    return again(resumed)


def _cleared_up(progress: Progress, choice: str, now: datetime) -> Step:
    """What was meant by the words that could be an answer or a wish."""
    resumed = _resumed(progress)
    match choice:
        case "answer":
            return _answer(resumed, open_question(resumed), progress.pending, now, pressed=False)
        case "halt":
            return stop(resumed)
        case "person":
            return to_person(progress)
    return again(resumed)


def _kept(progress: Progress) -> Stopped:
    return Stopped(kept=True, note="We keep it as a draft. It has been sent to nobody.", progress=_resumed(progress))


def _resumed(progress: Progress) -> Progress:
    """Back from a question about the report to the one it interrupted."""
    stage = Stage.REVIEWING if progress.asked == REVIEW else Stage.ASKING
    return replace(progress, stage=stage, pending="")
