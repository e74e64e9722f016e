"""Whoever says what a report is heard as is led to that report, and not to another."""

from __future__ import annotations

import pytest

from flows import catalogue
from knowledge.intents import understand

ASKED_IN_FULL = ("friend_request", "cyberbullying", "content")
# The other reports that the language model was taught to tell these from.
BESIDE = ("adult_concern", "unblock_site", "image_consent")
OFFERED = {**dict.fromkeys(BESIDE, ()), **{name: catalogue.flow(name).heard_as for name in ASKED_IN_FULL}}


@pytest.mark.parametrize(("flow", "phrase"), [(name, phrase) for name in ASKED_IN_FULL for phrase in OFFERED[name]])
def test_what_a_report_is_heard_as_leads_to_it(flow, phrase):
    """Said by a parent or by staff, the first guess is right."""
    heard = {understand(phrase, OFFERED, audience).flow for audience in ("parent", "staff")}
    assert heard == {flow}


@pytest.mark.parametrize("flow", ASKED_IN_FULL)
def test_a_report_is_heard_as_several_things(flow):
    """Six to ten phrases, none of them twice."""
    phrases = OFFERED[flow]
    assert 6 <= len(phrases) == len(set(phrases)) <= 10
