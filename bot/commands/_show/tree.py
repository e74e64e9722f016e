"""Tries out every answer that a report's destination depends on, and says which of them lead where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations
from types import new_class
from typing import Any, Generic, TypeVar

from flows.flow import Flow
from flows.question import NOT_ASKED, NotAsked, Question

# An answer as a report holds it. What somebody writes in their own words counts as one answer, whatever it says.
Value = str | bool | NotAsked | frozenset[str] | None
ANYTHING = "anything"

# One way to a result: each question named has one of these answers, and no other question matters.
Way = Mapping[str, frozenset[Value]]
Ways = tuple[Way, ...]

Result = TypeVar("Result", bound=Hashable)
_Cube = frozenset[tuple[str, frozenset[Value]]]  # a Way that can stand in a set


class _Unsettled(Exception):
    """The report was asked for an answer that has not been chosen yet."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _Wondering:
    """A report whose open answers are asked for, when something depends on them, instead of being made up."""

    def __getattribute__(self, name: str) -> Any:
        answers = object.__getattribute__(self, "__dict__")
        if name in answers:
            return answers[name]
        if name in type(self).__pydantic_fields__:  # type: ignore[attr-defined]  # every flow is a model
            raise _Unsettled(name)
        return object.__getattribute__(self, name)


def leads(flow: type[Flow], asked: Sequence[Question], decide: Callable[[Any], Result]) -> dict[Result, Ways]:
    """Every result of DECIDE for a report of FLOW, with the ways to it, where only ASKED are asked.

    Only the answers that DECIDE looks at are told apart, so this is exact without counting every combination there is.
    """
    found = _Tries(_wondering(flow), {question.name: question for question in asked}, decide).from_here({})
    return {result: tuple(dict(cube) for cube in cubes) for result, cubes in found.items()}


@cache
def _wondering(flow: type[Flow]) -> type[Flow]:
    made = new_class(flow.__name__, (_Wondering, flow), {}, lambda body: body.update(__module__=flow.__module__))
    assert issubclass(made, Flow)  # noqa: S101 - it was made from one; said for the type checker
    return made


class _Tries(Generic[Result]):
    def __init__(self, flow: type[Flow], asked: Mapping[str, Question], decide: Callable[[Any], Result]) -> None:
        self.flow, self.asked, self.decide = flow, asked, decide

    def from_here(self, given: Mapping[str, Value]) -> dict[Result, frozenset[_Cube]]:
        """The results that are still possible once GIVEN is answered, with what else each depends on."""
        try:
            return {self.decide(self._report(given)): frozenset({frozenset()})}
        except _Unsettled as open_one:
            name = self._first_to_settle(open_one.name, given)
        after = {value: self.from_here({**given, name: value}) for value in self._answers(name, given)}
        return _joined(name, after)

    def _report(self, given: Mapping[str, Value]) -> Flow:
        # Not by model_construct: it would fill in what has not been answered, and takes most of the time there is.
        report = self.flow.__new__(self.flow)
        object.__setattr__(report, "__dict__", given)
        return report

    def _first_to_settle(self, name: str, given: Mapping[str, Value]) -> str:
        """NAME, or the earlier question that decides whether NAME comes up at all."""
        question = self.asked.get(name)
        needed = (one for way in (question.when if question else ()) for one in way if one in self.asked and one not in given)
        earlier = next(needed, None)
        return name if earlier is None else self._first_to_settle(earlier, given)

    def _answers(self, name: str, given: Mapping[str, Value]) -> tuple[Value, ...]:
        question = self.asked.get(name)
        said: dict[str, Any] = {
            key: sorted(value) if isinstance(value, frozenset) else value for key, value in given.items() if value is not NOT_ASKED
        }
        return answered(question) if question and question.comes_up(said) else (NOT_ASKED,)


def _joined(name: str, after: Mapping[Value, Mapping[Result, frozenset[_Cube]]]) -> dict[Result, frozenset[_Cube]]:
    """What follows from each answer to NAME as one: answers with the same consequence stand together, or do not matter."""
    answers_to: dict[Result, dict[_Cube, set[Value]]] = defaultdict(lambda: defaultdict(set))
    for value, results in after.items():
        for result, cubes in results.items():
            for cube in cubes:
                answers_to[result][cube].add(value)
    return {
        result: frozenset(
            cube if len(values) == len(after) else cube | {(name, frozenset(values))} for cube, values in cubes.items()
        )
        for result, cubes in answers_to.items()
    }


def answers(question: Question) -> tuple[Value, ...]:
    """Every answer after which the report goes on as it is: one box at a time, and without those that end or lock it."""
    left_out: tuple[Value, ...] = (None,) if question.optional else ()
    if question.kind == "yes_no":
        return (True, False, *left_out)
    if not question.choices:
        return (ANYTHING, *left_out)
    on = [one.value for one in (*question.choices, *question.more) if one.value not in {*question.stops, *question.locks}]
    return (*(frozenset({one}) if question.kind == "ticks" else one for one in on), *left_out)


def answered(question: Question) -> tuple[Value, ...]:
    """Every answer to QUESTION, with every two boxes as well: one may count only beside another, or only without it."""
    single = answers(question)
    boxes = [value for value in single if isinstance(value, frozenset)]
    return (*single, *(one | other for one, other in combinations(boxes, 2)))


def simplest(on: Iterable[Way], off: Iterable[Way], asked: Sequence[Question]) -> Ways:
    """The ways ON with as few questions as can be, without meaning any of the ways OFF."""
    not_these = tuple(off)
    order = [question.name for question in asked]
    short = [_shortened(way, not_these, order) for way in on]
    ways = _merged([_with_boxes(way, short) for way in short])
    kept: list[Way] = []
    for way in sorted(ways, key=len):
        if not any(_within(way, other) for other in kept):
            kept.append(way)
    return tuple(sorted(kept, key=lambda way: (len(way), sorted(order.index(name) for name in way))))


def _shortened(way: Way, off: Ways, order: Sequence[str]) -> Way:
    """WAY without what it does not need. The earlier questions go first: often they only decide whether a later one comes up."""
    short = dict(way)
    for name in sorted(way, key=order.index):
        without = {other: values for other, values in short.items() if other != name}
        if not any(_overlap(without, other) for other in off):
            short = without
    return short


def _with_boxes(way: Way, ways: list[Way]) -> Way:
    """WAY with all the boxes that lead there just as well: “A, and with B only if” is hard to read, and “A” is not."""
    wide = dict(way)
    for name in (name for name, values in way.items() if any(isinstance(value, frozenset) for value in values)):
        rest = {other: values for other, values in way.items() if other != name}
        for other in (other for other in ways if name in other):
            if _within({**rest, name: other[name]}, other):
                wide[name] |= other[name]
    return wide


def _merged(ways: list[Way]) -> list[Way]:
    """WAYS with those that differ in the answers to one question only put together."""
    for one, other in combinations(ways, 2):
        differing = [name for name in one if one[name] != other.get(name)]
        if one.keys() == other.keys() and len(differing) <= 1:
            rest = [way for way in ways if way is not one and way is not other]
            return _merged([*rest, {**one, **{name: one[name] | other[name] for name in differing}}])
    return ways


def _overlap(one: Way, other: Way) -> bool:
    return all(values & other[name] for name, values in one.items() if name in other)


def _within(inner: Way, outer: Way) -> bool:
    return all(name in inner and inner[name] <= values for name, values in outer.items())
