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


async def test_a_teacher_reports_on_a_real_screen(there: Playground, page: Page):
    """Types, presses, reads: and the card of a report is changed before their eyes once a colleague has it."""
    await seat(there.site.app, "teams", ME, "dsl")
    await _types(page, "report something")
    await page.get_by_role("button", name=KIND).click()
    await expect(page.get_by_text(f"✓ {KIND}")).to_be_visible()
    await expect(page.get_by_text("Question 1 of").first).to_be_visible()
    await _looked_at(page, "question")
    channel = there.site.app.channels["teams"]
    card = Reply(
        "Section 4 of the policy: speak to the child first.\nThen ring the family.",
        title="SP-BCDFG: bullying online",
        facts=(("How soon", "today"), ("Since", "09:00")),
        choices=tuple(Choice(label, label) for label in ("Acknowledge", "Take", "Hand on", "Open")),
        about="case:1",
    )
    receipt = await channel.send(Address("teams", ME), card, "k")
    await expect(page.get_by_role("button", name="Acknowledge")).to_be_visible()
    await _looked_at(page, "card")
    await channel.edit(
        Address("teams", ME), receipt, Reply("A colleague has it since 09:04.", title="SP-BCDFG", about="case:1"), "k"
    )
    await expect(page.get_by_role("button", name="Acknowledge")).to_have_count(0)
    await expect(page.get_by_text("A colleague has it since 09:04.")).to_be_visible()
    await _looked_at(page, "taken")


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
