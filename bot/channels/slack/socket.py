"""Socket Mode: for a school that nobody outside can call. We call Slack, and it talks over that line."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import WSMsgType
from slack_bolt import BoltResponse

from bot.channel import Misconfigured
from bot.channels.slack.calls import Calls
from bot.config.slack import STEPS
from bot.logs import log

Handle = Callable[[Mapping[str, Any]], Awaitable[BoltResponse]]

TAKEN = 200
TURNED_OFF = "link_disabled"


class LineLost(Exception):
    """Slack hung up without saying that a new line is wanted."""


async def listen(calls: Calls, handle: Handle) -> None:
    """Take what Slack says, one after the other, each acknowledged once HANDLE has kept it. Ends only by an exception."""
    while await _one_line(calls, handle):
        log.info("a new line to the platform was asked for", channel="slack")


async def _one_line(calls: Calls, handle: Handle) -> bool:
    """Listen on one line until Slack wants it replaced."""
    async with calls.socket() as line:
        async for said in line:
            if said.type is not WSMsgType.TEXT:
                continue
            envelope = _envelope(said.data)
            if envelope.get("type") == "disconnect":
                if envelope.get("reason") == TURNED_OFF:
                    raise Misconfigured(f"Socket Mode is turned off for this app. Turn it on, or let Slack call the bot: {STEPS}.")
                return True
            if "envelope_id" in envelope:
                answer = await _answer(envelope, handle)
                if answer is not None:
                    await line.send_json(answer)
    raise LineLost


async def _answer(envelope: Mapping[str, Any], handle: Handle) -> dict[str, Any] | None:
    """What Slack hears: that ENVELOPE is kept; or nothing, and then it comes again."""
    payload = envelope.get("payload")
    taken = await handle(payload if isinstance(payload, dict) else {})
    if taken.status != TAKEN:
        log.warning("a delivery was not taken and will come again", channel="slack", status=taken.status)
        return None
    answer: dict[str, Any] = {"envelope_id": envelope["envelope_id"]}
    if taken.body and envelope.get("accepts_response_payload"):
        answer["payload"] = json.loads(taken.body)
    return answer


def _envelope(text: str) -> Mapping[str, Any]:
    try:
        envelope = json.loads(text)
    except ValueError:
        envelope = None
    if not isinstance(envelope, dict):
        log.warning("something on the line was no envelope: passed over", channel="slack")
        return {}
    return envelope
