"""The torture matrix: whatever is said at whichever question of whichever flow, the right question is open afterwards.

Flows, questions and the ways to them are found, not listed: a new flow is in it without a new test. `make matrix` takes every way
to each question, in a workspace too; `make test` the first way to each.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.flows import rows_said, rows_steered
from tests.flows.oracle import asked_of, places
from tests.flows.telling import FLOWS, WORKSPACE

pytestmark = pytest.mark.usefixtures("both")

ROWS = {**rows_said.row, **rows_steered.row}
WHOLE = os.environ.get("MATRIX") == "whole"
TRIED: Counter[str] = Counter()
WRONG: Counter[str] = Counter()


@pytest.mark.parametrize("check", ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("flow", FLOWS)
def test_the_right_question_is_open_whatever_was_said(flow, check):
    """Every row of the matrix, at every question of the flow and at its review."""
    wrong = []
    for place in places(flow, whole=WHOLE):
        TRIED[check.__name__] += 1
        try:
            check(place)
        except (AssertionError, AttributeError, LookupError) as problem:
            WRONG[check.__name__] += 1
            wrong.append(f"{flow}.{place.name} ({place.way}): {type(problem).__name__} {problem}")
    assert not wrong, f"{len(wrong)} wrong, such as: {wrong[0]}"


@pytest.mark.parametrize("flow", FLOWS)
def test_every_question_is_in_the_matrix(flow):
    """None is left out because nobody could find a way to it."""
    reached = {place.name for place in places(flow, whole=WHOLE)}
    assert reached == {question.name for question in asked_of(flow, WORKSPACE)} | {"review"}


def test_the_size_of_the_matrix_is_said(figure):
    """So that anybody can see what was tried."""
    everywhere = [place for flow in FLOWS for place in places(flow, whole=WHOLE)]
    asked = {(place.flow, place.name) for place in everywhere}
    figure(
        f"torture matrix: {len(FLOWS)} flows, {len(asked)} questions and reviews, {len(everywhere)} ways there x {len(ROWS)} rows, "
        f"{TRIED.total()} cells, {WRONG.total()} wrong"
    )
    assert TRIED.total() in (0, len(everywhere) * len(ROWS))
