"""One bot for all of these tests, as a school runs it: `signpost run` in a process of its own, with settings and a key in files."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from bot.config import example
from bot.wording_invites import YES
from storage.vault import Keyring
from tests.telegram_client.exchange import USERNAME, Exchange, Phone, exchange

HERE = Path(__file__).parents[2]
UP_WITHIN, GONE_WITHIN = 90.0, 30.0  # seconds; the machine that tests may be busy


@dataclass
class School:
    """Rosebrook, with its bot at work in Telegram."""

    telegram: Exchange
    folder: Path
    port: int

    async def types(self, *words: str) -> str:
        """Type `signpost WORDS` at the school, and read what it says."""
        process = await self.starts(*words, out=asyncio.subprocess.PIPE)
        said, _ = await process.communicate()
        assert process.returncode == 0, said.decode()
        return said.decode()

    async def starts(self, *words: str, out: int) -> asyncio.subprocess.Process:
        """Start `signpost WORDS`, which says to OUT what it says."""
        token = {"SIGNPOST_TELEGRAM_TOKEN_ROSEBROOK": self.telegram.one.token}
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *words, "--config", str(self.folder / "signpost.toml"),
            cwd=self.folder, env={**os.environ, **token, "PYTHONPATH": str(HERE)},
            stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip

    def settles(self) -> None:
        """Write the settings and the key down."""
        values = {"schools": ["rosebrook"], "channels": ["telegram"], "data_folder": "data", "key_file": "key"}
        values |= {"web": {"port": self.port}, "status": {"port": 0}}
        values |= {"telegram": {"api": self.telegram.address, "names": [USERNAME]}}
        (self.folder / "signpost.toml").write_text(example(values))
        (self.folder / "key").write_text(Keyring.new().dump())
        (self.folder / "key").chmod(0o600)
        (self.folder / "data").mkdir(mode=0o700)

    async def opened(self, bot: asyncio.subprocess.Process) -> None:
        """Wait until BOT is at work."""
        async with asyncio.timeout(UP_WITHIN), httpx.AsyncClient() as client:
            while not (await self._well(client) and self.telegram.counted["setMyCommands"]):
                assert bot.returncode is None, (self.folder / "log").read_text()
                await asyncio.sleep(0.1)

    async def _well(self, client: httpx.AsyncClient) -> bool:
        try:
            return (await client.get(f"http://127.0.0.1:{self.port}/readyz")).status_code == 200
        except httpx.HTTPError:
            return False


@asynccontextmanager
async def open_school(folder: Path) -> AsyncIterator[School]:
    """Rosebrook in FOLDER. Closed as a server closes it, the bot ends by itself."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # Somebody has a phone before there is a bot: it is they who are asked what the bot is called.
    async with exchange() as telegram, telegram.phone("The office"):
        school = School(telegram, folder, port)
        school.settles()
        with (folder / "log").open("wb") as log:
            bot = await school.starts("run", out=log.fileno())
        try:
            await school.opened(bot)
            yield school
        finally:
            if bot.returncode is None:
                bot.terminate()
            async with asyncio.timeout(GONE_WITHIN):
                ended = await bot.wait()
        assert ended == 0, (folder / "log").read_text()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def school(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[School]:
    """The school that all tests write to, each with a phone of its own."""
    async with open_school(tmp_path_factory.mktemp("rosebrook")) as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lead(school: School) -> AsyncIterator[Phone]:
    """The safeguarding lead, who was entered by whoever looks after Signpost, and came in by the link of an invitation."""
    await school.types("people", "add", "Lead", "--role", "dsl", "--yes")
    invitation = await school.types("invite", "--role", "dsl", "--channel", "telegram", "--no-qr")
    link = re.search(rf"https://t\.me/{USERNAME}\?start=(\S+)", invitation)
    assert link is not None, invitation
    async with school.telegram.phone("Lead") as phone:
        await phone.says(f"/start {link[1]}")  # what Telegram types for whoever opens such a link and presses Start
        await phone.reads("Is that you?")
        await phone.presses(YES)
        await phone.reads("You are known here as")
        yield phone
