"""How long the words of a closed case are kept: by how it ended, by the school's own days, and never while it is held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from flows.cases.case import Case, Ending, Status

# Instead of days: until somebody says that the case stands in the school's own record system.
UNTIL_TRANSFERRED = None

# A request that was approved or declined has no ending of its own.
DECIDED = "decided"

# What a safeguarding file needs is counted from a birth date or a leaving date, which are not asked for here: it is kept until
# it has been moved to where those are known. The rest are our suggestions, for a school to set.
DAYS: Mapping[str, int | None] = MappingProxyType(
    {
        Ending.REFERRED.value: UNTIL_TRANSFERRED,
        Ending.DEALT_WITH.value: UNTIL_TRANSFERRED,
        Ending.LOW_LEVEL.value: UNTIL_TRANSFERRED,
        Ending.ADVICE.value: 3 * 365,
        Ending.NO_ACTION.value: 6 * 365,
        Ending.MISTAKE.value: 30,
        DECIDED: 365,
    }
)
TRANSFERRED, QUESTIONS, MESSAGES = 30, 180, 30


@dataclass(frozen=True, slots=True)
class Retention:
    """One school's days: by ending, since the move to the record system, and for what is no case.

    `questions` are those asked in vain, `messages` what was exchanged with the bot; both count from when they were written.
    """

    days: Mapping[str, int | None] = field(default_factory=lambda: DAYS)
    transferred: int = TRANSFERRED
    questions: int = QUESTIONS
    messages: int = MESSAGES

    def ends_at(self, case: Case) -> datetime | None:
        """When the words of CASE may go; None: not by themselves. The sooner of the two where it was transferred as well."""
        if case.status is not Status.CLOSED or case.held_at is not None or case.purged_at is not None or case.closed_at is None:
            return None
        ends = []
        if case.transferred_at is not None:
            ends.append(case.transferred_at + timedelta(days=self.transferred))
        days = self.days.get(_kind(case), UNTIL_TRANSFERRED)
        if days is not UNTIL_TRANSFERRED:
            ends.append(case.closed_at + timedelta(days=days))
        return min(ends, default=None)

    def due(self, case: Case, now: datetime) -> bool:
        """Whether the words of CASE have been kept long enough."""
        end = self.ends_at(case)
        return end is not None and end <= now


def _kind(case: Case) -> str:
    if case.ending is not None:
        return case.ending.value
    return DECIDED if case.decision is not None else ""
