"""What a locked phone shows of a card or a digest: a reference and a clock, and nothing of what happened, where or to whom."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot import drill, schools, summaries, wording_cases
from bot.channels.slack.saying import notification
from bot.channels.telegram.saying import Part, parts
from bot.deciding import offering
from bot.messages import Reply
from bot.wording import NEXT
from flows.cases.case import Severity
from flows.matters import MATTERS
from storage.store.taking_back import DIGEST_ABOUT

NOW = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
SCHOOLS = ("congerstone", "edith-cavell", "mosaic", "rosebrook", "trent")
ON_A_PHONE = 150  # letters, about as many as stand on a locked screen


def locked(part: Part) -> str:
    """PART as Telegram writes it into a notification: what is covered is left out."""
    units = part.text.encode("utf-16-le")
    for start, length in reversed(part.covered):
        units = units[: 2 * start] + units[2 * (start + length) :]
    return units.decode("utf-16-le")


def cards(name: str):
    """The card of every event that SCHOOL has a route for, with its case."""
    school = schools.load(name)
    for matter in school.routes:
        for severity in Severity:
            if not MATTERS[matter].asks:
                (case,) = drill.begin(school, NOW, matter=matter, severity=severity).opened
                yield case, school, summaries.push(case, school)


@pytest.mark.parametrize("name", SCHOOLS)
def test_a_card_shows_a_locked_phone_a_reference_and_a_clock(name: str) -> None:
    """For every event of every school, in Telegram and in Slack; whoever opens the chat reads the whole card."""
    for case, school, card in cards(name):
        first, *more = parts(card)
        shown = "\n".join(locked(one) for one in (first, *more))
        assert case.reference in shown[:ON_A_PHONE]
        assert f"{wording_cases.HOW_SOON}: {summaries.how_soon(case.severity, school)}" in shown[:ON_A_PHONE]
        hidden = [MATTERS[case.matter].title, NEXT, *case.steps, *summaries.places(case, school), *school.roles.values()]
        for words in hidden:
            assert words.casefold() not in shown.casefold(), (name, case.matter)
            assert words.casefold() not in notification(card).casefold(), (name, case.matter)
        assert case.reference in notification(card)
        whole = "\n".join(one.text for one in (first, *more))
        assert all(words in whole for words in (MATTERS[case.matter].title, *case.steps))


def test_the_buttons_that_decide_a_request_uncover_nothing() -> None:
    """A request says what is asked for; its card is covered like any other."""
    school = schools.load("rosebrook")
    case = next(case for case, _, _ in cards("rosebrook"))
    card = summaries.push(case, school)
    assert parts(offering(card, case, school, None))[0].covered == parts(card)[0].covered != ()


def test_a_digest_is_covered_and_a_page_that_was_asked_for_is_not() -> None:
    """How many of what kind came in a week is nothing for a train; whoever opens a case reads it at once."""
    digest = Reply("1: a sexual picture of a pupil", about=DIGEST_ABOUT, title="Your week")
    assert [locked(part).strip() for part in parts(digest)] == ["Your week"]
    page = Reply("Somebody wrote this.", about="case:x", title="Report SP-7K2MQ", facts=(("What", "a post"),))
    assert parts(page)[0].covered == ()
