"""`make screenshots`: every page as it looks, light and dark, on a phone and on a desktop, and the three that the README shows."""

from __future__ import annotations

import argparse
import asyncio
import base64
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page

from tests.browser.conftest import DESKTOP, PHONE, browsing
from tests.browser.every_page import EVERY, Pages, Shown, everything, showing

ROOT = Path(__file__).parents[2]
ALL = ROOT / "screenshots"  # git ignores it: some megabytes, and another set at every change
CHOSEN = ROOT / "docs" / "pictures"
SIZES = {"phone": PHONE, "desktop": DESKTOP}
# What the README shows.
BEST = {
    "chat-asked-phone-light": "a-report-on-a-phone",
    "desk-case-desktop-light": "the-desk",
    "stage-desktop-dark": "a-rehearsal",
}
QUALITY = 82


async def main(wanted: str) -> None:
    """Take every picture of the pages whose name contains WANTED."""
    ALL.mkdir(exist_ok=True)
    CHOSEN.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with browsing() as browser, everything(Path(folder)) as pages:
            for shown in (one for one in EVERY if wanted in one.name):
                for size in SIZES:
                    await _pictures(browser, pages, shown, size)


async def _pictures(browser: Browser, pages: Pages, shown: Shown, size: str) -> None:
    """SHOWN on one screen, in light and in dark, twice as fine as it is shown."""
    async with showing(browser, pages, shown, **SIZES[size], device_scale_factor=2) as window:
        await window.page.wait_for_timeout(400)  # a conversation scrolls to its end, frames load, a clock begins to tick
        for colours in ("light", "dark"):
            await window.page.emulate_media(color_scheme=colours)
            look = f"{shown.name}-{size}-{colours}"
            (ALL / f"{look}.png").write_bytes(await window.page.screenshot(full_page=True))
            if look in BEST:
                (CHOSEN / f"{BEST[look]}.webp").write_bytes(await _small(window.page))
            print(look)


async def _small(page: Page) -> bytes:
    """What is in the window of PAGE, in a form that is small enough for git."""
    browser = await page.context.new_cdp_session(page)
    picture = await browser.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    return base64.b64decode(picture["data"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Takes a picture of every page.")
    parser.add_argument("wanted", nargs="?", default="", help="only those whose name contains this, such as desk")
    asyncio.run(main(parser.parse_args().wanted))
