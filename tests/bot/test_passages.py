"""What a guided report reads out of the school's own policy: the live text, and the version it is from."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import schools
from bot.asking import asked
from bot.publishing import CannotPublish, Draft, refuse_what_dangles
from bot.schools import SHIPPED, SchoolError, load
from flows.engine import Asking, begin, hear
from knowledge import markdown
from storage.kept import Published

CODE = "code_of_conduct"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOME = SHIPPED / "edith-cavell"


@pytest.fixture
def written() -> str:
    """Edith Cavell's policy as it is shipped."""
    return (HOME / "policy.md").read_text(encoding="utf-8")


def published(text: str, number: int = 4) -> Published:
    """TEXT as it went live."""
    return Published(number, NOW, None, text, None, "")


def test_the_code_is_shown_in_eleven_points_under_the_numbers_of_the_document():
    """Each rule with its number and title, and everything the policy says under it."""
    school = load("edith-cavell")
    text = school.readings[CODE].text
    assert re.findall(r"^D\.(\d+) ", text, re.MULTILINE) == [str(number) for number in range(1, 12)]
    for number in range(1, 12):
        for rule in school.policy.rules(f"D.{number}"):
            assert rule.text in text
    assert school.readings[CODE].version == "approved in November 2022"


def test_it_is_shown_with_the_question_and_the_version_is_part_of_the_question():
    """The question is kept with the answer, so the case says for ever which text was agreed to."""
    school = load("edith-cavell")
    step = begin(CODE, "c1", school.setting("web"))
    step = hear(step.progress, "staff", pressed=True, about="", now=NOW)
    assert isinstance(step, Asking)
    shown = asked(step, school)
    assert "D.1 Professional conduct" in shown.text
    assert "D.11 Children online in school" in shown.text
    assert "(approved in November 2022)" in step.question.text
    assert [choice.label for choice in shown.choices] == ["I have read and agree", "I have a question first", "Not yet"]


def test_what_was_published_last_is_what_is_shown(written):
    """The live text and its number here, whatever the folder still says."""
    changed = written.replace("so they act responsibly on social networks", "so they think first on social networks")
    assert changed != written
    reading = load("edith-cavell", published=published(changed)).readings[CODE]
    assert "think first on social networks" in reading.text
    assert reading.version == "approved in November 2022, published here as number 4"


def test_a_version_of_its_own_is_named_where_the_document_has_one(written):
    """Without a version, a date and a number there is nothing to name, and that is said."""
    policy = markdown.parse(written, "policy.md")
    versions = {
        schools.passage(replace(policy, version="3"), ("D.1",), None).version,
        schools.passage(replace(policy, dates=replace(policy.dates, approved=None)), ("D.1",), None).version,
    }
    assert versions == {"version 3, approved in November 2022", "without a version or a date"}


def test_a_passage_that_is_not_there_is_named_with_file_and_key(own):
    """Before anybody is asked to sign it."""
    folder = own("[calendar]", '[readings.code_of_conduct]\nrefs = ["6.2", "66"]\n\n[calendar]')
    with pytest.raises(SchoolError, match=r"school\.toml: readings\.code_of_conduct\.refs: the policy has no section 66\."):
        load("hill", folder)


def test_no_policy_goes_live_without_the_passage_that_is_signed(written):
    """Whoever publishes is told which key relies on it."""
    gone = written.replace("D.11", "D.12")
    draft = Draft(gone, None, markdown.parse(gone, "policy.md"))
    with pytest.raises(CannotPublish, match=r"readings\.code_of_conduct\.refs: section D\.11 is not in this policy"):
        refuse_what_dangles("edith-cavell", None, draft)


@pytest.mark.parametrize("name", sorted(folder.name for folder in SHIPPED.iterdir() if folder.is_dir()))
def test_only_edith_cavell_has_a_code_to_sign(name):
    """The other documents have none, and none is made up for them."""
    school = load(name)
    assert (CODE in school.flows) is (CODE in school.readings) is (name == "edith-cavell")
