"""A blocked website: who may ask, what they are asked, and what whoever opens it in the end gets to see."""

from __future__ import annotations

from flows import catalogue
from flows.cases.case import Severity
from flows.engine import Reviewing
from flows.flow import questions
from flows.matters import matter
from tests.flows.requested import request, stopped, walked

FLOW = catalogue.flow("unblock_site")
ASKED = {"site": "example.org/maps", "purpose": "Rivers in Year 4"}


def test_it_is_a_request_that_somebody_decides():
    """E30, and nothing urgent."""
    one = request("unblock_site", **ASKED)
    assert (one.matter(), one.severity(), one.also()) == ("site_to_unblock", Severity.LOW, ())
    assert matter(one.matter()).asks


def test_whoever_opens_the_site_sees_no_more_than_the_site_and_the_dates():
    """No name, no class, no purpose: those questions exist in this flow, and stay with whoever decides."""
    shown = set(matter("site_to_unblock").shows)
    asked = {one.name for one in questions(FLOW)}
    assert shown == {"site", "needed", "how_long"}
    assert shown < asked


def test_the_form_asks_for_what_a_decision_needs_and_no_more():
    """Address, purpose, class or group, when and for how long; never a way round the filter, never a pupil's name."""
    names, step = walked("unblock_site", **ASKED)
    assert isinstance(step, Reviewing)
    assert names == ["you", "site", "purpose", "group", "needed", "how_long", "name", "contact"]
    optional = [one.name for one in questions(FLOW) if one.optional]
    assert optional == ["group", "needed", "how_long"]
    group = next(one for one in questions(FLOW) if one.name == "group")
    assert "no pupil's name" in group.help


def test_a_parent_is_told_kindly_that_the_teacher_asks():
    """And what to do about a site that is blocked at home, which no school can open."""
    said = stopped("unblock_site", "parent")
    assert said.startswith("Thank you")
    assert "class teacher" in said
    assert "at home" in said


def test_a_child_is_sent_to_a_teacher():
    """Pupils do not ask here."""
    assert "teacher" in stopped("unblock_site", "under_18")


def test_no_time_is_promised_and_nobody_is_sent_round_the_filter():
    """The closing words."""
    said = " ".join(request("unblock_site", **ASKED).advice())
    assert "cannot promise" in said
    assert "do not look for a way round" in said
