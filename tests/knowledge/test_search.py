"""Which rule answers a question: found by its own heading, together with its twin, for whoever asks, and honestly not at all."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import encoder, search
from knowledge.policy import Policy
from knowledge.ranking import COLUMNS, Weights
from knowledge.search import Answer, Hit, Sure, find, look, parts
from knowledge.training import examples

# Measured on the model that is shipped; a little worse is a failure.
BY_HEADING = 0.97  # of all rules are among the first three when their own heading is typed
SILENT_SURE = 0.08  # of asks about topics that a school is silent on may be answered as if it were not

HOSTILE = [
    "",
    " ",
    "?",
    "😀" * 5000,
    "\x00\x1b[31m" * 2000,
    "a" * 10_000,
    "the " * 2500,
    "pupil parent photo " * 500,
    "\u202e" * 9000,
    "May I post it? " * 700,
    "word\n" * 20_000,
]


def test_every_rule_is_found_by_its_own_heading():
    """Whoever types a rule's heading gets that rule, or one that belongs with it, among the first three: over all five schools."""
    missed, asked = [], 0
    for policy in schools():
        for leaf in policy.leaves():
            found = find(policy, leaf.title, min(leaf.audience)).sections[:3]
            near = {leaf.ref, *leaf.also}
            asked += 1
            if not any(hit.section.ref in near for hit in found):
                missed.append((policy.school, leaf.ref, leaf.title, [hit.section.ref for hit in found]))
    assert asked > 450
    assert len(missed) <= (1 - BY_HEADING) * asked, missed


def schools() -> Iterator[Policy]:
    """The five schools we ship."""
    return (search_policy(folder.name) for folder in sorted(examples.SCHOOLS.iterdir()) if folder.is_dir())


def search_policy(name: str) -> Policy:
    """The policy of the school NAME, read once."""
    if name not in _READ:
        _READ[name] = examples.markdown.load(examples.SCHOOLS / name / "policy.md")
    return _READ[name]


_READ: dict[str, Policy] = {}


def test_a_topic_that_a_school_is_silent_on_is_not_answered_surely_there():
    """Asks from the bank, put where nobody wrote a rule for them, and asks about school life: seldom quoted as the policy's."""
    chance = random.Random(20261121)
    asks = chance.sample(examples.asks(), 400)
    sure, asked = [], 0
    for number, policy in enumerate(schools()):
        silent = [ask for ask in asks if ask.topic not in policy.answers][number::5]
        for ask in silent[:30]:
            audience, _, text = ask.text.partition(": ")
            asked += 1
            if find(policy, text, audience).sure is Sure.YES:
                sure.append((policy.school, ask.topic, text))
    assert asked == 150
    assert len(sure) <= SILENT_SURE * asked, sure


# --- the bands ---


@pytest.mark.parametrize(
    ("right", "said", "sure"),
    [
        (0.9, 0.9, Sure.YES),
        (0.7, 0.6, Sure.YES),
        (0.69, 0.9, Sure.MAYBE),
        (0.99, 0.59, Sure.MAYBE),
        (0.1, 0.2, Sure.MAYBE),
        (0.99, 0.19, Sure.NO),
        (0.0, 0.0, Sure.NO),
    ],
)
def test_there_are_three_bands_and_both_chances_have_to_be_good_to_be_sure(right, said, sure):
    """The right rule of a policy that is probably silent is not asserted, nor a wrong one of a policy that is not."""
    none = np.zeros(len(COLUMNS), np.float32)
    weights = Weights(none, none, none, 0.7, 0.6, 0.2)
    assert search._band(weights, right, said) is sure


def test_what_is_surely_answered_was_likely_in_both_ways(rosebrook):
    """The band that is shown is the one that the two chances give."""
    weights = Weights.load(named=True)
    for asked in ("Who may follow the school?", "Who keeps the passwords?", "when is sports day", "may I do that now?"):
        answer = find(rosebrook, asked, "parent")
        assert answer.sure is search._band(weights, answer.right, answer.said)


# --- twins, audiences, what was shown before ---


def test_rules_that_belong_together_come_together(policy):
    """Whichever of them is best, those that the policy says belong with it follow directly, once each."""
    paired = [leaf for leaf in policy.leaves() if leaf.also]
    assert paired
    for leaf in paired:
        others = [one for one in policy.leaves() if one.ref != leaf.ref][:5]
        twins = [policy.section(ref) for ref in leaf.also]
        shown = search._together(policy, [Hit(leaf, 2.0), *(Hit(one, 1.0) for one in (*others, *twins))])
        refs = [hit.section.ref for hit in shown]
        assert refs[: 1 + len(twins)] == [leaf.ref, *(twin.ref for twin in twins)]
        assert len(refs) == len(set(refs))


@pytest.mark.parametrize("audience", ["staff", "parent", "governor", "pupil", "volunteer"])
def test_a_rule_for_them_is_marked_as_one(rosebrook, audience):
    """The sign that tells the staff rule from the parents' rule of the same words."""
    seen = look(rosebrook, "may I use the wifi", audience, None)
    for leaf, theirs, alone in zip(seen.leaves, seen.columns["for_them"], seen.columns["for_them_alone"], strict=True):
        assert theirs == (audience in leaf.audience)
        assert alone == pytest.approx(theirs / len(leaf.audience))


@pytest.mark.parametrize("named", [True, False])
def test_a_rule_for_whoever_asks_weighs_more(named):
    """The weights that were learnt say so too."""
    score = Weights.load(named=named).score
    assert score[COLUMNS.index("for_them")] + score[COLUMNS.index("for_them_alone")] > 0


def test_the_rule_shown_last_is_nearer_than_before(rosebrook):
    """Half a question right after an answer is heard as going on: that rule whole, its section half, the rest not at all."""
    seen = look(rosebrook, "and what about that?", "staff", "6.2.e")
    signs = dict(zip((leaf.ref for leaf in seen.leaves), seen.columns["before"].tolist(), strict=True))
    assert signs["6.2.e"] == 1
    assert signs["8.c"] == 1  # its twin
    assert signs["6.2.a"] == 0.5
    assert signs["5.a"] == 0
    before = look(rosebrook, "and what about that?", "staff", None)
    gained = Weights.load(named=True).scores(seen) - Weights.load(named=True).scores(before)
    assert (gained[seen.columns["before"] == 0] == 0).all()
    assert (gained[seen.columns["before"] == 1] > gained[seen.columns["before"] == 0.5].max()).all()
    assert gained[seen.columns["before"] == 0.5].min() > 0


def test_a_rule_that_is_gone_was_not_shown_before(rosebrook):
    """A new version may have dropped it; the question is answered as if it were the first."""
    seen = look(rosebrook, "and what about that?", "staff", "99.z")
    assert not seen.columns["before"].any()


# --- several asks, long stories ---


@pytest.fixture
def told(monkeypatch) -> list[str]:
    """What `parts` asks; it finds a rule for "pictures" and "friends", and is unsure of the rest."""
    heard: list[str] = []

    def answer(policy, question, audience, before=None) -> Answer:
        heard.append(question)
        found = [ref for word, ref in (("pictures", "5.a"), ("friends", "8.c")) if word in question]
        return Answer(Sure.YES if found else Sure.MAYBE, (Hit(policy.section(found[0] if found else "1.a"), 1.0),))

    monkeypatch.setattr(search, "find", answer)
    return heard


@pytest.mark.parametrize(
    ("question", "refs"),
    [
        ("May I post pictures of it? And may we be friends with them?", ["5.a", "8.c"]),
        ("May I post pictures of it?\nmay we be friends with them?", ["5.a", "8.c"]),
        ("May I post pictures of it? Are pictures of it allowed?", ["5.a"]),
        ("May I post pictures of it? What about the weather?", ["5.a"]),
        ("May I post pictures of it? Really?", ["5.a"]),
        ("May I post pictures of it", ["5.a"]),
        ("Hello there, I am new. What about the weather? And what about the moon?", ["1.a"]),
    ],
)
def test_several_asks_get_an_answer_each_if_different_rules_are_sure(rosebrook, told, question, refs):
    """Otherwise the question is one, and answered as a whole."""
    assert [answer.sections[0].section.ref for answer in parts(rosebrook, question, "staff")] == refs


def test_no_more_than_three_asks_are_answered_at_once(rosebrook, told):
    """A page of questions is a page of answers that nobody reads."""
    parts(rosebrook, "May I post pictures of it? " * 50, "staff")
    assert len(told) == 4


def test_an_ask_behind_a_long_story_is_heard(rosebrook, monkeypatch):
    """Eight sentences first, and the question last: that is how people write."""
    story = "So yesterday we all went to the park and it was lovely. " * 60
    ask = "May I accept a friend request from a pupil?"
    heard: list[str] = []
    whole = encoder.Encoder.vectors
    monkeypatch.setattr(encoder.Encoder, "vectors", lambda self, texts: heard.extend(texts) or whole(self, texts))
    look(rosebrook, search._heard(story + ask), "staff", None)
    assert f"staff: {ask}" in heard
    assert len(heard) <= 6
    answer = find(rosebrook, story + ask, "staff")
    assert {"6.2.e", "8.c", "6.2.d"} & {hit.section.ref for hit in answer.sections[:3]}


# --- what people ask ---


@pytest.mark.parametrize("asked", ["photos", "Phones?", "and governors?", "what about pasword"])
def test_a_word_or_two_that_stand_in_the_policy_are_no_reason_to_call_it_silent(rosebrook, asked):
    """It is no whole question, so the closest rules are offered."""
    for audience in ("staff", "parent"):
        assert find(rosebrook, asked, audience).sure is not Sure.NO


@pytest.mark.parametrize("asked", ["swimming", "school dinners", "parking?"])
def test_a_word_or_two_that_do_not_stand_there_are(rosebrook, asked):
    """The policy says nothing of them."""
    assert find(rosebrook, asked, "parent").sure is Sure.NO


def test_a_friend_request_brings_both_rosebrook_rules(rosebrook):
    """Section 6.2 sends it to the headteacher, section 8 to the safeguarding leads: neither may be shown alone."""
    for asked in ("A parent has sent me a friend request, what do I do?", "a pupil tried to follow me on insta"):
        shown = [hit.section.ref for hit in find(rosebrook, asked, "staff").sections]
        first = shown.index("6.2.e")
        assert first <= 1, asked
        assert shown[first + 1] == "8.c", asked


@pytest.mark.parametrize(
    ("audience", "asked", "ref"),
    [
        ("staff", "Who keeps the passwords for the school accounts?", "6.1.e"),
        ("staff", "who do I tell about a concern about the headteacher", "9.d"),
        ("parent", "How do I withdraw consent for photos?", "5.e"),
        ("staff", "may I use my own phone to take pictures of pupils", "5.h"),
        ("staff", "bbc bitesize is blokced, can someone open it", "10.e"),
        ("parent", "what does cyberbullying mean", "4.b"),
    ],
)
def test_everyday_questions_are_answered_outright(rosebrook, audience, asked, ref):
    """In other words than the policy's, and with slips of the keyboard."""
    answer = find(rosebrook, asked, audience)
    assert answer.sections[0].section.ref == ref
    assert answer.sure is Sure.YES


@pytest.mark.parametrize(
    "asked", ["is there parking at the school", "school dinner menu for next week", "has anyone found a blue coat"]
)
def test_what_the_policy_does_not_cover_is_not_asserted(rosebrook, asked):
    """No rule is quoted for a question about something else."""
    assert find(rosebrook, asked, "parent").sure is Sure.NO


@pytest.mark.parametrize("asked", ["when is sports day", "do we log concerns on CPOMS", "how fast is the broadband"])
def test_half_a_match_is_offered_and_never_asserted(rosebrook, asked):
    """Words that the policy happens to use are not yet an answer."""
    assert find(rosebrook, asked, "staff").sure is not Sure.YES


def test_a_rule_for_whoever_asks_comes_before_the_same_rule_for_others(rosebrook):
    """Wi-Fi: staff hear the staff rule first, a parent the one about pupils."""
    assert find(rosebrook, "using the school wifi", "staff").sections[0].section.ref == "6.2.c"
    assert find(rosebrook, "can they use the school wifi", "parent").sections[0].section.ref == "8.b"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_answered_quickly_and_without_fuss(rosebrook, text):
    """However much of anything is sent, it costs no more than six sentences, and raises nothing."""
    find(rosebrook, "warm", "staff")
    before = time.process_time()
    answer = find(rosebrook, text, "parent")
    assert time.process_time() - before < 0.6
    assert answer.sure in Sure


@given(text=st.text(max_size=300), audience=st.sampled_from(["staff", "parent", "governor", "pupil", "nobody"]))
@settings(max_examples=25)
def test_whatever_is_typed_the_hits_come_best_first_and_once_each(rosebrook, text, audience):
    """The order is what the buttons show."""
    hits = find(rosebrook, text, audience).sections
    refs = [hit.section.ref for hit in hits]
    assert len(refs) == len(set(refs))
    assert all(earlier.score >= later.score for earlier, later in pairwise(hits))
    assert all(hit.section.text for hit in hits)
