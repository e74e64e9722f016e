"""Teams as Microsoft's own stand-in for it shows the bot: by its protocol, and once on a real screen."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from bot import wording
from bot.messages import Address, Choice, Reply
from tests.bot.test_teams_at_work import ANSWERS
from tests.drivers import Patience, seat
from tests.playground import TEACHER, Playground, buttons, playground, read
from tests.teams_wire import BOT, TENANT

pytestmark = pytest.mark.browser
ME = f"{TENANT}:{TEACHER}"
HERE = {"127.0.0.1", "localhost"}
KIND = "Unwanted friend or follow request"


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Playground]:
    """A teacher's screen, and the bot behind it."""
    async with playground(tmp_path) as there:
        yield there


async def test_a_report_begins_and_the_pressed_card_is_changed_where_it_stands(there: Playground):
    """What is pressed comes signed, is kept, and is answered with the card that takes the place of the pressed one."""
    await there.says("report something")
    asked = await there.reads(wording.REPORT_PROMPT)
    assert KIND in [action["title"] for action in buttons(asked)]
    answer = await there.presses(KIND)
    assert answer["type"] == "application/vnd.microsoft.card.adaptive"
    assert f"✓ {KIND}" in str(answer["value"])
    assert "Action.Execute" not in str(answer["value"])
    await there.reads("Question 1 of")


async def test_a_message_to_somebody_who_did_not_write_arrives_and_is_changed(there: Playground):
    """A push: to the chat that Teams names for the person; and the edit of it, where it stands."""
    channel, to = there.site.app.channels["teams"], Address("teams", ME)
    await there.says("hello")
    await there.reads("policy")
    receipt = await channel.send(
        to, Reply("Somebody should look.", title="SP-BCDFG", choices=(Choice("Take", "1"),), about="case:1"), "k"
    )
    assert [action["title"] for action in buttons(await there.reads("SP-BCDFG"))] == ["Take"]
    await channel.edit(to, receipt, Reply("A colleague has it.", title="SP-BCDFG", about="case:1"), "k")
    assert not buttons(await there.reads("A colleague has it."))


async def test_what_is_begun_before_others_goes_on_in_private(there: Playground):
    """The group sees nothing; the answer stands in the chat of whoever called us."""
    await there.calls("I want to report that somebody follows a pupil")
    await Patience(there.site.app).until(lambda: _anything(there), "an answer in private")
    assert not [message for message in there.public.values() if message["from"]["id"] == BOT]


async def _anything(there: Playground) -> bool:
    return bool(there.shown)


async def test_nothing_that_was_written_is_read_as_markup(there: Playground):
    """What comes back on the screen is what was typed."""
    words = "<b>bold</b> **bold** _x_ [a](https://a.example) {{DATE(2026-01-01T00:00:00Z)}} & <at>Head</at>"
    channel = there.site.app.channels["teams"]
    await there.says("hello")
    await there.reads("policy")
    await channel.send(Address("teams", ME), Reply(words, title="Their words"), "k")
    assert words.replace("{{", "{\u2060{") in read(await there.reads("Their words"))


# On a real screen.


@pytest.fixture
async def page(there: Playground, chromium: Browser) -> AsyncIterator[Page]:
    """A browser on the stand-in; it may ask nobody outside this machine for anything."""
    page = await chromium.new_page(viewport={"width": 1440, "height": 1000})
    page.set_default_timeout(20_000)
    await page.route(lambda url: urlsplit(url).hostname not in HERE, lambda route: route.abort())
    await page.goto(there.address)
    yield page
    await page.close()


async def test_a_report_goes_the_whole_way_on_a_real_screen(there: Playground, page: Page):
    """Typed and pressed as people do, to the card with the reference; pressed there, the card changes before their eyes.

    One screen is one person here, so whoever reports holds the role that is told, too.
    """
    await seat(there.site.app, "teams", ME, "dsl")
    await _types(page, "report something")
    await page.get_by_role("button", name=KIND).click()
    await expect(page.get_by_text(f"✓ {KIND}")).to_be_visible()
    await expect(page.get_by_text("Question 1 of").first).to_be_visible()
    await _looked_at(page, "question")
    for text in ANSWERS:
        before = len(there.shown)
        await there.says(text)
        await Patience(there.site.app, step=0.1).until(lambda before=before: _more(there, before), f"an answer to {text!r}")
    await page.get_by_text("Send", exact=True).last.click()  # the button that sends what is typed has no words on it
    reference = read(await there.reads("Your report is SP-")).split("Your report is ")[1].split(".")[0]
    await Patience(there.site.app).until(lambda: _with(there, f"{reference} needs you"), "the card")
    assert "Maisie" not in read(await there.reads(f"{reference} needs you"))
    await expect(page.get_by_role("button", name="Acknowledge")).to_be_visible()
    await _looked_at(page, "card")
    await page.get_by_role("button", name="Acknowledge").click()
    await Patience(there.site.app).until(lambda: _with(there, "was seen at"), "the line to the reporter")
    await expect(page.get_by_role("button", name="Acknowledge")).to_have_count(0)
    await _looked_at(page, "acknowledged")


async def _more(there: Playground, before: int) -> bool:
    return len(there.shown) > before


async def _with(there: Playground, words: str) -> bool:
    return any(words in read(message) for message in there.shown.values())


async def _types(page: Page, text: str) -> None:
    box = page.locator("[data-lexical-editor=true]")
    await box.click()
    await box.press_sequentially(text)
    await box.press("Enter")


async def _looked_at(page: Page, name: str) -> None:
    """A picture for somebody to look at, where SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        await page.wait_for_timeout(300)
        await page.screenshot(path=str(Path(folder) / f"teams-{name}.png"))
