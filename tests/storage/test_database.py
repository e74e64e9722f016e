"""The database: what a transaction promises, what wakes whom, and what happens when the server goes away."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

import storage.database
from storage import writer
from storage.database import Database, wake_after
from storage.migrate import migrate
from storage.tables import Pulse, table
from storage.vault import Vault
from tests.conftest import crash, postgres_server
from tests.many_databases import AS_SHIPPED

PULSE = table(Pulse)
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def put(number: int, *topics: str) -> Callable[[Session], int]:
    """A job that writes row NUMBER, and wakes TOPICS when it is durable."""

    def job(session: Session) -> int:
        session.connection().execute(sa.insert(PULSE).values(id=number, at=NOW))
        wake_after(session, *topics)
        return number

    return job


async def rows(database: Database) -> list[int]:
    """The numbers of the rows that are there."""
    return sorted(await database.read(lambda session: session.connection().execute(sa.select(PULSE.c.id)).scalars().all()))


async def test_a_write_returns_what_its_job_returns_once_it_is_durable(database: Database) -> None:
    """Afterwards every reader sees it."""
    assert await database.write(put(1)) == 1
    assert await rows(database) == [1]


async def test_a_job_that_raises_writes_nothing_and_the_error_comes_back(database: Database) -> None:
    """Half a job is no job."""

    def half(session: Session) -> None:
        put(1)(session)
        raise LookupError("no")

    with pytest.raises(LookupError):
        await database.write(half)
    assert await rows(database) == []


async def test_jobs_that_share_a_commit_fail_alone(database: Database) -> None:
    """Among a hundred at once every third fails; the others are all written, and each caller hears its own end."""

    def bad(session: Session) -> None:
        put(1000)(session)
        raise LookupError("no")

    ends = await asyncio.gather(*(database.write(bad if n % 3 == 0 else put(n)) for n in range(100)), return_exceptions=True)
    assert [isinstance(end, LookupError) for end in ends] == [n % 3 == 0 for n in range(100)]
    assert await rows(database) == [n for n in range(100) if n % 3]


async def test_jobs_that_break_a_constraint_fail_alone(database: Database) -> None:
    """An error of the database itself is no different, and shows none of the values."""
    ends = await asyncio.gather(*(database.write(put(7)) for _ in range(20)), return_exceptions=True)
    errors = [end for end in ends if end != 7]
    assert len(errors) == 19
    assert all(isinstance(error, sa.exc.IntegrityError) for error in errors)
    assert str(NOW.year) not in str(errors[0])
    assert await rows(database) == [7]


async def test_the_writer_commits_many_jobs_at_once(fresh_url: Callable[[str], str], vault: Vault) -> None:
    """On SQLite, jobs that come while one is written share the next commit: a burst of 64 costs a few fsyncs, not 64."""
    database = Database.open(fresh_url("sqlite"), vault)
    commits = []
    sa.event.listen(database.engine, "commit", commits.append)
    started = threading.Event()

    def slow(session: Session) -> None:
        put(100)(session)
        started.set()
        time.sleep(0.05)

    first = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(started.wait)
    await asyncio.gather(first, *(database.write(put(n)) for n in range(64)))
    await database.close()
    assert len(commits) == 1 + 64 // writer.TOGETHER


async def test_a_failed_commit_is_told_to_everybody_who_waited_for_it(fresh_url: Callable[[str], str], vault: Vault) -> None:
    """Nobody believes something durable that is not."""
    database = Database.open(fresh_url("sqlite"), vault)
    fail = True

    def refuse(connection: sa.Connection) -> None:
        if fail:
            raise OSError("disk full")

    sa.event.listen(database.engine, "commit", refuse)
    started = threading.Event()

    def slow(session: Session) -> None:
        put(100)(session)
        started.set()
        time.sleep(0.05)

    first = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(started.wait)
    ends = await asyncio.gather(first, *(database.write(put(n)) for n in range(5)), return_exceptions=True)
    assert all(isinstance(end, OSError) for end in ends)
    fail = False
    await database.write(put(9))
    assert await rows(database) == [9]
    await database.close()


async def test_a_cancelled_writer_leaves_the_database_usable(database: Database) -> None:
    """Whoever waited has gone; what was queued is written or not, and the next write works."""
    task = asyncio.create_task(database.write(put(1)))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await database.write(put(2))
    assert 2 in await rows(database)


async def test_what_is_queued_at_closing_time_is_written(kind: str, fresh_url: Callable[[str], str], vault: Vault) -> None:
    """Closing waits for the writer."""
    url = fresh_url(kind)
    database = Database.open(url, vault)
    writes = [asyncio.create_task(database.write(put(n))) for n in range(20)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writes)
    again = Database.open(url, vault)
    assert await rows(again) == list(range(20))
    await again.close()


async def test_a_read_sees_one_moment(fresh_url: Callable[[str], str], vault: Vault) -> None:
    """On SQLite a reader is not disturbed by what is written meanwhile, and does not hold up the writer."""
    database = Database.open(fresh_url("sqlite"), vault)
    await database.write(put(1))
    looked, written = threading.Event(), threading.Event()

    def look_twice(session: Session) -> tuple[int, int]:
        count = sa.select(sa.func.count()).select_from(PULSE)
        before = session.connection().execute(count).scalar_one()
        looked.set()
        assert written.wait(5)
        return before, session.connection().execute(count).scalar_one()

    reading = asyncio.create_task(database.read(look_twice))
    await asyncio.to_thread(looked.wait)
    await database.write(put(2))
    written.set()
    assert await reading == (1, 1)
    await database.close()


async def test_sqlite_is_set_to_survive_a_power_cut(
    fresh_url: Callable[[str], str], vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Write-ahead log, a full sync at each commit, and foreign keys that count: as shipped, for other tests need no sync."""
    monkeypatch.setattr(storage.database, "PRAGMAS", AS_SHIPPED)
    database = Database.open(fresh_url("sqlite"), vault)

    def pragma(name: str) -> Callable[[Session], object]:
        return lambda session: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()

    for ask in (database.write, database.read):
        assert [await ask(pragma(name)) for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")] == [
            "wal",
            2,
            1,
            30000,
        ]
    await database.close()


async def test_waiting_ends_when_somebody_wakes_or_time_is_up(database: Database) -> None:
    """True for a wake-up, False for the clock; other topics are no matter."""
    waiting = asyncio.create_task(database.wait("inbox", 5))
    await asyncio.sleep(0.01)
    database.wake("outbox")
    database.wake("inbox")
    assert await waiting
    assert not await database.wait("inbox", 0.01)
    assert not await database.wait("inbox", -1)


async def test_a_wake_up_while_nobody_waits_is_kept_for_the_next(database: Database) -> None:
    """Between looking for work and waiting for it nothing slips through; and it is kept once."""
    database.wake("inbox", "inbox")
    assert await database.wait("inbox", 0.01)
    assert not await database.wait("inbox", 0.05)


async def test_everybody_who_waits_for_a_topic_is_woken(database: Database) -> None:
    """Two open pages of the same place both move."""
    waiting = [asyncio.create_task(database.wait("place:x", 5)) for _ in range(3)]
    await asyncio.sleep(0.01)
    database.wake("place:x")
    assert await asyncio.gather(*waiting) == [True, True, True]


async def test_a_job_wakes_after_its_commit_and_not_when_it_fails(database: Database) -> None:
    """Whoever is woken finds what they were woken for."""
    waiting = asyncio.create_task(database.wait("outbox", 5))
    await asyncio.sleep(0.01)
    await database.write(put(1, "outbox"))
    assert await waiting

    def bad(session: Session) -> None:
        wake_after(session, "failed")
        raise LookupError("no")

    with pytest.raises(LookupError):
        await database.write(bad)
    assert not await database.wait("failed", 0.05)


async def test_forgotten_wake_ups_do_not_pile_up(database: Database) -> None:
    """Topics nobody ever waits for are remembered up to a number, not for ever."""
    for number in range(6000):
        database._wakes.wake((f"place:{number}",))
    assert len(database._wakes._missed) <= 4096
    assert await database.wait("place:5999", 0)


async def test_another_process_is_woken_through_postgresql(fresh_url: Callable[[str], str], vault: Vault) -> None:
    """A second database object on the same server hears a commit, and a plain wake, of the first."""
    url = fresh_url("postgresql")
    here, there = Database.open(url, vault), Database.open(url, vault)
    assert not await there.wait("outbox", 0.2)  # from now on it listens
    waiting = asyncio.create_task(there.wait("outbox", 5))
    await here.write(put(1, "outbox"))
    assert await waiting
    waiting = asyncio.create_task(there.wait("place:x", 5))
    here.wake("place:x")
    assert await waiting
    await here.close()
    await there.close()


async def test_transactions_that_block_each_other_are_tried_again(fresh_url: Callable[[str], str], vault: Vault) -> None:
    """PostgreSQL ends one side of a deadlock; its job is run again and both are written."""
    database = Database.open(fresh_url("postgresql"), vault)
    await asyncio.gather(database.write(put(1)), database.write(put(2)))
    met = threading.Barrier(2)
    runs = []

    def cross(first: int, second: int) -> Callable[[Session], None]:
        def job(session: Session) -> None:
            runs.append(first)
            session.connection().execute(sa.update(PULSE).where(PULSE.c.id == first).values(at=NOW))
            if runs.count(first) == 1:
                met.wait(5)
            session.connection().execute(sa.update(PULSE).where(PULSE.c.id == second).values(at=NOW))

        return job

    await asyncio.gather(database.write(cross(1, 2)), database.write(cross(2, 1)))
    assert len(runs) == 3
    await database.close()


async def test_a_process_that_stops_inside_a_transaction_holds_up_nobody_for_long(
    fresh_url: Callable[[str], str], vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that is paused while it holds a lock loses the lock; what it was doing is done anew once it is back."""
    monkeypatch.setattr(storage.database, "LONGEST_PAUSE", "300ms")
    url = fresh_url("postgresql")
    paused, other = Database.open(url, vault), Database.open(url, vault)
    await other.write(put(1))
    locked = threading.Event()

    def pauses(session: Session) -> int:
        found = session.connection().execute(sa.update(PULSE).where(PULSE.c.id == 1).values(id=2)).rowcount
        if not locked.is_set():
            locked.set()
            time.sleep(1)
        session.connection().execute(sa.insert(PULSE).values(id=9, at=NOW))
        return found

    pausing = asyncio.create_task(paused.write(pauses))
    await asyncio.to_thread(locked.wait)
    began = time.monotonic()
    await other.write(lambda session: session.connection().execute(sa.update(PULSE).where(PULSE.c.id == 1).values(id=7)).rowcount)
    assert time.monotonic() - began < 0.9, "it did not wait for the paused one to come back"
    assert await pausing == 0, "when it was back, the row was not there any more"
    assert await rows(other) == [7, 9]
    await paused.close()
    await other.close()


async def test_postgresql_away_for_four_seconds_comes_back_by_itself(
    tmp_path_factory: pytest.TempPathFactory, vault: Vault
) -> None:
    """While the server is down writes fail at once and say so; afterwards they, and the wake-ups, work again unaided."""
    with postgres_server() as server:
        database = Database.open(server.get_uri(), vault)
        other = Database.open(server.get_uri(), vault)
        await migrate(database)
        await asyncio.gather(*(database.write(put(n)) for n in range(4)))
        await other.wait("outbox", 0.1)
        await asyncio.to_thread(crash, server)
        down = time.monotonic()
        with pytest.raises(sa.exc.OperationalError):
            await database.write(put(10))
        assert not await database.writable()
        await asyncio.sleep(max(0, 4 - (time.monotonic() - down)))
        await asyncio.to_thread(server.ensure_postgres_running)
        await database.write(put(11, "outbox"))
        assert await database.writable()
        assert 11 in await rows(database)
        async with asyncio.timeout(5):
            while not await other.wait("outbox", 0.2):
                database.wake("outbox")
        await database.close()
        await other.close()


async def test_a_database_that_takes_no_writes_is_not_ready(tmp_path: Path, vault: Vault) -> None:
    """Without its tables, or without its folder, the answer is no and no exception."""
    for place in (tmp_path / "empty.db", tmp_path / "nowhere" / "x.db"):
        database = Database.open(f"sqlite:///{place}", vault)
        assert not await database.writable()
        await database.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://x/y", "sqlite:///FOLDER/FILE or postgresql"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("postgresql+asyncpg://x/y", "postgresql\\+psycopg"),
    ],
)
def test_a_wrong_database_setting_says_what_to_write(url: str, says: str, vault: Vault) -> None:
    """The message names what was found and what is possible."""
    with pytest.raises(ValueError, match=says):
        Database.open(url, vault)


async def test_a_plain_postgresql_url_is_understood_and_its_password_is_not_shown(vault: Vault) -> None:
    """As providers hand it out, without the driver's name."""
    database = Database.open("postgresql://me:secret@localhost/x", vault)
    assert database.url.drivername == "postgresql+psycopg"
    assert "secret" not in repr(database)
    await database.close()


def test_a_moment_without_a_zone_is_refused() -> None:
    """Nobody could say later which hour it was."""
    with pytest.raises(ValueError, match="aware"):
        PULSE.c.at.type.process_bind_param(datetime(2026, 1, 1), None)  # noqa: DTZ001 - the naive moment is the point


async def test_a_closed_database_refuses_instead_of_waiting_for_ever(database: Database) -> None:
    """Whoever comes too late hears so; waking is no error, for streams end while the process does."""
    await database.write(put(1))
    await database.close()
    for late in (database.write(put(2)), database.read(lambda session: None), database.wait("inbox", 1)):
        with pytest.raises(RuntimeError, match="closed already"):
            await late
    database.wake("inbox")


async def test_the_file_is_for_its_own_user_only(tmp_path: Path, vault: Vault) -> None:
    """Neither the database nor what SQLite keeps beside it can be read by others on the machine."""
    database = Database.open(f"sqlite:///{tmp_path}/private.db", vault)
    await migrate(database)
    assert {path.name: path.stat().st_mode & 0o077 for path in tmp_path.glob("private.db*")} == {  # noqa: ASYNC240 - three files
        "private.db": 0,
        "private.db-wal": 0,
        "private.db-shm": 0,
    }
    await database.close()


async def test_numbers_of_replies_never_come_twice(fresh_url: Callable[[str], str], vault: Vault) -> None:
    """Not even after the newest was purged: a page asks for what came after the last number it has seen."""
    database = Database.open(fresh_url("sqlite"), vault)
    for name in ("reply", "push"):
        made = await database.read(
            lambda session, name=name: (
                session.connection().exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE name = '{name}'").scalar()
            )
        )
        assert "AUTOINCREMENT" in made
    await database.close()
