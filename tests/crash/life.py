"""One life of one process of the bot, from its start to its kill, and the clock that all lives of a test agree on."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

CHANNEL = "wire"
SCHOOL = "rosebrook"

# Five minutes, which a rung has in an emergency, pass in two seconds.
RATE = 150.0
LEASE = timedelta(seconds=2)  # by the wall: what a dead process had in hand is free again after so long


@dataclass(frozen=True, slots=True)
class SharedClock:
    """A fast clock that needs no memory: whoever starts, whenever they start, reads the same time as everybody else."""

    base: datetime
    wall: float
    rate: float = RATE

    def now(self) -> datetime:
        return self.base + timedelta(seconds=(time.time() - self.wall) * self.rate)

    def real_now(self) -> datetime:
        """As `now`: here no time is played with."""
        return self.now()

    def real_seconds(self, span: float) -> float:
        return span / self.rate

    def lasting(self, real: timedelta) -> timedelta:
        return real * self.rate


@dataclass(frozen=True, slots=True)
class Life:
    """Everything a process must be told to live. Its name never returns."""

    name: str
    database: str
    keys: str
    exchange: str
    base: str
    wall: float
    log: str
    dies_at: int = 0  # the step at which it kills itself; 0: at none
    dies_committed: bool = False  # whether that step is still committed

    @property
    def clock(self) -> SharedClock:
        """The clock of this test."""
        return SharedClock(datetime.fromisoformat(self.base), self.wall)

    def dumped(self) -> str:
        """As one line."""
        return json.dumps(asdict(self))

    @classmethod
    def loaded(cls, line: str) -> Life:
        """From the line that `dumped` wrote."""
        return cls(**json.loads(line))
