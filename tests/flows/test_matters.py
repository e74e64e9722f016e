"""The matters a report can be about."""

from __future__ import annotations

import pytest

from flows.cases.case import Severity
from flows.matters import DANGER, MATTERS, TELL_THE_LEAD, UnknownMatter, matter


def test_the_two_matters_every_school_needs_are_there():
    """Danger goes at once; a worry that fits nothing else still goes to somebody within the hour."""
    assert matter(DANGER).severity is Severity.IMMEDIATE
    assert matter(TELL_THE_LEAD).severity is Severity.HIGH


def test_each_matter_is_found_by_its_name_and_no_event_is_used_twice():
    """A row of a school's routing table is one matter."""
    events = [one.event for one in MATTERS.values() if one.event]
    assert sorted(events) == ["E01", "E02", "E03", "E04", "E05"]
    assert all(matter(name).name == name for name in MATTERS)


def test_an_unknown_matter_names_those_that_exist():
    """A slip in a route can be mended from the message alone."""
    with pytest.raises(UnknownMatter, match=r"“dangr”.*danger, existing_relationship"):
        matter("dangr")
