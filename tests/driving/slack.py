"""Slack's end: people in a workspace, and a strict Slack between them and the bot, which calls it over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import SecretStr

from bot.app import App
from bot.channels.slack.channel import PATH
from bot.config import Config, Secrets, Slack
from storage.vault import Keyring
from tests.drivers import (
    BUTTONS,
    CARDS,
    CREDENTIALS,
    DELETES,
    DISARMS,
    EDITS,
    FAILS,
    MEDIA,
    PUBLIC,
    REPEATS,
    Patience,
    Seen,
    seat,
)
from tests.fakes import HandClock
from tests.site import serving
from tests.slack_wire import BOT_USER, SIGNING, SOCKET_TOKEN, TEAM, TOKEN, Message, slack, unescaped
from tests.slack_wire import PUBLIC as STAFFROOM
from tests.slack_wire import Slack as Wire

CAN = frozenset({BUTTONS, CARDS, CREDENTIALS, DELETES, DISARMS, EDITS, FAILS, MEDIA, PUBLIC, REPEATS})
PICTURE = {"id": "F1", "name": "IMG_1.jpg", "mimetype": "image/jpeg", "url_private": "/api/files.info?file=F1"}


@dataclass
class SlackDriver:
    """Everybody in the workspace of Rosebrook."""

    app: App
    wire: Wire
    name: ClassVar[str] = "slack"
    can: ClassVar[frozenset[str]] = CAN

    def sender(self, who: str) -> str:
        return self.place(who)

    def place(self, who: str) -> str:
        return f"{TEAM}:{self.wire.person(who).id}"

    async def says(self, who: str, text: str) -> bool:
        return (await self.wire.says(who, text)).received

    async def again(self, who: str) -> bool:
        return (await self.wire.again(who)).received

    async def presses(self, who: str, label: str) -> bool:
        return (await self.wire.presses(who, label)).received

    async def edits(self, who: str, text: str) -> bool:
        return (await self.wire.edits(who, text)).received

    async def deletes(self, who: str) -> bool:
        return (await self.wire.deletes(who)).received

    async def says_in_public(self, who: str, text: str) -> bool:
        return (await self.wire.mentions(who, text)).received

    async def offers_media(self, who: str, text: str = "") -> bool:
        return (await self.wire.says(who, text, files=[PICTURE])).received

    async def shown(self, who: str) -> Sequence[Seen]:
        return [_seen(message) for message in self.wire.screen(who) if message.wrote == BOT_USER]

    async def shown_in_public(self) -> Sequence[Seen]:
        return [_seen(message) for message in self.wire.from_bot(STAFFROOM) if not message.seen_by]

    def fetched(self) -> int:
        return self.wire.counted["files.info"]

    def fails(self, how: str, times: int = 1) -> None:
        self.wire.faults += [how] * times

    def refuses_credentials(self) -> None:
        self.wire.token = "xoxb-another-one"


def _seen(message: Message) -> Seen:
    return Seen(message.words, tuple(unescaped(button["text"]["text"]) for button in message.buttons))


def settings(folder: Path, wire: Wire, *, socket: bool = False, **more: object) -> Config:
    """Rosebrook in a workspace, with everything it keeps in FOLDER."""
    kept = folder / "key"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept.write_text(Keyring.new().dump())
    ours = {"bot_token": TOKEN, **({"app_token": SOCKET_TOKEN} if socket else {"signing_secret": SIGNING})}
    secrets = Secrets(
        keys=SecretStr(kept.read_text()), channels={"slack": {name: SecretStr(value) for name, value in ours.items()}}
    )
    chosen = {"schools": ("rosebrook",), "channels": ("slack",), "slack": Slack(api=f"{wire.address}/api"), **more}
    return Config(data_folder=folder / "data", secrets=secrets, **chosen)


@asynccontextmanager
async def working(
    folder: Path, wire: Wire, *, socket: bool = False, connected: bool = True, **more: object
) -> AsyncIterator[SlackDriver]:
    """The bot beside WIRE, CONNECTED unless it need not be; the Lead holds the role that everything is pushed to."""
    async with serving(settings(folder, wire, socket=socket, **more), HandClock()) as site:
        wire.bot = "" if socket else f"{site.address}{PATH}"
        driver = SlackDriver(site.app, wire)
        await seat(site.app, driver.name, driver.place("Lead"), "dsl")
        if connected:
            await Patience(site.app).until(lambda: _connected(site.app, wire, socket=socket), "the connection to Slack")
        yield driver


async def _connected(app: App, wire: Wire, *, socket: bool) -> bool:
    channel = app.channels["slack"]
    return all(one.team for one in channel._installed.values()) and bool(channel._installed) and (not socket or bool(wire.lines))


@asynccontextmanager
async def driving(folder: Path) -> AsyncIterator[SlackDriver]:
    """Rosebrook's bot in its workspace on a Monday morning, called over HTTP."""
    async with slack() as wire, working(folder, wire) as driver:
        yield driver
