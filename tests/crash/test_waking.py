"""A process that everybody thinks dead, and that wakes up: leases and fences, seen from outside."""

import asyncio
from collections.abc import Callable

import pytest

from tests.crash.storm import Storm
from tests.crash.verdict import compared

pytestmark = pytest.mark.crash


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_process_thought_dead_that_wakes_up_changes_nothing(storm: Storm, figure: Callable[[str], None]) -> None:
    """Stopped for longer than its leases last, it finds that others have gone on: what it had in hand is refused.

    At most the one send to a place that it was at is repeated. On SQLite there is nobody else who could go on.
    """
    storm.crowd.thinking = 0.3  # so that there always is a decision to be stopped in
    await storm.open(3)
    async with storm.crowd.talking():
        first, second, third = storm.alive
        await asyncio.gather(storm.doze(first), storm.doze(second))
        await storm.doze(third)
    await storm.settle()
    verdict = await compared(storm)
    figure(str(verdict.figures()))
    verdict.must_stand()
