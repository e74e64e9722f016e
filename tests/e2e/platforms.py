"""Every platform of the town, one function each: what it is made of, how people sit at it, and the lines between it and the bot.

A new channel is one more function in `PLATFORMS`. The platforms themselves are the strict ones of `tests/*_wire.py`, and people
sit at them by the drivers of `tests/driving/`.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import httpx

from bot.app import App
from bot.channels.slack.channel import PATH as SLACK_PATH
from bot.channels.teams.channel import PATH as TEAMS_PATH
from bot.config import Email, Slack, Telegram
from tests.drivers import Driver
from tests.driving.email import Mailboxes
from tests.driving.slack import SlackDriver
from tests.driving.teams import TeamsDriver, registered
from tests.driving.telegram import TelegramDriver
from tests.driving.web import Web
from tests.e2e.lines import Line, line
from tests.mail_wire import PASSWORD, USER, mail_server
from tests.plain_browser import PlainBrowser
from tests.slack_wire import SIGNING, TOKEN, slack
from tests.teams_wire import SECRET as TEAMS_SECRET
from tests.teams_wire import teams
from tests.telegram_wire import telegram

CHAT = "/chat/rosebrook"
PEOPLE = ("Parent", "Lead", "Head", "Chair", "Deputy")
TRUST = ssl.create_default_context()  # made once: to read everybody's certificates takes longer than most tests' steps


class Named(Protocol):
    """Says by which bytes somebody is known on the lines of a platform."""

    def __call__(self, who: str) -> tuple[bytes, ...]: ...


@dataclass
class Platform:
    """One platform: the settings that lead the bot to it, the people at it, and the lines over which the two talk.

    The bot calls over `out`, and is called over `into`. E-mail is encrypted on its line: what went over it is read at its end.
    """

    driver: Driver
    known_as: Named
    out: list[Line] = field(default_factory=list)
    into: list[Line] = field(default_factory=list)
    settings: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    unsealed: Callable[[], list[bytes]] = list  # what the bot has said where the line itself shows nothing
    takes_presses: bool = True  # what is sent there can be answered there
    brings_again: bool = False  # what the bot did not say that it has stays there, and comes again by itself

    @property
    def name(self) -> str:
        return self.driver.name

    async def cut(self, how: str) -> None:
        """The platform is gone for the bot and for everybody who sits at it, in the way HOW says."""
        for each in (*self.out, *self.into):
            await each.cut(how)

    async def mend(self) -> None:
        """It is back."""
        for each in (*self.out, *self.into):
            await each.mend()

    def served_at(self, port: int, app: App) -> None:
        """The bot was started, and listens at that PORT."""
        for each in self.into:
            each.leads_to = port
        self.driver.app = app


@asynccontextmanager
async def telegram_in_town(_: Path) -> AsyncIterator[Platform]:
    """Phones. The bot asks for what was written, so there is one line."""
    async with telegram() as wire, line("telegram", _port(wire.address)) as out:
        bot = wire.bot("rosebrook_bot")
        driver = TelegramDriver(None, wire, bot)  # type: ignore[arg-type]  # the app comes when it is served
        yield Platform(
            driver,
            lambda who: (str(driver.phone(who).id).encode(),),
            [out],
            settings={"telegram": Telegram(api=out.address)},
            secrets={"token_rosebrook": bot.token},
            brings_again=True,
        )


@asynccontextmanager
async def slack_in_town(_: Path) -> AsyncIterator[Platform]:
    """A workspace that calls the bot, and is called by it."""
    async with slack() as wire, line("slack", _port(wire.address)) as out, line("slack's own calls") as into:
        wire.bot = f"{into.address}{SLACK_PATH}"
        driver = SlackDriver(None, wire)  # type: ignore[arg-type]  # the app comes when it is served

        def known_as(who: str) -> tuple[bytes, ...]:
            person = wire.person(who)
            return person.id.encode(), wire.dm(person.id).encode()

        yield Platform(
            driver,
            known_as,
            [out],
            [into],
            settings={"slack": Slack(api=f"{out.address}/api")},
            secrets={"bot_token": TOKEN, "signing_secret": SIGNING},
        )


@asynccontextmanager
async def teams_in_town(_: Path) -> AsyncIterator[Platform]:
    """A school's Microsoft 365. Sign-in, keys and connector are one address, and so are one line."""
    async with teams() as wire, line("teams", _port(wire.address)) as out, line("teams' own calls") as into:
        wire.address, wire.bot = out.address, f"{into.address}{TEAMS_PATH}"
        driver = TeamsDriver(None, wire)  # type: ignore[arg-type]  # the app comes when it is served

        def known_as(who: str) -> tuple[bytes, ...]:
            person = wire.person(who)
            return tuple(part.encode() for one in (person.id, person.chat, person.object_id) for part in (one, quote(one, safe="")))

        yield Platform(
            driver, known_as, [out], [into], settings={"teams": registered(wire)}, secrets={"client_secret": TEAMS_SECRET}
        )


@dataclass
class Browsers(Web):
    """A browser for each person, on a line of its own; whoever they are there, the school knows by an invitation."""

    lines: dict[str, Line] = field(default_factory=dict)

    async def _browser(self, who: str) -> PlainBrowser:
        browser = self.browsers[who]
        await browser.loads()
        return browser

    async def sits(self, who: str, into: Line) -> None:
        """WHO opens a browser, INTO which the bot talks over that line."""
        self.lines[who] = into
        self.browsers[who] = PlainBrowser(httpx.AsyncClient(base_url=into.address, timeout=5, verify=TRUST), CHAT)

    async def close(self) -> None:
        """Shut every browser."""
        for browser in self.browsers.values():
            await browser.client.aclose()


@asynccontextmanager
async def web_in_town(_: Path) -> AsyncIterator[Platform]:
    """The school's page, in everybody's browser."""
    driver = Browsers(None, None)  # type: ignore[arg-type]  # the app comes when it is served
    async with AsyncExitStack() as stack:
        for who in PEOPLE:
            await driver.sits(who, await stack.enter_async_context(line(f"{who}'s browser")))
        stack.push_async_callback(driver.close)
        # What is said to a browser is said on its own line, so nobody has to be found in what others are told.
        yield Platform(driver, lambda _: (), into=list(driver.lines.values()))


@asynccontextmanager
async def email_in_town(folder: Path) -> AsyncIterator[Platform]:
    """A provider with a mailbox for everybody. Its line is encrypted: what arrived is read in the mailboxes."""
    async with mail_server(folder / "mail") as wire, line("e-mail", wire.port) as out:
        driver = Mailboxes(None, wire)  # type: ignore[arg-type]  # the app comes when it is served
        yield Platform(
            driver,
            lambda who: (driver.place(who).encode(),),
            [out],
            settings={"email": Email(host="127.0.0.1", port=out.port, user=USER, sender=USER, ca_file=wire.ca_file)},
            secrets={"smtp": PASSWORD},
            unsealed=lambda: [mail.raw + repr(mail.to).encode() for mail in wire.mails],
            takes_presses=False,
        )


Opening = Callable[[Path], AbstractAsyncContextManager[Platform]]
PLATFORMS: Mapping[str, Opening] = {
    "telegram": telegram_in_town,
    "slack": slack_in_town,
    "teams": teams_in_town,
    "web": web_in_town,
    "email": email_in_town,
}


def _port(address: str) -> int:
    port = httpx.URL(address).port
    assert port is not None
    return port
