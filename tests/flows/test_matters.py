"""The matters a report can be about."""

from __future__ import annotations

import re

import pytest

from flows.cases.case import Severity
from flows.matters import (
    ABOUT_GOVERNOR,
    ABOUT_HEADTEACHER,
    DANGER,
    MATTERS,
    TELL_THE_HEADTEACHER,
    TELL_THE_LEAD,
    UnknownMatter,
    matter,
)


def test_the_two_matters_every_school_needs_are_there():
    """Danger goes at once; a worry that fits nothing else still goes to somebody within the hour."""
    assert matter(DANGER).severity is Severity.IMMEDIATE
    assert matter(TELL_THE_LEAD).severity is Severity.HIGH


def test_every_event_of_a_routing_table_is_a_matter():
    """E01 to E40: whatever a school's policy routes can be reported, by who did it where that decides who is told."""
    events = {one.event for one in MATTERS.values() if one.event}
    assert events == {f"E{number:02}" for number in range(1, 41)}
    beside = [DANGER, TELL_THE_LEAD, TELL_THE_HEADTEACHER, "site_to_open", "code_signed"]
    assert [name for name, one in MATTERS.items() if not one.event] == beside
    assert all(matter(name).name == name for name in MATTERS)


def test_an_event_is_split_only_by_who_did_it():
    """Two matters of one event differ in nothing but the person whose act it is."""
    for event in {one.event for one in MATTERS.values()} - {""}:
        names = [one.name for one in MATTERS.values() if one.event == event]
        assert len({re.sub(r"_by_(pupil|staff|parent)$", "", name) for name in names}) == 1


def test_a_request_is_what_somebody_has_to_approve():
    """A declaration and a consent are told, not asked for: nobody approves them."""
    assert {name for name, one in MATTERS.items() if one.asks} == {
        "site_to_unblock",
        "new_account",
        "draft_check",
        "permission_needed",
    }


def test_what_an_approval_opens_is_a_matter_that_asks_for_nothing_more():
    """Otherwise one approval would lead to the next."""
    opened = {one.opens for one in MATTERS.values() if one.opens}
    assert opened == {"site_to_open"}
    assert not any(matter(name).asks for name in opened)
    assert all(one.asks and one.shows for one in MATTERS.values() if one.opens)


@pytest.mark.parametrize("name", ["disclosure", "image_by_pupil", "grooming"])
def test_harm_to_a_child_climbs_within_ten_minutes(name):
    """A deputy has to hear of these within ten minutes, and only the fastest clock does that."""
    assert matter(name).severity is Severity.IMMEDIATE


@pytest.mark.parametrize(
    "name", ["contact_staff_to_pupil", "bullying_by_staff", "staff_conduct", ABOUT_HEADTEACHER, ABOUT_GOVERNOR]
)
def test_a_concern_about_an_adult_at_the_school_does_not_wait_for_the_school_to_open(name):
    """The designated officer has to be asked within one working day."""
    assert matter(name).severity is Severity.HIGH


def test_a_title_is_short_enough_for_a_push_and_gives_no_verdict():
    """It stands on a locked screen: an event, no name, and nothing said to be proven."""
    titles = [one.title for one in MATTERS.values()]
    assert len(set(titles)) == len(titles)
    for title in titles:
        assert len(title) <= 75
        assert not title.endswith(".")


def test_an_unknown_matter_names_those_that_exist():
    """A slip in a route can be mended from the message alone."""
    with pytest.raises(UnknownMatter, match=r"“dangr”.*danger, data_breach"):
        matter("dangr")
