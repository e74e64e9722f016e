"""Consent for pictures: given, limited or taken back, by parents, for each use, and never with a reason."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from flows import catalogue
from flows.cases.case import Severity
from flows.engine import Reviewing
from flows.flow import NOT_ASKED, questions
from tests.flows.requested import request, stopped, walked

FLOW = catalogue.flow("image_consent")
CHILD = {"you": "parent", "child": "Somebody in Year 2", "relationship": "parent", "kinds": "both"}
GIVEN = {**CHILD, "change": "give", "given_for": frozenset({"in_school", "press"})}
ENDED = {**CHILD, "change": "end", "ended_for": frozenset({"every_use"})}


@pytest.mark.parametrize(
    ("answers", "matter", "severity"),
    [
        (GIVEN, "consent_given", Severity.LOW),
        ({**GIVEN, "change": "limit"}, "consent_changed", Severity.MEDIUM),
        (ENDED, "consent_changed", Severity.MEDIUM),
    ],
)
def test_giving_is_one_matter_and_taking_back_another(answers, matter, severity):
    """E28 and E29: what is limited or ended has to reach whoever posts pictures the same day."""
    one = request("image_consent", **answers)
    assert (one.matter(), one.severity()) == (matter, severity)


@pytest.mark.parametrize("change", ["give", "limit"])
def test_who_gives_says_what_for(change):
    """What is not ticked is not agreed to, and what ends is not asked in the same breath."""
    names, step = walked("image_consent", **{**GIVEN, "change": change, "given_for": {"press", "in_school"}})
    assert isinstance(step, Reviewing)
    assert "given_for" in names
    assert "ended_for" not in names
    assert ("take_down" in names) is (change == "limit")
    assert "For which uses may they be used?" in step.lines[5][1]
    assert step.lines[5][2] == "Inside the school, Newspapers and press"


def test_who_takes_it_back_says_for_which_uses_and_what_should_come_down():
    """A picture is described, and never sent."""
    names, _ = walked("image_consent", **{**ENDED, "ended_for": {"every_use"}})
    assert names == ["you", "child", "relationship", "change", "kinds", "ended_for", "from_when", "take_down", "name", "contact"]
    take_down = next(one for one in questions(FLOW) if one.name == "take_down")
    assert "send no picture" in take_down.help


def test_the_uses_are_those_the_schools_ask_about():
    """Photos and videos apart, as one school does; in school, print and website, social media and press, as another."""
    shown = {one.name: [choice.value for choice in one.choices] for one in questions(FLOW)}
    assert shown["kinds"] == ["photos", "videos", "both"]
    assert shown["given_for"] == shown["ended_for"] == ["in_school", "print_website", "social_media", "press", "every_use"]


@pytest.mark.parametrize("change", ["give", "limit"])
def test_consent_for_nothing_in_particular_is_not_kept(change):
    """Which use it is for cannot be left out."""
    with pytest.raises(ValidationError):
        request("image_consent", **{**GIVEN, "change": change, "given_for": frozenset({"the_moon"})})
    given_for = next(one for one in questions(FLOW) if one.name == "given_for")
    assert not given_for.optional
    assert request("image_consent", **ENDED).given_for is NOT_ASKED


@pytest.mark.parametrize("you", ["staff", "volunteer", "governor"])
def test_somebody_who_is_no_parent_is_told_whose_it_is_to_say(you):
    """And that the picture stays unused until then."""
    said = stopped("image_consent", you)
    assert "parents and carers" in said
    assert "use no picture" in said


def test_a_child_who_does_not_want_to_be_shown_is_heard():
    """Their wish counts, and a grown-up sees to it."""
    said = stopped("image_consent", "under_18")
    assert "that counts" in said


def test_nobody_is_asked_why():
    """No reason, and nothing of what a family court said; a call is offered instead."""
    said = " ".join(f"{one.text} {one.help}" for one in questions(FLOW)).casefold()
    for never in ("why ", "reason", "custody", "court", "your address", "birthday"):
        assert never not in said, never
    assert "ask for a call" in " ".join(request("image_consent", **ENDED).advice())
