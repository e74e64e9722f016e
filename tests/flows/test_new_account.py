"""Asking first: for an account, for the school's name, about a post, or to use a device. Each asks for what a decision needs."""

from __future__ import annotations

import pytest

from flows import catalogue
from flows.cases.case import Severity
from flows.flow import questions
from flows.matters import matter
from tests.flows.requested import request, stopped, walked

FLOW = catalogue.flow("new_account")
ACCOUNT = {"wish": "account", "platform": "instagram", "purpose": "News of our class", "owner": "Class teacher"}
NAME = {"wish": "name", "wanted": "The logo, on a flyer", "channel": "The parish magazine"}
POST = {"wish": "post", "draft": "Year 5 at the museum", "channel": "The school's page", "pupils_shown": "none"}
PERMISSION = {"wish": "permission", "thing": "camera", "reason": "The trip to the farm"}


@pytest.mark.parametrize(
    ("answers", "name"),
    [(ACCOUNT, "new_account"), (NAME, "draft_check"), (POST, "draft_check"), (PERMISSION, "permission_needed")],
    ids=["account", "name", "post", "permission"],
)
def test_each_wish_is_a_request_that_somebody_decides(answers, name):
    """E31; E32 for a post and for the school's name or logo; E37."""
    one = request("new_account", **answers)
    assert (one.matter(), one.severity()) == (name, Severity.LOW)
    assert matter(name).asks
    assert "wait for it" in " ".join(one.advice())


def test_a_new_account_asks_for_the_seven_points_an_owner_and_a_school_address():
    """Rosebrook weighs up seven: purpose, worth, interaction, who contributes, time, plan and length, and how it is judged."""
    names, _ = walked("new_account", **ACCOUNT)
    seven = ["purpose", "worth", "interaction", "contributors", "time", "plan", "success"]
    assert names == ["you", "wish", "platform", *seven, "owner", "school_email", "name", "contact"]


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        (NAME, ["wanted", "channel", "wanted_on"]),
        (POST, ["draft", "channel", "wanted_on", "pupils_shown"]),
        ({**POST, "pupils_shown": "more"}, ["draft", "channel", "wanted_on", "pupils_shown", "consent_checked"]),
        (PERMISSION, ["thing", "reason", "lesson"]),
    ],
)
def test_every_other_wish_is_short(answers, asked):
    """Text, place and day of a post, the pupils it shows and their consent; what a device is for and when."""
    names, _ = walked("new_account", **answers)
    assert names == ["you", "wish", *asked, "name", "contact"]


def test_no_password_and_no_pupils_name_is_asked_for():
    """The word stands only where it says not to send one."""
    for one in questions(FLOW):
        assert "password" not in one.text.casefold()
    assert "never send a password" in FLOW.intro
    lesson = next(one for one in questions(FLOW) if one.name == "lesson")
    assert "no pupil's name" in lesson.help


def test_a_parent_is_sent_to_the_office():
    """Parents may want the school's name for a group of their own."""
    assert "school office" in stopped("new_account", "parent")
    assert "teacher" in stopped("new_account", "under_18")
