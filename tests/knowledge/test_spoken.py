"""How a rule is written down for the encoder: under its headings, with the half sentence it hangs on, and nothing said twice."""

from __future__ import annotations

import pytest

from knowledge import meaning
from knowledge.policy import Section
from knowledge.spoken import rule_words

ADULTS = frozenset({"staff"})


def rule(title: str, text: str, lead: str = "", path: tuple[str, ...] = ("Staff",)) -> Section:
    """A rule of staff."""
    return Section("1.a", title, ADULTS, text, path=(*path, title), within="1", lead=lead)


def test_a_rule_stands_under_its_headings():
    """Its section's, and its own."""
    assert rule_words(rule("Friend requests", "Decline them.")) == "Staff. Friend requests: Decline them."


def test_what_a_bullet_hangs_on_is_read_with_it():
    """Without "must not" it would say the opposite."""
    assert rule_words(rule("Pupils", "accept pupils", "Staff must not:")) == "Staff. Pupils: Staff must not: accept pupils"


@pytest.mark.parametrize(
    "title",
    ["accept pupils as friends …", "1.2 accept pupils as friends …", "Accept pupils as friends on any site.", "4.1(a) accept …"],
)
def test_a_title_that_is_only_how_the_rule_begins_is_not_read_twice(title):
    """That is how an import names a rule to which its school gave no title."""
    assert rule_words(rule(title, "accept pupils as friends on any site")) == "Staff: accept pupils as friends on any site"


@pytest.mark.parametrize(
    ("title", "text"), [("2 hours at most", "Pupils may play."), ("Y6", "They may play."), ("Pupils", "Pupils may play.")]
)
def test_a_title_of_its_own_stays(title, text):
    """Whether it has a number, is one, or is said again by the rule."""
    assert rule_words(rule(title, text)) == f"Staff. {title}: {text}"


def test_only_the_first_sentence_hangs_on_what_stands_before_a_list():
    """What follows it may well be what they must."""
    said = meaning.said(rule("Gifts", "Take gifts of money from anybody. Small gifts at Christmas are welcome.", "Staff must not:"))
    assert said[1:] == ["Gifts: Staff must not: Take gifts of money from anybody.", "Gifts: Small gifts at Christmas are welcome."]
