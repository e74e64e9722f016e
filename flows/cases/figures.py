"""Cases as figures: how many of which kind, how long until somebody had them, and what still needs somebody. Pure.

What is counted here knows no reference, no person and no word; whoever reads it is given what they may see, and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from flows.cases.calendar import Calendar
from flows.cases.case import Case, Ending, Severity, Status
from flows.cases.clocks import late


@dataclass(frozen=True, slots=True)
class Tally:
    """One case as it is counted."""

    matter: str
    severity: Severity
    status: Status
    opened_at: datetime
    acknowledged_at: datetime | None = None
    closed_at: datetime | None = None
    ending: Ending | None = None

    @property
    def waited(self) -> timedelta | None:
        """How long until somebody said that they have it; None: nobody has."""
        return None if self.acknowledged_at is None else self.acknowledged_at - self.opened_at


@dataclass(frozen=True, slots=True)
class Standing:
    """One case that is not closed, and since when it stands as it does: its clock began, or somebody last did something."""

    case: Case
    since: datetime


class Need(StrEnum):
    """Why somebody should look at a case today."""

    LATE = "late"  # nobody has said that they have it, and its time is over
    WAITING = "waiting"  # nobody has said that they have it
    UPDATE = "update"  # somebody has it, and has left it alone for longer than whoever sent it should wait for a word


def need(standing: Standing, calendar: Calendar, now: datetime) -> Need | None:
    """Why the case of STANDING needs somebody NOW; None when it is in hand."""
    overdue = late(standing.case, standing.since, calendar, now)
    if standing.case.waiting:
        return Need.LATE if overdue else Need.WAITING
    return Need.UPDATE if overdue else None


def by_matter(tallies: Iterable[Tally]) -> tuple[tuple[str, int], ...]:
    """How many there are of each matter, the most first."""
    counted = Counter(tally.matter for tally in tallies)
    return tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


def typical_wait(tallies: Iterable[Tally]) -> timedelta | None:
    """The median time until somebody said that they have it, over those where somebody did."""
    waits = [tally.waited.total_seconds() for tally in tallies if tally.waited is not None]
    return timedelta(seconds=median(waits)) if waits else None


def longest_wait(tallies: Iterable[Tally]) -> timedelta | None:
    """The longest time until somebody said that they have it, over those where somebody did."""
    return max((tally.waited for tally in tallies if tally.waited is not None), default=None)


@dataclass(frozen=True, slots=True)
class Trial:
    """How one person was reached by a drill, at each of the moments that are known."""

    person: str
    queued: datetime
    sent: datetime | None = None
    delivered: datetime | None = None
    seen: datetime | None = None
    acknowledged: datetime | None = None

    @property
    def reached(self) -> datetime | None:
        """When it was on their screen for certain: that a platform took the card, or that a page lies ready, proves nothing."""
        return min((moment for moment in (self.delivered, self.seen, self.acknowledged) if moment), default=None)


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill: its case, and how everybody it told was reached, in the order they were told."""

    case: Case
    trials: tuple[Trial, ...]

    @property
    def unreached(self) -> int:
        """How many of those it told have nothing yet."""
        return sum(trial.reached is None for trial in self.trials)

    @property
    def took(self) -> timedelta | None:
        """From its beginning until the last of them was reached; None while somebody is not."""
        moments = [trial.reached for trial in self.trials]
        known = [moment for moment in moments if moment is not None]
        return max(known) - self.case.opened_at if known and len(known) == len(moments) else None

    @property
    def answered(self) -> timedelta | None:
        """From its beginning until the first of them said that they have it."""
        answers = [trial.acknowledged for trial in self.trials if trial.acknowledged is not None]
        return min(answers) - self.case.opened_at if answers else None


# Smaller numbers are not told to those who may know the people behind them.
FEW = 5


def suppressed(counts: Sequence[tuple[str, int]]) -> tuple[tuple[tuple[str, int], ...], tuple[str, ...]]:
    """COUNTS as the governors may see them: those that stand, and the names of those that are too small to be told.

    No total may be told beside them: what is left out would be found by taking away.
    """
    stand = tuple((name, number) for name, number in counts if number >= FEW)
    return stand, tuple(name for name, number in counts if number < FEW)
