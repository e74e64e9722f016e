"""Calls an address outside the building while all is well, so that somebody notices when this machine cannot tell any more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
from pydantic import SecretStr

from bot.logs import log

ANSWER_WITHIN = 10.0


async def beat(
    address: SecretStr,
    every: float,
    healthy: Callable[[], Awaitable[bool]],
    client: httpx.AsyncClient | None = None,
) -> None:
    """Call ADDRESS every EVERY seconds while HEALTHY says yes, until cancelled. Silence is the alarm, so nothing is retried."""
    async with client or httpx.AsyncClient(timeout=ANSWER_WITHIN) as calls:
        while True:
            await _once(address, healthy, calls)
            await asyncio.sleep(every)


async def _once(address: SecretStr, healthy: Callable[[], Awaitable[bool]], client: httpx.AsyncClient) -> None:
    try:
        if not await healthy():
            log.warning("not healthy: the heartbeat is held back")
            return
        answer = await client.get(address.get_secret_value())
    except httpx.HTTPError as error:
        log.warning("the heartbeat did not get through", exc_info=error)
    except Exception as error:  # noqa: BLE001 - whatever keeps us from knowing that all is well is itself the silence that alarms
        log.error("the heartbeat could not ask whether all is well", exc_info=error)
    else:
        if answer.is_error:
            log.warning("the heartbeat was refused", status=answer.status_code)
