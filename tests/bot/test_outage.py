"""What happens while something is away, the database, the platform or the process itself: nothing is lost and nobody else waits."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import wording
from bot.clock import SystemClock
from bot.conversation import AT_ONCE, BATCH
from bot.keys import keyring
from bot.messages import INCOMING, Address, IncomingMessage, Reply
from bot.turn import Outcome, Turn
from storage import database
from storage.database import Database
from storage.kept import Arrival
from storage.store import Store
from storage.store.inbox import ATTEMPTS
from storage.vault import Vault
from storage.work import Work
from tests.conftest import crash, postgres_server
from tests.fakes import FakeChannel, HandClock
from tests.talk import Talk, settings, talking, transcript

_MINUTE = timedelta(minutes=1)
DANGER = "he is going to kill her now"
GONE = 10.0  # seconds for which a database is away

# Another program that has the file for itself until it is told to let go.
LOCKS = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN EXCLUSIVE")
print("mine", flush=True)
sys.stdin.read()
"""


async def test_deliveries_resume_by_themselves_after_postgresql_was_away_for_ten_seconds(tmp_path: Path) -> None:
    """A reply that waited, a card that waited and a decision in hand all arrive; nobody restarts the bot, nobody writes again.

    Meanwhile a message is not called received, so that the platform brings it again; and what was on its way is not sent twice.
    """
    channel = _SlowToOne(clock=SystemClock())
    with postgres_server() as server:
        config = settings(tmp_path, database=server.get_uri())
        async with talking(config, channel.clock, channel) as talk:
            pausing = _pausing_handler(talk)
            await talk.send("Slow", "hello")
            channel.down = True
            await talk.send("Parent", DANGER)
            await talk.send("Visitor", "hello")
            await _until(lambda: _recorded(talk.app.database, 3))
            await talk.send("Teacher", "wait for me")
            await _until(pausing.is_set)
            await asyncio.to_thread(crash, server)
            gone = time.monotonic()
            with pytest.raises(sa.exc.OperationalError):
                await talk.send("Parent", "are you there?", message_id="again")
            assert not await talk.app.health.ready()
            await asyncio.sleep(max(0.0, GONE - (time.monotonic() - gone)))
            channel.down = False
            channel.answers.set()
            await _until(lambda: bool(channel.at("Slow")))
            await asyncio.to_thread(server.ensure_postgres_running)
            assert await talk.send("Parent", "are you there?", message_id="again"), "it is new: nothing of it was kept before"
            for place, words in (("Lead", "needs you"), ("Parent", "999"), ("Visitor", "Hello"), ("Teacher", "I waited")):
                await _until(lambda place=place, words=words: words in transcript(channel.at(place)))
            await _until(lambda: _goes_round(talk))
            await _until(lambda: _all_sent(talk.app.database))
            assert len({one.key for one in channel.sent}) == len(channel.sent)


async def test_while_another_program_holds_the_sqlite_file_nothing_is_called_received(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For ten seconds no message is kept: the platform hears so, and brings it again. A decision in hand and a card go on after.

    SQLite itself waits for half a minute before it says no; here for one second, so that it has to.
    """
    impatient = tuple(one.replace("30000", "1000") for one in database.PRAGMAS)
    assert impatient != database.PRAGMAS
    monkeypatch.setattr(database, "PRAGMAS", impatient)
    clock = SystemClock()
    async with talking(settings(tmp_path), clock, FakeChannel(clock=clock)) as talk:
        pausing = _pausing_handler(talk)
        await talk.send("Parent", DANGER)
        await talk.send("Teacher", "wait for me")
        await _until(pausing.is_set)
        with _held(tmp_path / "signpost.db"):
            gone = time.monotonic()
            with pytest.raises(sa.exc.OperationalError):
                await talk.send("Visitor", "hello", message_id="again")
            assert not await talk.app.health.ready()
            await asyncio.sleep(max(0.0, GONE - (time.monotonic() - gone)))
        assert await talk.send("Visitor", "hello", message_id="again"), "it is new: nothing of it was kept before"
        for place, words in (("Lead", "needs you"), ("Parent", "999"), ("Visitor", "Hello"), ("Teacher", "I waited")):
            await _until(lambda place=place, words=words: words in transcript(talk.channel.at(place)))
        await _until(lambda: _all_sent(talk.app.database))
        await _until(lambda: _goes_round(talk))
        assert len({one.key for one in talk.channel.sent}) == len(talk.channel.sent)


async def test_a_platform_that_hangs_does_not_hold_up_deciding(talk: Talk) -> None:
    """Every send waits for an answer that never comes; all that a hundred people write is decided and recorded all the same."""
    talk.channel.hangs = True
    people = 3 * AT_ONCE
    await asyncio.gather(*(talk.send(f"Parent{number}", "hello") for number in range(people)))
    await _until(lambda: _recorded(talk.app.database, people))


async def test_no_more_is_claimed_than_can_be_begun(tmp_path: Path) -> None:
    """After a crash hundreds of conversations wait: a process takes what it can begin and leaves the rest to others, and to later.

    What is claimed and then stands in a queue would lose its lease there, and an attempt, for nothing.
    """
    clock = HandClock()
    async with talking(settings(tmp_path), clock) as talk:
        for number in range(4 * AT_ONCE):
            await _left_behind(talk.app.stores["rosebrook"], f"Parent{number}", "hello", clock)
    clock.tick(minutes=2)
    async with talking(settings(tmp_path), clock) as talk:
        going_on = asyncio.Event()

        async def slow(turn: Turn) -> Outcome:
            await going_on.wait()
            return Outcome((Reply("done"),))

        talk.app.conversations._around = replace(talk.app.conversations._around, handlers=(slow,))
        held = "SELECT count(*) FROM conversation WHERE token = :token"
        await _until(lambda: _at_least(talk, held, AT_ONCE))
        await asyncio.sleep(0.2)
        assert await _count(talk.app.database, held, token=talk.app.conversations.token) < AT_ONCE + 2 * BATCH
        going_on.set()
        await talk.settled()
        assert sum(len(talk.channel.at(f"Parent{number}")) for number in range(4 * AT_ONCE)) == 4 * AT_ONCE


async def test_a_message_that_ended_every_process_is_given_up_aloud_and_its_alarm_stands(tmp_path: Path) -> None:
    """The fifth time no handler gets it. The person is given a code and may try again; danger in it still reaches the lead."""
    clock = HandClock()
    async with talking(settings(tmp_path), clock) as talk:
        await _left_behind(talk.app.stores["rosebrook"], "Parent", DANGER, clock)
    config = settings(tmp_path)
    database = Database.open(config.database_url, Vault(keyring(config)))
    for _ in range(ATTEMPTS - 2):
        clock.tick(minutes=2)
        (lease,) = await Work(database).claim_conversations("a process that died", clock.now(), 1, _MINUTE)
    assert lease.next is not None
    assert lease.next.attempts == ATTEMPTS - 1
    await database.close()
    clock.tick(minutes=2)
    async with talking(settings(tmp_path), clock) as talk:
        asked: list[str] = []

        async def deadly(turn: Turn) -> Outcome:
            asked.append(turn.message.text)
            return Outcome()

        talk.app.conversations._around = replace(talk.app.conversations._around, handlers=(deadly,))
        await talk.settled()
        said = transcript(talk.channel.at("Parent"))
        assert asked == []
        assert wording.FAILED.split("{")[0] in said
        assert said.index("999") < said.index(wording.FAILED.split("{")[0])
        assert "needs you" in transcript(talk.channel.at("Lead"))


@contextmanager
def _held(file: Path) -> Iterator[None]:
    """Another program has FILE for itself while this is open."""
    with subprocess.Popen([sys.executable, "-c", LOCKS, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "mine\n"
        yield
        program.communicate()


@dataclass
class _SlowToOne(FakeChannel):
    """A platform that keeps its answer about one place to itself until it is told to give it."""

    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, to: Address, reply: Reply, key: str) -> str:
        if to.place == "Slow":
            await self.answers.wait()
        return await super().send(to, reply, key)


def _pausing_handler(talk: Talk) -> asyncio.Event:
    """A handler in front of the others that takes three seconds over "wait for me"; the event says that it has begun."""
    begun = asyncio.Event()

    async def pauses(turn: Turn) -> Outcome | None:
        if turn.message.text != "wait for me":
            return None
        begun.set()
        await asyncio.sleep(3)
        return Outcome((Reply("I waited"),), memory={"waited": json.dumps(True)})

    around = talk.app.conversations._around
    talk.app.conversations._around = replace(around, handlers=(pauses, *around.handlers))
    return begun


async def _left_behind(store: Store, name: str, text: str, clock: HandClock) -> None:
    """A message that a process had in hand when it died."""
    message = IncomingMessage(f"left-{name}", name, Address("fake", name), clock.now(), text)
    arrival = Arrival(message.id, "fake", name, name, clock.now(), INCOMING.dump_json(message).decode())
    assert await store.inbox.keep(arrival, "a process that died", clock.now(), _MINUTE)


async def _at_least(talk: Talk, statement: str, number: int) -> bool:
    return await _count(talk.app.database, statement, token=talk.app.conversations.token) >= number


async def _recorded(database: Database, number: int) -> bool:
    return await _count(database, "SELECT count(*) FROM inbox WHERE state = 'done'") == number


async def _all_sent(database: Database) -> bool:
    return await _count(database, "SELECT count(*) FROM reply WHERE state <> 'sent'") == 0


async def _count(database: Database, statement: str, **bound: str) -> int:
    return await database.read(lambda session: session.connection().execute(sa.text(statement), bound).scalar_one())


async def _goes_round(talk: Talk) -> bool:
    """Messages are kept and every loop goes round; the one for digests is stopped in these tests, so it says nothing."""
    return not set(talk.app.health.late_loops()) - {"digests"} and await talk.app.health.ready()


async def _until(holds: Callable[[], bool | Awaitable[bool]]) -> None:
    """Wait until HOLDS does; a generous end, for machines that are busy and for a lease that has to run out."""
    async with asyncio.timeout(90):
        while True:
            found = holds()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.02)
