"""Our calls to the Bot API, and what each of its refusals means: wait, never again, or nobody can say whether it arrived."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import urlencode

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from bot.channel import SendFailed
from bot.channels.telegram.buttons import CARD
from bot.channels.telegram.hearing import WANTED, Me
from bot.channels.telegram.pacing import Pace
from bot.channels.telegram.saying import Part, Rows

ANSWER_WITHIN = 10.0  # seconds for any call but the long one; below what the outbox gives a send
POLL = 25  # seconds that Telegram holds a request for messages open while there are none
AT_ONCE = 100  # updates in one answer: the most that Telegram gives

_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_UNCHANGED = "not modified"


class Calls:
    """One bot's line to Telegram. Whoever uses it may use it again after `close`."""

    def __init__(self, token: str, api: str, pace: Pace) -> None:
        self._updates_url = f"{api}/bot{token}/getUpdates"
        self._pace = pace
        self._kept = False  # whether `close` will be called
        self._sends = 0
        self._line = _line()
        self._long_line = _line(read=POLL + ANSWER_WITHIN)
        self._bot = Bot(
            token, base_url=f"{api}/bot", base_file_url=f"{api}/file/bot", request=self._line, get_updates_request=self._long_line
        )

    async def me(self) -> tuple[Me, bool]:
        """Who we are, and whether we are handed everything that is said in groups, which we should not be."""
        self._kept = True
        await self._line.initialize()
        user = await self._bot.get_me()
        return Me(user.id, user.username or ""), bool(user.can_read_all_group_messages)

    async def close(self) -> None:
        """End the long request, and close the line behind the last send: one under way would open it anew behind us."""
        self._kept = False
        if not self._sends:
            await self._line.shutdown()
        await self._long_line.shutdown()

    @asynccontextmanager
    async def _sending(self, chat: int, *, card: bool) -> AsyncIterator[None]:
        """The line, open for a send to CHAT once it is its turn. While nobody keeps it open, the last to use it closes it."""
        await self._pace.turn(chat, card=card)
        self._sends += 1
        try:
            await self._line.initialize()
            with _refusals(), self._heeding(chat):
                yield
        finally:
            self._sends -= 1
            if not self._kept and not self._sends:
                await self._line.shutdown()

    @contextmanager
    def _heeding(self, chat: int) -> Iterator[None]:
        """Where Telegram asks us to wait, remember it for whatever else goes to CHAT."""
        try:
            yield
        except RetryAfter as error:
            self._pace.asked_to_wait(chat, seconds(error))
            raise

    async def updates(self, after: int | None) -> list[dict[str, Any]]:
        """What came since, oldest first. AFTER confirms everything before it: Telegram forgets it for good.

        They are taken as they are, and parsed one by one: the SDK's own call refuses all of them for one that it cannot read.
        """
        await self._long_line.initialize()
        asked = {"timeout": POLL, "limit": AT_ONCE, "allowed_updates": json.dumps(WANTED), **({"offset": after} if after else {})}
        answer = await self._long_line.retrieve(f"{self._updates_url}?{urlencode(asked)}")
        found: list[dict[str, Any]] = json.loads(answer)["result"]
        return found

    async def be_asked(self) -> None:
        """From now on messages wait until we ask for them; none is dropped."""
        await self._bot.delete_webhook(drop_pending_updates=False)

    async def be_called(self, address: str, secret: str) -> None:
        """From now on Telegram calls ADDRESS, one message after the other, so that they stay in order."""
        await self._bot.set_webhook(
            address, secret_token=secret, max_connections=1, allowed_updates=list(WANTED), drop_pending_updates=False
        )

    async def show_menu(self, commands: Sequence[tuple[str, str]]) -> None:
        """Show COMMANDS beside the field that people type in."""
        await self._bot.set_my_commands(list(commands))

    async def show(self, chat: int, part: Part, *, kept: bool = False, reply_to: int = 0) -> int:
        """Send PART to CHAT, as a reply to the message REPLY_TO, and return its number. KEPT: it cannot be passed on from there."""
        async with self._sending(chat, card=kept):
            sent = await self._bot.send_message(
                chat,
                part.text,
                entities=_entities(part),
                reply_markup=_keyboard(part.rows),
                link_preview_options=LinkPreviewOptions(is_disabled=True),  # a preview would be fetched by Telegram
                protect_content=kept,
                reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
            )
            return sent.message_id

    async def change(self, chat: int, message: int, part: Part) -> None:
        """Put PART in the place of a message. That it reads so already is no failure."""
        async with self._sending(chat, card=True):  # nothing but cards is changed, and one may have to be blanked
            with _unless_unchanged():
                await self._bot.edit_message_text(
                    part.text,
                    chat,
                    message,
                    entities=_entities(part),
                    reply_markup=_keyboard(part.rows),
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                )

    async def disarm(self, chat: int, message: int, rows: Rows = ()) -> None:
        """Take the buttons off a message, or put ROWS in their place."""
        await self._pace.small()
        with _unless_unchanged(), self._heeding(chat):
            await self._bot.edit_message_reply_markup(chat, message, reply_markup=_keyboard(rows))

    async def pressed(self, query: str) -> None:
        """Tell the phone that its press arrived, so that the button stops glowing."""
        await self._bot.answer_callback_query(query)

    async def point_to(self, chat: int, text: str, label: str, url: str) -> None:
        """Say TEXT in CHAT, with a button that opens URL."""
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(label, url=url)]])
        await self._pace.turn(chat)
        with self._heeding(chat):
            await self._bot.send_message(chat, text, reply_markup=keyboard, disable_notification=True)


def receipt(chat: int, messages: Sequence[int]) -> str:
    """What stands for MESSAGES of CHAT in the outbox."""
    return f"{chat}:{','.join(map(str, messages))}"


def from_receipt(written: str) -> tuple[int, tuple[int, ...]]:
    """CHAT and its messages, from a receipt of ours."""
    chat, _, messages = written.partition(":")
    try:
        return int(chat), tuple(int(number) for number in messages.split(","))
    except ValueError:
        raise SendFailed("That is no receipt of this channel.", permanent=True) from None


def keeps(about: str) -> bool:
    """Whether what is said ABOUT this must not be passed on from chat to chat."""
    return about.startswith(CARD)


def _line(read: float = ANSWER_WITHIN) -> HTTPXRequest:
    return HTTPXRequest(read_timeout=read, write_timeout=ANSWER_WITHIN, connect_timeout=5.0, pool_timeout=5.0)


def _entities(part: Part) -> list[MessageEntity]:
    """Bold, italic and covered by position. An empty list would let Telegram look for markup of its own defaults; there is none."""
    styles: Mapping[str, Sequence[tuple[int, int]]] = {
        MessageEntity.BOLD: part.bold,
        MessageEntity.ITALIC: part.italic,
        MessageEntity.SPOILER: part.covered,  # left out of notifications and of the list of chats
    }
    return [MessageEntity(style, offset, length) for style, spans in styles.items() for offset, length in spans]


def _keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows])


@contextmanager
def _unless_unchanged() -> Iterator[None]:
    try:
        yield
    except BadRequest as error:
        if _UNCHANGED not in error.message.casefold():
            raise


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what Telegram refuses into a SendFailed. What may have arrived all the same is let through as it is.

    The SDK's own words are left behind: they may quote the token.
    """
    try:
        yield
    except RetryAfter as error:
        raise SendFailed("Telegram asks us to wait.", retry_after=seconds(error)) from None
    except Forbidden:
        raise SendFailed("They have blocked the bot, or never began with it.", permanent=True) from None
    except (BadRequest, ChatMigrated):
        raise SendFailed("Telegram knows no such chat, or does not take the message as it is.", permanent=True) from None
    except (InvalidToken, Conflict):
        raise SendFailed("Telegram does not let this bot in: its token is wrong or used by somebody else.") from None
    except NetworkError as error:
        cause = error.__cause__
        if isinstance(cause, httpx.HTTPError) and not isinstance(cause, _NEVER_LEFT):
            raise
        raise SendFailed("Telegram cannot be reached, or is in trouble.") from None


def seconds(error: RetryAfter) -> float:
    """How long Telegram asks us to wait."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()
