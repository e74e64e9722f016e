"""From an answer to what follows it: the next question, the review, a friendly end, or the report on its way."""

from __future__ import annotations

from dataclasses import replace

from pydantic import ValidationError

from flows.finishing import openings, report_of
from flows.progress import Progress, Stage
from flows.question import JSON, Question, told
from flows.showing import again, open_question
from flows.steps import Finished, Step, Stopped


def answered(progress: Progress, question: Question, value: JSON, note: str = "") -> Step:
    """What follows when VALUE is the answer to QUESTION."""
    after = progress.answered(question, value)
    said = told(value)
    if ending := next((one for one in said if one in question.stops), ""):
        return Stopped(kept=False, note=question.stops[ending], progress=after, because=ending)
    if any(one in question.locks for one in said):
        after = replace(after, locked=True)
    return onward(after, note)


def onward(progress: Progress, note: str = "") -> Step:
    """The next question. A locked report is not read through first: it goes out as soon as nothing is left to ask."""
    there = progress.onward()
    return send(there) if there.locked and there.stage is Stage.REVIEWING else again(there, note)


def tapped(progress: Progress, question: Question, value: str) -> Step:
    """What follows when the box VALUE is tapped."""
    if value not in {choice.value for choice in question.choices}:
        return again(progress, "Tap what applies, then “done”.", understood=False)
    return again(progress.tapped(value))


def done(progress: Progress) -> Step:
    """What follows when nobody wants to tick any more."""
    question = open_question(progress)
    if ticked := [choice.value for choice in question.choices if choice.value in progress.ticked]:
        return answered(progress, question, ticked)
    if question.optional:
        return answered(progress, question, None)
    return again(progress, "Tap at least one, then “done”.", understood=False)


def send(progress: Progress) -> Step:
    """The report, if nothing is left to ask and its answers fit with each other."""
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
