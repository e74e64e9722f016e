"""What is different between two versions of a policy, as somebody reads it who has to agree to it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import markdown
from knowledge.changes import between, words
from knowledge.policy import Policy

FRONT = '+++\nschool = "Hill"\ntitle = "Policy"\nversion = "1"\nedition = "verbatim"\nnumbered = "rules"\n+++\n\n'
BODY = """# Phones {#1 for="staff"}

> Staff must not:

- **Calls.** take calls in lessons. {#1.1}
- **Photos.** take photos on their own phone. {#1.2}

# Parents {#2 for="parent"}

- **Gate.** Please put phones away at the gate. {#2.1}
"""


def policy(body: str = BODY, front: str = FRONT) -> Policy:
    """The small policy, or another one."""
    return markdown.parse(front + body, "policy.md")


def edited(old: str, new: str) -> Policy:
    """The small policy with OLD changed to NEW."""
    assert old in BODY
    return policy(BODY.replace(old, new, 1))


def test_a_policy_read_twice_is_no_change() -> None:
    """Nor are lines wrapped otherwise."""
    assert not between(policy(), policy())
    assert not between(policy(), edited("Please put phones away", "Please put\n  phones away"))


def test_a_rule_more_and_a_rule_less() -> None:
    """Each is shown whole, and nothing else."""
    more = edited("# Parents", "- **Films.** make films. {#1.3}\n\n# Parents")
    there = between(policy(), more)
    assert ([one.ref for one in there.added], there.removed, there.changed, there.moved) == (["1.3"], (), (), ())
    back = between(more, policy())
    assert ([one.ref for one in back.removed], back.added, back.changed, back.moved) == (["1.3"], (), (), ())


@pytest.mark.parametrize(
    ("old", "new", "details"),
    [
        ("take calls in lessons", "take calls", []),
        ("**Calls.**", "**Phone calls.**", [("title", "Calls", "Phone calls")]),
        ("lessons. {#1.1}", 'lessons. {#1.1 for="staff volunteer"}', [("for", "staff", "staff volunteer")]),
        ("lessons. {#1.1}", 'lessons. {#1.1 also="1.2"}', [("see also", "", "1.2")]),
        ("lessons. {#1.1}", 'lessons. {#1.1 same="9"}', [("same as", "", "9")]),
    ],
)
def test_whatever_changes_an_answer_is_a_change_of_that_rule(old: str, new: str, details: list[tuple[str, str, str]]) -> None:
    """Its words, its title, whom it binds, what it goes with."""
    (change,) = between(policy(), edited(old, new)).changed
    assert (change.before.ref, list(change.details())) == ("1.1", details)


def test_the_half_sentence_that_rules_hang_on_changes_all_of_them() -> None:
    """“Staff must not” becoming “Staff may” is no small matter."""
    found = between(policy(), edited("Staff must not:", "Staff may:"))
    assert [list(one.details()) for one in found.changed] == [[("hangs on", "Staff must not:", "Staff may:")]] * 2


def test_a_heading_renamed_is_one_change_and_not_one_for_each_rule_below_it() -> None:
    """The rules still say what they said."""
    (change,) = between(policy(), edited("# Phones", "# Mobile phones")).changed
    assert list(change.details()) == [("title", "Phones", "Mobile phones")]


def test_a_rule_that_was_renumbered_is_shown_as_moved() -> None:
    """Not as one that went and another that came; a route that gives the old number is refused all the same."""
    found = between(policy(), edited("{#2.1}", "{#2.7}"))
    assert [(one.before.ref, one.after.ref) for one in found.moved] == [("2.1", "2.7")]
    assert (found.added, found.removed, found.changed) == ((), (), ())


def test_where_two_rules_say_the_same_nobody_guesses_which_went_where() -> None:
    """They are shown as gone and come."""
    twice = BODY.replace("take photos on their own phone", "take calls in lessons")
    found = between(policy(twice), policy(twice.replace("{#1.1}", "{#1.8}").replace("{#1.2}", "{#1.9}")))
    assert ([one.ref for one in found.removed], [one.ref for one in found.added]) == (["1.1", "1.2"], ["1.8", "1.9"])
    assert not found.moved


def test_what_the_document_says_about_itself_is_compared_too() -> None:
    """Title, version and dates stand in every answer."""
    dated = FRONT.replace('version = "1"', 'version = "2"').replace("\n+++\n\n", '\n\n[dates]\nnext_review = "2027-05"\n+++\n\n')
    assert between(policy(), policy(front=dated)).front == (("version", "1", "2"), ("dates.next_review", "", "May 2027"))


SENTENCES = st.text(alphabet="ab ,.’-\n", max_size=30)


@given(SENTENCES, SENTENCES)
def test_the_marked_words_are_both_texts_in_full(before: str, after: str) -> None:
    """What stayed and went is the old text, what stayed and came the new one: no word is lost on the way."""
    runs = list(words(before, after))
    assert "".join(text for kind, text in runs if kind != "new") == before
    assert "".join(text for kind, text in runs if kind != "gone") == after
    assert all(text for _, text in runs)


@given(st.permutations(range(3)))
def test_the_order_of_the_rules_does_not_count(order: list[int]) -> None:
    """They are found by what they say."""
    whole = policy()
    sections = [section for section in whole.sections if section.text]
    assert not between(replace(whole, sections=tuple(sections)), replace(whole, sections=tuple(sections[i] for i in order)))
