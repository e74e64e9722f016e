"""The page of all guided reports in a real browser: on a small phone, on a desktop, in the dark and on paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import Browser

from bot import schools
from bot.commands._show import page
from bot.commands._show.sheet import sheet
from bot.config.names import school_names

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page with two reports of every school, as `signpost show` writes it."""
    known = [schools.load(name) for name in school_names()]
    file = tmp_path_factory.mktemp("page") / "reports.html"
    file.write_text(
        page.render([sheet(name, known) for name in ("tell_us", "friend_request")], known, date(2026, 3, 27)), encoding="utf-8"
    )
    return file


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1440])
async def test_it_never_scrolls_sideways_and_asks_for_nothing(chromium: Browser, written: Path, width: int, colours: str):
    """Whatever the window, all of it can be read by scrolling down; and the file alone is all that is loaded."""
    context = await chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=colours)
    window = await context.new_page()
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    await window.goto(written.as_uri())
    assert await window.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [written.as_uri()]
    await context.close()


async def test_the_keyboard_reaches_the_reports_first(chromium: Browser, written: Path):
    """One press of Tab offers the way past the contents, and it leads there."""
    window = await chromium.new_page()
    await window.goto(written.as_uri())
    await window.keyboard.press("Tab")
    assert await window.evaluate("document.activeElement.textContent") == "Straight to the reports"
    await window.keyboard.press("Enter")
    assert await window.evaluate("location.hash") == "#reports"
    await window.close()


async def test_each_report_begins_on_a_sheet_of_its_own(chromium: Browser, written: Path):
    """On paper nothing is lost at the edge, and a box to sign is never cut in two."""
    window = await chromium.new_page()
    await window.goto(written.as_uri())
    await window.emulate_media(media="print")
    assert await window.evaluate("getComputedStyle(document.querySelector('article')).breakBefore") == "page"
    assert await window.evaluate("getComputedStyle(document.querySelector('.sign')).breakInside") == "avoid"
    assert len(await window.pdf(prefer_css_page_size=True)) > 10_000
    await window.close()
