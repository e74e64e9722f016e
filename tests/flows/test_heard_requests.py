"""Whoever says what a concern about an adult, a request or a declaration is heard as is led to it, with every report on offer."""

from __future__ import annotations

import pytest

from flows import catalogue
from knowledge.intents import understand

FLOWS = ("adult_concern", "tell_us", "unblock_site", "image_consent", "declaration", "new_account", "code_of_conduct")
OFFERED = {name: catalogue.flow(name).heard_as for name in catalogue.names()}


@pytest.mark.parametrize(("flow", "phrase"), [(name, phrase) for name in FLOWS for phrase in OFFERED[name]])
def test_what_it_is_heard_as_leads_to_it(flow, phrase):
    """Said by a parent or by staff; four of the seven were never taught to the language model, and are heard word for word."""
    for audience in ("parent", "staff"):
        heard = understand(phrase, OFFERED, audience)
        assert (heard.kind, heard.flow) == ("report", flow)


@pytest.mark.parametrize("flow", FLOWS)
def test_it_is_heard_as_several_things(flow):
    """Six to ten phrases, none of them twice."""
    assert 6 <= len(OFFERED[flow]) == len(set(OFFERED[flow])) <= 10


@pytest.mark.parametrize(
    "text",
    [
        "may I use the school logo on my own page?",
        "do I have to declare that my niece is a pupil here?",
        "who has to sign the code of conduct?",
        "can I use my own camera on the trip?",
        "are staff allowed to be friends with a parent they knew before?",
    ],
)
def test_a_question_about_the_rule_begins_no_request(text):
    """The policy answers first; nobody who asks is pulled into a form."""
    assert understand(text, OFFERED, "staff").kind == "question"
