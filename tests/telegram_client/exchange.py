"""Telegram with somebody else's phones: our line to the bot, and behind it tg-auto-test's idea of what Telegram does and shows.

    async with exchange() as telegram, telegram.phone("Mum") as mum:
        await mum.says("/start")
        await mum.reads("Hello")

tg-auto-test was made to hold a bot's program inside itself: it hands over what somebody does as a call, and takes what the bot says
as a call. Here both go over real sockets instead. The line is that of `tests/telegram_wire.py`: who may ask, what waits until it is
confirmed. What an update looks like, what the Bot API makes of a call, and what a person then sees and can press is tg-auto-test's.
Where it has nothing of its own (buttons that are taken off, words that are changed later, more than one person) it stands below.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from telegram import Update
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter
from telethon.tl.functions.bots import GetBotCommandsRequest
from telethon.tl.types import BotCommandScopeDefault
from tg_auto_test.test_utils.serverless_message import ServerlessMessage
from tg_auto_test.test_utils.serverless_telegram_client import ServerlessTelegramClient

from tests.telegram_service import ApiError, Bot
from tests.telegram_wire import Wire, serving

BOT = 999_999  # the number that every bot has at tg-auto-test
USERNAME = "rosebrook_bot"
PATIENCE = 60.0  # seconds until an answer is given up: the machine that tests may be busy
STAYS_OPEN = 600.0

# What the line knows by itself, and no phone sees.
OF_THE_LINE = frozenset({"getUpdates", "setWebhook", "deleteWebhook"})
FOR_EVERYBODY = frozenset({"getMe", "setMyCommands"})


@dataclass
class Exchange(Wire):
    """The service in the middle: carries what a phone does to the bot, and what the bot says to the phone that it is for."""

    at: dict[int, Phone] = field(default_factory=dict)
    for_everybody: dict[str, dict[str, Any]] = field(default_factory=dict)  # what a phone must be told that joins later
    pressed: dict[str, Phone] = field(default_factory=dict)  # presses that the bot has not answered yet

    def __post_init__(self) -> None:
        self.one = Bot(BOT, USERNAME, f"{BOT}:AAF-{USERNAME.ljust(32, 'x')}")
        self.bots[self.one.token] = self.one

    async def call(self, bot: Bot, method: str, asked: dict[str, Any]) -> Any:
        """Carry METHOD out at whoever's phone it concerns."""
        if method in OF_THE_LINE:
            return await super().call(bot, method, asked)
        self.counted[method] += 1
        if method in FOR_EVERYBODY:
            self.for_everybody[method] = asked
            answers = [await one.takes(method, asked) for one in self.at.values()]
            return answers[-1]
        if method == "answerCallbackQuery":
            return await self.pressed.pop(asked["callback_query_id"]).takes(method, asked)
        return await self.at[int(asked["chat_id"])].takes(method, asked)

    @asynccontextmanager
    async def phone(self, name: str) -> AsyncIterator[Phone]:
        """Somebody new, with a chat with the bot open."""
        phone = Phone(self, next(self.ids), name)
        self.at[phone.id] = phone
        for method, asked in self.for_everybody.items():
            await phone.takes(method, asked)
        await phone.client.connect()
        try:
            async with phone.chat:
                yield phone
        finally:
            await phone.puts_away()


class Phone:
    """Somebody with the bot's chat open in tg-auto-test."""

    def __init__(self, exchange: Exchange, number: int, name: str) -> None:
        self.id = number
        self.client = ServerlessTelegramClient(lambda _: _Bot(self._does), number, name, bot_username=USERNAME)
        self.chat = self.client.conversation(USERNAME, timeout=PATIENCE)
        self.read: list[ServerlessMessage] = []
        self.disarmed: dict[int, list[list[str]]] = {}  # the messages whose buttons were taken off, and what stands there now
        self._exchange = exchange
        self._said: dict[str, Any] = {}  # what was typed last
        self._spoken = asyncio.Event()
        self._open: list[asyncio.Task[None]] = []

    # What somebody does -------------------------------------------------------------------------------------------------------

    async def says(self, text: str) -> None:
        """Type TEXT, and wait until the bot has said something."""
        await self.chat.send_message(text, parse_mode=None)

    async def edits(self, text: str) -> None:
        """Change what was typed last to TEXT, which tg-auto-test cannot."""
        changed = {**self._said, "text": text, "edit_date": int(time.time())}
        await self.client._process_message_update({"update_id": 0, "edited_message": changed})

    async def sends_picture(self, picture: bytes, caption: str = "") -> None:
        """Send a picture out of the phone."""
        await self.chat.send_file(picture, caption=caption, parse_mode=None)

    async def presses(self, label: str) -> ServerlessMessage:
        """Press the newest button that says LABEL, with or without its number, once there is one; the message that it stood on."""
        while not (offered := [one for one in self.read if label in labels(one)]):
            self.read.append(await self.chat.get_response())
        await offered[-1].click(text=lambda text: label in (text, text.partition(". ")[2]))
        return offered[-1]

    # What somebody sees -------------------------------------------------------------------------------------------------------

    async def reads(self, words: str) -> ServerlessMessage:
        """The next message that says WORDS. What comes before it is read, too."""
        while True:
            self.read.append(await self.chat.get_response())
            if words in self.read[-1].text:
                return self.read[-1]

    async def reads_change(self, words: str) -> ServerlessMessage:
        """The next message that was changed where it stands, and says WORDS now."""
        while True:
            changed = await self.chat.get_edit()
            self.read = [changed if one.id == changed.id else one for one in self.read]
            if words in changed.text:
                return changed

    async def menu(self) -> list[tuple[str, str]]:
        """The commands that stand beside the field people type in."""
        commands = await self.client(GetBotCommandsRequest(scope=BotCommandScopeDefault(), lang_code=""))
        return [(one.command, one.description) for one in commands]

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until HOLDS is true of this phone."""
        async with asyncio.timeout(PATIENCE):
            while not holds():  # noqa: ASYNC110 - what it looks at has no event of its own
                await asyncio.sleep(0.02)

    # The line -----------------------------------------------------------------------------------------------------------------

    async def takes(self, method: str, asked: dict[str, Any]) -> Any:
        """What tg-auto-test makes of METHOD. What it does not know is not known to Telegram either, but for the one below."""
        if method == "editMessageReplyMarkup":
            return self._disarms(asked)
        data = RequestData([RequestParameter(name, value, None) for name, value in asked.items()])
        try:
            code, answer = await self.client._request.do_request(method, "POST", data)
        except AssertionError as unknown:
            raise ApiError(404, "Not Found: method not found") from unknown
        if code != 200:
            raise ApiError(code, "tg-auto-test refuses it")
        if method in ("sendMessage", "editMessageText"):
            self._spoken.set()
        return json.loads(answer)["result"]

    async def puts_away(self) -> None:
        """Close the chat, and wait for nothing more."""
        await self.client.disconnect()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def _disarms(self, asked: dict[str, Any]) -> bool:
        rows = json.loads(asked.get("reply_markup", "{}")).get("inline_keyboard", [])
        self.disarmed[int(asked["message_id"])] = [[button["text"] for button in row] for row in rows]
        return True

    async def _does(self, update: Update) -> None:
        """Bring UPDATE to the bot, and wait until the bot has it, and has said something.

        While one of the tasks is open that were begun here, tg-auto-test goes on waiting for what else is said.
        """
        what = update.to_dict()
        del what["update_id"]  # each phone counts its own; the bot must see one row
        if update.message is not None:
            self._said = what["message"]
        if update.callback_query is not None:
            self._exchange.pressed[update.callback_query.id] = self
        self._spoken.clear()
        self._open.append(asyncio.create_task(asyncio.sleep(STAYS_OPEN)))
        assert await self._exchange.happens(self._exchange.one, **what).received(PATIENCE)
        async with asyncio.timeout(PATIENCE):
            await self._spoken.wait()


class _Bot:
    """What tg-auto-test takes for the bot's program: hands everything on."""

    bot = post_init = post_shutdown = None

    def __init__(self, does: Callable[[Update], Any]) -> None:
        self.process_update = does

    async def initialize(self) -> None:
        """Nothing: the bot runs elsewhere."""

    async def shutdown(self) -> None:
        """Nothing: the bot runs elsewhere."""


def labels(message: ServerlessMessage) -> list[str]:
    """What stands on the buttons of MESSAGE, and the same without its number."""
    shown = [button.text for row in message.buttons or () for button in row]
    return [part for label in shown for part in (label, label.partition(". ")[2]) if part]


@asynccontextmanager
async def exchange() -> AsyncIterator[Exchange]:
    """The service, on a port of its own."""
    wire = Exchange()
    async with serving(wire):
        yield wire
