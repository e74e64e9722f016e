"""Tells whoever left an address that there is news on the page: one e-mail for what waits there, and no other until they look."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from bot import receipts
from bot.clock import Clock
from bot.coming_back import NEWS_ABOUT
from bot.logs import log
from bot.messages import Reply
from bot.record import written
from bot.schools import School
from storage.store import Store

# Somebody who has the page open has read it by then; whoever went away has had time to come back by themselves.
UNREAD_FOR = timedelta(minutes=15)
POLL = 15.0  # real seconds


class News:
    """Any number of processes may run one: whoever is first to tell has told."""

    def __init__(self, schools: Mapping[str, School], stores: Mapping[str, Store], clock: Clock) -> None:
        self._schools = schools
        self._stores = stores
        self._clock = clock

    async def run(self) -> None:
        """Go round until cancelled."""
        while True:
            try:
                for name in self._schools:
                    await self.look(name)
            except Exception as error:  # noqa: BLE001 - this loop must outlive its database; the error is logged by type
                log.error("nobody could be told that there is news", exc_info=error)
            await asyncio.sleep(POLL)

    async def look(self, name: str) -> int:
        """Tell those at the school NAME for whom something waits; returns how many they are."""
        page = self._schools[name].page
        if not page:
            return 0  # no address was taken, since there is no page that could be named
        body = written(Reply(page, about=NEWS_ABOUT))
        return await self._stores[name].news.tell(body, self._clock.now(), UNREAD_FOR, receipts.may_write)
