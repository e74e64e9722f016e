"""The database: SQLite for one process, PostgreSQL for many, behind one way to read, one way to write and one way to wait."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from storage.tables import Pulse, table
from storage.vault import Vault
from storage.wakes import Listener, Wakes, tell
from storage.writer import WAKES, Job, Writer, call

log = logging.getLogger(__name__)

T = TypeVar("T")

# What PostgreSQL says when two transactions got in each other's way, or one paused for too long: it has to start again.
TRY_AGAIN = frozenset({"40001", "40P01", "25P03"})
TRIES = 5
PROBE_WITHIN = 5.0  # seconds within which a healthy database takes one small write
_MAKING = threading.Lock()  # nobody may connect to a file that is only just being made
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000")

# A server that vanished without a word, as behind a pulled cable, is noticed within half a minute and not after two hours.
PATIENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30000,
}

# A process that stops in the middle of a transaction, as a paused machine does, holds its locks no longer than a lease holds work.
LONGEST_PAUSE = "60s"


def wake_after(session: Session, *topics: str) -> None:
    """Wake TOPICS once SESSION's transaction is committed, and not at all if it is not."""
    session.info.setdefault(WAKES, set()).update(topics)


def away(error: BaseException) -> bool:
    """Whether ERROR says only that the database cannot be reached or is busy: the same may well work a moment later."""
    return isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError | sa.exc.TimeoutError) or _again(error)


class Database:
    """Open one per process with `Database.open`; it migrates nothing by itself."""

    def __init__(self, url: sa.URL, vault: Vault, threads: int) -> None:
        self.url = url
        self.vault = vault
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._origin = secrets.token_hex(8)
        self._wakes = Wakes()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="database")
        self.engine = _sqlite(url, "BEGIN IMMEDIATE", 2) if self.is_sqlite else _postgresql(url, threads)
        self.reader = _sqlite(url, "BEGIN", threads) if self.is_sqlite else self.engine
        self._writer = Writer(self.engine, self._woken) if self.is_sqlite else None
        self._listener: Listener | None = None

    @classmethod
    def open(cls, url: str, vault: Vault, *, threads: int = 4) -> Database:
        """The database at URL, `sqlite:///…` or `postgresql+psycopg://…`. Connects when it is first used."""
        return cls(_url(url), vault, threads)

    def __repr__(self) -> str:
        return f"Database({self.url.render_as_string(hide_password=True)!r})"

    async def write(self, job: Callable[[Session], T]) -> T:
        """Run JOB in a transaction of its own and return once it is durable. If JOB raises, nothing of it was written.

        JOB may be run again when another transaction got in its way: it must change nothing but the database.
        """
        loop = self._here()
        if self._writer is None:
            return await loop.run_in_executor(self._pool, self._transaction, job)
        future: asyncio.Future[T] = loop.create_future()
        self._writer.put(Job(job, loop, future))
        return await future

    async def read(self, job: Callable[[Session], T]) -> T:
        """Run JOB on one consistent view of the database. It must not write."""
        return await self._here().run_in_executor(self._pool, self._look, job)

    async def writable(self) -> bool:
        """True when a small write is durable within a few seconds: what "ready" means."""
        now = datetime.now(UTC)
        try:
            async with asyncio.timeout(PROBE_WITHIN):
                await self.write(lambda session: _beat(session, now))
        except (sa.exc.SQLAlchemyError, TimeoutError) as error:
            log.warning("the database takes no writes: %s", type(error).__name__)
            return False
        return True

    def wake(self, *topics: str) -> None:
        """Wake whoever waits for TOPICS, in this process and, on PostgreSQL, in all the others."""
        self._wakes.wake(topics)
        if not self.is_sqlite and not self._closed:
            self._pool.submit(self._notify, topics)

    async def wait(self, topic: str, timeout: float) -> bool:  # noqa: ASYNC109 - a wait with an end is what this is
        """True once TOPIC is woken, at once if that happened while nobody waited; False after TIMEOUT seconds."""
        self._here()
        if self._listener is None and not self.is_sqlite:
            self._listener = Listener(self.engine, self._origin, self._woken)
        return await self._wakes.wait(topic, timeout)

    def place_topic(self, school: str, channel: str, place: str) -> str:
        """The topic that stands for one place, without naming it."""
        return f"place:{self.vault.look_up('address', school, channel, place)}"

    async def close(self) -> None:
        """Finish what is queued and let go of every connection."""
        self._closed = True
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        if self._listener is not None:
            self._listener.close()
        if self._writer is not None:
            self._writer.close()
        self._pool.shutdown(wait=True)
        self.engine.dispose()
        self.reader.dispose()

    def _here(self) -> asyncio.AbstractEventLoop:
        if self._closed:
            raise RuntimeError("The database is closed already: nothing can be read or written any more.")
        self._loop = asyncio.get_running_loop()
        return self._loop

    def _woken(self, topics: set[str]) -> None:
        """From any thread: wake TOPICS in the event loop."""
        if self._loop is not None:
            call(self._loop, self._wakes.wake, topics)

    def _look(self, job: Callable[[Session], T]) -> T:
        with Session(self.reader) as session, session.begin():
            return job(session)

    def _transaction(self, job: Callable[[Session], T]) -> T:
        for attempt in range(1, TRIES + 1):
            try:
                return self._once(job)
            except sa.exc.DBAPIError as error:
                if not _again(error) or attempt == TRIES:
                    raise
                time.sleep(0.01 * attempt)
        raise AssertionError("unreachable: the last try returns or raises")

    def _once(self, job: Callable[[Session], T]) -> T:
        with Session(self.engine) as session:
            with session.begin():
                result = job(session)
                topics = session.info.get(WAKES, set())
                if topics:
                    tell(session.connection(), self._origin, topics)
            if topics:
                self._woken(topics)
            return result

    def _notify(self, topics: tuple[str, ...]) -> None:
        try:
            with self.engine.begin() as connection:
                tell(connection, self._origin, topics)
        except sa.exc.SQLAlchemyError as error:
            log.warning("other processes were not woken: %s", type(error).__name__)


def _again(error: BaseException) -> bool:
    return isinstance(error, sa.exc.DBAPIError) and getattr(error.orig, "sqlstate", None) in TRY_AGAIN


def _beat(session: Session, now: datetime) -> None:
    pulse = table(Pulse)
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    session.connection().execute(insert(pulse).values(id=1, at=now).on_conflict_do_update(index_elements=["id"], set_={"at": now}))


def _url(url: str) -> sa.URL:
    parsed = sa.make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise ValueError(
            f"The database setting starts with {parsed.drivername!r}. Write sqlite:///FOLDER/FILE or postgresql+psycopg://USER@HOST/NAME."
        )
    if parsed.drivername == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise ValueError("The database setting names no file. Write sqlite:///FOLDER/FILE: reports are not kept in memory.")
    return parsed


def _sqlite(url: sa.URL, begin: str, size: int) -> sa.Engine:
    engine = sa.create_engine(
        url, poolclass=sa.QueuePool, pool_size=size, max_overflow=0, hide_parameters=True, connect_args={"check_same_thread": False}
    )

    def make_private(*_: object) -> None:
        # The file, and the two beside it that take after it, are for the bot's own user. SQLite says itself if it cannot be made.
        # A file that is there is never opened here: closing it again would drop every lock that this process has on it, and
        # the next command to end would take itself for the last and delete the write-ahead log of the bot that is running.
        with _MAKING, contextlib.suppress(OSError):
            os.close(os.open(str(url.database), os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))

    def prepare(connection: Any, _: object) -> None:
        # The driver starts a transaction only at the first write, which loses updates without a word: we start them ourselves.
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    sa.event.listen(engine, "do_connect", make_private)
    sa.event.listen(engine, "connect", prepare)
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _postgresql(url: sa.URL, threads: int) -> sa.Engine:
    # One connection for each thread, one that listens, one for migrations and backups.
    engine = sa.create_engine(
        url, pool_size=threads + 2, max_overflow=0, hide_parameters=True, pool_pre_ping=True, connect_args=dict(PATIENCE)
    )

    def prepare(connection: Any, _: object) -> None:
        # Asked for here and not in the address, where a school may have written options of its own.
        connection.autocommit = True
        connection.execute(f"SET idle_in_transaction_session_timeout = '{LONGEST_PAUSE}'")
        connection.autocommit = False

    sa.event.listen(engine, "connect", prepare)
    return engine
