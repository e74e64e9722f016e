"""The staff code: shown in the school's own words with its version, signed or not yet, and never a breach."""

from __future__ import annotations

import pytest

from flows import catalogue
from flows.cases.case import Severity
from flows.engine import Asking, Reviewing, Stopped, begin
from tests.flows.requested import CODE, request, stopped, walked
from tests.flows.telling import clicks

FLOW = catalogue.flow("code_of_conduct")


def test_whoever_agrees_says_so_with_name_and_role():
    """The case keeps the question as it was asked, so the version that was read stands in it."""
    names, step = walked("code_of_conduct", agree="yes", job="Cook")
    assert isinstance(step, Reviewing)
    assert names == ["you", "agree", "remark", "job", "name", "contact"]
    one = request("code_of_conduct", agree="yes", job="Cook")
    assert (one.matter(), one.severity()) == ("code_signed", Severity.LOW)


def test_the_version_that_was_read_is_kept_in_the_question():
    """A year later everybody can see which text was agreed to."""
    step = clicks(begin("code_of_conduct", "c1", CODE), "staff")
    assert isinstance(step, Asking)
    assert "approved in November 2022" in step.question.text
    after = clicks(step, "yes")
    assert after.progress.said[-1].question == step.question.text


def test_not_yet_is_sent_to_nobody_and_held_against_nobody():
    """It is no breach, so there is nothing to tell anybody."""
    _, step = walked("code_of_conduct", agree="not_yet")
    assert isinstance(step, Stopped)
    assert (step.kept, step.because) == (False, "not_yet")
    assert "nobody holds it against you" in step.note


def test_a_question_first_goes_to_the_headteacher_as_not_yet_signed():
    """The question is needed, the signature is not there, and the closing words say so."""
    one = request("code_of_conduct", agree="question", first_question="What is a private space?", job="Cook")
    assert one.matter() == "code_signed"
    assert "Nothing is signed yet" in " ".join(one.advice())
    assert "Nothing is signed yet" not in " ".join(request("code_of_conduct", agree="yes", job="Cook").advice())


@pytest.mark.parametrize("you", ["parent", "governor", "under_18"])
def test_whoever_need_not_sign_is_told_so(you):
    """The code is for staff and volunteers."""
    assert stopped("code_of_conduct", you).startswith("Thank you")


def test_a_volunteer_signs_as_staff_do():
    """The code is for both."""
    assert request("code_of_conduct", you="volunteer", agree="yes", job="Hears readers").matter() == "code_signed"
