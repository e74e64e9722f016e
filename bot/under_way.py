"""Sends that are under way: each is waited for a moment and then left to itself, so that a platform that hangs holds up itself."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.logs import log

A_MOMENT = 3.0  # real seconds: above what a busy machine needs for a round, and far below what a platform that hangs is given
MOST = 8  # rounds under way at once: beyond them even those who are well wait for the first to end


class UnderWay:
    """What the outbox has begun to send and has not heard of yet. Its leases are held, so nobody begins it again meanwhile.

    On the way out what is left is broken off: its leases run out, and whoever comes next makes it again.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, *_: object) -> None:
        left = tuple(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def begin(self, sending: Coroutine[Any, Any, None]) -> None:
        """Start SENDING and wait a moment for its end. What fails by then is raised here; what fails later is logged by type."""
        task = asyncio.create_task(sending, name="sending")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        ended, _ = await asyncio.wait((task,), timeout=A_MOMENT)
        if ended:
            task.result()
            return
        task.add_done_callback(_told)
        while len(self._tasks) >= MOST:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)


def _told(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("outbox round failed", exc_info=error)
