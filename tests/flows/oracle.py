"""What must come next, worked out beside the engine: which questions come up, in which order, and how each is reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product

from flows.engine import Asking, Reviewing, Setting, about_of, begin, hear
from flows.flow import questions
from flows.question import Question
from tests.flows.telling import FLOWS, NOW, QUIET, WORKSPACE

STORY = "zqx It began last week"


def comes_up(question: Question, said: Mapping[str, object]) -> bool:
    """Whether QUESTION is asked after what was SAID: its conditions, read anew."""
    return not question.when or any(all(_met(said, *need) for need in way.items()) for way in question.when)


def _met(said: Mapping[str, object], name: str, wanted: object) -> bool:
    heard = said[name] if isinstance(said.get(name), list) else [said.get(name)]
    return bool({(type(one), one) for one in heard} & {(type(one), one) for one in _each(wanted)})


def _each(wanted: object) -> tuple[object, ...]:
    return wanted if isinstance(wanted, tuple) else (wanted,)


def asked_of(flow: str, setting: Setting) -> tuple[Question, ...]:
    """Every question that FLOW may ask in SETTING, in order."""
    return tuple(one.here(setting) for one in questions(FLOWS[flow]) if setting.workspace or not one.workspace)


def left_standing(asked: Sequence[Question], said: Mapping[str, object]) -> dict[str, object]:
    """What is still an answer once everything that no longer comes up is gone."""
    standing: dict[str, object] = {}
    for question in asked:
        if question.name in said and comes_up(question, standing):
            standing[question.name] = said[question.name]
    return standing


def coming_up(asked: Sequence[Question], said: Mapping[str, object]) -> list[str]:
    """The names of all questions that come up after what was SAID, in order."""
    return [one.name for one in asked if comes_up(one, said)]


def open_after(asked: Sequence[Question], said: Mapping[str, object]) -> str:
    """The question that must be open: the first one without an answer, or the review."""
    return next((name for name in coming_up(asked, said) if name not in said), "review")


def usual(question: Question) -> str:
    """What a person types at QUESTION to get on: the first answer that neither ends the report nor locks it."""
    if not question.choices:
        return {"text": STORY, "number": "7", "when": "yesterday"}[question.kind]
    return next(one.label for one in question.choices if one.value not in question.stops and one.value not in question.locks)


def kept_as(question: Question, value: str) -> object:
    """What is kept when the choice VALUE is the answer to QUESTION."""
    return {"yes_no": value == "yes", "ticks": [value]}.get(question.kind, value)


@dataclass(frozen=True)
class Place:
    """A question that has just come up, or the review, by one way there; `shown` are the buttons' questions so far."""

    flow: str
    way: str
    step: Asking | Reviewing = field(repr=False)
    shown: tuple[str, ...] = ()

    @property
    def said(self) -> dict[str, object]:
        """The answers so far."""
        return dict(self.step.progress.answers)

    @property
    def name(self) -> str:
        """The open question."""
        return self.step.progress.asked


@cache
def places(flow: str, *, whole: bool) -> tuple[Place, ...]:
    """Every question of FLOW and its review: where somebody may read along too, and by every way when it is the WHOLE."""
    found = []
    for setting in (QUIET, WORKSPACE):
        asked = asked_of(flow, setting)
        known = {one.name: one for one in asked}
        for question in asked:
            if setting is QUIET or whole or question.workspace:
                ways = list(_ways_to(question, known))
                found += [_reach(flow, question.name, way, setting) for way in (ways if whole else ways[:1])]
        found.append(_reach(flow, "review", {}, setting))
    return tuple(found)


def _ways_to(question: Question, known: Mapping[str, Question]) -> Iterator[dict[str, object]]:
    """Every set of answers, none larger than it need be, that makes QUESTION come up."""
    for way in question.when or ({},):
        for values in product(*(_each(wanted) for wanted in way.values())):
            chosen = dict(zip(way, values, strict=True))
            for befores in product(*(_ways_to(known[name], known) for name in chosen)):
                together: dict[str, object] = {}
                needs = [*befores, chosen]
                if all(together.setdefault(name, value) == value for need in needs for name, value in need.items()):
                    yield together


def _reach(flow: str, wanted: str, way: Mapping[str, object], setting: Setting) -> Place:
    """Walk from the beginning to the question WANTED on WAY, and as usual where it says nothing."""
    step = begin(flow, "m1", setting)
    shown = []
    while step.progress.asked != wanted:
        assert isinstance(step, Asking), f"{flow}: {wanted} cannot be reached by {dict(way)}"
        here = step.question
        shown.append(about_of(step.progress))
        value = way.get(here.name)
        told = ("yes" if value else "no") if isinstance(value, bool) else value
        text = next(one.label for one in here.choices if one.value == told) if here.name in way else usual(here)
        step = hear(step.progress, text, pressed=False, about="", now=NOW)
        assert step.progress.asked != here.name, f"{flow}: {here.name} does not take “{text}”"
    return Place(flow, ", ".join(f"{name}={value}" for name, value in way.items()) or "as usual", step, tuple(shown))
