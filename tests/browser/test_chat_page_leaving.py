"""Leaving the chat page in a hurry, coming back to a report elsewhere, and reading it with large words, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from bot.channels.web.neutral import TABLES_AT
from tests.browser.conftest import DESKTOP, PHONE, Opens, Window
from tests.browser.test_chat_page import reports
from tests.site import CHAT

pytestmark = pytest.mark.browser

OURS = re.compile("signpost|rosebrook|hello|report", re.IGNORECASE)


async def innocent(window: Window) -> None:
    """The page shows a times table and nothing else, under an address and a title that say nothing."""
    await expect(window.page).to_have_title("Times tables")
    await expect(window.page).to_have_url(re.compile(f"{TABLES_AT}$"))
    assert not OURS.search(await window.page.locator("body").inner_text())


@pytest.mark.parametrize("how", ["button", "escape"])
async def test_hiding_leaves_nothing_to_go_back_to(opens: Opens, how: str):
    """At once and for good: neither "back" nor "forward" nor a reload brings up the conversation."""
    window = await opens("about:blank", **DESKTOP)
    await window.page.goto(CHAT)
    await window.says("hello")
    await window.reads("Report something")
    await window.page.locator("#text").fill("something that nobody may see")
    if how == "button":
        await window.page.get_by_role("link", name="Hide").click()
    else:
        await window.page.keyboard.press("Escape")
        await window.page.keyboard.press("Escape")
    await innocent(window)
    await window.page.wait_for_load_state()
    await window.page.reload()
    await innocent(window)
    await window.page.go_back()
    await expect(window.page).to_have_url("about:blank")
    await window.page.go_forward()
    await innocent(window)


async def test_one_escape_hides_nothing(opens: Opens):
    """Nor do two with a pause between them: people press it to get rid of a keyboard's suggestion."""
    window = await opens(CHAT, **DESKTOP)
    await window.page.keyboard.press("Escape")
    await window.page.wait_for_timeout(1700)
    await window.page.keyboard.press("Escape")
    await expect(window.page.locator("#text")).to_be_visible()


async def test_hiding_works_without_a_connection(opens: Opens):
    """What takes the page's place came with it; the address and the title change as well."""
    window = await opens(CHAT)
    await window.says("hello")
    await window.reads("Report something")
    await window.page.context.set_offline(True)
    await window.page.get_by_role("link", name="Hide").tap()
    await innocent(window)
    await window.page.context.set_offline(False)
    window.complaints.clear()  # the browser reports the line it lost


async def test_without_javascript_hiding_does_what_it_can(opens: Opens):
    """A plain link to the same innocent page."""
    window = await opens(CHAT, java_script_enabled=False, **PHONE)
    await window.page.get_by_role("link", name="Hide").click()
    await innocent(window)


async def test_a_report_is_followed_in_another_browser(opens: Opens):
    """By the reference and the code that were shown; the form hides what was typed, and the lead reads what is added."""
    first = await opens(CHAT)
    await reports(first)
    await first.clicks("Send")
    await first.reads("Secret code")
    shown = await first.page.locator("#log").inner_text()
    reference, code = re.search(r"SP-\w{5}", shown)[0], re.search(r"Secret code\s*(\w{5}-\w{5})", shown)[1]
    second = await opens(CHAT)
    await second.page.get_by_text("Follow a report that was sent elsewhere").click()
    await second.page.get_by_label("Reference").fill(reference)
    await second.page.get_by_label("Secret code").fill(code)
    await second.page.get_by_role("button", name="Follow").click()
    await second.reads(f"You can follow {reference}")
    await second.reads("Nobody has said yet that they have it")
    assert code not in await second.page.content()
    await second.clicks("Add something")
    await second.reads("What would you like to add")
    await second.says("He wrote once more.")
    await second.reads("I have added that")
    lead = await opens(f"{CHAT}?as=dsl")
    await lead.clicks("Open")
    await lead.reads("He wrote once more.")
    await second.page.reload()
    assert code not in await second.page.content()


async def test_a_browser_that_forgets_starts_anew(opens: Opens):
    """The conversation is gone from it, and so is the page."""
    window = await opens(CHAT)
    await window.says("hello")
    await window.reads("Report something")
    await window.page.get_by_text("Does somebody else use this device?").click()
    await window.page.get_by_role("button", name="Forget this conversation").click()
    await innocent(window)
    await window.page.goto(CHAT)
    assert await window.ids() == []


@pytest.mark.parametrize("width", [320, 390, 1440])
async def test_the_largest_words_fit_and_are_kept(opens: Opens, width: int):
    """Everything can be read by scrolling down, the buttons stay on the screen, and the next visit begins like this one ended."""
    window = await opens(CHAT, viewport={"width": width, "height": 700})
    before = await window.page.locator(".lead").evaluate("one => one.getBoundingClientRect().height")
    await window.page.get_by_text("Aa").click()
    await window.page.get_by_role("button", name="Largest text").click()
    assert await window.page.locator(".lead").evaluate("one => one.getBoundingClientRect().height") > before
    await window.says("hello")
    await window.reads("Report something")
    await window.page.reload()
    await expect(window.page.locator("html")).to_have_attribute("data-size", "largest")
    for one in (".hide", ".sizes", "#text", ".compose button"):
        box = await window.page.locator(one).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert await window.page.evaluate("document.documentElement.scrollWidth") <= width
