"""The sheet and the letter in a real browser: two pages on paper at every school, readable on a phone, nothing asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from playwright.async_api import Browser

from bot import schools
from bot.config.names import school_names
from bot.poster import html, made
from bot.ways_in import TELEGRAM, WEB, Way

pytestmark = pytest.mark.browser
WAYS = (
    Way(WEB, "Web page", "https://signpost.a-primary-school.example.sch.uk/chat/rosebrook"),
    Way(TELEGRAM, "Telegram", "https://t.me/APrimarySchoolWithALongNameBot?start=rosebrook"),
)


def written(name: str, ways: tuple[Way, ...], folder: Path) -> Path:
    """The file for the school called NAME."""
    file = folder / f"{name}-{len(ways)}.html"
    file.write_text(html(made(schools.load(name), ways, date(2026, 11, 23))), encoding="utf-8")
    return file


@pytest.mark.parametrize("ways", [WAYS[:1], WAYS[1:], WAYS], ids=["page", "telegram", "both"])
async def test_on_paper_it_is_one_sheet_and_one_letter(chromium: Browser, tmp_path: Path, ways: tuple[Way, ...]):
    """Two pages of A4 at every school, without colours behind the words, as browsers print by default."""
    window = await chromium.new_page()
    for name in school_names():
        await window.goto(written(name, ways, tmp_path).as_uri())
        paper = await window.pdf(prefer_css_page_size=True, print_background=False)
        pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paper)]
        assert len(pages) == 2, name
        assert all("0800 1111" in page and "999" in page for page in pages), name
    await window.close()


@pytest.mark.parametrize("width", [320, 390, 1440])
async def test_it_never_scrolls_sideways_and_asks_for_nothing(chromium: Browser, tmp_path: Path, width: int):
    """The office looks at it on a screen, and somebody forwards it to a phone."""
    window = await chromium.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    file = written("rosebrook", WAYS, tmp_path)
    await window.goto(file.as_uri())
    assert await window.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [file.as_uri()]
    await window.close()
