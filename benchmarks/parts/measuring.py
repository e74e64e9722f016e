"""Measures one stretch of work: processor time of the whole process, time by the wall, and how long each single piece took."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

SYNCS = 50


@dataclass
class Stretch:
    """Some pieces of work done one after the other or side by side. Seconds throughout."""

    pieces: int
    cpu: float = 0.0  # of all threads: nothing that is moved into a thread gets cheaper by it
    wall: float = 0.0
    waits: list[float] = field(default_factory=list)  # by the wall, one for each piece

    @property
    def cpu_each(self) -> float:
        return self.cpu / self.pieces


@contextmanager
def stretch(pieces: int) -> Iterator[Stretch]:
    """Measure what happens inside."""
    measured = Stretch(pieces)
    cpu, wall = time.process_time(), time.perf_counter()
    yield measured
    measured.cpu, measured.wall = time.process_time() - cpu, time.perf_counter() - wall


def cpu_each(stretches: Sequence[Stretch]) -> float:
    """The median over rounds of the processor time of one piece."""
    return statistics.median(one.cpu_each for one in stretches)


def wall(stretches: Sequence[Stretch]) -> float:
    """The median over rounds of the time by the wall."""
    return statistics.median(one.wall for one in stretches)


def quantile(waits: Sequence[float], share: float) -> float:
    """The wait that SHARE of all WAITS did not exceed."""
    ordered = sorted(waits)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def machine(folder: Path) -> dict[str, object]:
    """What it ran on, in general words: numbers from two machines cannot be compared, ratios can."""
    return {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in ("sqlalchemy", "sqlmodel", "pydantic", "slack-bolt")},
        "sync_ms": round(_sync(folder) * 1000, 3),
        "busy_before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def _sync(folder: Path) -> float:
    """How long the disk takes to make 4 kB durable, which no commit can be faster than."""
    path = folder / "sync"
    took = []
    with path.open("wb") as file:
        for _ in range(SYNCS):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    path.unlink()
    return statistics.median(took)
