"""The web page's end: a browser for each person."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from bot.app import App
from bot.clock import RehearsalClock
from bot.rehearsal import persona
from tests.drivers import BUTTONS, DISARMS, REPEATS, Cannot, Seen
from tests.fakes import MONDAY
from tests.plain_browser import PlainBrowser
from tests.site import CHAT, Site, rehearsing, serving

CAN = frozenset({REPEATS, BUTTONS, DISARMS})


@dataclass
class Web(Cannot):
    """Everybody at the page of a rehearsal."""

    site: Site
    app: App
    browsers: dict[str, PlainBrowser] = field(default_factory=dict)
    last: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    name: ClassVar[str] = "web"
    can: ClassVar[frozenset[str]] = CAN

    def sender(self, who: str) -> str:
        one = persona(who)
        assert one is not None
        return one.place(self.name) if one.roles else self.place(who)

    def place(self, who: str) -> str:
        """Those who are pushed to sit at a fixed place, the others begin with the first round of the rehearsal."""
        one = persona(who)
        assert one is not None
        return one.place(self.name) if one.receives else f"{one.place(self.name)}-0"

    async def says(self, who: str, text: str) -> bool:
        browser = await self._browser(who)
        return await self._send(who, browser.compose({"text": text}))

    async def again(self, who: str) -> bool:
        return await self._send(who, self.last[who])

    async def presses(self, who: str, label: str) -> bool:
        browser = await self._browser(who)
        return await self._send(who, browser.pressing(label))

    async def shown(self, who: str) -> Sequence[Seen]:
        browser = await self._browser(who)
        return [
            Seen(line.text, tuple(button.label.strip() for button in line.buttons if not button.disabled))
            for line in browser.page.lines
            if "me" not in line.kind.split()
        ]

    async def _browser(self, who: str) -> PlainBrowser:
        if who not in self.browsers:
            one = persona(who)
            assert one is not None
            self.browsers[who] = self.site.browser(f"{CHAT}?as={one.key}")
        await self.browsers[who].loads()
        return self.browsers[who]

    async def _send(self, who: str, form: tuple[str, dict[str, str]]) -> bool:
        self.last[who] = form
        action, fields = form
        answer = await self.browsers[who].client.post(action, data=fields, headers={"x-signpost": "1"})
        return answer.status_code < 400


@asynccontextmanager
async def driving(folder: Path) -> AsyncIterator[Web]:
    """Rosebrook's page in a rehearsal on a Monday morning."""
    async with serving(rehearsing(folder / "data"), RehearsalClock(MONDAY)) as site:
        yield Web(site, site.app)
