"""One way to search, alone in its process: how long until it is ready, what each question costs, how much memory it takes."""

from __future__ import annotations

import gc
import resource
import sys
import time
from pathlib import Path
from typing import Any, Self

from parts.rankers import Leaf, made

STATUS = Path("/proc/self/status")

Job = dict[str, Any]


def ask(job: Job) -> dict[str, Any]:
    """Put all questions of JOB to its ranker, once each, and say what was found and what it cost."""
    ranker = made(job["name"], Path(job["weights"]), Path(job["schools"]))
    loaded = time.process_time()  # of this process, so since Python itself began
    school_ms = []
    for school, leaves in job["leaves"].items():
        with Clock() as clock:
            ranker.take(school, [Leaf(**one) for one in leaves])
        school_ms.append(clock.ms)
    ranker.find(
        next(iter(job["leaves"])), "staff", "Who is this policy for?"
    )  # the first question of all wakes what was left asleep
    found, spent = {}, []
    for one in job["questions"]:
        with Clock() as clock:
            given = ranker.find(one["school"], one["audience"], one["question"])
        spent.append(clock.ms)
        found[one["id"]] = {"band": given.band, "refs": given.refs}
    return {"found": found, "ms": spent, "load_s": loaded, "school_ms": school_ms, "memory_mb": memory("VmHWM")}


class Clock:
    """The processor time of one piece of work, in milliseconds."""

    def __enter__(self) -> Self:
        gc.collect(0)
        self._began = time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.ms = (time.process_time() - self._began) * 1000


def memory(which: str) -> float:
    """Megabytes of this process, the most it ever held ("VmHWM") or what it holds now ("VmRSS")."""
    if STATUS.exists():
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith(which))
        return int(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024**2 if sys.platform == "darwin" else most / 1024
