"""What somebody wants: a question about the policy is not a report, and a report is not a question."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.intents import understand

FLOWS = {
    "friend_request": ("unwanted friend request", "a parent added me", "a pupil sent me a follow request"),
    "cyberbullying": ("my child is being bullied online", "nasty messages about a pupil"),
}


@pytest.mark.parametrize(
    ("text", "flow"),
    [
        ("I want to report a friend request", "friend_request"),
        ("a mum has just added me on facebook", "friend_request"),
        ("one of my year 6s sent me a folow request", "friend_request"),
        ("my son is being bullied in a group chat", "cyberbullying"),
        ("Reporting online bulying", None),
    ],
)
def test_what_happened_is_the_start_of_a_report(text, flow):
    """The flow is found by the phrases it is heard as, slips of the keyboard included."""
    intent = understand(text, FLOWS)
    assert intent.kind == "report"
    if flow:
        assert intent.flow == flow


@pytest.mark.parametrize(
    "text",
    [
        "can I accept a friend request from a parent?",
        "are staff allowed to follow pupils",
        "What happens if a parent adds me on facebook",
        "if a pupil added me would I have to tell the head",
        "what does the policy say about cyberbullying",
        "hello, may I add a parent on facebook",
        "do staff have to report a friend request",
        "how long does photo consent last",
        "who would I tell about online bullying",
    ],
)
def test_a_question_about_the_rules_is_not_a_report(text):
    """Nobody who asks is pulled into a form."""
    assert understand(text, FLOWS).kind == "question"


@pytest.mark.parametrize("text", ["hi", "Good morning!", "thanks so much", "are you a robot", "who are you", "👍", "hiya bot"])
def test_a_greeting_is_small_talk(text):
    """Only when nothing else is said."""
    assert understand(text, FLOWS).kind == "smalltalk"


@pytest.mark.parametrize("text", ["hi, a parent added me on facebook", "thanks! what is cyberbullying?"])
def test_a_greeting_does_not_hide_what_follows(text):
    """Polite people are heard too."""
    assert understand(text, FLOWS).kind in {"report", "question"}


@pytest.mark.parametrize(
    "text", ["can I talk to a person", "put me through to the office", "ring me please", "i dont want to talk to a bot"]
)
def test_a_call_for_a_person_is_heard(text):
    """Nobody has to argue with a machine."""
    assert understand(text, FLOWS).kind == "talk_to_human"


def test_two_flows_that_fit_alike_are_a_toss_up():
    """The caller then asks: is this about one, or the other?"""
    intent = understand("a parent added me", {"one": ("a parent added me",), "two": ("a parent added me",)})
    assert intent.margin == 0
    assert {intent.flow, intent.runner_up} == {"one", "two"}


@pytest.mark.parametrize("text", ["", "   ", "qwertz", "x"])
def test_what_says_nothing_is_unclear(text):
    """It is not taken for anything."""
    assert understand(text, FLOWS).kind == "unclear"


@given(text=st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_whatever_is_typed_the_margin_is_a_share(text):
    """From a toss-up to certainty, and a flow is one that was offered."""
    intent = understand(text, FLOWS)
    assert 0 <= intent.margin <= 1
    assert intent.flow is None or intent.flow in FLOWS


@pytest.mark.parametrize("text", ["a" * 10_000, "can i " * 1600, "😀" * 5000, "parent added me " * 600, "\x00\x1b" * 5000])
def test_hostile_text_is_understood_quickly(text):
    """Ten thousand characters of anything cost less than 50 ms."""
    understand("warm", FLOWS)
    before = time.process_time()
    understand(text, FLOWS)
    assert time.process_time() - before < 0.05
