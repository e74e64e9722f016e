"""The promise behind everything else: what was accepted is carried to its end, whenever the process that had it is killed."""

import os
from collections.abc import Callable

import pytest
from rich.console import Console
from rich.progress import Progress

from tests.crash.storm import Storm
from tests.crash.verdict import compared

pytestmark = pytest.mark.crash

# Twenty in all in `make test`; KILLS=500 is what `make crash` asks for.
KILLS = int(os.environ.get("KILLS", "20"))
SHARE = {"sqlite": (1, KILLS * 2 // 5), "postgresql": (3, KILLS - KILLS * 2 // 5)}


async def test_nothing_accepted_is_lost_when_processes_are_killed(storm: Storm, kind: str, figure: Callable[[str], None]):
    """SIGKILL at any moment, while starting too, and every message that was kept has one outcome and its reply arrives.

    Every case is put before everybody who should have it and climbs to the end unless somebody acknowledges it; after that
    nobody else is told. Nothing is repeated but what a dead process had in flight, and that once, with the same key.
    """
    processes, kills = SHARE[kind]
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(f"killing {kind}", total=kills)
        await storm.rage(processes, kills, lambda: progress.advance(task))
    await storm.open(processes)
    await storm.settle()
    verdict = await compared(storm)
    figure(str(verdict.figures()))
    verdict.must_stand()
    assert len(storm.killed) == kills
