"""How fast the bot writes to Telegram: within what it takes, in one chat and altogether, and not where it asked us to wait."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from contextlib import suppress
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channel import SendFailed
from bot.channels.telegram.calls import Calls
from bot.channels.telegram.one_bot import Line, OneBot
from bot.channels.telegram.pacing import A_SECOND, AT_ONCE, CHAT_BURST, LONGEST, Pace
from bot.channels.telegram.saying import Part
from bot.clock import SystemClock
from tests.telegram_wire import Bot, Wire, telegram

MOST = 30  # messages a second that Telegram takes from one bot


class Virtual:
    """A clock on which waiting takes no time: whoever waits is let go in the order of their moments."""

    def __init__(self) -> None:
        self.now = 100.0
        self._waiting: list[tuple[float, int, asyncio.Event]] = []
        self._order = count()

    async def pause(self, seconds: float) -> None:
        event = asyncio.Event()
        self._waiting.append((self.now + seconds, next(self._order), event))
        await event.wait()

    async def run(self, *tasks: asyncio.Task[float]) -> None:
        """Until TASKS are done."""
        while not all(task.done() for task in tasks):
            for _ in range(5):
                await asyncio.sleep(0)
            if self._waiting:
                first = min(self._waiting)
                self._waiting.remove(first)
                self.now = max(self.now, first[0])
                first[2].set()


def _in_any_second(moments: list[float]) -> int:
    return max(sum(1 for other in moments if 0 <= other - one < 1 - 1e-9) for one in moments)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=70))
async def test_no_second_has_more_than_telegram_takes(chats: list[int]) -> None:
    """Whoever is written to, and however much at once: thirty in any second, three at once in a chat and then one a second."""
    clock = Virtual()
    pace = Pace(1.0, lambda: clock.now, clock.pause)
    gone: dict[int, list[float]] = defaultdict(list)
    back: list[tuple[float, bool]] = []

    async def sends(chat: int) -> float:
        try:
            await pace.turn(chat)
        except SendFailed as failure:
            back.append((failure.retry_after or 0.0, failure.permanent))
            return clock.now
        gone[chat].append(clock.now)
        return clock.now

    tasks = [asyncio.create_task(sends(chat)) for chat in chats]
    await clock.run(*tasks)
    assert _in_any_second([at for each in gone.values() for at in each]) <= MOST
    for moments in gone.values():
        moments.sort()
        assert all(later - first >= 1 - 1e-6 for first, later in zip(moments, moments[CHAT_BURST:], strict=False))
    # Nothing waits here for longer than a send may: it goes back with the time that Telegram needs.
    assert all(one.result() <= 100.0 + LONGEST for one in tasks)
    assert all(wait > 0 and not permanent for wait, permanent in back)


async def test_a_chat_that_asked_to_wait_holds_up_no_other_and_two_of_them_hold_up_the_bot() -> None:
    """Somebody who plays with the buttons must not keep a card from the lead; but twice at a time means all of us."""
    clock = Virtual()
    pace = Pace(1.0, lambda: clock.now, clock.pause)
    pace.asked_to_wait(1, 30)
    with pytest.raises(SendFailed) as held:
        await pace.turn(1)
    assert held.value.retry_after == pytest.approx(30)
    assert not held.value.permanent
    await pace.turn(2)
    pace.asked_to_wait(2, 20)
    with pytest.raises(SendFailed) as all_held:
        await pace.turn(3)
    assert all_held.value.retry_after == pytest.approx(20)
    clock.now += 31
    for chat in (1, 2, 3):
        await pace.turn(chat)


@pytest.fixture
def calls_of():
    """The calls of a bot that is up, at a real clock."""

    def made(bot: Bot, wire: Wire) -> Calls:
        return OneBot(Line(bot.id, "X", bot.token, wire.address), SystemClock()).calls

    return made


@pytest.mark.parametrize("rate", [30, 50])
async def test_a_card_does_not_queue_behind_the_answers_to_a_crowd(rate: int) -> None:
    """A whole school writes at once, for seconds on end: whoever has to be told is told at that moment, each time."""
    clock = Virtual()
    pace = Pace(1.0, lambda: clock.now, clock.pause)

    async def sends(chat: int, after: float, *, card: bool = False) -> float:
        await clock.pause(after)
        came = clock.now
        with suppress(SendFailed):
            await pace.turn(chat, card=card)
        return clock.now - came

    crowd = [asyncio.create_task(sends(number, number / rate)) for number in range(1, 5 * rate)]
    cards = [asyncio.create_task(sends(-number, number + 0.013, card=True)) for number in range(1, 5)]
    await clock.run(*crowd, *cards)
    assert max(card.result() for card in cards) <= 1 / A_SECOND
    assert max(answer.result() for answer in crowd) > 0.3  # or it was no crowd


async def test_on_the_line_the_pace_is_kept_by_real_seconds(calls_of) -> None:
    """Forty people at once, and six things to one of them: measured where Telegram sits."""
    async with telegram() as wire:
        bot = wire.bot("rosebrook_bot")
        people = [wire.person(f"Parent {number}") for number in range(40)]
        for one in people:
            one.says(bot, "/start")
        calls = calls_of(bot, wire)
        began = time.monotonic()
        await asyncio.gather(*(calls.show(one.id, Part("x")) for one in people), *(_five(calls, people[0].id)))
        sent = [(chat, at - began) for chat, at in wire.sent_at]
    assert len(sent) == 45
    # Each is there after it has left: so one may be late on a busy machine, and none early.
    assert all(at >= (number - AT_ONCE) / A_SECOND for number, (_, at) in enumerate(sent, 1))
    to_one = [at for chat, at in sent if chat == people[0].id]
    assert len(to_one) == 6
    assert all(at >= number - CHAT_BURST for number, at in enumerate(to_one, 1))


def _five(calls: Calls, chat: int):
    return [calls.show(chat, Part("x")) for _ in range(5)]


async def test_after_a_refusal_nothing_is_sent_there_before_the_time_and_the_others_go_on(calls_of) -> None:
    """The wait that Telegram asks for is honoured by whatever else goes to that chat; it is not even tried."""
    async with telegram() as wire:
        bot, one, other = wire.bot("rosebrook_bot"), wire.person("Parent"), wire.person("Teacher")
        one.says(bot, "/start")
        other.says(bot, "/start")
        calls = calls_of(bot, wire)
        wire.fails("429", 1, retry_after=9)
        with pytest.raises(SendFailed) as refused:
            await calls.show(one.id, Part("x"))
        assert refused.value.retry_after == 9
        with pytest.raises(SendFailed) as held:
            await calls.show(one.id, Part("x"))
        assert 8 < (held.value.retry_after or 0) <= 9
        await calls.show(other.id, Part("x"))
        assert [chat for chat, _ in wire.sent_at] == [other.id]
