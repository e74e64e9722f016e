"""Time as something that can be handed in: it runs forward, at its rate, and a lease lasts as long as it really should."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import RehearsalClock, SystemClock
from tests.fakes import MONDAY

SECOND = timedelta(seconds=1)


def test_a_rehearsal_runs_at_its_rate_and_waits_are_shorter_by_it():
    """At 600, an hour is six seconds by the wall, and a lease of a minute is ten hours of the rehearsal."""
    clock = RehearsalClock(MONDAY, rate=600)
    assert clock.real_seconds(3600) == pytest.approx(6)
    assert clock.lasting(timedelta(minutes=1)) == timedelta(hours=10)


def test_changing_the_rate_goes_on_from_the_present_moment():
    """Nothing jumps when somebody presses a button."""
    clock = RehearsalClock(MONDAY)
    clock.move_to(MONDAY + timedelta(days=1))
    before = clock.now()
    clock.run_at(60)
    assert SECOND > clock.now() - before >= timedelta(0)
    clock.run_at(1)
    assert clock.now() >= before


def test_a_rehearsal_never_goes_back():
    """A moment that is past changes nothing, and a rate below zero is refused."""
    clock = RehearsalClock(MONDAY)
    clock.move_to(MONDAY - timedelta(days=1))
    assert clock.now() >= MONDAY
    with pytest.raises(ValueError, match="forward"):
        clock.run_at(0)


def test_the_real_clock_is_the_real_time():
    """Aware, in UTC, and one second lasts one second."""
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.real_seconds(5) == 5
    assert clock.lasting(SECOND) == SECOND
