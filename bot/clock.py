"""The time, as something that can be handed in: the real one, or a rehearsal's that runs faster and can be moved on."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Everything in the bot that needs the time asks one of these."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def real_now(self) -> datetime:
        """The real time, aware, in UTC: for what guards a door, which no rehearsal may open or shut by moving on."""
        ...

    def real_seconds(self, span: float) -> float:
        """How long to wait by the wall for SPAN seconds to pass on this clock."""
        ...

    def lasting(self, real: timedelta) -> timedelta:
        """What must be added to `now` for REAL time to pass by the wall: a lease holds work, not the rehearsal's minutes."""
        ...


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def real_now(self) -> datetime:
        return datetime.now(UTC)

    def real_seconds(self, span: float) -> float:
        return span

    def lasting(self, real: timedelta) -> timedelta:
        return real


class RehearsalClock:
    """A clock that runs at a chosen rate and can be moved forward, never back. Only `signpost run --rehearsal` makes one."""

    def __init__(self, start: datetime | None = None, rate: float = 1.0) -> None:
        self._base = start or datetime.now(UTC)
        self._wall = time.monotonic()
        self.rate = rate
        self.moved = asyncio.Event()

    def now(self) -> datetime:
        return self._base + timedelta(seconds=(time.monotonic() - self._wall) * self.rate)

    def real_now(self) -> datetime:
        return datetime.now(UTC)

    def real_seconds(self, span: float) -> float:
        return span / self.rate

    def lasting(self, real: timedelta) -> timedelta:
        return real * self.rate

    def run_at(self, rate: float) -> None:
        """Go on from the present moment at RATE times the real speed."""
        if rate <= 0:
            raise ValueError("A clock runs forward: the rate must be above 0.")
        self._base, self._wall, self.rate = self.now(), time.monotonic(), rate
        self.moved.set()

    def move_to(self, moment: datetime) -> None:
        """Jump to MOMENT; a moment already past changes nothing."""
        if moment > self.now():
            self._base, self._wall = moment, time.monotonic()
            self.moved.set()
