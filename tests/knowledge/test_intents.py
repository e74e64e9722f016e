"""What somebody wants: a question about the policy is not a report, and a report is not a question."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.heads import INTENTS
from knowledge.intents import Intent, readings, understand

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
        ("my son is being bulied online by kids in his class", "cyberbullying"),
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


@pytest.mark.parametrize("text", ["", "   "])
def test_what_says_nothing_is_unclear(text):
    """It is not taken for anything."""
    assert understand(text, FLOWS).kind == "unclear"


@pytest.mark.parametrize("text", ["qwertz", "x", "asdf gh", "7"])
def test_a_key_somebody_leant_on_begins_no_report(text):
    """Nor is it answered from the policy."""
    assert understand(text, FLOWS).kind not in {"report", "question"}


# --- what is made of the chances, whoever gives them ---


def reads(monkeypatch, *chances: tuple[str, float]) -> None:
    """Let the encoder read every message as CHANCES."""
    monkeypatch.setattr("knowledge.intents.readings", lambda text, audience: list(chances))


@pytest.mark.parametrize(
    ("chances", "wanted"),
    [
        ((("friend_request", 0.8), ("question", 0.2)), Intent("report", "friend_request", 0.75, "question")),
        ((("friend_request", 0.8), ("cyberbullying", 0.2)), Intent("report", "friend_request", 0.75, "cyberbullying")),
        ((("friend_request", 0.8), ("smalltalk", 0.2)), Intent("report", "friend_request", 0.75, None)),
        ((("friend_request", 0.6), ("cyberbullying", 0.3)), Intent("report", "friend_request", 0.0, "cyberbullying")),
        ((("question", 0.6), ("friend_request", 0.6)), Intent("question", "friend_request", 0.0, "question")),
        ((("question", 0.6), ("smalltalk", 0.3)), Intent("question", None, 0.5, None)),
        ((("talk_to_human", 0.9), ("image_consent", 0.1)), Intent("talk_to_human", None, 0.8 / 0.9, None)),
        ((("image_consent", 0.9), ("question", 0.0)), Intent("report", None, 1.0, None)),
        ((("friend_request", 0.29), ("question", 0.28)), Intent("unclear")),
    ],
)
def test_the_margin_is_what_the_first_has_over_the_second(monkeypatch, chances, wanted):
    """Only a flow that is on offer is named; where nothing is likely, nothing is understood."""
    reads(monkeypatch, *chances)
    heard = understand("some words", FLOWS)
    assert (heard.kind, heard.flow, heard.runner_up) == (wanted.kind, wanted.flow, wanted.runner_up)
    assert heard.margin == pytest.approx(wanted.margin)


def test_a_flow_of_the_schools_own_is_heard_by_its_phrases(monkeypatch):
    """The encoder was never taught it: the phrases in its file are all there is."""
    own = {**FLOWS, "lost_property": ("my child lost a coat", "something went missing at school")}
    reads(monkeypatch, ("inappropriate_content", 0.5), ("question", 0.2))
    assert understand("my child has lost his coat", own) == Intent("report", "lost_property", 0.5)
    reads(monkeypatch, ("question", 0.5), ("smalltalk", 0.2))
    assert understand("what if my child lost a coat", own).kind == "question"


@pytest.mark.parametrize(("chance", "flow"), [(0.7, "cyberbullying"), (0.99, "cyberbullying"), (0.69, "lost_property")])
def test_words_of_a_schools_own_report_do_not_take_another_away(monkeypatch, chance, flow):
    """A sure reading of a report that is on offer is believed: “bullied about the coat he lost” is no lost coat."""
    own = {**FLOWS, "lost_property": ("my child lost a coat",)}
    reads(monkeypatch, ("cyberbullying", chance), ("question", 0.01))
    assert understand("my child is bullied about the coat he lost", own).flow == flow
    reads(monkeypatch, ("image_consent", chance), ("question", 0.01))
    assert understand("my child is bullied about the coat he lost", own).flow == "lost_property"


@pytest.mark.parametrize(
    "text", ["sign the code of conduct", "I need to sign the code of conduct.", "Please, I'd like to sign the code of condcut"]
)
def test_a_wish_for_an_untaught_report_in_its_own_words_is_that_wish(monkeypatch, text):
    """To the encoder it sounds like a question about the code; said word for word, politeness aside, it asks for the form."""
    reads(monkeypatch, ("question", 0.9), ("smalltalk", 0.1))
    own = {**FLOWS, "code_of_conduct": ("sign the code of conduct", "read and sign the code")}
    assert understand(text, own) == Intent("report", "code_of_conduct", 1.0)


@pytest.mark.parametrize(
    "text", ["do I have to sign the code of conduct", "who signs the code of conduct", "why sign the code of conduct"]
)
def test_a_question_in_the_words_of_an_untaught_report_stays_one(monkeypatch, text):
    """Whoever asks whether, who or why wants to know, and not to fill in a form."""
    reads(monkeypatch, ("question", 0.9), ("smalltalk", 0.1))
    own = {**FLOWS, "code_of_conduct": ("sign the code of conduct",)}
    assert understand(text, own).kind == "question"


def test_a_taught_flow_is_not_heard_by_its_phrases(monkeypatch):
    """Where the encoder knows better, single words do not overrule it."""
    reads(monkeypatch, ("cyberbullying", 0.9), ("question", 0.1))
    assert understand("a parent added me", FLOWS).flow == "cyberbullying"


@pytest.mark.parametrize(
    ("taught", "flow"),
    [("inappropriate_content", "content"), ("staff_concern", "adult_concern"), ("blocked_site_request", "unblock_site")],
)
def test_a_wish_and_the_report_that_answers_it_may_have_two_names(monkeypatch, taught, flow):
    """The encoder keeps the name it was taught, the report that of its file, and single words overrule neither."""
    offered = {**FLOWS, flow: ("a parent added me",)}
    reads(monkeypatch, (taught, 0.9), ("question", 0.1))
    assert understand("some words", offered).flow == flow
    reads(monkeypatch, ("cyberbullying", 0.9), (taught, 0.1))
    heard = understand("a parent added me", offered)
    assert (heard.flow, heard.runner_up) == ("cyberbullying", flow)


def test_every_reading_has_a_chance_and_the_likeliest_comes_first():
    """All nine, and together they are certain."""
    found = readings("a mum has just added me on facebook", "staff")
    assert {name for name, _ in found} == set(INTENTS)
    assert [chance for _, chance in found] == sorted((chance for _, chance in found), reverse=True)
    assert sum(chance for _, chance in found) == pytest.approx(1, abs=1e-3)


def test_who_writes_matters():
    """“I” is another person for a teacher than for a mother: the words are read with whoever writes them."""
    texts = ("one of the pupils has followed me on instagram", "the teacher follows my daughter on instagram")
    assert readings(texts[0], "staff") != readings(texts[0], "parent")
    assert readings(texts[0], "staff")[0][0] == "friend_request"
    assert readings(texts[1], "parent")[0][0] == "staff_concern"


@given(text=st.text(max_size=300))
@settings(max_examples=25)
def test_whatever_is_typed_the_margin_is_a_share(text):
    """From a toss-up to certainty, and a flow is one that was offered."""
    intent = understand(text, FLOWS)
    assert 0 <= intent.margin <= 1
    assert intent.flow is None or intent.flow in FLOWS


@pytest.mark.parametrize("text", ["a" * 10_000, "can i " * 1600, "😀" * 5000, "parent added me " * 600, "\x00\x1b" * 5000])
def test_hostile_text_is_understood_quickly(text):
    """Ten thousand characters of anything cost no more than one sentence of a hundred pieces."""
    understand("warm", FLOWS)
    before = time.process_time()
    understand(text, FLOWS)
    assert time.process_time() - before < 0.25


@pytest.mark.parametrize(
    "text",
    [
        "he keeps messaging her late at night",
        "she has a boyfriend online who says he is 15 and wants her to meet him",
        "a man on roblox asked my son to move to another app",
    ],
)
def test_a_stranger_is_not_taken_for_an_adult_at_the_school(text):
    """Nobody of the school is heard in it, so the person is asked which report is meant."""
    flows = {"friend_request": ("unwanted friend request",), "adult_concern": ("worried about a member of staff",)}
    intent = understand(text, flows, "parent")
    assert intent.kind == "report"
    assert (intent.margin, {intent.flow, intent.runner_up}) == (0, {"friend_request", "adult_concern"})


def test_somebody_who_says_that_they_want_to_report_is_believed():
    """Whatever the words after it sound like; what asks how it is done stays a question."""
    flows = {"friend_request": ("unwanted friend request",), "adult_concern": ("worried about a member of staff",)}
    assert understand("I want to report a friend request", flows, "staff").flow == "friend_request"
    assert understand("I am worried about a member of staff", flows, "staff").flow == "adult_concern"
    assert understand("I want to report it to a real person", flows, "parent").kind == "talk_to_human"
    assert understand("I am worried about what the policy says on photos", flows, "parent").kind == "question"
    assert understand("how do I report a friend request?", flows, "staff").kind == "question"
