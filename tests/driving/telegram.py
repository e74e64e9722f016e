"""Telegram's end: phones, and the Bot API between them and the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import SecretStr

from bot import app as composition
from bot.app import App
from bot.channels.telegram.buttons import CHOSEN
from bot.config import Config, Secrets, Telegram
from storage.vault import Keyring
from tests.drivers import BUTTONS, CARDS, CREDENTIALS, DISARMS, EDITS, FAILS, MEDIA, PUBLIC, REPEATS, Cannot, Patience, Seen, seat
from tests.fakes import HandClock
from tests.telegram_wire import GROUP, Bot, Person, Wire, telegram

CAN = frozenset({BUTTONS, CARDS, CREDENTIALS, DISARMS, EDITS, FAILS, MEDIA, PUBLIC, REPEATS})


@dataclass
class TelegramDriver(Cannot):
    """Everybody with a phone, writing to the one bot of Rosebrook."""

    app: App
    wire: Wire
    bot: Bot
    name: ClassVar[str] = "telegram"
    can: ClassVar[frozenset[str]] = CAN

    def sender(self, who: str) -> str:
        return self.place(who)

    def place(self, who: str) -> str:
        return f"{self.bot.id}:{self.phone(who).id}"

    def phone(self, who: str) -> Person:
        return self.wire.person(who)

    async def says(self, who: str, text: str) -> bool:
        return await self.phone(who).says(self.bot, text).received()

    async def again(self, who: str) -> bool:
        return await self.phone(who).again(self.bot).received()

    async def presses(self, who: str, label: str) -> bool:
        return await self.phone(who).presses(self.bot, label).received()

    async def edits(self, who: str, text: str) -> bool:
        return await self.phone(who).edits(self.bot, text).received()

    async def says_in_public(self, who: str, text: str) -> bool:
        """Somebody who has written to the bot before, as those have who know that it is there."""
        self.wire.begun.add((self.bot.id, self.phone(who).id))
        return await self.phone(who).says(self.bot, f"@{self.bot.username} {text}", chat=GROUP).received()

    async def offers_media(self, who: str, text: str = "") -> bool:
        sizes = [{"file_id": "AgAD", "file_unique_id": "u", "width": 90, "height": 90, "file_size": 1200}]
        return await self.phone(who).sends(self.bot, "photo", sizes, caption=text).received()

    async def shown(self, who: str) -> Sequence[Seen]:
        return [_seen(message) for message in self.phone(who).screen(self.bot)]

    async def shown_in_public(self) -> Sequence[Seen]:
        return [_seen(message) for message in self.wire.chat(self.bot, GROUP) if message["from"]["id"] == self.bot.id]

    async def reads(self, who: str, words: str, times: int = 1) -> str:
        """Wait until WHO can read WORDS that many TIMES; the newest of what says them."""

        async def there() -> bool:
            return len(self._with(who, words)) >= times

        await Patience(self.app).until(there, f"{words!r} for {who}")
        return self._with(who, words)[-1]

    def _with(self, who: str, words: str) -> list[str]:
        return [message["text"] for message in self.phone(who).screen(self.bot) if words in message["text"]]

    def fetched(self) -> int:
        return self.wire.counted["getFile"] + self.wire.counted["files"]

    def fails(self, how: str, times: int = 1) -> None:
        self.wire.fails(how, times)

    def refuses_credentials(self) -> None:
        self.wire.revoke(self.bot)


def _seen(message: dict) -> Seen:
    """A link and what only shows what was chosen are no buttons: pressing them tells the bot nothing."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    labels = [button["text"] for row in rows for button in row if button.get("callback_data", CHOSEN) != CHOSEN]
    return Seen(message["text"], tuple(labels))


def settings(folder: Path, wire: Wire, tokens: dict[str, str], **more: object) -> Config:
    """A bot of Telegram's in FOLDER, with TOKENS by the end of their variables' names: {"token": …, "token_rosebrook": …}."""
    kept = folder / "key"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept.write_text(Keyring.new().dump())
    secrets = Secrets(
        keys=SecretStr(kept.read_text()), channels={"telegram": {name: SecretStr(token) for name, token in tokens.items()}}
    )
    chosen = {"schools": ("rosebrook",), "channels": ("telegram",), "telegram": Telegram(api=wire.address), **more}
    return Config(data_folder=folder / "data", secrets=secrets, **chosen)


@asynccontextmanager
async def running(wire: Wire, bot: Bot, folder: Path, **more: object) -> AsyncIterator[TelegramDriver]:
    """Rosebrook's BOT at work on what FOLDER holds; started anew on the same folder, it goes on where it was."""
    config = settings(folder, wire, {"token_rosebrook": bot.token}, **more)
    async with composition.running(config, HandClock()) as app:
        driver = TelegramDriver(app, wire, bot)
        wire.begun.add((bot.id, driver.phone("Lead").id))
        if not await app.stores["rosebrook"].people.list():
            await seat(app, driver.name, driver.place("Lead"), "dsl")
        yield driver


@asynccontextmanager
async def driving(folder: Path) -> AsyncIterator[TelegramDriver]:
    """Rosebrook's bot on a Monday morning; the Lead has begun with it, as whoever is to be pushed to must."""
    async with telegram() as wire, running(wire, wire.bot("rosebrook_bot"), folder) as driver:
        yield driver
