"""A policy as the encoder sees it, the phrase book, and the few numbers that weigh the signs up."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import bank, encoder, markdown, meaning, phrasebook
from knowledge.phrasebook import Phrasebook
from knowledge.ranking import COLUMNS, Weights
from knowledge.search import look
from knowledge.spoken import asked_by, rule_words
from knowledge.training import examples

HEAD = '+++\nschool = "Hill"\ntitle = "Policy"\nedition = "verbatim"\nnumbered = "rules"\n+++\n\n'
HILL = """# Pictures {#1 for="parent"}

- **Plays.** You may take photographs at the summer play. They are for your own family only. {#1.1}

# Friends {#2 for="staff"}

- **Requests.** Nobody accepts a friend request from a pupil. {#2.1}
"""


@pytest.fixture
def hill():
    """A policy nobody has gone through by hand."""
    return markdown.parse(HEAD + HILL, "policy.md")


# --- how asks and rules are written down ---


@pytest.mark.parametrize(
    ("audience", "heard"),
    [
        ("staff", "staff: hi"),
        ("volunteer", "staff: hi"),
        ("governor", "staff: hi"),
        ("parent", "parent: hi"),
        ("pupil", "pupil: hi"),
        ("", "hi"),
        ("burglar", "hi"),
    ],
)
def test_who_asks_is_heard_in_front(audience, heard):
    """As the model was taught; whoever it does not know is heard without."""
    assert asked_by(audience, "hi") == heard


def test_a_rule_is_heard_under_its_headings(hill):
    """A bullet alone seldom says whom it binds; no heading is said twice."""
    assert rule_words(hill.section("2.1")) == "Friends. Requests: Nobody accepts a friend request from a pupil."


# --- a policy's vectors ---


def test_a_long_rule_is_also_heard_sentence_by_sentence(hill):
    """So that one sentence in ten can be the answer."""
    assert meaning.said(hill.section("1.1"))[1:] == [
        "Plays: You may take photographs at the summer play.",
        "Plays: They are for your own family only.",
    ]
    assert len(meaning.said(hill.section("2.1"))) == 1


def test_every_row_belongs_to_its_rule(policy):
    """The first row of a rule is the rule as a whole; none is without an owner."""
    known = meaning.of(policy)
    assert len(known.rows) == len(known.owner)
    assert np.array_equal(np.unique(known.owner), np.arange(len(known.leaves)))
    assert (np.diff(known.owner) >= 0).all()
    assert np.allclose(np.linalg.norm(known.rows, axis=1), 1, atol=1e-3)
    assert known.speaks.shape == (len(bank.topics()), len(known.leaves))


def test_a_rule_is_nearest_to_itself(policy):
    """Asked in its own words, each rule stands in front, or level with one that says the same."""
    known = meaning.of(policy)
    for number, leaf in enumerate(known.leaves):
        near = known.near(encoder.load().vectors([rule_words(leaf)]))
        assert near[number] >= near.max() - 0.01, leaf.ref


def test_rules_named_for_a_topic_stand_in_their_order(rosebrook):
    """The first is the answer, the second a worse one, the rest none."""
    known = meaning.of(rosebrook)
    numbers = {leaf.ref: number for number, leaf in enumerate(known.leaves)}
    row = [topic.name for topic in bank.topics()].index("friend-pupil-to-staff")
    first, second, third = rosebrook.answers["friend-pupil-to-staff"][:3]
    speaks = known.speaks[row]
    assert speaks[numbers[first]] > speaks[numbers[second]] > speaks[numbers[third]] > 0
    assert (speaks > 0).sum() == len(rosebrook.answers["friend-pupil-to-staff"])


def test_in_an_unknown_policy_the_rules_speak_on_their_topics(hill):
    """Nobody named them: the description of the topic does. School life is never a topic of a policy."""
    known = meaning.of(hill)
    assert not known.curated
    names = [topic.name for topic in bank.topics()]
    refs = [leaf.ref for leaf in known.leaves]
    row = known.speaks[names.index("friend-pupil-to-staff")]
    assert refs[int(row.argmax())] == "2.1"
    assert row.max() > 0
    assert not known.speaks[[topic.kind == "school" for topic in bank.topics()]].any()
    assert known.speaks.min() >= 0
    assert known.speaks.max() <= 1


def test_vectors_are_made_once_and_only_so_many_schools_are_kept(monkeypatch, hill):
    """A thousand schools cost no more memory than those that were asked last."""
    monkeypatch.setattr(meaning, "_known", OrderedDict())
    monkeypatch.setattr(meaning, "_KEPT", 3)
    monkeypatch.setattr(meaning, "_made", lambda policy: object())
    first = meaning.of(hill)
    assert meaning.of(hill) is first
    others = [replace(hill) for _ in range(5)]
    for one in others:
        meaning.of(one)
    assert len(meaning._known) == 3
    assert meaning.of(hill) is not first


def test_schools_may_be_asked_from_several_threads(monkeypatch, hill):
    """A version that goes live is made ready in a thread while others are answered."""
    monkeypatch.setattr(meaning, "_known", OrderedDict())
    monkeypatch.setattr(meaning, "_KEPT", 2)
    monkeypatch.setattr(meaning, "_made", lambda policy: policy.school)
    policies = [replace(hill, school=str(number)) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(meaning.of, policies * 200))
    assert told == [policy.school for policy in policies] * 200
    assert len(meaning._known) == 2


# --- the phrase book ---


def book(*rows: tuple[int, list[float]]) -> Phrasebook:
    """A phrase book of a few rows, each with its topic."""
    return Phrasebook(np.array([row for _, row in rows], np.float32) * 127, np.array([topic for topic, _ in rows]))


def test_the_nearest_topic_is_meant_most():
    """The shares add up to one, and a topic without phrases has nearly none."""
    share = book((3, [1, 0]), (3, [0.9, 0.1]), (7, [0, 1])).topics(np.array([[1, 0]], np.float32))
    assert share.sum() == pytest.approx(1, abs=1e-4)
    assert share.argmax() == 3
    assert share[3] > 0.99 * (share[3] + share[7])


def test_one_chance_likeness_counts_less_than_three_phrases():
    """A topic is as near as its three nearest phrases are on the average."""
    rows = [(1, [1.0, 0.0]), (1, [0.0, 1.0]), (1, [0.0, 1.0]), (2, [0.8, 0.6]), (2, [0.8, 0.6]), (2, [0.8, 0.6])]
    assert book(*rows).topics(np.array([[1, 0]], np.float32)).argmax() == 2


def test_each_part_of_a_question_can_bring_its_topic():
    """Of several asks none drowns the other."""
    share = book((3, [1, 0]), (7, [0, 1])).topics(np.array([[1, 0], [0, 1]], np.float32))
    assert share[3] == pytest.approx(share[7])


def test_the_phrases_that_are_shipped_stand_under_their_own_topics():
    """If topics.tsv had moved by a line since the model was made, every answer would be another's."""
    asks = [ask for number, ask in enumerate(examples.asks()) if number % 60 == 0]
    names = [topic.name for topic in bank.topics()]
    shipped = phrasebook.load()
    found = [names[int(shipped.topics(encoder.load().vectors([ask.text])).argmax())] == ask.topic for ask in asks]
    assert len(found) > 80
    assert sum(found) / len(found) > 0.7
    assert int(shipped.topic.max()) < len(names)
    assert (np.diff(shipped.topic) >= 0).all()


# --- weights ---


@pytest.mark.parametrize("named", [True, False])
def test_the_weights_fit_the_signs(named, rosebrook):
    """A number for each column, and bands in their order."""
    weights = Weights.load(named=named)
    assert weights.score.shape == (len(COLUMNS),)
    assert 0 < weights.sure <= 1
    assert 0 < weights.sure_said <= 1
    assert 0 < weights.maybe < weights.sure_said
    seen = look(rosebrook, "who may follow the school?", "parent", None)
    assert seen.columns.keys() == set(COLUMNS)
    right, said = weights.confidence(seen, weights.scores(seen))
    assert 0 <= right <= 1
    assert 0 <= said <= 1
    assert np.isfinite(weights.scores(seen)).all()


def test_what_was_shown_last_counts_for_a_rule():
    """Only as a nudge: somebody may ask about something else next."""
    at = COLUMNS.index("before")
    for named in (True, False):
        score = Weights.load(named=named).score
        assert 0 < score[at] < score[COLUMNS.index("near")]


@given(text=st.text(max_size=120), audience=st.sampled_from(["staff", "parent", "pupil", ""]))
def test_whatever_is_asked_every_sign_is_a_number(rosebrook, text, audience):
    """Nothing divides by nothing: no words, no rules that hold them, no signs at all."""
    seen = look(rosebrook, text, audience, "6.2.e")
    assert all(np.isfinite(seen.columns[name]).all() for name in COLUMNS)
    assert seen.topics.sum() == pytest.approx(1, abs=1e-3)
