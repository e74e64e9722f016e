"""The real process, really killed (SIGKILL) in the middle: `signpost run` beside Telegram and Slack, on a real clock."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bot import wording
from bot.config import example
from storage.database import Database
from storage.migrate import migrate
from storage.store import Store
from storage.vault import Keyring, Vault
from tests.e2e.answers import SECRET
from tests.e2e.platforms import PLATFORMS
from tests.e2e.town import CONCERNED, REPORTER, ROLES, SCHOOL, Town

WHOLE = os.environ.get("FAULTS") == "whole"
HERE = Path(__file__).parents[2]
A_LEASE = {"within": 90.0}  # what a killed process had in hand is free again after a minute


@dataclass
class RealTown(Town):
    """A town whose bot is a process of its own."""

    port: int = 0
    process: asyncio.subprocess.Process | None = None
    beside: Database | None = None
    kills: int = field(default=0)

    @property
    def store(self) -> Store:
        assert self.beside is not None
        return Store(self.beside, SCHOOL)

    async def prepares(self) -> None:
        """The school writes its settings down and enters its people."""
        config = self.config()
        values = {"schools": [SCHOOL], "channels": list(self.platforms), "data_folder": "data", "key_file": "key"}
        values |= {"web": {"port": self.port}, "status": {"port": 0}}
        values |= {"telegram": {"api": config.telegram.api}, "slack": {"api": config.slack.api}}
        (self.folder / "signpost.toml").write_text(example(values))
        (self.folder / "key").write_text(self.keys)
        (self.folder / "key").chmod(0o600)
        (self.folder / "data").mkdir(mode=0o700)
        self.beside = Database.open(f"sqlite:///{self.folder}/data/signpost.db", Vault(Keyring.parse(self.keys)))
        await migrate(self.beside)
        for who, places in (("Lead", ("slack",)), ("Head", ("telegram",)), (CONCERNED, ("telegram", "slack"))):
            at = [(name, self.platforms[name].driver.place(who)) for name in places]
            await self.store.people.add(who, (ROLES[who],), at)
            telegram = self.platforms["telegram"].driver
            telegram.wire.begun.add((telegram.bot.id, telegram.phone(who).id))

    async def starts(self) -> None:
        secrets = {
            f"SIGNPOST_{name}_{key}".upper(): value for name, one in self.platforms.items() for key, value in one.secrets.items()
        }
        with (self.folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", "--config", str(self.folder / "signpost.toml"),
                cwd=self.folder, env={**os.environ, **secrets, "PYTHONPATH": str(HERE)}, stdout=log, stderr=log,
            )  # fmt: skip
        for one in self.platforms.values():
            for line in one.into:
                line.leads_to = self.port
        await self.until(self._well, "the bot started", within=60)

    async def _well(self) -> bool:
        async with httpx.AsyncClient() as client:
            try:
                return (await client.get(f"http://127.0.0.1:{self.port}/readyz")).status_code == 200
            except httpx.HTTPError:
                return False

    async def stops(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
            await self.process.wait()
            self.kills += 1

    async def connected(self) -> None:
        """Wait until the bot has asked both platforms who it is, since it was started."""
        marks = {each.name: each.mark for one in self.platforms.values() for each in one.out}

        async def both() -> bool:
            return all(each.mark > marks[each.name] for one in self.platforms.values() for each in one.out)

        await self.until(both, "both platforms called", within=30)

    def passes(self, seconds: float) -> None:
        """Time goes by on its own."""


@asynccontextmanager
async def real_town(folder: Path) -> AsyncIterator[RealTown]:
    """Telegram, Slack, and the bot as the school runs it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with AsyncExitStack() as stack:
        there = {name: await stack.enter_async_context(PLATFORMS[name](folder)) for name in ("telegram", "slack")}
        made = RealTown(folder, "", there, port=port)
        await made.prepares()
        assert made.beside is not None
        stack.push_async_callback(made.beside.close)
        stack.push_async_callback(made.stops)
        await made.starts()
        made.marked()
        yield made


@pytest.mark.skipif(not WHOLE, reason="kills real processes and waits for their leases, for minutes: make faults")
async def test_it_is_killed_in_the_middle_and_nothing_is_lost(tmp_path: Path):
    """In the middle of the report, right after Send, while the card is on the screen, and right after it was pressed."""
    async with real_town(tmp_path) as here:
        await here.reports(after={5: here.restarts}, **A_LEASE)
        await here.presses(REPORTER, "telegram", "Send")
        await here.restarts()
        found = await here.reads("Lead", "slack", "needs you", **A_LEASE)
        reference = found.text.split(" needs you")[0].split()[-1]
        await here.has_card("Head", "telegram", reference, **A_LEASE)
        await here.reads(REPORTER, "telegram", f"Your report is {reference}", **A_LEASE)
        await here.restarts()
        await asyncio.sleep(2)  # Slack hears 503 until the bot knows itself there, and people press again
        await here.presses("Lead", "slack", wording.ACKNOWLEDGE)
        await here.restarts()
        await here.reads(REPORTER, "telegram", "was seen at", **A_LEASE)
        await here.reads("Head", "telegram", "has already been acknowledged", **A_LEASE)
        for who, where, words in ((REPORTER, "telegram", f"Your report is {reference}"), (REPORTER, "telegram", "was seen at")):
            assert 1 <= len(await here.found(who, where, words)) <= 2
        here.nobody_reads(SECRET, but=["telegram"])
        here.nothing_for(CONCERNED, reference)
        assert here.kills == 4
