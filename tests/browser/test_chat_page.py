"""The chat page and the rehearsal in a real browser, on a phone and on a desktop, with JavaScript and without."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import DESKTOP, PHONE, Opens, Window
from tests.site import CHAT

pytestmark = pytest.mark.browser

PARENT, LEAD = f"{CHAT}?as=parent", f"{CHAT}?as=dsl"
ANSWERS = (
    *("no", "parent", "yes", "no", "pupil", "my child", "none of these", "skip", "skip", "skip", "skip"),
    *("He asked three times.", "skip", "no", "skip"),
)


async def test_a_parent_on_a_phone_asks_and_reports_and_sees_that_it_was_seen(opens: Opens):
    """The whole way on two screens: question, report, reference, card, acknowledged, seen. Nobody reloads anything."""
    parent, lead = await opens(PARENT), await opens(LEAD)
    await parent.says("Can a teacher accept a friend request from a pupil?")
    await parent.reads("6.2")
    await reports(parent)
    await parent.clicks("Send")
    await parent.reads("Your report is SP-")
    reference = re.search(r"SP-\w{5}", await parent.page.locator("#log").inner_text())[0]
    await lead.reads(reference)
    card = lead.page.locator(".card", has_text=reference)
    assert "He asked three times." not in await card.inner_text()
    await lead.clicks("Acknowledge")
    await parent.reads("was seen at")
    await expect(card).to_have_class(re.compile("done"))
    await lead.clicks("Open")
    await lead.reads("He asked three times.")
    assert len(set(await parent.ids())) == len(await parent.ids())


async def test_nothing_is_wider_than_a_small_phone(opens: Opens):
    """On 320 pixels, with the longest words people write, the page never scrolls sideways."""
    window = await opens(PARENT, viewport={"width": 320, "height": 640})
    await window.says("x" * 300)
    await window.reads("Signpost")
    width = "document.documentElement.scrollWidth"
    assert await window.page.evaluate(width) <= 320
    stage = await opens("/", viewport={"width": 320, "height": 640})
    assert await stage.page.evaluate(width) <= 320


async def test_a_reload_in_the_middle_of_a_report_loses_and_doubles_nothing(opens: Opens):
    """The same lines stand there, each once; the open question can be answered by its buttons, the earlier ones cannot."""
    window = await opens(PARENT)
    await window.says("report something")
    await window.clicks("Unwanted friend or follow request")
    await window.clicks("No")
    await window.reads("Question 2")
    before = await window.ids()
    await window.page.reload()
    after = await window.ids()
    assert [one for one in after if one.startswith("r")] == [one for one in before if one.startswith("r")]
    assert await window.page.locator(".choices:has(button:enabled)").count() == 1
    await window.clicks("Parent or carer")
    await window.reads("Question 3")


async def test_a_page_that_was_offline_sends_once_and_catches_up(opens: Opens):
    """Without a connection the words stay, with a way to try again; the second try is the same message."""
    window = await opens(PARENT)
    await window.says("hello")
    await window.reads("Report something")
    await window.page.context.set_offline(True)
    await window.says("2")
    await window.reads("Not sent")
    await window.page.context.set_offline(False)
    await window.page.get_by_role("button", name="Try again").click()
    await window.reads("What would you like to report?")
    assert await window.page.get_by_role("button", name="Try again").count() == 0
    await window.page.reload()
    assert (await window.page.locator(".me").count()) == 2
    window.complaints.clear()  # the browser reports the line it lost


async def test_a_double_tap_is_one_answer(opens: Opens):
    """Two quick taps on the same button count once."""
    window = await opens(PARENT)
    await window.says("hello")
    await window.page.get_by_role("button", name="Report something").dblclick()
    await window.reads("What would you like to report?")
    await window.page.wait_for_timeout(300)
    assert await window.page.locator(".bot").count() == 2


async def test_everything_works_with_the_keyboard_alone(opens: Opens):
    """Enter sends, Tab reaches the buttons, and the focus is never lost behind a button that can no longer be pressed."""
    window = await opens(PARENT, **DESKTOP)
    await window.page.locator("#text").focus()
    await window.page.keyboard.type("hello")
    await window.page.keyboard.press("Enter")
    await window.reads("Report something")
    await window.page.get_by_role("button", name="Report something").focus()
    await window.page.keyboard.press("Enter")
    await window.reads("What would you like to report?")
    assert await window.page.evaluate("document.activeElement.id") == "text"


async def test_a_whole_report_without_javascript(opens: Opens):
    """Plain forms, page by page, from the start button to the reference."""
    window = await opens(PARENT, java_script_enabled=False, **PHONE)
    await window.clicks("Start")
    await window.reads("Hello")
    await window.says("report something")
    await window.clicks("Unwanted friend or follow request")
    for answer in ANSWERS:
        await window.says(answer)
    await window.clicks("Send")
    await window.reads("Your report is SP-")
    lines = await window.ids()
    assert len(set(lines)) == len(lines)
    assert await window.page.get_by_role("link", name="Look for new messages").is_visible()


async def test_a_newcomer_sees_a_report_climb(opens: Opens):
    """On the stage: words of danger, the lead's card at once, and with a faster clock the senior leader's badge, by itself."""
    stage = await opens("/", **DESKTOP)
    parent = inside(stage, "#parent iframe")
    await parent.locator("#text").fill("My son says he wants to kill himself tonight")
    await parent.locator(".compose button").click()
    await expect(parent.locator("#log")).to_contain_text("ring 999")
    staff = inside(stage, "#staff iframe")
    await expect(staff.locator(".card")).to_have_count(1, timeout=10_000)
    await stage.page.get_by_role("button", name="10 min = 1 s").click()
    await expect(stage.page.locator("[data-badge=slt]")).to_be_visible(timeout=15_000)
    await stage.page.get_by_role("button", name="Real time").click()
    await stage.page.get_by_role("link", name="Senior leader").click()
    await expect(staff.locator(".card")).to_contain_text("needs you")
    await expect(stage.page.locator("[data-badge=slt]")).to_be_hidden()
    await staff.get_by_role("button", name="Acknowledge").click()
    await expect(parent.locator("#log")).to_contain_text("was seen at")


async def test_start_again_empties_the_stage(opens: Opens):
    """A new round begins with empty panels and nothing that is still to come."""
    stage = await opens("/", **DESKTOP)
    parent = inside(stage, "#parent iframe")
    await parent.locator("#text").fill("hello")
    await parent.locator(".compose button").click()
    await expect(parent.locator(".bot")).to_have_count(1)
    await stage.page.get_by_role("button", name="Start again").click()
    await expect(inside(stage, "#parent iframe").locator("#log")).to_have_text(re.compile(r"^\s*$"))


async def test_on_a_phone_the_stage_shows_one_panel_at_a_time(opens: Opens):
    """Tabs instead of columns, with the one that is shown marked for everybody."""
    stage = await opens("/")
    assert await stage.page.locator("iframe:visible").count() == 1
    await stage.page.get_by_role("button", name="Told").click()
    assert await stage.page.locator("#staff iframe").is_visible()
    assert await stage.page.get_by_role("button", name="Told").get_attribute("aria-pressed") == "true"


def inside(stage: Window, frame: str):
    """What stands inside one panel of the stage."""
    return stage.page.frame_locator(frame)


async def reports(window: Window) -> None:
    """Answer every question of a small report, up to the review."""
    await window.says("report something")
    await window.clicks("Unwanted friend or follow request")
    for number, answer in enumerate(ANSWERS, 1):
        await window.page.locator(".line h2", has_text=f"Question {number} ").first.wait_for()
        await window.says(answer)
    await window.page.locator(".choices button:enabled", has_text="Send").wait_for()
