"""A policy file: what can be read from one, and how a slip in one is named."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.markdown import load, parse
from knowledge.policy import Policy, PolicyError, When

FACTS = """+++
school = "Hill Primary"
title = "Social Media Policy"
version = "3"
edition = "verbatim"
numbered = "sections"
[dates]
approved = "2026-01"
next_review = "2026-06-15"
+++
"""
BODY = """
# Staff {#4 for="staff volunteer"}

Staff are bound by
this section.

## Own accounts {#4.1 for="staff"}

- **Friend requests.** Tell the headteacher
  about each of them. {#4.1.a also="5.a"}
- **Names.** None. {#4.1.b for="staff governor"}

# Pupils {#5 for="pupil parent"}

- **Requests to staff.** The lead is told. {#5.a}

# The document {#front for="staff" facts="yes"}

- **Filter.** Sieve 3000. {#front.filter}
"""


def hill(facts: str = FACTS, body: str = BODY) -> Policy:
    """The invented policy, with whatever was changed in it."""
    return parse(facts + body, "hill.md")


def test_sections_and_rules_come_in_order_with_title_text_audience_and_path():
    """A heading is a section, a list item a rule of it; a rule may name its own audience, and lines that are wrapped are joined."""
    policy = hill()
    assert [section.ref for section in policy.sections] == ["4", "4.1", "4.1.a", "4.1.b", "5", "5.a", "front", "front.filter"]
    rule = policy.section("4.1.a")
    assert (rule.title, rule.text) == ("Friend requests", "Tell the headteacher about each of them.")
    assert rule.path == ("Staff", "Own accounts", "Friend requests")
    assert rule.audience == {"staff"}
    assert rule.also == ("5.a",)
    assert policy.section("4.1.b").audience == {"staff", "governor"}
    assert policy.section("4").text == "Staff are bound by this section."
    assert policy.rules("4.1") == (rule, policy.section("4.1.b"))


def test_only_what_has_words_can_be_an_answer():
    """A heading without a paragraph of its own is never quoted; its rules are."""
    assert [leaf.ref for leaf in hill().leaves()] == ["4", "4.1.a", "4.1.b", "5.a", "front.filter"]


def test_facts_about_the_document_can_be_asked_for_by_name():
    """What a document says about itself stands in a section marked as facts."""
    assert hill().facts == {"Filter": "Sieve 3000."}


@pytest.mark.parametrize(
    ("numbered", "ref", "cited"),
    [
        ("sections", "4.1.a", "section 4.1, Own accounts"),
        ("rules", "4.1.a", "section 4.1.a, Friend requests"),
        ("headings", "4.1.a", "“Own accounts”"),
        ("sections", "front.filter", "“The document”"),
        ("rules", "front.filter", "“The document”"),
    ],
)
def test_a_source_is_named_as_it_is_printed_in_the_document(numbered, ref, cited):
    """A reference that only we use would send a reader looking for something that is not there."""
    policy = hill(FACTS.replace('"sections"', f'"{numbered}"'))
    assert policy.cite(policy.section(ref)) == cited


@pytest.mark.parametrize(
    ("today", "said"),
    [(date(2026, 6, 15), None), (date(2026, 6, 16), "15 June 2026"), (date(2030, 1, 1), "15 June 2026")],
)
def test_a_review_that_has_gone_by_is_said_from_the_next_day_on(today, said):
    """The date itself is still in time."""
    warning = hill().review_warning(today)
    assert (said in warning) if said else warning is None


def test_a_month_has_gone_by_when_its_last_day_has():
    """A document that gives only a month is given the whole of it."""
    policy = hill(FACTS.replace("2026-06-15", "2024-02"))
    assert policy.review_warning(date(2024, 2, 29)) is None
    assert "February 2024" in (policy.review_warning(date(2024, 3, 1)) or "")
    assert str(When(2024, 10, 13)) == "13 October 2024"


def test_a_policy_without_a_review_date_or_an_approval_says_so():
    """Silence about its own age is not health."""
    assert "no date" in (hill(FACTS.replace('next_review = "2026-06-15"\n', "")).review_warning(date(2026, 1, 1)) or "")
    assert "approved" in (hill(FACTS.replace('approved = "2026-01"\n', "")).review_warning(date(2026, 1, 1)) or "")


@pytest.mark.parametrize(
    ("facts", "body", "line", "says"),
    [
        ("", '# A {#1 for="staff"}\n', 1, "+++"),
        ("+++\nschool = \n+++\n", BODY, 2, "TOML"),
        (FACTS.replace('title = "Social Media Policy"\n', ""), BODY, 1, "title"),
        (FACTS.replace('version = "3"', 'versoin = "3"'), BODY, 4, "versoin"),
        (FACTS.replace('"verbatim"', '"copied"'), BODY, 5, "edition"),
        (FACTS, "", 10, "no section"),
        (FACTS, "words first\n", 11, "before the first heading"),
        (FACTS, "# A\n", 11, "reference is missing"),
        (FACTS, "# A {#1}\n", 11, "for="),
        (FACTS, '# A {#1 for="everyone"}\n', 11, "everyone"),
        (FACTS, '# A {#1 for="staff" colour="red"}\n', 11, "colour"),
        (FACTS, '# A {#1 for="staff"}\n\n# B {#1 for="staff"}\n', 13, "twice"),
        (FACTS, '# A {#1 for="staff"}\n\n- no title {#1.a}\n', 13, "Short title"),
        (FACTS, '# A {#1 for="staff"}\n\n- **B.** text {#2.a}\n', 13, "begin with 1."),
        (FACTS, '# A {#1 for="staff"}\n\n- **B.** text {#1.a}\n\nlost words\n', 15, "belongs to nothing"),
    ],
)
def test_a_slip_is_named_with_its_file_and_line(facts, body, line, says):
    """Whoever edits a policy is told where to look and what to write."""
    with pytest.raises(PolicyError) as caught:
        hill(facts, body)
    assert str(caught.value).startswith(f"hill.md:{line}: ")
    assert says in str(caught.value)


@pytest.mark.parametrize("value", ["2024-13", "2024", "June", "2023-02-29"])
def test_a_date_that_does_not_exist_is_named_by_its_key(value):
    """The remedy shows the two ways to write a date."""
    with pytest.raises(PolicyError, match=r"hill\.md: dates\.approved"):
        hill(FACTS.replace("2026-01", value))


def test_a_pointer_to_a_rule_that_is_not_there_is_refused():
    """Two rules that belong together must both exist, or half an answer would look whole."""
    with pytest.raises(PolicyError, match=r"4\.1\.a points to also=\"9\.z\""):
        hill(body=BODY.replace('also="5.a"', 'also="9.z"'))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path):
    """Missing, or not text at all."""
    with pytest.raises(PolicyError, match=r"policy\.md"):
        load(tmp_path / "policy.md")
    (tmp_path / "policy.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicyError, match="UTF-8"):
        load(tmp_path / "policy.md")
