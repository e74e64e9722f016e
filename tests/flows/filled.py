"""Reports for the tests of single flows: filled in at once, or walked through the way a person does it."""

from __future__ import annotations

from flows import catalogue
from flows.engine import Asking, Finished, Reviewing, Stopped, begin, lock
from flows.flow import Flow, questions
from flows.setting import ANYWHERE, Setting
from tests.flows.telling import NOW, clicks, types

FRAME = {"danger": "no", "you": "parent", "safe": "yes", "adult_part": "no", "happened": "It came at night."}


def report(flow: str, **answers: object) -> Flow:
    """FLOW with ANSWERS, and everyday ones for the frame; an answer to a question that would not come up is a slip of the test."""
    declared = catalogue.flow(flow)
    given = {**FRAME, **answers}
    kept = {name: sorted(said) if isinstance(said, set) else said for name, said in given.items()}
    coming_up = {question.name for question in questions(declared) if question.comes_up(kept)}
    assert given.keys() <= coming_up, sorted(given.keys() - coming_up)
    return declared.model_validate(given)


def walked(flow: str, setting: Setting = ANYWHERE, **answers: object) -> tuple[list[str], Reviewing | Finished | Stopped]:
    """The names of the questions that come up, in order, and where they lead. What ANSWERS leave open is skipped."""
    given = {**FRAME, **answers}
    step, names = begin(flow, "w1", setting), []
    while isinstance(step, Asking):
        name = step.question.name
        assert name not in names, f"{name} is asked twice, or needs an answer"
        names.append(name)
        said = given.get(name)
        if isinstance(said, set):
            step = clicks(step, *sorted(said), "done")
        elif said is None or step.question.choices:
            step = clicks(step, str(said or "skip"))
        else:
            step = types(step, str(said))
    assert isinstance(step, Reviewing | Finished | Stopped)
    return names, step


def asked_after_a_lock(flow: str, *presses: str) -> str:
    """The question that is still asked when, after PRESSES, a picture of a child turns out to be possible; "" when none is."""
    step = lock(clicks(begin(flow, "w1"), *presses).progress, "there was a picture", NOW)
    return step.question.name if isinstance(step, Asking) else ""


def offered(flow: str) -> dict[str, str]:
    """The answers that each question of FLOW offers, by its name."""
    return {one.name: " ".join(choice.value for choice in one.choices) for one in questions(catalogue.flow(flow)) if one.choices}


def locked(flow: str, **answers: object) -> tuple[list[str], Finished]:
    """The names of the questions that come up before a report with ANSWERS is sent at once, and the report."""
    names, step = walked(flow, **answers)
    assert isinstance(step, Finished)
    return names, step
