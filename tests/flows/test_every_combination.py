"""Every report that can be sent, at every school: it is about something, somebody is told, and never whom it is about.

`make matrix` ticks boxes in pairs too; `make test` one at a time.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import islice, product

import pytest

from bot.schools import SHIPPED as SCHOOLS
from bot.schools import load
from flows.cases.case import Severity
from flows.cases.routing import CHAIR, DEPUTY, HEADTEACHER, LEAD, UNNAMED_ADULT, rungs
from flows.engine import Finished
from flows.flow import questions
from flows.matters import DANGER, MATTERS, TELL_THE_LEAD
from flows.setting import RATHER_NOT_SAY, SHORT
from tests.flows.deciding import ASPECTS, completed, decisions
from tests.flows.oracle import places, usual
from tests.flows.telling import FLOWS, QUIET, SHIPPED, clicks, types

pytestmark = pytest.mark.usefixtures("both")

WHOLE = os.environ.get("MATRIX") == "whole"
NAMES = tuple(sorted(folder.name for folder in SCHOOLS.iterdir() if folder.is_dir()))
TRIED: Counter[str] = Counter()
SPEEDS = list(Severity)  # the most urgent first
PICTURE = "image_by_pupil"
# Who looks after machines, and what they may read: which place online, which device, when. Nothing about anybody.
TECHNICAL = {"it", "computing_lead"}
FOR_TECHNICIANS = {"platform", "site", "device", "when"}


@cache
def outcomes(flow, aspect, school=""):
    """Everything that one aspect of FLOW can come to, in the roles of SCHOOL if they matter."""
    setting = replace(load(school).setting("web"), readings=QUIET.readings) if school else QUIET
    return tuple(dict.fromkeys(one.outcome for one in decisions(flow, aspect, setting, pairs=WHOLE)))


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("flow", SHIPPED)
def test_what_decides_a_report_is_all_that_decides_it(flow, aspect):
    """Whatever else is answered, a report with these answers comes to the same; and what it comes to can be."""
    known = {question.name: question for question in questions(FLOWS[flow])}
    # How fast it goes is read from most answers, and decides nothing about who is told.
    pairs, enough = (WHOLE, None) if aspect != "severity" else (False, None if WHOLE else 2000)
    for one in islice(decisions(flow, aspect, QUIET, pairs=pairs), enough):
        TRIED[aspect] += 1
        report = completed(flow, QUIET, one.answers)
        assert ASPECTS[aspect](report) == one.outcome
        match aspect:
            case "matter":
                assert one.outcome in MATTERS
            case "severity":
                usual = MATTERS[report.matter()].severity
                assert SPEEDS.index(one.outcome) <= SPEEDS.index(Severity.MEDIUM if report.matter() == TELL_THE_LEAD else usual)
                assert one.outcome is Severity.IMMEDIATE or getattr(report, "danger", "no") != "yes"
            case "also":
                assert all(part.matter in MATTERS and part.shows and set(part.shows) <= set(known) for part in one.outcome)
                about = [report.matter(), *(part.matter for part in one.outcome)]
                assert len(set(about)) == len(about)
            case "concerned":
                roles = {name: one.answers.get(name) for name, question in known.items() if question.kind == "role"}
                assert set(roles.values()) & set(SHORT) <= set(one.outcome)
                unnamed = RATHER_NOT_SAY in {*roles.values(), one.answers.get("adult_part")}
                assert not unnamed or UNNAMED_ADULT in one.outcome or one.answers.get("door") == "lead"


@pytest.mark.parametrize("school", NAMES)
@pytest.mark.parametrize("flow", SHIPPED)
def test_every_report_has_a_route_that_tells_somebody_and_never_whom_it_is_about(flow, school):
    """Each matter with each set of concerned roles; where nobody at the school is left, it is the chair that it is about."""
    routes = load(school).routes
    matters = {*outcomes(flow, "matter"), *(part.matter for parts in outcomes(flow, "also") for part in parts), PICTURE, DANGER}
    for matter, concerned in product(sorted(matters), outcomes(flow, "concerned", school)):
        TRIED["routes"] += 1
        assert matter in routes, f"{school} has no route for {matter}"
        ladder = rungs(routes[matter], frozenset(concerned))
        told = {role for rung in ladder for role in rung}
        assert not told & set(concerned)
        assert all(ladder) and (told or CHAIR in concerned or matter == DANGER), f"{school}: {matter} without {concerned}"  # noqa: PT018 - one fact
        if matter != DANGER and {HEADTEACHER, UNNAMED_ADULT} & set(concerned):
            assert told <= {CHAIR}
        if LEAD in concerned and matter != DANGER:
            assert DEPUTY not in told


@pytest.mark.parametrize("school", NAMES)
def test_what_only_technicians_read_says_nothing_about_anybody(school):
    """A second matter that goes to whoever looks after the filter shows a place, a device and a time."""
    routes = load(school).routes
    for flow, part in ((name, part) for name in SHIPPED for parts in outcomes(name, "also") for part in parts):
        TRIED["parts"] += 1
        if any(TECHNICAL & set(rung) for rung in rungs(routes[part.matter], frozenset())):
            assert set(part.shows) <= FOR_TECHNICIANS, f"{flow}: {part.matter}"


@pytest.mark.parametrize("flow", FLOWS)
def test_a_locked_report_is_about_the_picture_whatever_else_was_said(flow):
    """Each answer that locks, alone and after each answer about the adult, by each way to it."""
    for place in places(flow, whole=True):
        question = place.step.question if place.name != "review" else None
        for value in question.locks if question else ():
            TRIED["locks"] += 1
            step = clicks(place.step, value, *(["done"] if question.kind == "ticks" else []))
            while not isinstance(step, Finished):
                step = types(step, usual(step.question))
            (opening,) = step.openings
            assert (opening.matter, opening.severity) == (PICTURE, Severity.IMMEDIATE)


@pytest.mark.parametrize("answer", ["rather_not_say", *SHORT, "someone_else"])
@pytest.mark.parametrize("school", NAMES)
def test_a_locked_report_never_reaches_whom_it_is_about(answer, school):
    """The picture's own route, with every role named, and with none."""
    TRIED["locks"] += 1
    concerned = {"rather_not_say": UNNAMED_ADULT, "someone_else": ""}.get(answer, answer)
    told = {role for rung in rungs(load(school).routes[PICTURE], frozenset({concerned} - {""})) for role in rung}
    assert concerned not in told
    assert told or concerned == CHAIR


def test_the_size_of_what_was_tried_is_said(figure):
    """So that anybody can see what was tried."""
    boxes = "pairs" if WHOLE else "one at a time"
    figure(f"every combination: {', '.join(f'{number} {what}' for what, number in sorted(TRIED.items()))} (boxes {boxes})")
