"""The chat page over a real socket, with the real bot behind it: by plain forms, over the stream, and for those who mean harm."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import RehearsalClock, SystemClock
from bot.pages.forms import LARGEST
from bot.rehearsal import PERSONAS
from tests.fakes import MONDAY
from tests.plain_browser import PlainBrowser, listening
from tests.site import CHAT, Site, for_real, rehearsing, serving

HOSTILE = "<script>alert('x')</script> & \"quotes\""
REPORT = (
    *("no", "parent", "yes", "no", "pupil", "my child", "none of these", "skip", "skip", "skip", "skip"),
    *("He asked three times.", "skip", "no", "skip"),
)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """Rosebrook's chat page as parents meet it."""
    async with serving(for_real(tmp_path / "data"), SystemClock()) as site:
        yield site


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Site]:
    """A rehearsal on a Monday morning."""
    async with serving(rehearsing(tmp_path / "data"), RehearsalClock(MONDAY)) as site:
        yield site


# As people use it ---------------------------------------------------------------------------------------------------------


async def test_a_question_is_answered_without_javascript(site: Site):
    """Type, press Send, and the page that comes back shows both: what was asked, then the answer."""
    browser = site.browser()
    assert await browser.loads() == []
    await browser.says("Can a teacher accept a friend request from a pupil?")
    lines = await within(browser, "6.2")
    assert [line.kind for line in lines][:2] == ["line me", "line bot"]
    assert "Can a teacher accept" in lines[0].text
    assert "6.2" in lines[1].text


async def test_a_report_goes_from_the_parent_to_the_lead_and_back_without_javascript(stage: Site):
    """The whole way by plain forms: report, reference, card, acknowledge, and "seen" on the parent's page."""
    parent, lead = stage.browser(f"{CHAT}?as=parent"), stage.browser(f"{CHAT}?as=dsl")
    await reports(parent)
    reference = re.search(r"SP-\w{5}", (await parent.clicks("Send"))[-1].text)[0]
    cards = [line for line in await within(lead, reference) if "card" in line.kind]
    assert reference in cards[-1].text
    assert "He asked three times." not in cards[-1].text, "a card carries the least"
    await lead.clicks("Acknowledge")
    assert any("was seen at" in line.text for line in await within(parent, "was seen at"))
    assert "done" in next(line for line in await lead.loads() if "card" in line.kind).kind


async def test_typed_words_and_numbers_work_like_buttons(site: Site):
    """Somebody who only types gets as far as somebody who presses."""
    browser = site.browser()
    await browser.loads()
    await browser.says("hello")
    assert "What would you like to report?" in (await browser.says("2"))[-1].text


async def test_a_reload_shows_everything_once_and_the_pressed_button_by_its_words(site: Site):
    """The conversation is the store's, not the page's."""
    browser = site.browser()
    await browser.loads()
    await browser.says("hello")
    before = await browser.clicks("Report something")
    after = await browser.loads()
    assert [line.id for line in after] == [line.id for line in before]
    assert len({line.id for line in after}) == len(after)
    assert any("Report something" in line.text for line in after if "me" in line.kind)


async def test_old_buttons_are_shown_but_can_no_longer_be_pressed(site: Site):
    """Only the open question's buttons are live."""
    browser = site.browser()
    await browser.loads()
    await browser.says("hello")
    await browser.clicks("Report something")
    with pytest.raises(AssertionError, match="no button"):
        browser.pressing("Ask a question")


async def test_a_double_tap_is_one_message(site: Site):
    """The same form sent twice, at the same moment or after a "back", is heard once."""
    browser = site.browser()
    await browser.loads()
    form = browser.compose({"text": "hello"})
    await asyncio.gather(*(browser.client.post(form[0], data=form[1]) for _ in range(5)))
    await browser.sends(form)
    lines = await browser.loads()
    assert [line.kind for line in lines] == ["line me", "line bot"]


# The stream ---------------------------------------------------------------------------------------------------------------


async def test_an_answer_arrives_on_the_open_page(site: Site):
    """With JavaScript the answer comes over the stream; the form itself is answered with nothing to show."""
    browser = site.browser()
    await browser.loads()
    async with listening(browser.client, events(browser)) as stream:
        action, fields = browser.compose({"text": "hello"})
        sent = await browser.client.post(action, data=fields, headers={"x-signpost": "page"})
        assert sent.status_code == 204
        heard = await soon(anext(stream))
    assert heard["event"] == "said"
    assert "<article" in heard["data"]
    assert "Signpost" in heard["data"]


async def test_a_page_that_was_away_gets_exactly_what_it_missed(site: Site):
    """Reconnecting with the last mark brings the missed lines, in order, and none that it had."""
    browser = site.browser()
    await browser.loads()
    await browser.says("hello")
    async with listening(browser.client, events(browser, after="0.0.0")) as stream:
        first = await soon(anext(stream))
    await browser.clicks("Report something")
    await browser.says("what does the policy say about photos")
    last = browser.page.lines[-1].id
    async with listening(browser.client, events(browser, after="0.0.0"), **{"Last-Event-ID": first["id"]}) as stream:
        missed = []
        while f'data-id="{last}"' not in "".join(missed):
            missed.append((await soon(anext(stream)))["data"])
    ids = re.findall(r'data-id="(\w+)"', "".join(missed))
    assert ids == [line.id for line in browser.page.lines if "bot" in line.kind][1:]


async def test_a_page_loaded_a_moment_ago_hears_nothing_twice(site: Site):
    """The mark on the page covers what the page shows: the stream begins after it."""
    browser = site.browser()
    await browser.loads()
    await browser.says("hello")
    async with listening(browser.client, events(browser)) as stream:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(stream), 1.3)


async def test_a_stream_ends_when_the_bot_is_asked_to_stop(site: Site):
    """An open page never holds up the end of the process; it comes back to whoever runs next."""
    browser = site.browser()
    await browser.loads()
    async with listening(browser.client, events(browser)) as stream:
        site.app.stopping.set()
        with pytest.raises(StopAsyncIteration):
            await soon(anext(stream))


async def test_one_browser_cannot_open_streams_without_end(site: Site):
    """The ninth is refused, and the others go on."""
    browser = site.browser()
    await browser.loads()
    async with listening(browser.client, events(browser)) as stream, asyncio.timeout(10):
        asking = browser.client.build_request("GET", events(browser))
        opened = [await browser.client.send(asking, stream=True) for _ in range(7)]
        refused = await browser.client.get(events(browser))
        assert refused.status_code == 429
        for one in opened:
            await one.aclose()
        await browser.says("hello")
        assert (await anext(stream))["event"] == "said"


# Those who mean harm ------------------------------------------------------------------------------------------------------


async def test_a_form_from_another_site_is_refused_and_not_heard(site: Site):
    """Without the page's own token, or with somebody else's, nothing is stored."""
    victim, other = site.browser(), site.browser()
    await victim.loads(), await other.loads()
    action, fields = victim.compose({"text": "hello"})
    stolen = other.compose({})[1]["csrf"]
    for token in ("", stolen, fields["csrf"][:-1] + "é"):
        answer = await victim.client.post(action, data={**fields, "csrf": token})
        assert answer.status_code == 403
    no_cookie = site.browser()
    assert (await no_cookie.client.post(action, data=fields)).status_code == 403
    assert await victim.loads() == []


async def test_another_browser_sees_nothing(site: Site):
    """Neither the page nor the stream of one session shows a word of another's."""
    mine, theirs = site.browser(), site.browser()
    await mine.loads(), await theirs.loads()
    await mine.says("hello")
    assert await theirs.loads() == []
    async with listening(theirs.client, events(theirs, after="0.0.0")) as stream:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(stream), 1.3)
    stranger = site.browser()
    assert (await stranger.client.get(events(mine))).status_code == 403


async def test_somebody_elses_form_number_cannot_be_used_up(site: Site):
    """A number is only taken for the session that sent it: nobody can silence another person by guessing it."""
    mine, theirs = site.browser(), site.browser()
    await mine.loads(), await theirs.loads()
    number = mine.compose({})[1]["nonce"]
    await theirs.sends(theirs.compose({"text": "hello", "nonce": number}))
    assert len(await mine.says("hello")) == 2


async def test_a_body_too_large_is_refused_before_it_is_read(site: Site):
    """Announced or sent in pieces without an end: refused, and the bot goes on answering."""
    browser = site.browser()
    await browser.loads()
    action, fields = browser.compose({"text": "a" * (LARGEST + 1)})
    assert (await browser.client.post(action, data=fields)).status_code == 413

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(LARGEST // 1000 + 2):
            yield b"a" * 1000

    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert (await browser.client.post(action, content=endless(), headers=kind)).status_code == 413
    assert len(await browser.says("hello")) == 2


async def test_words_that_look_like_markup_stay_words(site: Site):
    """What somebody typed is shown to them as they typed it, and never run; nor is it repeated in a refusal."""
    browser = site.browser()
    await browser.loads()
    lines = await browser.says(HOSTILE)
    assert HOSTILE in lines[0].text
    assert "<script>alert" not in browser.answer.text
    refused = await browser.client.get("/chat/<script>alert(1)")
    assert refused.status_code == 404
    assert "alert(1)" not in refused.text


@pytest.mark.parametrize("path", ["/", CHAT, "/chat/nowhere", f"{CHAT}?as=parent", "/static/look.css"])
async def test_every_answer_carries_the_rules_for_browsers(site: Site, path: str):
    """No inline script, no framing, no guessing of types, no address passed on, and nothing personal kept by the browser."""
    answer = await site.browser().client.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    if not path.startswith("/static/"):
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "no-referrer"
    if answer.status_code == 200 and path == CHAT:
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/static/..%2fpage.py", "/static/../page.py", "/static/nothing.js", "/static/%00"])
async def test_only_the_pages_own_files_are_served(site: Site, path: str):
    """A path is never looked up on the disk."""
    assert (await site.browser().client.get(path)).status_code == 404


async def test_files_are_kept_until_they_change(site: Site):
    """The address on the page may be kept for ever; any other address of the file is asked about each time."""
    browser = site.browser()
    await browser.loads()
    address = re.search(r'href="(/static/look\.css\?\w+)"', browser.answer.text)[1]
    assert "immutable" in (await browser.client.get(address)).headers["cache-control"]
    plain = await browser.client.get("/static/look.css")
    assert plain.headers["cache-control"] == "no-cache"
    again = await browser.client.get("/static/look.css", headers={"if-none-match": plain.headers["etag"]})
    assert again.status_code == 304


async def test_outside_a_rehearsal_nobody_is_somebody_by_saying_so(site: Site):
    """No persona, no stage, no clock: those addresses do not exist."""
    browser = site.browser()
    await browser.loads()
    for persona in PERSONAS:
        assert (await browser.client.get(f"{CHAT}?as={persona.key}")).status_code == 404
        assert (await browser.client.get(f"{CHAT}/events?as={persona.key}")).status_code == 404
        action, fields = browser.compose({"text": "hello"})
        assert (await browser.client.post(f"{action}?as={persona.key}", data=fields)).status_code == 404
    assert (await browser.client.post("/rehearsal/clock", data={"rate": "60"})).status_code == 404
    assert (await browser.client.get("/rehearsal/state")).status_code == 404


async def test_over_an_encrypted_address_the_cookie_never_travels_in_clear(tmp_path: Path):
    """A school's real address makes the cookie Secure and binds it to that host."""
    config = for_real(tmp_path / "data")
    config = config.model_copy(update={"web": config.web.model_copy(update={"base_url": "https://ask.school.example"})})
    async with serving(config, SystemClock()) as site:
        cookie = (await site.browser().client.get(CHAT)).headers["set-cookie"]
    assert cookie.startswith("__Host-signpost=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie


# The rehearsal ------------------------------------------------------------------------------------------------------------


async def test_the_stage_marks_everything_as_a_rehearsal(stage: Site):
    """The stage, each panel and each message say so: nobody can take a screenshot for a real report."""
    browser = stage.browser("/")
    await browser.loads()
    assert "Rehearsal" in browser.answer.text
    assert browser.answer.text.count("<iframe") == 3
    parent = stage.browser(f"{CHAT}?as=parent")
    await parent.loads()
    assert all("rehearsal" in line.text for line in await parent.says("hello"))
    assert "Nothing here is real" in parent.answer.text


async def test_an_unacknowledged_report_climbs_when_the_clock_is_moved(stage: Site):
    """Skip to what is due, as often as needed: the deputy is told after the lead, and in the end the parent is told to phone."""
    parent, desk = stage.browser(f"{CHAT}?as=parent"), stage.browser("/")
    await reports(parent)
    reference = re.search(r"SP-\w{5}", (await parent.clicks("Send"))[-1].text)[0]
    await within(stage.browser(f"{CHAT}?as=dsl"), reference)
    await desk.loads()
    await skips(desk)
    await within(stage.browser(f"{CHAT}?as=deputy_dsl"), reference)
    told = (await desk.client.get("/rehearsal/state")).json()["told"]
    assert told["dsl"] == told["deputy_dsl"] == 1
    for _ in range(4):
        await desk.loads()
        await skips(desk)
    assert any("ring the school" in line.text for line in await within(parent, "ring the school"))


async def test_starting_again_empties_the_panels_and_ends_what_climbs(stage: Site):
    """After "start again" nothing of the last round is shown, and nothing of it comes up later."""
    desk = stage.browser("/")
    await desk.loads()
    parent, lead = PlainBrowser(desk.client, f"{CHAT}?as=parent"), PlainBrowser(desk.client, f"{CHAT}?as=dsl")
    await reports(parent)
    reference = re.search(r"SP-\w{5}", (await parent.clicks("Send"))[-1].text)[0]
    await within(lead, reference)
    await desk.loads()
    await asyncio.sleep(0.01)  # a round begins on a whole millisecond
    form = next(form for form in desk.page.forms if form.action == "/rehearsal/again")
    await desk.sends((form.action, form.fields))
    assert await parent.loads() == []
    assert await lead.loads() == []
    assert (await desk.client.get("/rehearsal/state")).json()["next"] == "Nothing is waiting to happen."


async def test_the_clock_takes_no_orders_from_another_site(stage: Site):
    """Even a rehearsal's clock is moved by its own page only."""
    desk = stage.browser("/")
    await desk.loads()
    for fields in ({"rate": "600"}, {"rate": "600", "csrf": "x" * 40}, {"skip": "next"}):
        assert (await desk.client.post("/rehearsal/clock", data=fields)).status_code == 403
    form = next(form for form in desk.page.forms if form.action == "/rehearsal/clock")
    wrong = await desk.client.post(form.action, data={**form.fields, "rate": "7"})
    assert wrong.status_code == 400
    await desk.client.post(form.action, data={**form.fields, "rate": "600"})
    assert (await desk.client.get("/rehearsal/state")).json()["rate"] == 600


# --------------------------------------------------------------------------------------------------------------------------


def events(browser: PlainBrowser, after: str | None = None) -> str:
    """The address of the stream that the loaded page would open."""
    marks = browser.page.marks
    join = "&" if "?" in marks["data-events"] else "?"
    return f"{marks['data-events']}{join}after={after or marks['data-after']}"


async def soon(what):
    """WHAT, which must not take longer than a person would wait."""
    return await asyncio.wait_for(what, 5)


async def within(browser: PlainBrowser, words: str):
    """The lines of the page once WORDS stand in one of them."""
    async with asyncio.timeout(10):
        while True:
            lines = await browser.loads()
            if any(words in line.text for line in lines):
                return lines
            await asyncio.sleep(0.05)


async def skips(desk: PlainBrowser) -> None:
    """Press "skip to what is due next" and give the bot a moment to do it."""
    form = next(form for form in desk.page.forms if form.action == "/rehearsal/clock")
    await desk.client.post(form.action, data={**form.fields, "skip": "next"})
    await asyncio.sleep(0.3)


async def reports(browser: PlainBrowser, *, safe: str = "yes") -> None:
    """Answer every question of a small report, whether it is SAFE to be written to among them, up to the review."""
    await browser.loads()
    await browser.says("report something")
    await within(browser, "What would you like to report?")
    await browser.clicks("Unwanted friend or follow request")
    for number, answer in enumerate((*REPORT[:2], safe, *REPORT[3:]), 1):
        await within(browser, f"Question {number} of")
        await browser.says(answer)
    await within(browser, "Before it is sent")
