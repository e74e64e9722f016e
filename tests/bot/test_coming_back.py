"""Which reports get a secret code, and where it is said. Pure."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from bot import wording_following as words
from bot.coming_back import LETTERS, MOST_FOLLOWED, following, keys, with_codes
from bot.messages import Reply
from bot.turn import Outcome
from flows.cases.case import ALPHABET, Case, Severity
from tests.fakes import MONDAY


def turn(channel: str = "web", *, alarmed: bool = False) -> Any:
    """A turn of the conversation called "here"."""
    return SimpleNamespace(message=SimpleNamespace(address=SimpleNamespace(channel=channel)), conversation="here", alarmed=alarmed)


def case(reference: str, reporter: str | None = "here") -> Case:
    """A report that is opened."""
    return Case(f"id-{reference}", reference, "bullying_of_pupil", Severity.HIGH, MONDAY, reporter=reporter)


SENT = (Reply("Thank you. Your report is SP-7K2M4."), Reply("Meanwhile"), Reply("Type “add SP-7K2M4: …”."))


def said(outcome: Outcome) -> list[str]:
    """What is said, with the title in front."""
    return [f"{reply.title} {reply.text}".strip() for reply in outcome.replies]


def test_the_code_stands_beside_the_reference():
    """Right after the first line that names it, and the same code is handed on to be kept."""
    outcome = with_codes(Outcome(SENT, opened=(case("SP-7K2M4"),)), turn())
    assert said(outcome)[1].startswith(words.CODE_TITLE)
    (code,) = outcome.codes
    assert re.fullmatch(rf"[{ALPHABET}]{{{LETTERS}}}", code.code)
    assert outcome.replies[1].facts[0] == ("Reference", "SP-7K2M4")
    assert outcome.replies[1].facts[1][1].replace("-", "") == code.code
    assert code.case == "id-SP-7K2M4"
    assert code.code not in repr(outcome)


def test_in_an_emergency_help_comes_first():
    """Every line that names the report comes before its code."""
    outcome = with_codes(Outcome(SENT, opened=(case("SP-7K2M4"),)), turn(alarmed=True))
    assert said(outcome)[-1].startswith(words.CODE_TITLE)


def test_every_report_of_theirs_gets_one_of_its_own():
    """Two in one decision are not opened by one code."""
    replies = (*SENT, Reply("And SP-22222."))
    outcome = with_codes(Outcome(replies, opened=(case("SP-7K2M4"), case("SP-22222"))), turn())
    assert len({code.code for code in outcome.codes}) == 2
    assert said(outcome)[-1].startswith(words.CODE_TITLE)
    assert outcome.replies[-1].facts[0][1] == "SP-22222"


@pytest.mark.parametrize("opened", [(), (case("SP-7K2M4", None),), (case("SP-7K2M4", "elsewhere"),)])
def test_parts_and_what_was_written_down_for_others_get_none(opened: tuple[Case, ...]):
    """Whoever may see part of a report, or wrote it down for somebody, did not send it."""
    outcome = Outcome(SENT, opened=opened)
    assert with_codes(outcome, turn()) == outcome


@pytest.mark.parametrize("channel", ["slack", "telegram", "console", "email"])
def test_in_a_chat_the_account_leads_back(channel: str):
    """A code would be one more thing to lose."""
    outcome = Outcome(SENT, opened=(case("SP-7K2M4"),))
    assert with_codes(outcome, turn(channel)) == outcome


def test_the_latest_that_were_followed_are_remembered():
    """Not without end, and none twice."""
    memory: dict[str, str] = {"other": "stays"}
    for number in [*range(MOST_FOLLOWED + 2), MOST_FOLLOWED]:
        memory = following(memory, f"key {number}")
    assert keys(memory) == {f"key {number}" for number in range(2, MOST_FOLLOWED + 2)}
    assert memory["other"] == "stays"
    assert keys({}) == frozenset()
