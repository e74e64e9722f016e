"""Danger heard by meaning: one line of a long story is enough, wherever it stands and however it is written."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import danger, heads
from knowledge.danger import Heard
from knowledge.heads import Head, Heads
from knowledge.risk import LEVELS, Risk, Triage

LINE = "this is the line that matters"
WORDS = (
    "we",
    "went",
    "to",
    "the",
    "park",
    "and",
    "then",
    "home",
    "for",
    "tea",
    "with",
    "gran",
    "while",
    "it",
    "rained",
    "all",
    "day",
)


class Ear:
    """Hears the one line and nothing else, so that the tests are about what it is given to hear."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def heard(self, texts) -> np.ndarray:
        self.given += texts
        return np.array([[1.0, 0.0] if LINE in text else [0.0, 1.0] for text in texts], np.float32)


@pytest.fixture
def ear(monkeypatch) -> Ear:
    """An encoder that knows one line, and a head that knows it for danger."""
    found = Ear()
    weight = np.array([[0.0, 0.0, 9.0], [9.0, 0.0, 0.0]], np.float32)
    head = Head(heads.RISKS, weight, np.zeros(3, np.float32))
    monkeypatch.setattr(danger.encoder, "load", lambda: found)
    monkeypatch.setattr(danger.heads, "load", lambda: Heads(head, head, 0.2, 0.6))
    return found


def story(length: int, stop: str) -> str:
    """LENGTH everyday words, with STOP after every ninth."""
    return " ".join(WORDS[n % len(WORDS)] + (stop if n % 9 == 8 else "") for n in range(length))


@pytest.mark.parametrize("stop", ["", ".", "!", " ;", "\n", "\r\n", ",", "…"])
@pytest.mark.parametrize("ahead", [0, 29, 31, 45, 500])
@pytest.mark.parametrize("behind", [0, 46])
def test_the_line_is_seen_wherever_it_stands(ear, stop, ahead, behind):
    """At the beginning, in the middle or at the end, with full stops, on lines of its own, or with none at all."""
    assert danger.heard(f"{story(ahead, stop)} {LINE} {story(behind, stop)}").level == "immediate"


@given(ahead=st.integers(0, 300), behind=st.integers(0, 300), stop=st.sampled_from(["", ".", "?", "\n", " - "]))
def test_no_place_is_between_two_windows(ahead, behind, stop):
    """A sentence of up to fifteen words lies whole in one of the parts that are read."""
    text = f"{story(ahead, stop)} {LINE} {story(behind, stop)}"
    assert any(LINE in " ".join(part.split()) for part in danger._parts(danger._windows(text)))


@given(text=st.text(alphabet=st.sampled_from([*"ab .!?;\n", "\u2028", "é", "😀"]), max_size=3000))
def test_no_word_is_left_out_and_no_part_is_longer_than_can_be_read(text):
    """However oddly it is written, and short sentences too: "He fell. Help." is not too short to be read."""
    parts = danger._parts(danger._windows(text))
    words = text.split()
    if len(words) > danger._WINDOW:
        assert all(len(part.split()) <= danger._WINDOW for part in parts)
        assert len(parts) <= danger._MOST
        if len(parts) < danger._MOST:
            assert {word for part in parts for word in part.split()} == set(words)
    else:
        assert parts == [text]


def test_a_short_sentence_is_read_with_its_neighbour():
    """Alone it would say nothing, and what it says must not be lost."""
    text = f"{story(60, '.')}. He fell. Help. It was by the old mill. Quick!"
    assert danger._parts(danger._windows(text))[-2:] == ["He fell. Help.", "It was by the old mill. Quick!"]


def test_what_nobody_says_is_no_danger(ear):
    """Nothing at all, and spaces."""
    assert {danger.heard(text) for text in ("", "  ", "\n\t")} == {Heard("none", possible=False, conceivable=False)}
    assert ear.given == []


def test_who_writes_is_heard_in_front_of_every_part(ear):
    """As it was taught: "he hit me" is another thing from a pupil."""
    danger.heard(story(200, "."), "pupil")
    assert len(ear.given) > 2
    assert all(text.startswith("pupil: ") for text in ear.given)


@pytest.mark.parametrize(
    ("chances", "level"),
    [
        ((0.9, 0.05, 0.05), "none"),
        ((0.81, 0.1, 0.09), "none"),
        ((0.79, 0.11, 0.1), "high"),
        ((0.1, 0.85, 0.05), "high"),
        ((0.1, 0.31, 0.59), "high"),
        ((0.1, 0.3, 0.6), "immediate"),
    ],
)
def test_there_are_two_thresholds(ear, monkeypatch, chances, level):
    """At the lower one a line is said, at the upper one a case is opened; danger of either kind counts for the lower."""
    monkeypatch.setattr(danger, "_chances", lambda parts, audience: np.array(chances, np.float64))
    assert danger.heard("a sentence of a few words is weighed as it is").level == level


def test_the_thresholds_that_are_shipped_are_in_their_order():
    """A line costs little, a case much."""
    model = heads.load()
    assert 0 < model.line < model.case < 1
    assert model.risk.labels == heads.RISKS
    assert model.intent.labels == heads.INTENTS


def test_the_chances_of_a_head_add_up_to_one():
    """Also for numbers that a careless exponential would not survive."""
    head = Head(("a", "b"), np.array([[500.0, -500.0]], np.float32), np.zeros(2, np.float32))
    chances = head.chances(np.array([[1.0], [-1.0], [0.0]], np.float32))
    assert np.allclose(chances.sum(1), 1)
    assert np.allclose(chances, [[1, 0], [0, 1], [0.5, 0.5]])


# --- patterns and meaning together ---


@pytest.mark.parametrize("meant", LEVELS)
@pytest.mark.parametrize(
    ("text", "said"), [("he says he wants to die", "immediate"), ("I have seen cuts on her arms", "high"), ("hi", "none")]
)
def test_the_higher_of_both_counts(triage, monkeypatch, meant, text, said):
    """Neither talks the other down, and the reason says which raised it."""
    monkeypatch.setattr("knowledge.risk.danger.heard", lambda text, audience: Heard(meant, possible=True, conceivable=True))
    assert triage.by_words(text).level == said
    risk = triage.weigh(text)
    assert risk.level == max(said, meant, key=LEVELS.index)
    assert ("meaning" in risk.reasons) is (LEVELS.index(meant) > LEVELS.index(said))


def test_words_that_nobody_says_in_jest_open_a_case_whatever_the_encoder_makes_of_them(triage, monkeypatch):
    """Talk of suicide, and blackmail over pictures: a question about the policy behind it does not talk it down."""
    monkeypatch.setattr("knowledge.risk.danger.heard", lambda text, audience: Heard("none", possible=False, conceivable=False))
    for text in (
        "my daughter says she wants to die, what does the policy say",
        "someone says they'll post her photos unless she sends more",
    ):
        assert triage.weigh(text, "parent").level == "immediate"
    assert triage.weigh("kidnapped by pirates is his new reading book", "parent").level == "high"


def test_a_pattern_is_believed_if_the_words_put_right_may_mean_it(triage, monkeypatch):
    """The patterns see through slips; the encoder is asked about what they saw."""
    asked: list[str] = []

    def heard(text: str, audience: str) -> Heard:
        asked.append(text)
        return Heard("none", possible="overdose" in text, conceivable=True)

    monkeypatch.setattr("knowledge.risk.danger.heard", heard)
    assert triage.weigh("she took an overdoze").level == "immediate"
    assert asked == ["she took an overdoze", "she took an overdose"]


def test_a_worry_by_words_alone_is_let_go_where_no_danger_is_conceivable(triage, monkeypatch):
    """A figure of speech that no list foresaw gets no line; the least doubt, and it does."""
    for doubt in (False, True):
        heard = Heard("none", possible=False, conceivable=doubt)
        monkeypatch.setattr("knowledge.risk.danger.heard", lambda text, audience, heard=heard: heard)
        assert triage.by_words("I have seen cuts on her arms").level == "high"
        assert triage.weigh("I have seen cuts on her arms").level == ("high" if doubt else "none")
        assert triage.weigh("Mr Hill is the one I have seen cuts on her arms with").names_roles == frozenset()


def test_what_was_too_long_to_be_heard_may_be_anything(ear):
    """Of a message longer than anybody types the middle is not heard: there the words are believed as they stand."""
    assert danger.heard(story(400, ".")).conceivable is False
    whole = danger.heard(" ".join(f"{word} was number {n}." for n in range(danger._MOST) for word in WORDS[:2]))
    assert (whole.level, whole.possible, whole.conceivable) == ("none", True, True)


@given(
    text=st.text(max_size=150),
    extra=st.sampled_from(["", "he wants to die", "cuts on her arms", "dying to know", "where is the suicide policy"]),
)
def test_patterns_only_raise_a_level(triage, text, extra):
    """With the lexicon a message is never weighed lower than by meaning; words of danger now give a line whatever it means."""
    message = f"{text} {extra}"
    weighed = triage.weigh(message).level
    assert LEVELS.index(weighed) >= LEVELS.index(danger.heard(message).level)
    assert weighed != "none" or triage.by_words(message).level != "immediate"


def test_a_hundred_thousand_letters_are_weighed_in_bounded_time(triage):
    """In a thread, and no longer than it takes to read the beginning and the end; the patterns have read it all."""
    text = " ".join(f"{WORDS[n % 17]} {n % 997}" for n in range(8_000))[:50_000]
    before = time.process_time()
    assert triage.weigh(f"{text} he says he wants to die {text}").level == "immediate"
    assert time.process_time() - before < 6


def test_the_result_says_nothing_that_was_written():
    """It goes into a log."""
    assert Risk("high", frozenset(), ("meaning",)).reasons == ("meaning",)
    assert isinstance(Triage.load().weigh("Zebedee is fine"), Risk)
    assert "zebedee" not in repr(Triage.load().weigh("Zebedee says he was hit by his dad again")).casefold()
