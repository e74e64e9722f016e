"""What no platform would send: messages that cannot be read, far too much at once, junk, and strangers at the door."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from bot import wording
from bot.wording_telegram import UNREADABLE
from tests.faults.columns import COLUMNS, Bench, benched
from tests.mail_wire import mail_server

FIRST, SECOND = "/help", "report something"
HUGE = "x" * 2_000_000
LONG = "x" * 60_000  # more than any of these platforms lets people type


async def posted(here: Bench, body: bytes, *, known: bool = True) -> int:
    """What Telegram hears that brings BODY; or somebody else who found the address."""
    assert here.bot is not None
    secret = here.bot.secret if known else "guessed"
    headers = {"x-telegram-bot-api-secret-token": secret, "content-type": "application/json"}
    async with httpx.AsyncClient() as client:
        return (await client.post(here.driver.route, content=body, headers=headers)).status_code


async def poison(folder: Path, column: str) -> str:
    """Something in it cannot be read, however often it comes; another message waits behind it."""
    async with benched(column, folder) as here:
        heard = await POISON[column](here)
        assert await here.driver.says("Parent", SECOND)
        await here.reads("Parent", wording.REPORT_PROMPT)
        assert await here.kept("Parent") == [SECOND]
        return f"{heard}; what waited behind it was answered."


async def _slack_poison(here: Bench) -> str:
    odd = [{"type": "message", "channel_type": "im", "user": ["U1"], "text": 5, "ts": {}, "channel": 7}, {"type": "message"}]
    taken = [(await here.wire.event(here.wire.person("Parent"), event)).received for event in odd]
    assert taken == [True, True]
    return "Set aside, and Slack told that we have it, so that it does not come for ever"


async def _telegram_poison(here: Bench) -> str:
    assert here.bot is not None
    parent = here.wire.person("Parent")
    here.wire.begun.add((here.bot.id, parent.id))
    chat = {"id": parent.id, "type": "private"}
    odd = here.wire.happens(here.bot, message={"message_id": 1, "date": "yesterday", "chat": chat})
    assert await odd.received()
    await here.reads("Parent", UNREADABLE)
    return "Set aside, and whoever wrote it was told that it could not be read"


async def _teams_poison(here: Bench) -> str:
    parent = here.wire.person("Parent")
    odd = [{"type": "message", "text": 5}, {"type": "message", "text": "x", "from": ["nobody"]}, {"type": "message", "id": None}]
    statuses = [(await here.wire.deliver(here.wire.activity(parent, one))).status for one in odd]
    assert all(status < 500 for status in statuses), statuses
    return "Set aside, without an error that would make Teams come again"


async def _web_poison(here: Bench) -> str:
    browser = await here.driver._browser("Parent")
    action, fields = browser.compose({"text": FIRST})
    answer = await browser.client.post(action, data={**fields, "nonce": "?"})
    assert answer.status_code == 400
    return f"Refused ({answer.status_code})"


POISON: dict[str, Callable[[Bench], Awaitable[str]]] = {
    "slack, calling": _slack_poison,
    "slack, line": _slack_poison,
    "telegram, asked": _telegram_poison,
    "telegram, calling": _telegram_poison,
    "teams": _teams_poison,
    "web": _web_poison,
}


async def oversized(folder: Path, column: str) -> str:
    """Two million letters in one message."""
    async with benched(column, folder) as here:
        said = await OVERSIZED[column](here)
        before = len(await here.kept("Parent"))
        assert await here.driver.says("Parent", SECOND)
        await here.reads("Parent", wording.REPORT_PROMPT)
        kept = await here.kept("Parent")
        assert kept[before:] == [SECOND]
        return f"{said}; the next message was answered."


async def _slack_oversized(here: Bench) -> str:
    delivery = await here.wire.says("Parent", HUGE)
    assert await here.kept("Parent") == []
    assert set(delivery.statuses) == {413}
    return f"Refused ({delivery.statuses[0]}) before it was read"


async def _line_oversized(here: Bench) -> str:
    before = here.wire.lines[-1]
    await before.send_json({"type": "events_api", "envelope_id": "env-huge", "payload": {"text": HUGE}})
    await here.until(lambda: here.wire.lines and here.wire.lines[-1] is not before, "a new line")
    assert await here.kept("Parent") == []
    return "The line was hung up without reading it, and opened again"


async def _polled_oversized(here: Bench) -> str:
    assert here.bot is not None
    assert await here.wire.person("Parent").says(here.bot, LONG).received()
    assert await here.kept("Parent") == [LONG]
    return f"{len(LONG):,} of them, which is more than Telegram takes, were kept whole and answered"


async def _called_oversized(here: Bench) -> str:
    status = await posted(here, json.dumps({"update_id": 1, "message": {"text": HUGE}}).encode())
    assert status == 413
    return f"Refused ({status}) before it was read"


async def _teams_oversized(here: Bench) -> str:
    delivery = await here.wire.says("Parent", HUGE)
    assert delivery.status == 413
    assert await here.kept("Parent") == []
    return f"Refused ({delivery.status}) before it was read"


async def _web_oversized(here: Bench) -> str:
    browser = await here.driver._browser("Parent")
    action, fields = browser.compose({"text": HUGE})
    answer = await browser.client.post(action, data=fields)
    assert answer.status_code == 413
    assert await here.kept("Parent") == []
    return f"Refused ({answer.status_code}) before it was read"


async def _console_oversized(here: Bench) -> str:
    assert await here.driver.says("Parent", LONG)
    await here.quiet()
    kept = await here.kept("Parent")
    assert kept == [LONG], [len(one) for one in kept]
    return f"{len(LONG):,} of them were kept whole and answered"


OVERSIZED: dict[str, Callable[[Bench], Awaitable[str]]] = {
    "slack, calling": _slack_oversized,
    "slack, line": _line_oversized,
    "telegram, asked": _polled_oversized,
    "telegram, calling": _called_oversized,
    "teams": _teams_oversized,
    "web": _web_oversized,
    "console": _console_oversized,
}


async def junk(folder: Path, column: str) -> str:
    """Bytes that are nothing the platform would send, or from somebody else."""
    if column == "email":
        return await _junk_from_a_mail_server(folder)
    async with benched(column, folder) as here:
        said = await JUNK[column](here)
        # Where Telegram has to be asked again, it brings what was not confirmed once more.
        assert await here.driver.says("Parent", SECOND) or column == "telegram, asked"
        await here.reads("Parent", wording.REPORT_PROMPT)
        await here.quiet()
        assert (await here.kept("Parent")).count(SECOND) == await here.times("Parent", wording.REPORT_PROMPT) == 1
        return f"{said}; the next message was answered."


async def _slack_junk(here: Bench) -> str:
    async with httpx.AsyncClient() as client:
        unsigned = (await client.post(here.wire.bot, content=b"{}", headers={"content-type": "application/json"})).status_code
    broken = (await here.wire.signed(b"{not json")).status_code
    assert (unsigned, broken) == (401, 400)
    assert await here.kept("Parent") == []
    return f"Unsigned, it was refused ({unsigned}) unread; signed and no JSON, refused as well ({broken})"


async def _line_junk(here: Bench) -> str:
    for words in ("no envelope", "[]", '{"envelope_id": 5}', '{"type": "events_api", "envelope_id": "e", "payload": 3}'):
        await here.wire.lines[-1].send_str(words)
    assert await here.kept("Parent") == []
    return "Passed over, and the line stayed open"


async def _polled_junk(here: Bench) -> str:
    here.wire.fails("5xx", 1, method="getUpdates")
    return "A page of HTML in the place of messages: asked again, and nothing was lost"


async def _called_junk(here: Bench) -> str:
    stranger, broken = await posted(here, b"{}", known=False), await posted(here, b"{not json")
    assert (stranger, broken) == (403, 400)
    return f"Without our secret it was refused ({stranger}) unread; with it and no JSON, refused as well ({broken})"


async def _teams_junk(here: Bench) -> str:
    stranger = (await here.wire.signed(b"{}", header={"content-type": "application/json"})).status_code
    broken = (await here.wire.signed(b"{not json")).status_code
    assert (stranger, broken) == (401, 400)
    return f"Without Microsoft's signature it was refused ({stranger}) unread; with it and no JSON, refused as well ({broken})"


async def _web_junk(here: Bench) -> str:
    browser = await here.driver._browser("Parent")
    action, _ = browser.compose({})
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await browser.client.post(action, content=b"\xff\xfe=%%%&&&=", headers=headers)
    assert 400 <= answer.status_code < 500
    assert await here.kept("Parent") == []
    return f"Refused ({answer.status_code})"


async def _console_junk(here: Bench) -> str:
    assert await here.driver.says("Parent", "\x1b[2J\x00\x07 \u202e\ud83d".encode("utf-8", "replace").decode())
    await here.quiet()
    screen = "".join(seen.text for seen in await here.driver.shown("Parent"))
    assert "\x1b[2J" not in screen
    return "Control characters were answered like any words, and none came back to the screen"


JUNK: dict[str, Callable[[Bench], Awaitable[str]]] = {
    "slack, calling": _slack_junk,
    "slack, line": _line_junk,
    "telegram, asked": _polled_junk,
    "telegram, calling": _called_junk,
    "teams": _teams_junk,
    "web": _web_junk,
    "console": _console_junk,
}


async def _junk_from_a_mail_server(folder: Path) -> str:
    """Something that is no mail server listens at its port."""
    said: list[bytes] = []

    async def odd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\xff HTTP/1.1 200 no mail here\r\n")
        said.append(await reader.read(1000))
        writer.close()

    server = await asyncio.start_server(odd, "127.0.0.1", 0)
    async with mail_server(folder / "server") as wire:
        wire.port = server.sockets[0].getsockname()[1]
        async with COLUMNS["email"].life(folder, wire) as here:
            await here.until(lambda: here.app.supervisor.states["email"] == "retrying", "the trouble noticed")
    server.close()
    await server.wait_closed()
    assert not any(b"AUTH" in each or b"MAIL" in each for each in said)
    return "The channel says “retrying” of itself; neither the password nor a card was said to whatever that is."
