"""The desk in a real browser: from the report on a phone to the closed case, kept true by itself, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Opens, Window
from tests.browser.test_chat_page import reports
from tests.desk_site import DESK
from tests.site import CHAT

pytestmark = pytest.mark.browser

PARENT, LEAD = f"{CHAT}?as=parent", f"{CHAT}?as=dsl"


@asynccontextmanager
async def way_in(lead: Window) -> AsyncIterator[Page]:
    """The page behind the link that the lead is sent for “desk”."""
    await lead.says("desk")
    link = lead.page.locator("#log a", has_text="/in?code=")
    async with lead.page.context.expect_page() as opened:
        await link.click()
    page = await opened.value
    yield page


async def unfolds(page: Page, what: str) -> None:
    """Open the part of the page that is called WHAT."""
    await page.locator("summary", has_text=what).click()


async def test_from_a_report_on_a_phone_to_the_closed_case(opens: Opens):
    """The parent reports; the lead signs in by a link from the chat, acknowledges, notes, closes; the parent reads each."""
    parent, lead = await opens(PARENT, **PHONE), await opens(LEAD, **DESKTOP)
    await reports(parent)
    await parent.clicks("Send")
    await parent.reads("Your report is SP-")
    reference = re.search(r"SP-\w{5}", await parent.page.locator("#log").inner_text())[0]
    await lead.reads(reference)
    async with way_in(lead) as page:
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_role("link", name=reference).click()
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.get_by_role("button", name="Acknowledge").click()
        await parent.reads("was seen at")
        await unfolds(page, "Add a note")
        await page.get_by_label("Note", exact=True).fill("Rang the parent; they have blocked him.")
        await page.get_by_role("button", name="Save the note").click()
        await expect(page.locator("#main")).to_contain_text("Rang the parent; they have blocked him.")
        await unfolds(page, "Close it")
        form = page.locator("form[action$='/close']")
        await form.locator("select, input[type=radio]").first.wait_for()
        await chooses_first(form.page)
        await form.get_by_label("Why?").fill("The account is gone, and both families have been told.")
        await form.get_by_role("button", name="Close it").click()
        await expect(page.locator("#main")).to_contain_text("Undo closing it")
        await page.get_by_role("link", name="Cases", exact=True).click()
        await expect(page.locator("#cases")).not_to_contain_text(reference)
    await parent.reads("closed")


async def chooses_first(page: Page) -> None:
    """Choose the first way in which a case can end."""
    choices = page.locator("form[action$='/close'] select")
    if await choices.count():
        await choices.first.select_option(index=1)
    else:
        await page.locator("form[action$='/close'] input[type=radio]").first.check()


async def test_an_open_list_shows_a_new_report_by_itself(opens: Opens):
    """Nobody reloads anything; and the line that says so is read out."""
    desk, parent = await opens(f"{DESK}/as/dsl", **DESKTOP), await opens(PARENT)
    await desk.page.get_by_role("button", name="Sign in").click()
    await expect(desk.page.locator(".inbox-none")).to_be_visible()
    await reports(parent)
    await parent.clicks("Send")
    await expect(desk.page.locator(".inbox-list tbody tr")).to_have_count(1, timeout=15_000)
    await expect(desk.page.locator("#state")).to_contain_text("brought up to date")


async def test_what_is_being_written_is_not_taken_away_by_a_change(opens: Opens):
    """Somebody else acknowledges while a note is half written: the words stay, and the page says that something changed."""
    parent, lead = await opens(PARENT), await opens(f"{DESK}/as/dsl", **DESKTOP)
    head = await opens(f"{DESK}/as/headteacher", **DESKTOP)
    for one in (lead, head):
        await one.page.get_by_role("button", name="Sign in").click()
    await reports(parent)
    await parent.clicks("Send")
    for one in (lead, head):
        await one.page.locator(".inbox-list a").first.click(timeout=15_000)
    await unfolds(lead.page, "Add a note")
    await lead.page.get_by_label("Note", exact=True).fill("Half a sen")
    await head.page.get_by_role("button", name="Acknowledge").click()
    await expect(lead.page.locator("#state")).to_contain_text("Nothing you wrote is lost", timeout=15_000)
    await expect(lead.page.get_by_label("Note", exact=True)).to_have_value("Half a sen")


async def test_the_desk_works_without_javascript(opens: Opens):
    """Sign in, open, acknowledge, note: plain forms, each answered by a page."""
    parent = await opens(PARENT)
    await reports(parent)
    await parent.clicks("Send")
    await parent.reads("Your report is SP-")
    lead = await opens(f"{DESK}/as/dsl", **DESKTOP, java_script_enabled=False)
    await lead.page.get_by_role("button", name="Sign in").click()
    await lead.page.locator(".inbox-list a").first.click()
    await lead.page.get_by_role("button", name="Acknowledge").click()
    await expect(lead.page.locator(".said")).to_be_visible()
    await unfolds(lead.page, "Add a note")
    await lead.page.get_by_label("Note", exact=True).fill("Seen to.")
    await lead.page.get_by_role("button", name="Save the note").click()
    await expect(lead.page.locator("#main")).to_contain_text("Seen to.")


async def test_a_preview_of_the_link_uses_nothing_up_and_the_link_works_once(opens: Opens):
    """Opened twice, pressed once; whoever presses it in another browser afterwards is told to ask for a new one."""
    lead, thief = await opens(LEAD, **DESKTOP), await opens(CHAT, **DESKTOP)
    async with way_in(lead) as page:
        address = page.url
        await thief.page.goto(address)
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        await thief.page.get_by_role("button", name="Sign in").click()
        await expect(thief.page.locator("body")).to_contain_text("That link does not work")
    thief.complaints.clear()  # the browser reports the refusal
