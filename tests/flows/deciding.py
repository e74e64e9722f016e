"""Every way a flow can decide what its report is about, found by watching which answers the decision reads.

A report has far more combinations of answers than anybody could try, and most answers decide nothing. So a report is decided
while nothing is answered; when the decision reads a question, it is made once for each answer to it. What is never read cannot
matter, and every case that differs is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from typing import Any

from pydantic import TypeAdapter

from flows.flow import NOT_ASKED, Flow, When
from flows.question import JSON, Question
from flows.setting import Setting
from tests.flows.oracle import STORY, asked_of, comes_up
from tests.flows.telling import FLOWS


class Undecided(Exception):
    """The decision reads an answer that nobody has given yet."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


# What a report says of itself. Each is looked at alone: whether two of them go together is decided by the answers both read, and
# the routing is tried with every pair, whether those answers can be given together or not.
ASPECTS: Mapping[str, Callable[[Flow], Any]] = {
    "matter": lambda report: report.matter(),
    "severity": lambda report: report.severity(),
    "also": lambda report: report.also(),
    "concerned": lambda report: report.concerned_roles(),
}


@dataclass(frozen=True)
class Decision:
    """What one aspect of a report comes to, and the ANSWERS this rests on."""

    answers: Mapping[str, JSON] = field(repr=False)
    outcome: Any


def decisions(flow: str, aspect: str, setting: Setting, *, pairs: bool = True) -> Iterator[Decision]:
    """Every decision on ASPECT that FLOW can come to in SETTING; boxes one at a time, and in PAIRS if that is wanted."""
    asked = {one.name: one for one in asked_of(flow, setting)}
    waiting: list[dict[str, JSON]] = [{}]
    while waiting:
        answers = waiting.pop()
        try:
            yield Decision(answers, ASPECTS[aspect](_watched(flow, asked, answers)))
        except Undecided as undecided:
            name = _read_first(asked, undecided.name, answers)
            waiting += ({**answers, name: value} for value in _values(asked[name], answers, pairs=pairs))


def completed(flow: str, setting: Setting, answers: Mapping[str, JSON]) -> Flow:
    """The report with ANSWERS, validated, and with any answer to whatever else comes up."""
    given: dict[str, JSON] = {}
    for question in asked_of(flow, setting):
        if comes_up(question, given):
            given[question.name] = (
                answers[question.name] if question.name in answers else next(_values(question, given, pairs=False))
            )
    return FLOWS[flow].model_validate({name: _typed(flow, name, value) for name, value in given.items()})


def _read_first(asked: Mapping[str, Question], name: str, answers: Mapping[str, JSON]) -> str:
    """The question to answer so that NAME can be: itself, or the first one that decides whether it comes up."""
    earlier = {needed for way in asked[name].when for needed in way} - answers.keys()
    return next((_read_first(asked, one, answers) for one in asked if one in earlier), name)


def _values(question: Question, answers: Mapping[str, JSON], *, pairs: bool) -> Iterator[JSON]:
    """Every answer there can be, but none that ends the report, and none that locks it: that one is sent without being decided."""
    if not comes_up(question, {name: value for name, value in answers.items() if value != UNASKED}):
        yield UNASKED
        return
    free = [one.value for one in (*question.choices, *question.more) if one.value not in (*question.stops, *question.locks)]
    match question.kind:
        case "text":
            yield STORY
        case "number":
            yield from (0, 7)
        case "when":
            yield When("yesterday").to_json()
        case "yes_no":
            yield from (value == "yes" for value in free)
        case "ticks":
            yield from ([one] for one in free)
            yield from (list(pair) for pair in combinations(free, 2) if pairs)
        case _:
            yield from free
    if question.optional:
        yield None


UNASKED = "\0 not asked"


def _watched(flow: str, asked: Mapping[str, Question], answers: Mapping[str, JSON]) -> Flow:
    report = _watching(flow).model_construct()
    known = {name: NOT_ASKED if value == UNASKED else _typed(flow, name, value) for name, value in answers.items()}
    elsewhere = {name: NOT_ASKED for name in FLOWS[flow].model_fields if name not in asked}
    report.__dict__.clear()
    report.__dict__.update(known | elsewhere)
    return report


@cache
def _watching(flow: str) -> type[Flow]:
    declared = FLOWS[flow]

    def read(self: Flow, name: str) -> Any:
        if name in declared.model_fields and name not in object.__getattribute__(self, "__dict__"):
            raise Undecided(name)
        return object.__getattribute__(self, name)

    return type(declared.__name__, (declared,), {"__getattribute__": read, "__module__": declared.__module__})


@cache
def _adapter(flow: str, name: str) -> TypeAdapter[Any]:
    return TypeAdapter(FLOWS[flow].model_fields[name].annotation)


def _typed(flow: str, name: str, value: JSON) -> object:
    plain = When.from_json(value) if isinstance(value, dict) else value
    return _adapter(flow, name).validate_python(plain)
