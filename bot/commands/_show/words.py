"""Says in plain words what a question waits for, and which answers lead somewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.commands._show.tree import ANYTHING, Value, Way, answers
from flows.question import NOT_ASKED, Question, Wanted

ALWAYS = "always"
LEFT_OUT = "left out"
# From here on a list of answers is shorter as the few that it does not hold.
MANY = 4
# As much of a question as is repeated to tell it from the others.
LONG = 48


@dataclass(frozen=True, slots=True)
class Boxes:
    """Which boxes have to be ticked: at least one of some and none of others, none but some, or exactly these together."""

    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    exactly: tuple[frozenset[str], ...] = ()
    left_out: bool = False

    def holds(self, ticked: frozenset[str] | None) -> bool:
        """Whether TICKED is meant; None is that the question was left out."""
        if ticked is None:
            return self.left_out
        if self.exactly:
            return any(pair <= ticked for pair in self.exactly)
        if self.only:
            return ticked <= set(self.only)
        return bool(ticked & set(self.any_of)) and not ticked & set(self.none_of)


def boxes(question: Question, values: frozenset[Value]) -> Boxes:
    """VALUES, which are single boxes and pairs of them, as the rule behind them."""
    ticked = {value for value in values if isinstance(value, frozenset)}
    every = [one.value for one in question.choices if frozenset({one.value}) in set(answers(question))]
    single = tuple(one for one in every if frozenset({one}) in ticked)
    beside = {one for one in every if one not in single and any(frozenset({one, other}) in ticked for other in single)}
    rest = tuple(one for one in every if one not in single and one not in beside)
    left_out = None in values
    if not single:
        return Boxes(exactly=tuple(sorted(ticked, key=sorted)), left_out=left_out)
    if beside or not rest:
        return Boxes(any_of=single, none_of=rest, left_out=left_out)
    return Boxes(only=single, none_of=rest, left_out=left_out)


def only_after(question: Question, number: Mapping[str, int], asked: Mapping[str, Question]) -> str:
    """When QUESTION comes up, such as: only after “Yes” to question 4; empty when it always does."""
    if not question.when:
        return ""
    found: list[list[tuple[str, list[int]]]] = []
    for way in question.when:
        needs = [(_wanted(asked[name], wanted), [number[name]]) for name, wanted in way.items() if name in asked]
        alike = next((one for one in found if len(one) == len(needs) == 1 and one[0][0] == needs[0][0]), None)
        if alike:
            alike[0][1].extend(needs[0][1])
        elif needs:
            found.append(needs)
    return "only after " + ", or after ".join(
        " and ".join(f"{said} to question {' or '.join(map(str, numbers))}" for said, numbers in needs) for needs in found
    )


def condition(way: Way, number: Mapping[str, int], asked: Mapping[str, Question]) -> str:
    """WAY in words, such as: question 5 is “A pupil”, and question 7 is “Me” or “A member of staff””."""
    parts = []
    for name in sorted(way, key=lambda one: number.get(one, 0)):
        said = _answers(asked[name], way[name])
        parts.append(f"question {number[name]} ({_short(asked[name].text)}) {said}")
    return ", and ".join(parts) or ALWAYS


def quoted(labels: Sequence[str], last: str = "or") -> str:
    """LABELS as people list them."""
    marked = [f"“{label}”" for label in labels]
    return marked[0] if len(marked) == 1 else f"{', '.join(marked[:-1])} {last} {marked[-1]}"


def _short(text: str) -> str:
    """TEXT as far as it is needed to know which question it is."""
    first = text.split(". ", maxsplit=1)[0] if text.endswith(".") else text
    return first if len(first) <= LONG else f"{first[:LONG].rsplit(' ', 1)[0]}…"


def _answers(question: Question, values: frozenset[Value]) -> str:
    said = values - {NOT_ASKED}
    if not said:
        return "does not come up"
    if question.kind == "ticks":
        return _boxes(question, said)
    every = set(answers(question))
    if ANYTHING in every:
        return "is answered" if ANYTHING in said else f"is {LEFT_OUT}"
    missing = every - said
    if len(missing) < len(said) and len(said) > MANY:
        return f"is anything but {_labels(question, missing)}" if missing else "is answered at all"
    return f"is {_labels(question, said)}"


def _labels(question: Question, values: set[Value] | frozenset[Value]) -> str:
    told = {("yes" if value else "no") if isinstance(value, bool) else value for value in values}
    labels = [f"“{one.label}”" for one in (*question.choices, *question.more) if one.value in told]
    if None in told:
        labels.append(LEFT_OUT)
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} or {labels[-1]}"


def _boxes(question: Question, values: frozenset[Value]) -> str:
    rule = boxes(question, values)
    left_out = f" or {LEFT_OUT}" if rule.left_out and (rule.exactly or rule.any_of or rule.only) else ""
    if rule.exactly:
        return f"has {' or '.join(_both(question, pair) for pair in rule.exactly)} ticked{left_out}"
    if rule.only and len(rule.only) <= len(rule.none_of):
        return f"has nothing but {_named(question, rule.only)} ticked{left_out}"
    if rule.only:
        others = _named(question, rule.none_of)
        return f"has none of {others} ticked" if rule.left_out else f"has boxes ticked, but none of {others}"
    if rule.any_of:
        some = "any box" if len(rule.any_of) == len(answers(question)) - question.optional else _named(question, rule.any_of)
        but = f", and none of {_named(question, rule.none_of)}" if rule.none_of else ""
        return f"has {some} ticked{but}{left_out}"
    return f"is {LEFT_OUT}"


def _both(question: Question, pair: frozenset[str]) -> str:
    return quoted([one.label for one in question.choices if one.value in pair], "and")


def _named(question: Question, boxes: Sequence[str]) -> str:
    return quoted([one.label for one in question.choices if one.value in boxes])


def _wanted(question: Question, wanted: Wanted) -> str:
    among = wanted if isinstance(wanted, tuple) else (wanted,)
    told = [("yes" if one else "no") if isinstance(one, bool) else one for one in among]
    known = [one for one in (*question.choices, *question.more) if one.value in told]
    if question.kind == "role" and len(known) > MANY:
        return "any role"
    return quoted([one.label for one in known])
