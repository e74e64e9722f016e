"""The one writer of an SQLite database: takes the jobs that wait, runs them in one transaction, and commits once for all."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
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
    wakes: set[str] = field(default_factory=set)

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
        try:
            if len(jobs) == 1:
                self._alone(jobs[0])
            else:
                self._together(jobs)
        except BaseException as error:  # noqa: BLE001 - the commit itself failed: everybody who waits hears it
            for job in jobs:
                job.error = job.error or error
        self._tell(jobs)

    def _alone(self, job: Job) -> None:
        with Session(self._engine) as session, session.begin():
            job.result = job.run(session)
            job.wakes = session.info.get(WAKES, set())

    def _together(self, jobs: list[Job]) -> None:
        """Each job behind its own savepoint: one that raises takes nothing of the others with it."""
        with self._engine.connect() as connection, connection.begin():
            for job in jobs:
                try:
                    with Session(connection, join_transaction_mode="create_savepoint") as session, session.begin():
                        job.result = job.run(session)
                        job.wakes = session.info.get(WAKES, set())
                except Exception as error:  # noqa: BLE001 - handed to whoever waits for this job
                    job.error = error

    def _tell(self, jobs: list[Job]) -> None:
        topics: set[str] = set()
        for job in jobs:
            if job.error is None:
                topics |= job.wakes
        for loop in {job.loop for job in jobs}:
            theirs = [job for job in jobs if job.loop is loop]
            call(loop, _settle, theirs)
        if topics:
            self._woken(topics)


def call(loop: asyncio.AbstractEventLoop, what: Callable[[T], object], value: T) -> None:
    """From any thread, have LOOP call WHAT. A loop that has ended has nobody left who waits."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(what, value)


def _settle(jobs: list[Job]) -> None:
    for job in jobs:
        job.settle()
