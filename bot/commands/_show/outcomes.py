"""What a guided report can become, and after which answers: its matters, what is sent besides, how soon, and our advice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Literal, TypeVar

from bot.commands._show.tree import Way, Ways, leads, simplest
from flows import catalogue
from flows.cases.case import Severity
from flows.cases.routing import CHAIR, HEADTEACHER, LEAD
from flows.flow import Flow, questions
from flows.frame import STAFF
from flows.matters import matter
from flows.question import Question, asked_here
from flows.setting import ANYWHERE, Reading

_DESK = (HEADTEACHER, CHAIR, LEAD)
_URGENCY = tuple(Severity)  # the most urgent first

Audience = Literal["everybody", "staff", "parent"]
EVERYBODY: Audience = "everybody"
_WHO: Mapping[Audience, tuple[str, ...]] = {"staff": STAFF, "parent": ("parent",)}

Key = TypeVar("Key", bound=Hashable)


@cache
def matters(name: str, audience: Audience = EVERYBODY) -> dict[str, Ways]:
    """Every matter that a report of the flow called NAME can be about, the most urgent first, and the ways to it."""
    found = leads(catalogue.flow(name), _asked(name, audience), lambda report: report.matter())
    return {
        one: simplest(found[one], _ways(found, found.keys() - {one}), _asked(name, audience))
        for one in sorted(found, key=lambda about: speed(matter(about).severity))
    }


@cache
def always_about(name: str, audience: Audience = EVERYBODY) -> dict[str, frozenset[str]]:
    """For each matter, which of the three who look into reports it is about in any case."""
    found = leads(catalogue.flow(name), _asked(name, audience), lambda report: (report.matter(), _at_the_desk(report)))
    abouts = {about for about, _ in found}
    return {about: frozenset.intersection(*(desk for other, desk in found if other == about)) for about in abouts}


@cache
def besides(name: str, audience: Audience = EVERYBODY) -> dict[tuple[str, tuple[str, ...]], Ways]:
    """What is sent besides to people who see less: the matter with the only answers it shows, and the ways to it."""
    return _each(name, audience, lambda report: tuple((part.matter, part.shows) for part in report.also()))


@cache
def advice(name: str, audience: Audience = EVERYBODY) -> dict[str, Ways]:
    """Every sentence of our own that may be said at the end, and the ways to it."""
    return _each(name, audience, lambda report: report.advice())


@cache
def paces(name: str, audience: Audience = EVERYBODY) -> list[tuple[Severity, bool, Ways]]:
    """Where the answers change how soon somebody must have it: to what, whether that is sooner than usual, and the ways to it.

    Where several hold, the most urgent counts.
    """
    asked = _asked(name, audience)
    found = leads(catalogue.flow(name), asked, lambda report: (report.severity(), matter(report.matter()).severity))
    pace = []
    for to in _URGENCY:
        here = {one for one in found if one[0] is to}
        sooner = _ways(found, {one for one in here if speed(to) < speed(one[1])})
        later = _ways(found, {one for one in here if speed(to) > speed(one[1])})
        slower = _ways(found, {one for one in found if speed(one[0]) > speed(to)})
        pace += [(to, True, simplest(sooner, slower, asked))] if sooner else []
        pace += [(to, False, simplest(later, _ways(found, found.keys() - here), asked))] if later else []
    return pace


def speed(severity: Severity) -> int:
    """0 for the most urgent."""
    return _URGENCY.index(severity)


def _each(name: str, audience: Audience, several: Callable[[Flow], Collection[Key]]) -> dict[Key, Ways]:
    """The ways to each single thing of the SEVERAL that a report can have, the longest lists first, so that they stay in order."""
    found = leads(catalogue.flow(name), _asked(name, audience), lambda report: tuple(several(report)))
    ways: dict[Key, Ways] = {}
    for one in dict.fromkeys(one for said in sorted(found, key=len, reverse=True) for one in said):
        there = {said for said in found if one in said}
        ways[one] = simplest(_ways(found, there), _ways(found, found.keys() - there), _asked(name, audience))
    return ways


def _ways(found: Mapping[Key, Ways], results: Collection[Key]) -> list[Way]:
    return [way for result, ways in found.items() if result in results for way in ways]


def _at_the_desk(report: Flow) -> frozenset[str]:
    return frozenset(_DESK).intersection(report.concerned_roles())


@cache
def _asked(name: str, audience: Audience) -> tuple[Question, ...]:
    """Everything that the flow called NAME asks anywhere: where an answer leads is the same at every school."""
    declared = questions(catalogue.flow(name))
    readings = {question.reading: Reading("", "") for question in declared if question.reading}
    return for_audience(audience, asked_here(declared, replace(ANYWHERE, workspace=True, readings=readings)))


def for_audience(audience: Audience, asked: Sequence[Question]) -> tuple[Question, ...]:
    """ASKED without what AUDIENCE is never asked."""
    kept: dict[str, Question] = {}
    for question in asked:
        one = question
        if question.name == "you" and audience in _WHO:
            one = replace(question, choices=tuple(choice for choice in question.choices if choice.value in _WHO[audience]))
        if not one.when or any(all(_possible(kept, *need) for need in way.items()) for way in one.when):
            kept[one.name] = one
    return tuple(kept.values())


def _possible(kept: Mapping[str, Question], name: str, wanted: object) -> bool:
    among = wanted if isinstance(wanted, tuple) else (wanted,)
    if name not in kept:
        return False
    known = {choice.value for choice in (*kept[name].choices, *kept[name].more)}
    return kept[name].kind == "yes_no" or bool(known & set(among))
