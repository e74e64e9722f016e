"""Keys change while the bot runs: it takes up what is new on the ring, says so, and seals anew what older keys sealed."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from bot.keys import NoKey
from bot.logs import log
from storage.database import Database
from storage.keyholders import SAID_EVERY, say
from storage.keyring import BadKeyring, Keyring
from storage.reseal import reseal

LOOK_EVERY = 2.0  # real seconds: reading a small file
RESEAL_EVERY = 30.0
BATCH = 100


class Rekeying:
    """One for each process. READ brings the ring as it is now; whatever is wrong with it, the one in use stays."""

    def __init__(self, database: Database, read: Callable[[], Keyring]) -> None:
        self._database = database
        self._read = read
        self._process = secrets.token_hex(8)
        self._said_at: datetime | None = None
        self._reseal_at = 0.0

    async def run(self) -> None:
        """Go round until cancelled."""
        while True:
            try:
                pause = await self.step()
            except Exception as error:  # noqa: BLE001 - this loop must outlive its database; the error is logged by type
                log.error("re-sealing stopped for now", exc_info=error)
                pause = RESEAL_EVERY
            await asyncio.sleep(pause)

    async def step(self) -> float:
        """Look at the ring, say what is on it, seal a little anew; returns how many seconds to wait."""
        fresh = await self._take_up()
        now = datetime.now(UTC)  # the real time, also in a rehearsal: it is real processes that have to agree
        if fresh or self._said_at is None or now - self._said_at >= SAID_EVERY:
            await say(self._database, self._process, now)
            self._said_at = now
        loop = asyncio.get_running_loop()
        if fresh or loop.time() >= self._reseal_at:
            if await reseal(self._database, BATCH):
                return 0.1
            self._reseal_at = loop.time() + RESEAL_EVERY
        return LOOK_EVERY

    async def _take_up(self) -> bool:
        """True when something on the ring is new."""
        try:
            ring = await asyncio.to_thread(self._read)
            if ring == self._database.vault.keyring:
                return False
            self._database.vault.adopt(ring)
        except (BadKeyring, NoKey, OSError) as error:
            log.error("the key file cannot be used: the keys in use stay", exc_info=error)
            return False
        log.info("the keyring changed", number=ring.newest)
        return True
