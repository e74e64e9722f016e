"""Questions that were written for a rule lead whoever asks much the same to that rule, while the rule says what it said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knowledge import markdown, meaning, precedents
from knowledge.nearest import nearest
from knowledge.precedents import NOWHERE, Precedents
from knowledge.search import look
from knowledge.spoken import mark, rule_words
from knowledge.training import examples

SCHOOL = "rosebrook"


@pytest.fixture(scope="module")
def policy():
    """A policy that was gone through by hand."""
    return markdown.load(examples.SCHOOLS / SCHOOL / "policy.md")


def test_every_rule_of_a_school_we_ship_has_its_precedents(policy):
    """Each row belongs to the rule in whose words it was filed, and to no other."""
    leaves, written = policy.leaves(), precedents.load()
    own = written.of(leaves)
    assert set(own.owner.tolist()) == set(range(len(leaves)))
    assert np.all(np.diff(own.owner) >= 0)
    for row, leaf in zip(own.rows, own.owner, strict=True):
        assert int(written.about[row]) == mark(rule_words(leaves[leaf]))


def test_a_rule_that_was_changed_has_none_until_some_are_written_for_it(policy):
    """What people asked for the old rule may not be what the new one answers. Its neighbours keep theirs."""
    leaves = policy.leaves()
    changed = (replace(leaves[0], text=f"{leaves[0].text} Not on Sundays."), *leaves[1:])
    before, after = (set(precedents.load().of(rules).owner.tolist()) for rules in (leaves, changed))
    assert before - after == {0}


def test_a_rule_without_any_is_as_near_as_it_comes_by_itself():
    """A new rule does not stand behind the old ones for want of precedents."""
    written = Precedents(np.eye(4, dtype=np.float32) * 127, np.array([NOWHERE, 5, 5, 9], np.uint64))
    own = precedents.Own(np.array([1, 2]), np.array([1, 1]))
    near = written.near(np.array([[0.1, 0.9, 0.5, 0.2]], np.float32))
    one, few = own.near(near, np.array([0.7, 0.3], np.float32))
    assert one.tolist() == pytest.approx([0.7, 0.9])
    assert few.tolist() == pytest.approx([0.7, 0.7])
    assert written.unanswered(near) == pytest.approx((0.1, 0.1))


def test_nobody_speaks_for_a_policy_that_was_not_gone_through(policy):
    """An imported policy is asked by meaning and words, also where one of its rules happens to be worded as another school's."""
    assert len(meaning.of(policy).own.rows) > 0
    assert len(meaning.of(replace(policy, answers={})).own.rows) == 0


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
