"""A death at a chosen step: a life kills itself at a certain one of its writes, just before or just after the commit."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlmodel import Session

from storage.database import Database

T = TypeVar("T")

LAST_WORDS = "died "


@dataclass(frozen=True, slots=True)
class Doom:
    """The NUMBERth write that does something is the last: not COMMITTED, all of it is gone; else nobody heard that it is done."""

    number: int
    committed: bool


def doomed(database: Database, doom: Doom) -> None:
    """Let this process die at the step that DOOM says, as SIGKILL would have it, and say at which one it was."""
    write, steps = database.write, iter(range(1, doom.number + 1))

    async def counted(job: Callable[[Session], T]) -> T:
        reached: list[str] = []

        def run(session: Session) -> T:
            result = job(session)
            if _does_something(job, result) and next(steps, 0) == doom.number:
                reached.append(_name(job))
                if not doom.committed:
                    _die(f"before the commit of {reached[-1]}")
            return result

        result = await write(run)
        if reached:
            _die(f"after the commit of {reached[-1]}")
        return result

    database.write = counted  # type: ignore[method-assign]  # on this one object


def last_words(log: str) -> str | None:
    """At which step the life died whose LOG this is; None where it did not kill itself."""
    said = [line.removeprefix(LAST_WORDS) for line in log.splitlines() if line.startswith(LAST_WORDS)]
    return said[-1] if said else None


def _does_something(job: Callable[[Session], Any], result: object) -> bool:
    """Whether it is a step: the loops look many times a second for what they could claim, and mostly there is nothing."""
    return not ("claim" in _name(job) and not result)


def _name(job: Callable[[Session], Any]) -> str:
    """What a job is for: the method that made it."""
    return job.__qualname__.removesuffix(".<locals>.<lambda>")


def _die(step: str) -> None:
    os.write(1, f"{LAST_WORDS}{step}\n".encode())
    os.kill(os.getpid(), signal.SIGKILL)
