"""Telegram calls us: only Telegram gets in, 200 is said once a message is kept, and order holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot import wording
from bot.config import Telegram, Web
from tests.driving.telegram import TelegramDriver, settings
from tests.fakes import HandClock
from tests.site import serving
from tests.telegram_wire import Bot, Wire, telegram, until

OUTSIDE = "https://ask.school.example"


@dataclass
class Called(TelegramDriver):
    """The bot, its page as the internet reaches it, and a client for whoever else finds it."""

    inside: str = ""

    @property
    def route(self) -> str:
        return f"{self.inside}/telegram/{self.bot.id}"

    async def posts(self, body: bytes, secret: str | None, **more: str) -> int:
        """What somebody hears who posts BODY and shows SECRET."""
        shown = {} if secret is None else {b"x-telegram-bot-api-secret-token": secret.encode()}
        headers = {b"content-type": b"application/json", **shown}
        async with httpx.AsyncClient() as client:
            return (await client.post(more.get("route", self.route), content=body, headers=headers)).status_code


@asynccontextmanager
async def called(wire: Wire, bot: Bot, folder: Path) -> AsyncIterator[Called]:
    """Rosebrook's bot behind a web server that encrypts."""
    config = settings(
        folder, wire, {"token_rosebrook": bot.token}, web=Web(base_url=OUTSIDE), telegram=Telegram(api=wire.address, webhook=True)
    )
    async with serving(config, HandClock()) as site:
        wire.reached[OUTSIDE] = site.address
        driver = Called(site.app, wire, bot, site.address)
        await until(lambda: bot.webhook)
        yield driver


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Called]:
    """Rosebrook's bot, called."""
    async with telegram() as wire, called(wire, wire.bot("rosebrook_bot"), tmp_path) as driver:
        yield driver


async def test_messages_are_brought_and_answered_in_order(here: Called):
    """With the secret that we chose, one after the other, and a press is one of them."""
    assert here.bot.webhook == f"{OUTSIDE}/telegram/{here.bot.id}"
    assert here.bot.secret
    assert here.bot.token.partition(":")[2] not in here.bot.webhook + here.bot.secret
    sent = [here.phone("Parent").says(here.bot, text) for text in ("/help", "/report")]
    assert [await one.received() for one in sent] == [True, True]
    await here.reads("Parent", wording.REPORT_PROMPT)
    assert await here.presses("Parent", "Unwanted friend or follow request")
    await here.reads("Parent", "Question 1 of")
    assert here.wire.counted["getUpdates"] == 0


async def test_only_telegram_gets_in(here: Called):
    """No secret, a wrong one, another bot's address, garbage, too much: refused, never with 500, and nothing is kept."""
    update = b'{"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 9, "type": "private"}}}'
    right = here.bot.secret
    assert await here.posts(update, None) == 403
    assert await here.posts(update, "wrong") == 403
    assert await here.posts(update, "wröng") == 403
    assert await here.posts(update, right, route=f"{here.inside}/telegram/123") == 403
    assert await here.posts(update, right, route=f"{here.inside}/telegram/nonsense") == 404
    for garbage in (b"", b"{", b"[]", b"7", b"\xff\xfe", b'{"update_id": "x"}'):
        assert await here.posts(garbage, right) == 400
    assert await here.posts(b'{"update_id": 1, "x": "' + b"x" * 1_100_000 + b'"}', right) == 413
    lag = await here.app.work.lag(here.app.clock.now())
    assert lag["inbox"].waiting == 0


async def test_an_unreadable_update_is_taken_so_that_it_does_not_come_for_ever(here: Called):
    """It is reported, and the next is answered."""
    assert await here.wire.happens(
        here.bot, message={"message_id": 1, "date": "x", "chat": {"id": 5, "type": "private"}}
    ).received()
    assert await here.says("Parent", "hello")
    await here.reads("Parent", "Signpost")


async def test_what_cannot_be_kept_is_refused_and_comes_again(here: Called):
    """The disk is full for a moment: Telegram hears 503, and brings it again."""
    (channel,) = here.app.channels.values()
    kept, asked = channel._receive, 0

    async def full(*what: object) -> bool:
        nonlocal asked
        asked += 1
        if asked < 3:
            raise OSError(28, "No space left on device")
        return await kept(*what)

    channel._receive = full
    assert not await here.says("Parent", "hello")
    await here.reads("Parent", "Signpost")
    assert asked == 3


async def test_the_same_call_twice_is_handled_once(here: Called):
    """Telegram calls again where it did not hear our answer."""
    assert await here.says("Parent", "hello")
    assert await here.again("Parent")
    await here.reads("Parent", "Signpost")
    (store,) = here.app.stores.values()
    lines = await store.conversations.transcript("telegram", here.place("Parent"), here.sender("Parent"), 9)
    assert [line.kind for line in lines].count("heard") == 1


async def test_before_it_is_ready_it_says_not_yet(tmp_path: Path):
    """503, so that Telegram comes again; the bot is up, and only Telegram's side of it is not."""
    async with telegram() as wire:
        bot = wire.bot("rosebrook_bot")
        async with called(wire, bot, tmp_path) as here:
            (channel,) = here.app.channels.values()
            channel._bots[bot.id]._keep = None
            assert await here.posts(b'{"update_id": 1}', bot.secret) == 503


async def test_an_address_that_somebody_else_set_is_set_right_again(here: Called, monkeypatch: pytest.MonkeyPatch):
    """Whoever has the token could have the messages sent elsewhere: that does not last."""
    assert here.wire.counted["setWebhook"] == 1
    monkeypatch.setattr("bot.channels.telegram.one_bot.AGAIN", 0.05)
    (task,) = [one for one in asyncio.all_tasks() if one.get_name() == "channel telegram"]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    (channel,) = here.app.channels.values()
    again = asyncio.create_task(channel.run(here.app.conversations.receive))
    await asyncio.sleep(0.3)
    here.bot.webhook = "https://elsewhere.example/"
    await asyncio.sleep(0.3)
    assert here.bot.webhook.startswith(OUTSIDE)
    again.cancel()
    await asyncio.gather(again, return_exceptions=True)


def test_the_secret_is_the_same_in_every_process_and_tells_nothing(tmp_path: Path):
    """Any number of processes behind one address know it; it is no part of the token."""
    from bot.channels.telegram.one_bot import Line  # noqa: PLC0415 - nothing else here needs it

    one, other = (Line(1, "X", token, "http://127.0.0.1") for token in ("1:AAAA", "1:BBBB"))
    assert one.secret == Line(1, "X", "1:AAAA", "http://127.0.0.1").secret != other.secret
    assert "AAAA" not in one.secret + repr(one)
