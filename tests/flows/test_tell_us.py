"""Just tell us: two questions, and the door the person chose."""

from __future__ import annotations

import pytest

from flows import catalogue
from flows.cases.case import Severity
from flows.engine import Asking, Finished, Reviewing, begin, lock
from flows.flow import questions
from tests.flows.telling import NOW, clicks, types

FLOW = catalogue.flow("tell_us")


@pytest.mark.parametrize(
    ("who", "matter", "concerned"),
    [
        ("lead", "tell_the_lead", ()),
        ("headteacher", "tell_the_headteacher", ()),
        ("not_sure", "tell_the_lead", ()),
        ("chair", "about_headteacher", ("headteacher",)),
    ],
)
def test_it_goes_to_whom_the_person_chose(who, matter, concerned):
    """Not sure is the safeguarding lead; the chair is the door past the headteacher, who then does not get it."""
    one = FLOW.model_validate({"happened": "it is about my son", "who": who})
    assert (one.matter(), one.concerned_roles(), one.severity()) == (matter, concerned, Severity.HIGH)


def test_it_is_two_screens_and_the_reading_through():
    """For somebody who does not know which form it is: the words first, then the door, both needed."""
    first = begin("tell_us", "t1")
    assert first.of == 2
    second = types(first, "I keep thinking about something I saw")
    assert isinstance(second, Asking)
    assert isinstance(clicks(second, "lead"), Reviewing)
    assert [(one.name, one.optional) for one in questions(FLOW)] == [("happened", False), ("who", False)]


def test_before_anything_is_written_it_says_where_help_is_and_whom_it_is_for():
    """It has no question about danger and none about age, so the first lines say both."""
    said = begin("tell_us", "t1").note
    assert "ring 999 first" in said
    assert "under 18" in said
    assert "0800 1111" in said


def test_a_picture_that_may_be_of_a_child_stops_it_here_too():
    """What was written goes at once, and nobody is asked who should know."""
    step = lock(begin("tell_us", "t1").progress, "there is a picture of her going round", NOW)
    assert isinstance(step, Finished)
    assert [one.matter for one in step.openings] == ["image_by_pupil"]
    assert step.said[0].name == "happened"
