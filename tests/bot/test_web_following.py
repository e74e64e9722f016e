"""Coming back to a report over the page: by reference and secret code in another browser, and by an e-mail that says no more."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import coming_back
from bot import wording_following as words
from bot.channels.web import channel
from bot.clock import SystemClock
from bot.config import Web
from bot.ways_in import grouped
from storage.tables import NewsAddress, table
from tests.bot.mailing import settings, until
from tests.bot.test_web import reports, within
from tests.fakes import HandClock
from tests.mail_wire import mail_server
from tests.plain_browser import PlainBrowser
from tests.site import Site, for_real, serving

WRONG = "BCDFG-HJKMN"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """Rosebrook's chat page as parents meet it."""
    async with serving(for_real(tmp_path / "data"), SystemClock()) as site:
        yield site


async def staffed(site: Site) -> None:
    """Somebody leads on safeguarding, at a page of their own."""
    await site.app.stores["rosebrook"].people.add("Lead", ("dsl",), (("web", "lead"),))


async def sent(browser: PlainBrowser) -> tuple[str, str]:
    """A report is sent there: its reference and its secret code."""
    await reports(browser)
    await browser.clicks("Send")
    shown = " ".join(line.text for line in await within(browser, "Secret code"))
    return re.search(r"SP-\w{5}", shown)[0], re.search(r"Secret code\s*(\w{5}-\w{5})", shown)[1]


def follows(browser: PlainBrowser, reference: str, code: str) -> tuple[str, dict[str, str]]:
    """The form by which a report is followed, filled in."""
    form = next(form for form in browser.page.forms if "code" in form.fields)
    return form.action, {**form.fields, "reference": reference, "code": code}


# What is said ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [
    "follow SP-7K2M4 BCDFG-HJKMN", "Follow sp7k2m4 bcdfghjkmn.", "/follow SP-7K2M4 BCDFG HJKMN",
    "follow my report SP-7K2M4 BCDFG–HJKMN",
    "follow SP-7K2M4 with the secret code BCDFGHJKMN", "follow SP-7K2M4,\n code: BCDFGHJKMN",
])  # fmt: skip
def test_a_wish_is_understood_however_it_is_typed(typed: str):
    """From a slip of paper, on a phone, with what phones make of hyphens; and it is shown again without the code."""
    assert coming_back.wish(typed) == coming_back.Wish("SP-7K2M4", "BCDFGHJKMN")
    assert "BCDFG" not in coming_back.masked(typed).upper()
    assert "BCDFG" not in repr(coming_back.wish(typed))


@pytest.mark.parametrize("typed", [
    "a pupil wants to follow me", "follow the policy", "SP-7K2M4 BCDFG-HJKMN", "should I follow SP-7K2M4 BCDFG-HJKMN or not?",
])  # fmt: skip
def test_other_words_about_following_are_none(typed: str):
    """Following is what half of all reports are about."""
    assert coming_back.wish(typed) is None
    assert coming_back.masked(typed) == typed


@pytest.mark.parametrize(("typed", "address"), [
    ("news to me@home.example", "me@home.example"), ("Tell me the news by e-mail to me@home.example.", "me@home.example"),
    ("email me news to a.b+c@home.example", "a.b+c@home.example"), ("no e-mail", ""), ("stop emails.", ""),
    ("is there news?", None), ("he sent his news to me@home.example and laughed", None), ("news", None),
])  # fmt: skip
def test_an_address_is_taken_only_where_news_is_asked_for(typed: str, address: str | None):
    """An address within a report is part of the report."""
    assert coming_back.news_to(typed) == address


# In another browser -----------------------------------------------------------------------------------------------------------


async def test_a_report_is_followed_and_added_to_in_another_browser(site: Site):
    """Its honest state, and words that reach it: as from where it was sent."""
    await staffed(site)
    first, second = site.browser(), site.browser()
    reference, code = await sent(first)
    await second.loads()
    await second.sends(follows(second, reference.lower(), code.replace("-", " ").lower()))
    stands = (await within(second, "You can follow"))[-1]
    assert reference in stands.text
    assert "Nobody has said yet that they have it" in stands.text
    await second.clicks("Add something")
    await second.says("He wrote once more.")
    await within(second, "I have added that")
    assert "words added" in [link.act for link in await site.app.stores["rosebrook"].audit.links()]


async def test_a_reload_shows_neither_a_typed_code_nor_an_address(site: Site):
    """Whoever looks at the page later reads that a report was followed, and cannot do the same elsewhere."""
    browser = site.browser()
    await browser.loads()
    await browser.says(f"follow SP-7K2M4 {WRONG}")
    await browser.says("news to me@home.example")
    await browser.loads()
    assert WRONG not in browser.answer.text
    assert "me@home.example" not in browser.answer.text


async def test_every_wrong_code_is_answered_alike_and_the_sixth_not_at_all(site: Site):
    """A reference that exists, one that does not, and, once they are used up, the right code itself."""
    first, second = site.browser(), site.browser()
    reference, code = await sent(first)
    await second.loads()
    wrongs = (f"{reference} {WRONG}", f"SP-22222 {WRONG}", f"SP-22222 {code}", f"{reference} {code[:-1]}", f"{reference} {code}B")
    for number, wrong in enumerate(wrongs, 1):
        await second.says(f"follow {wrong}")
        await within(second, words.DOES_NOT_OPEN)
        assert sum(words.DOES_NOT_OPEN in line.text for line in await second.loads()) == number
    await second.says(f"follow {reference} {code}")
    assert "Too many codes" in (await within(second, "Too many codes"))[-1].text


async def test_a_cookie_thrown_away_buys_no_further_tries(site: Site, monkeypatch: pytest.MonkeyPatch):
    """Those behind one address have so many wrong codes an hour between them; the right one costs none of them."""
    web = site.app.channels["web"]
    monkeypatch.setattr(web, "_guessing", channel.Crowding(3, 0.0))
    first = site.browser()
    reference, code = await sent(first)
    for _ in range(3):
        browser = site.browser()
        await browser.loads()
        await browser.sends(follows(browser, reference, code))
        await browser.sends(follows(browser, reference, WRONG))
    last = site.browser()
    await last.loads()
    action, fields = follows(last, reference, code)
    refused = await last.client.post(action, data=fields)
    assert refused.status_code == 429
    assert "ring the school" in refused.text
    assert code not in refused.text


# By e-mail -------------------------------------------------------------------------------------------------------------------


async def test_an_email_says_that_there_is_news_and_nothing_else(tmp_path: Path):
    """Offered before the report is sent, used once something has waited unread, and not again before they have looked."""
    async with mail_server(tmp_path) as wire:
        clock, config = HandClock(), settings(tmp_path, wire)
        config = config.model_copy(update={"web": Web(base_url="http://127.0.0.1:8080")})
        async with serving(config, clock) as site:
            await staffed(site)
            browser = site.browser()
            await reports(browser)
            assert any(words.NEWS_OFFER in line.text for line in await browser.loads())
            await browser.says("news to Parent@Home.example")
            await within(browser, "I will write to that address")
            await browser.clicks("Send")
            await within(browser, "Secret code")
            clock.tick(minutes=20)
            assert await site.app.news.look("rosebrook") == 0, "what they have read is no news"
            async with asyncio.timeout(20):
                while not await site.app.news.look("rosebrook"):  # nobody takes it, so that they are told to phone in the end
                    clock.tick(hours=1)
                    await asyncio.sleep(0.1)
            await until(lambda: bool(wire.mails))
            clock.tick(hours=1)
            assert await site.app.news.look("rosebrook") == 0, "once is enough until they look"
            (mail,) = wire.mails
    text = mail.part("plain")
    assert mail.to == ("parent@home.example",)
    assert "There is news at http://127.0.0.1:8080/chat/rosebrook" in text
    assert not re.search(r"SP-|report|Rosebrook Primary|pupil|safeguarding", text)
    assert mail.message["Subject"] == "There is news"


async def test_whoever_is_not_safe_is_offered_no_email_and_leaves_none(tmp_path: Path):
    """They said that it is not safe to write to them: that holds for e-mail as well. The code they get all the same."""
    async with mail_server(tmp_path) as wire:
        config = settings(tmp_path, wire).model_copy(update={"web": Web(base_url="http://127.0.0.1:8080")})
        async with serving(config, HandClock()) as site:
            await staffed(site)
            browser = site.browser()
            await reports(browser, safe="no")
            assert not any(words.NEWS_OFFER in line.text for line in await browser.loads())
            await browser.says("news to me@home.example")
            await within(browser, words.NEWS_NOT_SAFE)
            await browser.clicks("Send")
            await within(browser, "Secret code")
            rows = await site.app.database.read(lambda session: session.connection().execute(sa.select(table(NewsAddress))).all())
    assert rows == []


async def test_no_address_is_taken_where_no_email_can_be_sent(site: Site):
    """The page offers none, and says what there is instead."""
    browser = site.browser()
    await browser.loads()
    assert "news_to" not in browser.answer.text
    await browser.says("news to me@home.example")
    assert "reference and the secret code" in (await within(browser, "I cannot send e-mail"))[-1].text


def test_a_code_is_read_out_in_two_halves():
    """As people read it from paper."""
    assert grouped("BCDFGHJKMN") == WRONG
