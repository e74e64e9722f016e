"""The one writer of an SQLite database: takes the jobs that wait, runs them in one transaction, and commits once for all."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session

T = TypeVar("T")

TOGETHER = 32  # jobs that share one commit
WAKES = "wakes"  # session.info: topics to wake once it is committed


@dataclass(slots=True)
class Job:
    """Something to be written, and who waits to hear that it is durable."""

    run: Callable[[Session], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        """Tell whoever waits. Runs in the event loop."""
        if self.future.done():
            return  # whoever waited was cancelled; what was written stays written
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class Writer:
    """A thread that is the writer lock. One fsync serves every job that came while the last one ran."""

    def __init__(self, engine: sa.Engine, woken: Callable[[set[str]], None]) -> None:
        self._engine = engine
        self._woken = woken
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        """Queue JOB; its future is settled in its own event loop."""
        self._jobs.put(job)

    def close(self) -> None:
        """Write what is queued, then stop."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        ending = False
        while not ending:
            job = self._jobs.get()
            jobs: list[Job] = []
            while job is not None:
                jobs.append(job)
                if len(jobs) == TOGETHER:
                    break
                try:
                    job = self._jobs.get_nowait()
                except Empty:
                    break
            ending = job is None
            if jobs:
                self._write(jobs)

    def _write(self, jobs: list[Job]) -> None:
        topics: set[str] = set()
        try:
            topics = self._at_once(jobs) if len(jobs) == 1 else self._together(jobs)
        except BaseException as error:  # noqa: BLE001 - the commit itself failed: everybody who waits hears it
            for job in jobs:
                job.error = job.error or error
        for loop in {job.loop for job in jobs}:
            call(loop, _settle, [job for job in jobs if job.loop is loop])
        if topics:
            self._woken(topics)

    def _together(self, jobs: list[Job]) -> set[str]:
        """Hardly ever does one raise. Only then, with nothing written yet, is each run again behind a savepoint of its own."""
        try:
            return self._at_once(jobs)
        except Exception:  # noqa: BLE001 - the job that raised does so again, and whoever waits for it is handed the error
            return self._one_by_one(jobs)

    def _at_once(self, jobs: list[Job]) -> set[str]:
        with Session(self._engine) as session, session.begin():
            for job in jobs:
                job.result = job.run(session)
            return _wakes(session)

    def _one_by_one(self, jobs: list[Job]) -> set[str]:
        """A job that raises takes nothing of the others with it."""
        topics: set[str] = set()
        with self._engine.connect() as connection, connection.begin():
            for job in jobs:
                try:
                    with Session(connection, join_transaction_mode="create_savepoint") as session, session.begin():
                        job.result = job.run(session)
                    topics |= _wakes(session)
                except Exception as error:  # noqa: BLE001 - handed to whoever waits for this job
                    job.error = error
        return topics


def _wakes(session: Session) -> set[str]:
    topics: set[str] = session.info.get(WAKES, set())
    return topics


def call(loop: asyncio.AbstractEventLoop, what: Callable[[T], object], value: T) -> None:
    """From any thread, have LOOP call WHAT. A loop that has ended has nobody left who waits."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(what, value)


def _settle(jobs: list[Job]) -> None:
    for job in jobs:
        job.settle()
