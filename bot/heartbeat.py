"""Calls an address outside the building while all is well, so that somebody notices when this machine cannot tell any more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.logs import log

if TYPE_CHECKING:
    import httpx

ANSWER_WITHIN = 10.0


async def beat(
    address: SecretStr, every: float, healthy: Callable[[], Awaitable[bool]], client: httpx.AsyncClient | None = None
) -> None:
    """Call ADDRESS every EVERY seconds while HEALTHY says yes, until cancelled. Silence is the alarm, so nothing is retried."""
    import httpx  # noqa: PLC0415 - a fifth of the whole start: only an installation that has a watcher pays for it

    async with client or httpx.AsyncClient(timeout=ANSWER_WITHIN) as calls:
        while True:
            try:
                if await healthy():
                    answer = await calls.get(address.get_secret_value())
                    if answer.is_error:
                        log.warning("the heartbeat was refused", status=answer.status_code)
                else:
                    log.warning("not healthy: the heartbeat is held back")
            except httpx.HTTPError as error:
                log.warning("the heartbeat did not get through", exc_info=error)
            except Exception as error:  # noqa: BLE001 - not knowing whether all is well is itself the silence that alarms
                log.error("whether all is well could not be asked: the heartbeat is held back", exc_info=error)
            await asyncio.sleep(every)
