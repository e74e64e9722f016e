"""Begins and ends lives of the bot: real processes, really killed."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tests.crash.life import Life

ROOT = Path(__file__).parents[2]


class Nursery:
    """The parent of all lives. Its orders are answered one after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._turn = threading.Lock()

    async def begin(self, life: Life) -> int:
        """Start LIFE; its pid."""
        return await self._order(begin=asdict(life))

    async def end(self, pid: int, how: int) -> int:
        """Send the signal HOW to PID, a life of ours, and wait for its end; its exit code, negative for a signal."""
        return await self._order(end=pid, signal=how)

    async def tell(self, pid: int, what: int) -> None:
        """Send the signal WHAT to PID, a life of ours that goes on."""
        await self._order(tell=pid, signal=what)

    async def ended(self, pid: int) -> bool:
        """Whether PID, a life of ours, has come to an end by itself."""
        return bool(await self._order(ended=pid))

    async def _order(self, **order: object) -> int:
        return await asyncio.to_thread(self._asked, json.dumps(order))

    def _asked(self, order: str) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._turn:
            self._process.stdin.write(f"{order}\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())


@contextmanager
def nursery() -> Iterator[Nursery]:
    """A nursery; closing its input ends every life still going, and then itself."""
    worker = [sys.executable, "-m", "tests.crash.worker"]
    # A life inherits what its parent has read, and not the threads that a library for sums may have begun there.
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(worker, cwd=ROOT, env=alone, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Nursery(process)
