"""One bot as Telegram knows it: asks for its messages or is called with them, and takes each further only once it is kept."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import random
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot import metrics, wording
from bot.channel import Misconfigured, SendFailed
from bot.channels.telegram import saying
from bot.channels.telegram.buttons import CARD, CHOSEN
from bot.channels.telegram.calls import Calls, seconds
from bot.channels.telegram.hearing import HERE, NAME, Button, Heard, Me, heard, writer
from bot.channels.telegram.pacing import Pace
from bot.channels.telegram.places import Place
from bot.channels.telegram.saying import Part
from bot.clock import Clock
from bot.logs import log
from bot.messages import IncomingMessage
from bot.wording_telegram import IN_PRIVATE, MENU, MENU_OF_MANY, UNREADABLE, WRITE_IN_PRIVATE
from storage.database import away

ANOTHER = 30.0  # seconds before we ask again where another process asks with the same token
AGAIN = 600.0  # and before Telegram is told our address once more
REMEMBERED = 2000  # chats whose last question is remembered, and albums
ATTEMPTS = 5  # to keep one update, where nothing else is wrong than that update
FINISH_WITHIN = 0.3  # seconds for the small calls, once asked to stop
BESIDE = 256  # small calls under way at once; beyond them the stream waits, which is what a platform in trouble needs

# Keeps what was heard: returns once it is durable.
Keep = Callable[[Heard], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Line:
    """What one bot is made of: which variable its token stands in, and, where Telegram is to call, under which address."""

    id: int
    variable: str
    token: str = field(repr=False)
    api: str
    address: str = ""
    shared: bool = False  # it serves several schools

    @property
    def secret(self) -> str:
        """What Telegram must show when it calls; the same in every process, and of no use for anything else."""
        return hmac.new(self.token.encode(), b"signpost webhook", hashlib.sha256).hexdigest()


class OneBot:
    """Brings in what people write to this bot, and does the small things around it that the phone shows at once."""

    def __init__(self, line: Line, clock: Clock) -> None:
        self.line = line
        self.calls = Calls(line.token, line.api, Pace(clock.real_seconds(1.0)))
        self.me = Me(line.id, "")
        self.refused = False  # Telegram did not know the token when it was last asked
        self._clock = clock
        self._keep: Keep | None = None
        self._asked: OrderedDict[int, list[int]] = OrderedDict()  # chat -> what has buttons since the person last did something
        self._albums: OrderedDict[str, None] = OrderedDict()
        self._failures = (0, 0)  # the update that could not be kept last, and how often
        self._beside: set[asyncio.Task[None]] = set()

    @property
    def listening(self) -> bool:
        """Whether what comes in now can be kept."""
        return self._keep is not None

    async def run(self, keep: Keep) -> NoReturn:
        """Connect and take messages until cancelled. Misconfigured when Telegram does not know the token."""
        try:
            self.me, all_said = await self.calls.me()
            if all_said:
                log.warning("a bot is handed everything that is said in groups: switch its group privacy on", channel=NAME)
            self._keep, self.refused = keep, False
            self._soon(self.calls.show_menu(MENU_OF_MANY if self.line.shared else MENU))
            if self.line.address:
                await self._wait_to_be_called()
            await self.calls.be_asked()
            await self._ask()
        except InvalidToken:
            self.refused = True
            raise Misconfigured(
                f"{self.line.variable}: Telegram does not know this token. Copy it anew from @BotFather into the environment."
            ) from None
        finally:
            self._keep = None
            await _whole(self._end())

    async def take(self, raw: Mapping[str, Any]) -> None:
        """Keep what one update brings. It raises only when it should be brought again: then it is not kept."""
        keep = self._keep
        if keep is None:
            raise ConnectionError("Not listening yet.")
        found = self._read(raw)
        if found is None:
            return
        try:
            await self._hand_on(found, keep)
        except Exception as error:
            if _will_pass(error) or not self._hopeless(raw):
                raise
            self._set_aside(raw, error)

    async def _hand_on(self, found: Heard, keep: Keep) -> None:
        if found.button is not None:
            await self._press(found, found.button, keep)
            return
        if found.message is not None and not self._of_a_known_album(found):
            await keep(found)
            self._remember_album(found)
            if found.message.private and not found.message.edited:
                self._typed(found.message)
        if found.group is not None:
            self._soon(self._show_the_way(found.group))

    async def _end(self) -> None:
        """Let what was begun for a phone come to its end, but nobody waits long for it; then hang up."""
        if self._beside:
            await asyncio.wait(self._beside, timeout=FINISH_WITHIN)
        left = tuple(self._beside)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self.calls.close()

    def asked(self, chat: int, message: int) -> None:
        """MESSAGE of CHAT has buttons, which can be pressed until the person says or presses something."""
        self._asked.setdefault(chat, []).append(message)
        self._asked.move_to_end(chat)
        while len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)

    async def _ask(self) -> NoReturn:
        """Ask for what came, again and again. What is not kept is not confirmed, and so comes again."""
        after: int | None = None
        while True:
            try:
                updates = await self.calls.updates(after)
            except RetryAfter as error:
                await asyncio.sleep(seconds(error))
                continue
            except Conflict:
                log.warning("another process asks for this bot's messages: it should be called instead", channel=NAME)
                await asyncio.sleep(ANOTHER * random.uniform(0.5, 1.5))  # noqa: S311 - so that two do not meet again and again
                continue
            for raw in updates:
                await self.take(raw)
                after = max(after or 0, raw["update_id"] + 1)

    async def _wait_to_be_called(self) -> NoReturn:
        """Tell Telegram where to call, and again now and then: whoever knows the token could have told it otherwise."""
        while True:
            await self.calls.be_called(self.line.address, self.line.secret)
            await asyncio.sleep(AGAIN)

    def _read(self, raw: Mapping[str, Any]) -> Heard | None:
        """RAW as what it brings. One that cannot be read is set aside and reported: it must not hold up the others."""
        try:
            update = Update.de_json(dict(raw), None)
            return heard(update, self.me, self._clock.now())
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one update, those behind it are people too
            self._set_aside(raw, error)
            return None

    def _hopeless(self, raw: Mapping[str, Any]) -> bool:
        """Whether RAW was tried often enough: what fails each time would hold up everybody behind it for ever."""
        number = raw["update_id"]
        self._failures = (number, self._failures[1] + 1 if self._failures[0] == number else 1)
        return self._failures[1] >= ATTEMPTS

    def _set_aside(self, raw: Mapping[str, Any], error: Exception) -> None:
        """Report RAW, and tell its writer that it was not kept."""
        log.error("an update could not be taken and was set aside", channel=NAME, result="poison", exc_info=error)
        metrics.messages.labels(NAME, "poison").inc()
        if (chat := writer(raw)) is not None:
            self._soon(self._say(chat, UNREADABLE))

    async def _press(self, found: Heard, button: Button, keep: Keep) -> None:
        await keep(found)
        self._soon(self.calls.pressed(button.query))
        on_card = found.message is not None and found.message.about.startswith(CARD)
        if button.message and button.carried != CHOSEN and not on_card:
            self._disarm(button.chat, button)

    def _typed(self, message: IncomingMessage) -> None:
        """Whoever types has answered: the buttons above lead nowhere any more."""
        if (place := Place.read(message.sender)) is not None:
            self._disarm(place.chat)

    def _disarm(self, chat: int, pressed: Button | None = None) -> None:
        """Take the buttons off what was asked in CHAT. The one PRESSED of the latest questions goes on showing what was chosen.

        What is forgotten in a restart stays pressable, and is answered as an old button by whoever decides.
        """
        open_ones = self._asked.pop(chat, [])
        for message in open_ones:
            if pressed is None or message != pressed.message:
                self._soon(self.calls.disarm(chat, message))
        if pressed is not None:
            label = pressed.label.removeprefix(wording.TICKED).removeprefix(wording.NOT_TICKED).strip()
            shown = saying.chosen(label) if label and pressed.message in open_ones else ()
            self._soon(self.calls.disarm(chat, pressed.message, shown))

    def _of_a_known_album(self, found: Heard) -> bool:
        """Whether this is a further picture of an album that was kept before: ten pictures are one offer."""
        return found.album in self._albums and found.message is not None and not found.message.text

    def _remember_album(self, found: Heard) -> None:
        if found.album:
            self._albums[found.album] = None
        while len(self._albums) > REMEMBERED:
            self._albums.popitem(last=False)

    async def _show_the_way(self, group: int) -> None:
        """Say where to write to us, and nothing of what was said."""
        await self.calls.point_to(group, IN_PRIVATE, WRITE_IN_PRIVATE, f"https://t.me/{self.me.username}?start={HERE}")

    async def _say(self, chat: int, text: str) -> None:
        await self.calls.show(chat, Part(text))

    def _soon(self, call: Coroutine[Any, Any, object]) -> None:
        """Do CALL beside the stream: nothing that matters hangs on it, and nobody should wait for it."""
        if len(self._beside) >= BESIDE:
            call.close()
            log.warning("small calls are left out: too many are under way", channel=NAME)
            return
        task = asyncio.create_task(_quietly(call), name="telegram, beside")
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)


def _will_pass(error: Exception) -> bool:
    """Whether ERROR says nothing of the update: the database, the disk or Telegram is away, and will be back."""
    return away(error) or isinstance(error, OSError | TelegramError | SendFailed)


async def _whole(ending: Coroutine[Any, Any, None]) -> None:
    """Carry ENDING out whole. A bot that failed may be told to stop while it hangs up: half hung up is a line left open."""
    task = asyncio.create_task(ending)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


async def _quietly(call: Coroutine[Any, Any, object]) -> None:
    try:
        await call
    except (TelegramError, SendFailed) as error:
        log.info("a small call failed", channel=NAME, exc_info=error)
