"""The chat page for people who hear it read out, or feel it: what is announced, what buttons belong to, where the focus stays."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import DESKTOP, PHONE, Opens
from tests.site import CHAT

pytestmark = pytest.mark.browser
PARENT, LEAD, DEPUTY = f"{CHAT}?as=parent", f"{CHAT}?as=dsl", f"{CHAT}?as=deputy_dsl"
DANGER = "My son says he wants to kill himself tonight"


async def test_buttons_belong_to_their_question(opens: Opens):
    """Whoever comes to “Yes” hears to what: the buttons are a group that has the question for its name, below its heading."""
    window = await opens(PARENT)
    await window.says("report something")
    await window.clicks("Unwanted friend or follow request")
    await window.reads("Question 1 ")
    log = window.page.get_by_role("log", name="Conversation")
    await expect(log.get_by_role("heading", level=2, name="Question 1 of")).to_be_visible()
    for asked, label in (("What would you like to report?", "Just tell us"), ("Is anyone in danger right now?", "Not sure")):
        group = log.get_by_role("group", name=asked)
        await expect(group.get_by_role("button", name=label)).to_have_count(1)


async def test_what_arrives_is_announced_and_what_is_on_its_way_is_not(opens: Opens):
    """The conversation is a log that is read out as it grows; “Sending …” would only talk over the answer."""
    window = await opens(PARENT)
    await window.page.route("**/say*", lambda route: None)  # it is on its way for ever
    await window.says("hello")
    await expect(window.page.locator(".me .note")).to_have_text("Sending …")
    await expect(window.page.get_by_text("Sending …")).to_have_attribute("aria-hidden", "true")
    await expect(window.page.locator("#log")).to_have_attribute("aria-live", "polite")
    await window.page.unroute_all(behavior="ignoreErrors")


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_pressed_button_does_not_lose_the_focus(opens: Opens, screen: dict[str, object]):
    """On a desktop it goes to the box for the next answer; on a phone, where that opens the keyboard, with the words said."""
    window = await opens(PARENT, **screen)
    await window.says("hello")
    await window.clicks("Report something")
    await window.reads("What would you like to report?")
    now = "document.activeElement.id || document.activeElement.className"
    assert await window.page.evaluate(now) == ("line me" if screen is PHONE else "text")


async def test_the_focus_stays_on_a_card_that_somebody_else_takes(opens: Opens):
    """The lead is about to press Acknowledge when the deputy does: the card changes, and the lead is still on it."""
    parent, lead, deputy = await opens(PARENT), await opens(LEAD, **DESKTOP), await opens(DEPUTY)
    await parent.says(DANGER)
    card = lead.page.locator(".card").first
    await card.get_by_role("button", name="Acknowledge").focus()
    await deputy.clicks("Acknowledge")
    await expect(card).to_have_class(re.compile("done"))
    await expect(card).to_be_focused()


async def test_trying_again_does_not_lose_the_focus(opens: Opens):
    """The button that tries again is gone once it is pressed; the line that it stood below has the focus then."""
    window = await opens(PARENT, **DESKTOP)
    await window.page.context.set_offline(True)
    await window.says("hello")
    again = window.page.get_by_role("button", name="Try again")
    await again.focus()
    await window.page.context.set_offline(False)
    await window.page.keyboard.press("Enter")
    await expect(window.page.locator(".me")).to_be_focused()
    await window.reads("Report something")
    window.complaints.clear()  # the browser reports the line it lost
