"""The page around a conversation: its host name, hiding it, larger words, forgetting it, and how much one address may ask for."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import page_of
from bot.channels.web.marks import Mark, Marks
from bot.channels.web.neutral import SIZES, TABLES_AT
from bot.clock import SystemClock
from bot.config import Config, Web
from bot.config.rules import broken
from bot.pages.crowding import HOUR, Crowding
from bot.ways_in import ways_in
from storage.vault import Keyring, Vault
from tests.bot.test_web import reports, within
from tests.plain_browser import PageForm, PlainBrowser
from tests.site import CHAT, Site, for_real, serving

HOST = "chat.rosebrook.example"
VAULT = Vault(Keyring.new())


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """Two schools, one of them with a host name of its own."""
    config = for_real(tmp_path / "data").model_copy(
        update={"schools": ("trent", "rosebrook"), "web": Web(hosts={HOST: "rosebrook"})}
    )
    async with serving(config, SystemClock()) as site:
        yield site


def form(browser: PlainBrowser, end: str) -> PageForm:
    """The form of the loaded page that goes to END."""
    return next(form for form in browser.page.forms if form.action.endswith(end))


# The way in ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", [HOST, f"{HOST}:8443", HOST.upper(), f"{HOST}."])
async def test_a_host_name_leads_to_its_school_and_to_no_other(site: Site, host: str):
    """Nobody is asked which school it is, and under that name there is only one."""
    client = site.browser().client
    first = await client.get("/", headers={"host": host})
    assert (first.status_code, first.headers["location"]) == (303, CHAT)
    assert (await client.get(CHAT, headers={"host": host})).status_code == 200
    assert (await client.get("/chat/trent", headers={"host": host})).status_code == 404


@pytest.mark.parametrize("host", ["ask.trust.example", "", "rosebrook.example", f"x{HOST}", "[::1]:80", f"{HOST}.evil.example"])
async def test_any_other_name_leads_to_the_list(site: Site, host: str):
    """As does whatever somebody forges."""
    client = site.browser().client
    listed = await client.get("/", headers={"host": host})
    assert listed.status_code == 200
    assert "/chat/trent" in listed.text
    assert "/chat/rosebrook" in listed.text
    assert (await client.get("/chat/trent", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(("hosts", "wrong"), [
    ({HOST: "rosebrook"}, ""), ({"https://" + HOST: "rosebrook"}, "bare name"), ({HOST + ":80": "rosebrook"}, "bare name"),
    ({HOST: "nowhere"}, "nowhere"), ({HOST.upper(): "rosebrook"}, "small letters"),
])  # fmt: skip
def test_a_host_name_that_could_not_work_is_named(tmp_path: Path, hosts: dict[str, str], wrong: str):
    """At the start and by `signpost check`, with what to write instead."""
    assert "web.base_url" in {
        key for key, _ in broken(for_real(tmp_path).model_copy(update={"web": Web(hosts=hosts)}), key_needed=False)
    }
    found = [text for key, text in broken(for_real(tmp_path).model_copy(update={"web": Web(hosts=hosts)}), key_needed=False)
             if key == "web.hosts"]  # fmt: skip
    assert bool(found) is bool(wrong)
    assert wrong in " ".join(found)


def test_links_lead_to_the_name_at_which_the_browser_knows_the_conversation():
    """A cookie belongs to one host name: a link to another would lead somebody who comes back for news to an empty page."""
    web = Web(base_url="https://ask.trust.example", hosts={HOST: "rosebrook"})
    assert web.page("rosebrook") == f"https://{HOST}/chat/rosebrook"
    assert web.page("trent") == "https://ask.trust.example/chat/trent"
    assert Web(hosts={HOST: "rosebrook"}).page("rosebrook") == ""
    config = Config(schools=("rosebrook",), web=web)
    assert ways_in(config, "rosebrook", "CODE")[0].link == f"https://{HOST}/chat/rosebrook?invite=CODE"
    assert page_of("rosebrook", config) == web.page("rosebrook")


# What it says, and what it gives away ---------------------------------------------------------------------------------------


async def test_who_can_read_what_is_said_before_the_first_question(site: Site):
    """In full and unfolded while nothing was said; folded away afterwards."""
    browser = site.browser()
    await browser.loads()
    about = r"<details(?P<open> open)?>\s*<summary>Who can read what\?</summary>"
    assert re.search(about, browser.answer.text)["open"]
    assert browser.answer.text.index("Who can read what?") < browser.answer.text.index(">Start<")
    await browser.says("hello")
    await browser.loads()
    assert not re.search(about, browser.answer.text)["open"]


@given(st.integers(0, 10**18 - 1), st.integers(0, 10**18 - 1), st.integers(0, 10**18 - 1))
def test_a_mark_comes_back_as_it_was_and_is_nothing_to_anybody_else(reply: int, card: int, done: int):
    """Always of one length, different each time, and worthless at another place."""
    mine, theirs = Marks(VAULT, "rosebrook/me"), Marks(VAULT, "rosebrook/them")
    mark = Mark(reply, card, done)
    written = mine.written(mark)
    assert mine.read(written) == mark
    assert theirs.read(written) == Mark()
    assert len(written) == len(mine.written(Mark()))
    assert written != mine.written(mark)
    assert re.fullmatch(r"[\w-]+", written)


async def test_nothing_on_the_page_counts(site: Site):
    """Neither the lines nor the mark hold the numbers of the rows: their gaps would tell how much others say."""
    one, other = site.browser(), site.browser()
    await one.loads(), await other.loads()
    await one.says("hello"), await other.says("hello")
    mine, theirs = await within(one, "Report something"), await within(other, "Report something")
    assert not {line.id for line in mine} & {line.id for line in theirs}
    assert all(re.fullmatch(r"[hr][0-9a-f]{16}", line.id) for line in (*mine, *theirs))
    assert [line.id for line in await one.loads()] == [line.id for line in mine]


async def test_what_sends_the_report_and_what_says_a_word_are_told_apart(site: Site):
    """Of two buttons called alike somebody presses the wrong one, and a screen reader cannot tell which is which."""
    browser = site.browser()
    await reports(browser)
    assert [button.label for form in browser.page.forms for button in form.buttons].count("Send") == 1
    assert 'aria-label="Say this"' in browser.answer.text


# Leaving it -----------------------------------------------------------------------------------------------------------------


async def test_the_page_that_hides_it_is_innocent(site: Site):
    """It says nothing of a school, a bot or a report, loads nothing from elsewhere, and may be kept."""
    shown = await site.browser().client.get(TABLES_AT)
    assert shown.status_code == 200
    assert "7" in shown.text
    assert not re.search(r"signpost|rosebrook|school|report|chat", re.sub(r"/static/\S+", "", shown.text), re.IGNORECASE)
    assert "no-store" not in shown.headers["cache-control"]
    assert "set-cookie" not in shown.headers


async def test_without_javascript_hiding_is_a_plain_link(site: Site):
    """And what it leads to lies in the page already, for hiding without a connection."""
    browser = site.browser()
    await browser.loads()
    assert re.search(rf'<a id="hide"[^>]*href="{TABLES_AT}"', browser.answer.text)
    assert "<template" in browser.answer.text
    assert "Times tables" in browser.answer.text.partition("<template")[2]


async def test_forgetting_takes_the_cookie_and_everything_that_is_kept(site: Site):
    """The next visit is a stranger's; a form from another site forgets nothing."""
    browser = site.browser()
    await browser.loads()
    await browser.says("hello")
    await within(browser, "Report something")
    browser.client.cookies.set("text-size", "large", domain="127.0.0.1")
    forget = form(browser, "/forget")
    assert (await browser.client.post(forget.action, data={**forget.fields, "csrf": "x"})).status_code == 403
    assert len(await browser.loads()) == 2
    gone = await browser.client.post(forget.action, data=form(browser, "/forget").fields)
    assert (gone.status_code, gone.headers["location"]) == (303, TABLES_AT)
    assert "storage" in gone.headers["clear-site-data"]
    assert "cookies" not in gone.headers["clear-site-data"], "that would take the neighbours' below the same domain as well"
    assert not browser.client.cookies
    assert await browser.loads() == []


@pytest.mark.parametrize("size", SIZES)
async def test_the_size_of_the_words_is_kept(site: Site, size: str):
    """For every page that this browser opens, without JavaScript too."""
    browser = site.browser()
    await browser.loads()
    look = form(browser, "/look")
    await browser.client.post(look.action, data={**look.fields, "size": size})
    await browser.loads()
    assert f'data-size="{size}"' in browser.answer.text
    assert re.search(rf'value="{size}" aria-pressed="true"', browser.answer.text)


@pytest.mark.parametrize("size", ["", "huge", '"><script>'])
async def test_only_a_size_of_ours_is_taken(site: Site, size: str):
    """From a form or from a cookie."""
    browser = site.browser()
    await browser.loads()
    look = form(browser, "/look")
    assert (await browser.client.post(look.action, data={**look.fields, "size": size})).status_code == 400
    browser.client.cookies.set("text-size", re.sub(r'[";]', "", size) or "0")
    await browser.loads()
    assert 'data-size="usual"' in browser.answer.text


# Too much at once ---------------------------------------------------------------------------------------------------------------


async def test_a_flood_from_one_address_is_held_back_and_danger_is_not(site: Site, monkeypatch: pytest.MonkeyPatch):
    """The page says what to do; words of danger are taken and answered as ever."""
    monkeypatch.setattr(site.app.channels["web"], "_writing", Crowding(2, 0.0))
    browser = site.browser()
    await browser.loads()
    await browser.says("hello")
    await browser.says("hello again")
    action, fields = browser.compose({"text": "what about photos"})
    refused = await browser.client.post(action, data=fields)
    assert refused.status_code == 429
    assert refused.headers["retry-after"]
    assert "ring 999" in refused.text
    assert "photos" not in refused.text
    before = len(await browser.loads())
    await browser.says("my son says he wants to kill himself tonight")
    lines = await browser.loads()
    assert len(lines) > before
    assert "kill himself" in " ".join(line.text for line in lines)


async def test_buttons_have_room_of_their_own(site: Site, monkeypatch: pytest.MonkeyPatch):
    """That somebody is in danger is said by a button: it is not held back by the words of others."""
    monkeypatch.setattr(site.app.channels["web"], "_writing", Crowding(1, 0.0))
    browser = site.browser()
    await browser.loads()
    await browser.says("hello")
    await within(browser, "Report something")
    await browser.clicks("Report something")
    await within(browser, "What would you like to report?")


async def test_pages_are_held_back_too_but_never_what_hides_them(site: Site, monkeypatch: pytest.MonkeyPatch):
    """Somebody may have to leave at that very moment."""
    monkeypatch.setattr(site.app.channels["web"], "_reading", Crowding(1, 0.0))
    client = site.browser().client
    assert (await client.get(CHAT)).status_code == 200
    assert (await client.get(CHAT)).status_code == 429
    assert (await client.get(TABLES_AT)).status_code == 200


async def test_behind_a_web_server_of_ones_own_everybody_counts_for_themselves(site: Site, monkeypatch: pytest.MonkeyPatch):
    """What it says about where somebody comes from is believed, since it runs on this machine."""
    monkeypatch.setattr(site.app.channels["web"], "_reading", Crowding(1, 0.0))
    client = site.browser().client
    asked = [(await client.get(CHAT, headers={"x-forwarded-for": f"203.0.113.{number}"})).status_code for number in (5, 5, 6)]
    assert asked == [200, 429, 200]


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 30)), max_size=200))
def test_nobody_gets_more_than_the_limit_and_whoever_waits_gets_on(asked: list[tuple[str, float]]):
    """In any stretch of time at most what is allowed at once and what has been added since; each address for itself."""
    clock = Hand()
    crowding = Crowding(5, 0.5, clock)
    taken = dict.fromkeys("ab", 0)
    for address, pause in asked:
        clock.now += pause
        room = crowding.has_room(address)
        took = crowding.takes(address)
        assert took is room
        taken[address] += took
        assert taken[address] <= 5 + clock.now * 0.5 + 5 * (clock.now // HOUR)
    clock.now += 2.0
    assert crowding.takes("a")


def test_one_household_is_one_address_and_nothing_of_it_is_kept():
    """IPv6 gives everybody addresses without end. What lies in memory is a digest whose key is gone within the hour."""
    clock = Hand()
    crowding = Crowding(1, 0.0, clock)
    assert crowding.takes("2001:db8:1:2::1")
    assert not crowding.takes("2001:db8:1:2:ffff::9")
    assert crowding.takes("2001:db8:1:3::1")
    assert crowding.takes("192.0.2.7")
    assert not crowding.takes("::ffff:192.0.2.7")
    assert crowding.takes("not an address")
    assert "192.0.2" not in repr(vars(crowding)) + repr(crowding)
    before = set(crowding._buckets)
    clock.now += HOUR
    assert crowding.takes("192.0.2.7")
    assert not set(crowding._buckets) & before
