"""Questions that were written for a rule lead whoever asks much the same to that rule, while the rule says what it said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knowledge import encoder, markdown, meaning, precedents
from knowledge.nearest import nearest
from knowledge.precedents import NOWHERE, Own, Precedents
from knowledge.search import look
from knowledge.spoken import mark, rule_words
from knowledge.training import examples

SCHOOL = "rosebrook"


@pytest.fixture(scope="module")
def policy():
    """A policy that was gone through by hand."""
    return markdown.load(examples.SCHOOLS / SCHOOL / "policy.md")


def own(policy) -> Own:
    """What was asked of POLICY's rules, or of their kin."""
    return meaning.of(policy).own


def rows(one: Own, leaf: int) -> list[int]:
    """The numbers of the precedents that speak for LEAF."""
    return one.taken[one.silent :][one.place[one.owner == leaf]].tolist()


def test_every_rule_of_a_school_we_ship_has_its_precedents(policy):
    """Each row belongs to the rule in whose words it was filed, and to no other, and counts in full."""
    leaves, written, found = policy.leaves(), precedents.load(), own(policy)
    assert found.written == len(leaves)
    assert np.all(np.diff(found.owner) >= 0)
    assert not found.less.any()
    for number, leaf in enumerate(leaves):
        there = rows(found, number)
        assert there
        assert {int(written.about[row]) for row in there} == {mark(rule_words(leaf))}


def test_a_rule_that_was_changed_borrows_until_some_are_written_for_it(policy):
    """What people asked for the old rule may not be what the new one answers, so it counts a little less. Others keep theirs."""
    leaves = policy.leaves()
    changed = replace(leaves[0], text=f"{leaves[0].text} Not on Sundays.")
    says = np.stack([encoder.load().vector(rule_words(leaf)) for leaf in (changed, *leaves[1:])])
    found = precedents.load().of((changed, *leaves[1:]), says)
    assert found.written == len(leaves) - 1
    own_before = set(rows(own(policy), 0))
    less = dict(zip(rows(found, 0), found.less[found.owner == 0].tolist(), strict=True))
    assert own_before <= set(less)
    assert all(0 < less[row] < 0.2 for row in own_before)
    assert not found.less[found.owner > 0].any()
    written = precedents.load()
    asked_of = {int(written.about[row]) for row in less}
    assert not asked_of & {mark(rule_words(leaf)) for leaf in leaves[1:]}, "its neighbours' questions are theirs"


def two_rules() -> Precedents:
    """A question that a policy did not answer, two that were asked of one rule, and one of another."""
    marks = np.array([NOWHERE, 5, 5, 9], np.uint64)
    return Precedents(np.eye(4, dtype=np.int8) * 127, marks, np.array([5, 9], np.uint64), np.eye(2, 4, dtype=np.int8) * 127)


def test_a_new_rule_borrows_the_questions_of_its_kin(policy):
    """All of them, each counting the less the further its own rule is from this one."""
    rule = replace(policy.leaves()[0], text="Nobody has read this before.")
    found = two_rules().of([rule], np.array([[0.8, 0.6, 0.0, 0.0]], np.float32))
    assert found.written == 0
    near = found.near(np.array([[0.1, 0.9, 0.5, 0.2]], np.float32), np.array([0.3], np.float32))
    assert near.one.tolist() == pytest.approx([0.9 - 0.1 * 0.2])
    assert near.few.tolist() == pytest.approx([(0.9 - 0.02 + 0.5 - 0.02 + 0.2 - 0.04) / 3])
    assert near.silent == pytest.approx((0.1, 0.1))


def test_where_there_is_nobody_to_borrow_from_a_rule_is_as_near_as_it_comes_by_itself(policy):
    """A new rule does not stand behind old ones for want of precedents."""
    empty = two_rules().only(np.array([True, False, False, False]))
    found = empty.of(policy.leaves()[:2], np.eye(2, 4, dtype=np.float32))
    near = found.near(np.array([[0.1, 0.9, 0.5, 0.2]], np.float32), np.array([0.7, 0.3], np.float32))
    assert near.one.tolist() == near.few.tolist() == pytest.approx([0.7, 0.3])


def test_as_if_nobody_had_asked_anything(policy):
    """A school we ship can be asked as one that has just put its policy in: its own precedents are gone, all others are there."""
    leaves, every = policy.leaves(), precedents.load()
    rest = every.without(leaves)
    theirs = {mark(rule_words(leaf)) for leaf in leaves}
    assert not theirs & {*rest.about.tolist(), *rest.marks.tolist()}
    assert set(every.marks.tolist()) - set(rest.marks.tolist()) == theirs
    assert len(every.about) - len(rest.about) == sum(about in theirs for about in every.about.tolist())


def test_who_borrows_is_weighed_up_as_somebody_who_does(policy, monkeypatch):
    """Most of a policy's rules need questions of their own before it counts as one that people have asked about."""
    assert meaning.of(policy).curated
    every = precedents.load()
    monkeypatch.setattr(precedents, "load", lambda: every.without(policy.leaves()))
    assert not meaning.of(replace(policy)).curated


def test_a_policy_that_nobody_went_through_is_no_curated_one(policy):
    """Even if it is worded as one of ours, rule by rule: nobody has said which of them answers which topic."""
    copied = meaning.of(replace(policy, answers={}))
    assert copied.own.written == len(policy.leaves())
    assert not copied.curated


def test_a_rule_that_was_changed_is_still_found_by_how_people_asked(policy):
    """A school mends a date in its policy, and is not asked everything anew."""
    numbers = {leaf.ref: number for number, leaf in enumerate(policy.leaves())}
    asked = [one for one in examples.precedents() if one.school == SCHOOL and one.refs][::80]
    found = 0
    for one in asked:
        old = policy.section(one.refs[0])
        mended = replace(old, text=f"{old.text} Reviewed in May.")
        edited = replace(policy, sections=tuple(mended if section is old else section for section in policy.sections), _by_ref={})
        scores = look(edited, one.text, one.audience, None).columns["asked"]
        found += int(np.argmax(scores)) == numbers[old.ref]
    assert found >= 0.8 * len(asked)


def test_whoever_asks_as_somebody_asked_before_comes_nearest_to_the_same_rule(policy):
    """Word for word there is no doubt; the numbers were kept in one byte each, so it is not quite one."""
    numbers = {leaf.ref: number for number, leaf in enumerate(policy.leaves())}
    asked = [one for one in examples.precedents() if one.school == SCHOOL and one.refs][::40]
    for one in asked:
        seen = look(policy, one.text, one.audience, None)
        assert seen.columns["asked"][numbers[one.refs[0]]] > 0.98, one.text


def test_the_mean_of_the_nearest_few():
    """One likeness may be chance; an owner with fewer rows has the mean of those, and one without any its own number."""
    near, owner = np.array([0.2, 0.9, 0.5, 0.4], np.float32), np.array([0, 0, 0, 2])
    assert nearest(near, owner, 3, 2).tolist() == pytest.approx([0.7, 0.0, 0.4])
    assert nearest(near, owner, 3, 1, np.array([0.0, 0.3, 0.0])).tolist() == pytest.approx([0.9, 0.3, 0.4])
