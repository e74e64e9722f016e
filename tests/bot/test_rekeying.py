"""A fresh key while the bot runs: nobody is stopped, nothing becomes unreadable, and a crash in the middle is gone on from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import rekeying
from bot.commands._keyfile import put_in_place
from bot.rekeying import Rekeying
from storage.database import Database
from storage.keyholders import without
from storage.keyring import Keyring
from storage.reseal import count
from storage.store import Store
from storage.vault import Vault
from storage.work import Work
from tests.storage.conftest import School


@pytest.fixture
def file(tmp_path: Path, keyring: Keyring) -> Path:
    """The key file, as it is before."""
    path = tmp_path / "signpost.key"
    put_in_place(path, keyring)
    return path


class Bot:
    """One running process: its own connections, its own vault, and the loop that looks after its keys."""

    def __init__(self, url: str, file: Path) -> None:
        self.database = Database.open(url, Vault(Keyring.parse(file.read_text())))
        self.keys = Rekeying(self.database, lambda: Keyring.parse(file.read_text()))
        self.school = School(Store(self.database, "rosebrook"), Work(self.database))


@pytest.fixture
async def starts(kind: str, fresh_url: Callable[[str], str], file: Path):
    """Starts bots on one database."""
    url = fresh_url(kind)
    running: list[Bot] = []

    def start(key_file: Path = file) -> Bot:
        running.append(Bot(url, key_file))
        return running[-1]

    yield start
    for bot in running:
        await bot.database.close()


async def lacking(bot: Bot, key: int) -> int:
    """How many running bots have not got KEY."""
    return await without(bot.database, key, datetime.now(UTC))


async def old_seals(bot: Bot) -> int:
    """How many values an older key still seals."""
    return await bot.database.read(lambda session: count(session, bot.database.vault))


def put(file: Path, text: str | None) -> None:
    """Something else is in the key file; None: it is gone."""
    if text is None:
        file.unlink()
    else:
        file.write_text(text)


async def test_a_key_is_rotated_while_people_write(starts, file: Path, keyring: Keyring) -> None:
    """Two bots talk all the while; the fresh key seals once both have it, and in the end it has sealed everything."""
    one, two = starts(), starts()
    for bot in (one, two):
        await bot.keys.step()

    async def talk(bot: Bot, sender: str) -> None:
        for number in range(12):
            lease = await bot.school.hears(f"words {number}", sender=sender)
            await bot.school.says(lease, f"answer {number}", state=str(number))
            await asyncio.sleep(0)

    async def rotate() -> None:
        put_in_place(file, keyring.with_next())
        await one.keys.step()
        assert await lacking(one, 2) == 1
        assert one.database.vault.keyring.sealing == 1
        await two.keys.step()
        assert await lacking(one, 2) == 0
        put_in_place(file, one.database.vault.keyring.settled())
        await one.keys.step()
        await asyncio.sleep(0.05)  # one seals with the fresh key already, two does not yet: each reads the other
        assert (one.database.vault.keyring.sealing, two.database.vault.keyring.sealing) == (2, 1)
        assert await old_seals(two) == 0, "whoever is behind must not seal back what is ahead of it"
        await two.keys.step()

    await asyncio.gather(talk(one, "one"), talk(two, "two"), rotate())
    while await old_seals(one):
        await one.keys.step()
        one.keys._reseal_at = 0.0
    for bot, sender in ((one, "two"), (two, "one")):
        assert (await bot.school.hears(sender=sender)).state == "11"
        said = await bot.school.store.conversations.transcript("web", sender, sender, 100)
        assert [line.body for line in said if line.kind == "said"] == [f"answer {number}" for number in range(12)]
        assert (await bot.school.store.audit.verify()).whole


async def test_a_crash_in_the_middle_is_gone_on_from(starts, file: Path, keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed while it seals anew, and while the key was only handed round: whoever starts next finds all of it readable."""
    one = starts()
    for number in range(6):
        await one.school.opens(one.school.case())
        await one.school.says(await one.school.hears(sender=str(number)), "thank you", state="a draft")
    put_in_place(file, keyring.with_next())
    after_the_first = starts()
    assert after_the_first.database.vault.keyring.handed_round
    await after_the_first.school.hears(sender="handed round")
    put_in_place(file, after_the_first.database.vault.keyring.settled())
    monkeypatch.setattr(rekeying, "BATCH", 5)
    half = starts()
    assert await half.keys.step() == 0.1
    assert await old_seals(half) > 0
    last = starts()
    while await old_seals(last):
        await last.keys.step()
        last.keys._reseal_at = 0.0
    for number in range(6):
        assert (await last.school.hears(sender=str(number))).state == "a draft"
    assert (await last.school.store.audit.verify()).whole


async def test_a_key_file_that_cannot_be_used_changes_nothing(starts, file: Path) -> None:
    """Gone, half a file, or another school's: the keys in use stay, and the bot goes on."""
    bot = starts()
    lease = await bot.school.hears()
    for wrong in ("", "lookup:AAAA", Keyring.new().dump(), None):
        put(file, wrong)
        await bot.keys.step()
    await bot.school.says(lease, "still here", state="a draft")
    assert (await bot.school.hears()).state == "a draft"


async def test_a_bot_that_reads_another_file_is_waited_for(starts, file: Path, keyring: Keyring, tmp_path: Path) -> None:
    """On another machine, with a key file of its own: until that has the key, nothing is sealed with it."""
    elsewhere = tmp_path / "elsewhere.key"
    put_in_place(elsewhere, keyring)
    here, there = starts(), starts(elsewhere)
    for bot in (here, there):
        await bot.keys.step()
    fresh = keyring.with_next()
    put_in_place(file, fresh)
    for bot in (here, there):
        await bot.keys.step()
    assert await lacking(here, fresh.newest) == 1
    put_in_place(elsewhere, fresh)
    await there.keys.step()
    assert await lacking(here, fresh.newest) == 0
