"""Links, keys and codes are no cry for help, and no cry for help is taken for a code."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import danger, machine_made
from knowledge.risk import Triage


@pytest.fixture(scope="module")
def triage() -> Triage:
    """The triage that is shipped."""
    return Triage.load()


@settings(max_examples=150, deadline=None)
@given(key=st.binary(min_size=18, max_size=60), name=st.sampled_from(("hex", "base64")))
def test_a_key_that_somebody_pasted_opens_no_case(triage: Triage, key: bytes, name: str):
    """A code from another app once opened an urgent report."""
    text = key.hex() if name == "hex" else base64.b64encode(key).decode()
    assert triage.weigh(text, "staff").level != "immediate"


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("look at https://example.org/@somebody/video/7231AbC9dEfG0hIjK please", "look at a link please"),
        ("WWW.example.org/x?y=1 is the page", "a link is the page"),
        ("the code is 9f86d081884c7d659a2feaa0c55ad015 he says", "the code is  he says"),
    ],
)
def test_what_a_person_wrote_around_it_is_heard(written: str, heard: str):
    """Only the link or the code goes."""
    assert machine_made.without(written) == heard


@pytest.mark.parametrize(
    "written",
    [
        "k1llmyself2night",
        "HELPHELPHELPHELPHELP",
        "hewillkillmetonightpleasehelp",
        "HE-HITME",
        "SP-EAKUP",
        "07700900123",
        "ring 020 7946 0000",
    ],
)
def test_what_people_type_is_left_alone(written: str):
    """Shouted, run together, spelt with digits: it is still somebody."""
    assert machine_made.without(written) == written


def test_danger_beside_a_link_is_still_danger(triage: Triage):
    """The words around a link say what they say."""
    said = "he has a knife and is outside her door right now https://example.org/live/aB3dE5fG7hI9jK1l"
    assert triage.weigh(said, "parent").level == "immediate"


def test_changing_the_urgency_of_a_report_is_not_alarm():
    """The name of the command is not heard; what stands behind it is."""
    assert machine_made.without("urgency SP-RQGBP low because it is nothing") == " because it is nothing"
    assert danger.heard("urgency SP-RQGBP low because it is nothing", "staff").level == "none"
    assert danger.heard("urgency   low because it is nothing", "staff").level == "none", "the reference may have been taken out"
    assert danger.heard("urgency SP-RQGBP immediate: he is standing on the roof and wants to jump", "staff").level == "immediate"
