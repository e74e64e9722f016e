"""A real Chromium in front of a real bot."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from bot.clock import RehearsalClock
from tests.fakes import MONDAY
from tests.site import Site, rehearsing, serving

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """Chromium as Debian packages it. Missing, it fails the tests: they must not be skipped in silence."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.fail("No Chromium here. Install it (apt-get install chromium), or name it in CHROMIUM.")
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        await browser.close()


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A Chromium of the test's own."""
    async with browsing() as browser:
        yield browser


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """A rehearsal on a Monday morning in term."""
    async with serving(rehearsing(tmp_path / "data"), RehearsalClock(MONDAY)) as site:
        yield site


@dataclass
class Window:
    """One browser window on one page of the bot, and whatever it complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def on(cls, page: Page) -> Window:
        """A window on PAGE, which listens to what it complains about from now on."""
        window = cls(page)
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: window.complaints.append(str(error)))
        page.on("console", lambda said: window.complaints.append(said.text) if said.type in {"error", "warning"} else None)
        return window

    async def says(self, text: str) -> None:
        """Type TEXT as a person would, and send it."""
        await self.page.locator("#text").fill(text)
        await self.page.locator(".compose button").click()

    async def clicks(self, label: str) -> None:
        """Press the latest button below a line that says LABEL."""
        await self.page.locator(".choices").get_by_role("button", name=label, exact=True, disabled=False).last.click()

    async def reads(self, words: str) -> None:
        """Wait until WORDS stand in the conversation."""
        await self.page.locator("#log", has_text=words).wait_for(timeout=10_000)

    async def ids(self) -> list[str]:
        """What identifies each line of the bot that is shown."""
        return await self.page.locator("#log [data-id]").evaluate_all("lines => lines.map(line => line.dataset.id)")


Opens = Callable[..., Awaitable[Window]]


@pytest.fixture
async def opens(chromium: Browser, site: Site) -> AsyncIterator[Opens]:
    """Opens a window. At the end no page may have complained: a refused script is a hole in the policy or in the page."""
    windows: list[Window] = []

    async def opened(path: str, **how: object) -> Window:
        context = await chromium.new_context(base_url=site.address, **(how or PHONE))
        window = Window.on(await context.new_page())
        windows.append(window)
        await window.page.goto(path)
        return window

    yield opened
    for window in windows:
        assert window.complaints == []
        await window.page.context.close()
