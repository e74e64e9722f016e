"""Teams' end: people in a school's Microsoft 365, and a strict Teams between them and the bot, which calls it over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import SecretStr

from bot.app import App
from bot.channels.teams.channel import PATH
from bot.config import Config, Secrets, Teams
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
from tests.teams_wire import APP, BOT, SECRET, STAFFROOM, TENANT, Message, teams
from tests.teams_wire import Teams as Wire

CAN = frozenset({BUTTONS, CARDS, CREDENTIALS, DELETES, DISARMS, EDITS, FAILS, MEDIA, PUBLIC, REPEATS})


@dataclass
class TeamsDriver:
    """Everybody with an account at Rosebrook."""

    app: App
    wire: Wire
    name: ClassVar[str] = "teams"
    can: ClassVar[frozenset[str]] = CAN

    def sender(self, who: str) -> str:
        return self.place(who)

    def place(self, who: str) -> str:
        return self.wire.person(who).place

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
        picture = {"contentType": "image/*", "contentUrl": f"{self.wire.service}v3/attachments/0-1/views/original"}
        return (await self.wire.says(who, text, attachments=[picture])).received

    async def shown(self, who: str) -> Sequence[Seen]:
        return [_seen(message) for message in self.wire.screen(who) if message.wrote == BOT]

    async def shown_in_public(self) -> Sequence[Seen]:
        return [_seen(message) for message in self.wire.messages[STAFFROOM] if message.wrote == BOT]

    def fetched(self) -> int:
        return self.wire.counted["unknown"]

    def fails(self, how: str, times: int = 1) -> None:
        self.wire.faults += [how] * times

    def refuses_credentials(self) -> None:
        self.wire.secret = "another~one"


def _seen(message: Message) -> Seen:
    return Seen(message.words, tuple(button["title"] for button in message.buttons))


def settings(folder: Path, wire: Wire, **more: object) -> Config:
    """Rosebrook in Microsoft 365, with everything it keeps in FOLDER."""
    kept = folder / "key"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept.write_text(Keyring.new().dump())
    secrets = Secrets(keys=SecretStr(kept.read_text()), channels={"teams": {"client_secret": SecretStr(SECRET)}})
    chosen = {"schools": ("rosebrook",), "channels": ("teams",), "teams": registered(wire), **more}
    return Config(data_folder=folder / "data", secrets=secrets, **chosen)


def registered(wire: Wire, **more: object) -> Teams:
    """Our app as it is registered with WIRE."""
    login, keys, service = f"{wire.address}/login", f"{wire.address}/keys", wire.service.rstrip("/")
    return Teams(**{"app_id": APP, "tenants": (TENANT,), "login": login, "keys": keys, "service": service, **more})


@asynccontextmanager
async def working(folder: Path, wire: Wire, *, connected: bool = True, **more: object) -> AsyncIterator[TeamsDriver]:
    """The bot beside WIRE, CONNECTED unless it need not be; the Lead holds the role that everything is pushed to."""
    async with serving(settings(folder, wire, **more), HandClock()) as site:
        wire.bot = f"{site.address}{PATH}"
        driver = TeamsDriver(site.app, wire)
        if not any([await store.people.list() for store in site.app.stores.values()]):  # a restart finds them there
            await seat(site.app, driver.name, driver.place("Lead"), "dsl")
        if connected:
            await Patience(site.app).until(lambda: _connected(site.app), "the connection to Teams")
        yield driver


async def _connected(app: App) -> bool:
    return app.supervisor.states["teams"] == "up"


@asynccontextmanager
async def driving(folder: Path) -> AsyncIterator[TeamsDriver]:
    """Rosebrook's bot in the school's Microsoft 365 on a Monday morning."""
    async with teams() as wire, working(folder, wire) as driver:
        yield driver
