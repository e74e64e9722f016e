"""The fakes are as strict as what they stand for."""

import pytest

from bot.channel import Channel, SendFailed
from bot.messages import Address, Choice, Reply
from tests.fakes import MONDAY, FakeChannel, HandClock

HERE = Address("fake", "here")


def test_the_fake_channel_is_a_channel():
    """It has everything that the protocol asks for."""
    assert isinstance(FakeChannel(), Channel)


@pytest.mark.parametrize(
    "reply",
    [Reply(""), Reply("x" * 5000), Reply("which?", choices=(Choice("A", "a"),))],
    ids=["empty", "too long", "buttons that belong to nothing"],
)
async def test_the_fake_platform_refuses_what_a_real_one_refuses(reply: Reply):
    """For good: sending it again could not help."""
    channel = FakeChannel()
    with pytest.raises(SendFailed) as refusal:
        await channel.send(HERE, reply, "k")
    assert refusal.value.permanent
    assert channel.sent == []


async def test_the_fake_platform_fails_as_it_is_told_and_then_works_again():
    """First the failures it was given, in order, then as if nothing had been."""
    channel = FakeChannel(failures=[SendFailed("429", retry_after=3.0), ConnectionResetError()])
    with pytest.raises(SendFailed, match="429"):
        await channel.send(HERE, Reply("x"), "k")
    with pytest.raises(ConnectionResetError):
        await channel.send(HERE, Reply("x"), "k")
    assert await channel.send(HERE, Reply("x"), "k")
    assert [sent.key for sent in channel.sent] == ["k"]


async def test_a_platform_that_is_down_stays_down_until_it_is_up():
    """An outage ends when it ends."""
    channel = FakeChannel(down=True)
    with pytest.raises(SendFailed) as refusal:
        await channel.send(HERE, Reply("x"), "k")
    assert not refusal.value.permanent
    channel.down = False
    assert await channel.send(HERE, Reply("x"), "k")


def test_the_hand_clock_stands_still_until_it_is_moved():
    """And goes back only when a test says so."""
    clock = HandClock()
    assert clock.now() == clock.now() == MONDAY
    clock.tick(minutes=5)
    assert (clock.now() - MONDAY).total_seconds() == 300
    clock.step_back(minutes=10)
    assert clock.now() < MONDAY
