"""Which cases look like the same event: the same kind of report, on the same day. It offers with its reasons; people decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from flows.cases.case import Case

CLOSE = timedelta(hours=1)


class Reason(StrEnum):
    """Why cases look alike."""

    MATTER = "matter"
    DAY = "day"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Alike:
    """Cases that look like one event, the oldest first, and why."""

    cases: tuple[Case, ...]
    reasons: tuple[Reason, ...]


def alike(cases: Iterable[Case], zone: tzinfo) -> tuple[Alike, ...]:
    """The groups of two or more of CASES that may be one event, the largest first.

    CASES are what one reader may see: nothing else is looked at, so nothing else can be told. A drill is never like a real case.
    """
    groups: dict[tuple[str, date, bool], list[Case]] = defaultdict(list)
    for case in sorted(cases, key=lambda one: (one.opened_at, one.reference)):
        groups[case.matter, case.opened_at.astimezone(zone).date(), case.drill].append(case)
    found = [Alike(tuple(group), _reasons([case.opened_at for case in group])) for group in groups.values() if len(group) > 1]
    return tuple(sorted(found, key=lambda one: -len(one.cases)))


def _reasons(moments: list[datetime]) -> tuple[Reason, ...]:
    when = Reason.HOUR if moments[-1] - moments[0] <= CLOSE else Reason.DAY
    return Reason.MATTER, when
