"""Many things at the same moment, through the whole path and through several processes: each counts, and each counts once."""

import asyncio
import os

import pytest

from tests.crash.storm import Storm
from tests.crash.verdict import compared

pytestmark = pytest.mark.crash

CHANGES = 480 if "KILLS" in os.environ else 160  # the whole number in `make crash`
PROCESSES = {"sqlite": 1, "postgresql": 3}


async def test_hundreds_of_concurrent_changes_to_one_conversation_all_survive(storm: Storm, kind: str) -> None:
    """Each message reads what the conversation remembers, adds a word, and writes it back: no word is lost, no number skipped.

    The answers arrive in the order of the numbers, although the platform refuses every fifth of them at first.
    """
    storm.exchange.slowest = storm.crowd.thinking = 0
    await storm.open(PROCESSES[kind])
    await asyncio.gather(*(storm.crowd.say("count", place="Counter") for _ in range(CHANGES)))
    await storm.settle()
    verdict = await compared(storm)
    verdict.must_stand()
    heard = [deliveries[0].reply.text for deliveries in verdict.by_key.values()]
    assert heard[-1].endswith(f"is number {CHANGES}")


async def test_the_same_message_fifty_times_at_once_is_handled_once(storm: Storm, kind: str) -> None:
    """To however many processes the platform brings it: one of fifty is told that it is new, one answer comes, one case opens."""
    await storm.open(PROCESSES[kind])
    await asyncio.gather(*(storm.crowd.say(what, copies=50) for what in ("greet", "danger", "count")))
    kept = storm.exchange.kept
    await storm.exchange.until(lambda: [len(answers) for answers in kept.values()] == [50, 50, 50], 60)
    for answers in kept.values():
        assert sorted(answers) == [False] * 49 + [True]
    await storm.settle()
    verdict = await compared(storm)
    verdict.must_stand()
    assert len(verdict.courses) == 1
