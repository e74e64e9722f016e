"""What newer Pythons do otherwise, and we once relied on."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator

import pytest

from bot.conversation import Conversations

TOO_LONG = 5  # seconds


@pytest.fixture
def bell() -> Iterator[None]:
    """Rings after a while. A loop that turns on the spot hears no timeout of its own."""

    def ring(*_: object) -> None:
        raise AssertionError("it turned on the spot")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(TOO_LONG)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("bell")
async def test_stopping_ends_where_a_decision_has_just_ended():
    """Since 3.12 waiting for what has ended already does not let go of the loop, so that nobody takes it off the list."""
    conversations = Conversations.__new__(Conversations)
    ended = asyncio.get_running_loop().create_future()
    conversations._running = {ended}  # type: ignore[arg-type]
    ended.set_result(None)
    ended.add_done_callback(conversations._running.discard)  # type: ignore[arg-type]
    await conversations.finish()
    assert not conversations._running
