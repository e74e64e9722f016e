"""A declaration of a tie that exists already: told, not asked for, and no accusation of anybody."""

from __future__ import annotations

import pytest

from flows import catalogue
from flows.cases.case import Severity
from flows.flow import questions
from flows.matters import matter
from tests.flows.requested import request, stopped, walked

FLOW = catalogue.flow("declaration")
TIE = {"job": "Teaching assistant", "tie": "relative", "other_party": "pupil"}


@pytest.mark.parametrize("tie", ["own_child", "relative", "friendship", "other"])
@pytest.mark.parametrize("other_party", ["pupil", "parent", "former_pupil"])
@pytest.mark.parametrize("you", ["staff", "volunteer", "governor"])
def test_every_tie_is_one_matter(you, tie, other_party):
    """E05, whatever tie and whoever declares it; nobody is marked as being what it is about."""
    one = request("declaration", you=you, job="Helps with reading", tie=tie, other_party=other_party)
    assert (one.matter(), one.severity(), one.concerned_roles()) == ("existing_relationship", Severity.LOW, ())


def test_it_is_told_and_not_asked_for():
    """Nobody approves it, because approving would make it look allowed."""
    assert not matter("existing_relationship").asks
    assert "not the same as being allowed" in " ".join(request("declaration", **TIE).advice())


def test_it_asks_for_role_tie_party_place_and_time():
    """Also whether it happens at work on school equipment, which some schools have a rule for. The last three may be skipped."""
    names, _ = walked("declaration", **TIE)
    assert names == ["you", "job", "tie", "other_party", "platform", "since", "school_kit", "name", "contact"]
    assert [one.name for one in questions(FLOW) if one.optional] == ["platform", "since", "school_kit"]


def test_no_message_and_no_account_of_anybody_is_asked_for():
    """What they write to each other is theirs."""
    platform = next(one for one in questions(FLOW) if one.name == "platform")
    assert "no account name" in platform.help
    assert "no messages" in platform.help
    party = next(one for one in questions(FLOW) if one.name == "other_party")
    assert "not for a name" in party.help


def test_a_parent_is_shown_what_they_may_have_meant():
    """A parent whom somebody from the school writes to wants to report that, not to declare it."""
    assert "report that here" in stopped("declaration", "parent")
