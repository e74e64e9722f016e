"""The Telegram of the tests is as strict as the real one: offsets, limits and refusals are as its documentation says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.telegram_wire import Bot, Person, Wire, telegram, until


class Line:
    """A client that knows nothing but HTTP."""

    def __init__(self, wire: Wire, bot: Bot) -> None:
        self.base = f"{wire.address}/bot{bot.token}"
        self.http = httpx.AsyncClient(timeout=5)

    async def asks(self, method: str, **asked: object) -> dict:
        """The answer to METHOD, whatever it is."""
        form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in asked.items()}
        answer = await self.http.post(f"{self.base}/{method}", data=form)
        return {"status": answer.status_code, **answer.json()}

    async def refused(self, method: str, **asked: object) -> str:
        """Why METHOD is not carried out."""
        answer = await self.asks(method, **asked)
        assert not answer["ok"]
        assert answer["status"] == answer["error_code"]
        return answer["description"]


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """The service."""
    async with telegram() as wire:
        yield wire


@pytest.fixture
def bot(wire: Wire) -> Bot:
    """A bot of its."""
    return wire.bot("test_bot")


@pytest.fixture
def mum(wire: Wire) -> Person:
    """Somebody with a phone."""
    return wire.person("Mum")


@pytest.fixture
async def line(wire: Wire, bot: Bot) -> AsyncIterator[Line]:
    """What the bot's program has."""
    line = Line(wire, bot)
    yield line
    await line.http.aclose()


async def test_an_update_stays_until_a_higher_offset_confirms_it(line: Line, bot: Bot, mum: Person):
    """Asked twice, it comes twice; confirmed, it never comes again."""
    first, second = mum.says(bot, "one"), mum.says(bot, "two")
    assert [one["update_id"] for one in (await line.asks("getUpdates"))["result"]] == [first.id, second.id]
    assert [one["update_id"] for one in (await line.asks("getUpdates"))["result"]] == [first.id, second.id]
    assert [one["update_id"] for one in (await line.asks("getUpdates", offset=second.id))["result"]] == [second.id]
    assert (await line.asks("getUpdates", offset=second.id + 1))["result"] == []
    assert (await line.asks("getUpdates"))["result"] == []
    assert first.confirmed
    assert second.confirmed


async def test_a_request_is_held_open_until_something_comes_or_its_time_is_over(line: Line, bot: Bot, mum: Person):
    """Long polling."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert (await line.asks("getUpdates", timeout=1))["result"] == []
    assert loop.time() - began >= 0.9
    held = asyncio.create_task(line.asks("getUpdates", timeout=5))
    await asyncio.sleep(0.1)
    assert not held.done()
    mum.says(bot, "hello")
    async with asyncio.timeout(1):
        assert len((await held)["result"]) == 1


async def test_the_second_of_two_readers_cuts_off_the_first(line: Line):
    """And with a webhook, nobody may ask at all."""
    first = asyncio.create_task(line.asks("getUpdates", timeout=5))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(line.asks("getUpdates", timeout=1))
    assert (await first)["status"] == 409
    assert (await second)["ok"]
    assert (await line.asks("setWebhook", url="https://x.example/"))["ok"]
    assert "webhook is active" in await line.refused("getUpdates")
    assert "HTTPS" in await line.refused("setWebhook", url="http://x.example/")


async def test_what_somebody_was_handed_who_hung_up_is_handed_out_again(line: Line, bot: Bot, mum: Person):
    """A reader that has gone confirms nothing, and takes nothing with it."""
    held = asyncio.create_task(line.asks("getUpdates", timeout=5))
    await asyncio.sleep(0.1)
    held.cancel()
    await asyncio.gather(held, return_exceptions=True)
    await asyncio.sleep(0.1)
    said = mum.says(bot, "hello")
    assert [one["update_id"] for one in (await line.asks("getUpdates"))["result"]] == [said.id]


async def test_only_what_was_asked_for_waits(line: Line, bot: Bot, mum: Person):
    """Kinds that a bot never named are not kept for it."""
    await line.asks("getUpdates", allowed_updates=["message"])
    mum.says(bot, "hello")
    mum.edits(bot, "hello!")
    assert [set(one) for one in (await line.asks("getUpdates"))["result"]] == [{"update_id", "message"}]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "😀", "entities": [{"type": "bold", "offset": 0, "length": 3}]}, "ends after the end"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "y", "callback_data": "z" * 65}]]}}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "y", "callback_data": "é" * 33}]]}}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": " ", "callback_data": "z"}]]}}, "text buttons"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "y"}]]}}, "exactly one"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "y", "callback_data": "z"}]] * 101}}, "too long"),
    ],
)
async def test_what_does_not_fit_is_refused(line: Line, bot: Bot, mum: Person, asked: dict, why: str):
    """In Telegram's own words."""
    mum.says(bot, "/start")
    assert why in await line.refused("sendMessage", chat_id=mum.id, **asked)


async def test_what_just_fits_is_taken(line: Line, bot: Bot, mum: Person):
    """4096 units, 64 bytes, 100 buttons."""
    mum.says(bot, "/start")
    keyboard = {"inline_keyboard": [[{"text": "y", "callback_data": "z" * 64}]] * 100}
    assert (await line.asks("sendMessage", chat_id=mum.id, text="😀" * 2048, reply_markup=keyboard))["ok"]


async def test_who_may_be_written_to(line: Line, wire: Wire, bot: Bot, mum: Person):
    """Nobody who never began, nobody who blocked the bot, nobody who does not exist."""
    assert "can't initiate" in await line.refused("sendMessage", chat_id=mum.id, text="x")
    mum.says(bot, "/start")
    assert (await line.asks("sendMessage", chat_id=mum.id, text="x"))["ok"]
    mum.blocks(bot)
    assert "blocked" in await line.refused("sendMessage", chat_id=mum.id, text="x")
    assert "chat not found" in await line.refused("sendMessage", chat_id=1, text="x")


async def test_what_may_be_edited(line: Line, bot: Bot, mum: Person):
    """Its own messages, and only into something else."""
    mum.says(bot, "/start")
    keyboard = {"inline_keyboard": [[{"text": "y", "callback_data": "z"}]]}
    sent = (await line.asks("sendMessage", chat_id=mum.id, text="x", reply_markup=keyboard))["result"]["message_id"]
    same = {"chat_id": mum.id, "message_id": sent}
    assert "not modified" in await line.refused("editMessageText", **same, text="x", reply_markup=keyboard)
    assert (await line.asks("editMessageText", **same, text="y"))["ok"]
    assert "not modified" in await line.refused("editMessageReplyMarkup", **same)
    assert "not found" in await line.refused("editMessageText", chat_id=mum.id, message_id=9999, text="y")
    assert "can't be edited" in await line.refused(
        "editMessageText", chat_id=mum.id, message_id=mum.last_message["message_id"], text="y"
    )


async def test_a_press_is_answered_once(line: Line, bot: Bot, mum: Person):
    """A query that is not known, or was answered, is too old."""
    mum.says(bot, "/start")
    await line.asks(
        "sendMessage", chat_id=mum.id, text="?", reply_markup={"inline_keyboard": [[{"text": "y", "callback_data": "z"}]]}
    )
    query = mum.presses(bot, "y").body["callback_query"]["id"]
    assert (await line.asks("answerCallbackQuery", callback_query_id=query))["ok"]
    assert "too old" in await line.refused("answerCallbackQuery", callback_query_id=query)


async def test_unknown_tokens_and_methods(line: Line, wire: Wire, bot: Bot):
    """401 for a token that looks right, 404 for what is no token and for what it cannot do."""
    assert (await line.asks("sendRocket"))["status"] == 404
    wire.revoke(bot)
    assert (await line.asks("getMe"))["status"] == 401
    line.base = f"{wire.address}/botnonsense"
    assert (await line.asks("getMe"))["status"] == 404


async def test_faults_come_as_ordered_and_then_it_works_again(line: Line, wire: Wire, bot: Bot, mum: Person):
    """429 with its wait, 502 in HTML, a cut line, half an answer, silence; what is taken is there all the same."""
    mum.says(bot, "/start")
    wire.fails("429", retry_after=7)
    assert (await line.asks("sendMessage", chat_id=mum.id, text="x"))["parameters"] == {"retry_after": 7}
    wire.fails("5xx")
    assert (await line.http.post(f"{line.base}/sendMessage")).status_code == 502
    for how in ("reset", "half an answer"):
        wire.fails(how)
        with pytest.raises(httpx.TransportError):
            await line.asks("sendMessage", chat_id=mum.id, text=how)
    wire.fails("hangs")
    with pytest.raises(httpx.ReadTimeout):
        await line.http.post(f"{line.base}/sendMessage", data={"chat_id": mum.id, "text": "hangs"}, timeout=0.2)
    assert (await line.asks("sendMessage", chat_id=mum.id, text="well"))["ok"]
    assert [message["text"] for message in mum.screen(bot)] == ["reset", "half an answer", "hangs", "well"]


async def test_a_webhook_is_called_in_order_with_its_secret_until_it_says_yes(line: Line, wire: Wire, bot: Bot, mum: Person):
    """What waited while we were asking is brought too."""
    heard: list[tuple[str, str]] = []

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := (await reader.readuntil(b"\r\n\r\n")).decode():
            length = int(head.lower().partition("content-length: ")[2].partition("\r\n")[0])
            text = json.loads(await reader.readexactly(length))["message"]["text"]
            secret = head.lower().partition("secret-token: ")[2].partition("\r\n")[0]
            heard.append((text, secret))
            writer.write(
                b"HTTP/1.1 503 X\r\ncontent-length: 0\r\n\r\n"
                if len(heard) == 1
                else b"HTTP/1.1 200 X\r\ncontent-length: 0\r\n\r\n"
            )

    server = await asyncio.start_server(answers, "127.0.0.1", 0)
    wire.reached["https://x.example"] = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    waited = mum.says(bot, "one")
    await line.asks("setWebhook", url="https://x.example/hook", secret_token="s3cret")
    assert not await waited.received()
    await until(lambda: waited.confirmed)
    assert await mum.says(bot, "two").received()
    assert heard == [("one", "s3cret"), ("one", "s3cret"), ("two", "s3cret")]
    server.close()
