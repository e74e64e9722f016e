"""Requests for the tests of single flows: filled in at once, or walked through question by question."""

from __future__ import annotations

from flows import catalogue
from flows.engine import Asking, Reviewing, Stopped, begin
from flows.flow import Flow, questions
from flows.setting import SHORT, Reading, Setting
from tests.flows.telling import clicks, types

CODE = Setting(SHORT, readings={"code_of_conduct": Reading("One. Two. Three.", "approved in November 2022")})
WHO = {"name": "Somebody who asks", "contact": "here"}


def request(flow: str, **answers: object) -> Flow:
    """FLOW with ANSWERS and a name; an answer to a question that would not come up is a slip of the test."""
    declared = catalogue.flow(flow)
    given = {"you": "staff", **WHO, **answers}
    kept = {name: sorted(said) if isinstance(said, (set, frozenset)) else said for name, said in given.items()}
    coming_up = {question.name for question in questions(declared) if question.comes_up(kept)}
    assert given.keys() <= coming_up, sorted(given.keys() - coming_up)
    return declared.model_validate(given)


def walked(flow: str, **answers: object) -> tuple[list[str], Reviewing | Stopped]:
    """The names of the questions that come up, in order, and where they lead. What ANSWERS leave open is skipped."""
    given = {"you": "staff", **WHO, **answers}
    step, names = begin(flow, "w1", CODE), []
    while isinstance(step, Asking):
        question = step.question
        assert question.name not in names, f"{question.name} is asked twice, or needs an answer"
        names.append(question.name)
        said = given.get(question.name)
        if isinstance(said, set):
            step = clicks(step, *sorted(said), "done")
        elif said is None or question.choices:
            step = clicks(step, str(said or "skip"))
        else:
            step = types(step, str(said))
    assert isinstance(step, Reviewing | Stopped)
    return names, step


def stopped(flow: str, you: str) -> str:
    """What somebody is told who may not ask for this."""
    names, step = walked(flow, you=you)
    assert isinstance(step, Stopped)
    assert (names, step.kept, step.because) == (["you"], False, you)
    return step.note
