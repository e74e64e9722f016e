"""Whoever had a case does not hold the role in which they had it any more: it goes on, from the first rung. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.cases.calendar import Calendar
from flows.cases.case import Case, Status
from flows.cases.clocks import notices
from flows.cases.notice import Notice


def goes_on(case: Case, calendar: Calendar, now: datetime) -> tuple[Case, tuple[Notice, ...]]:
    """CASE as nobody's, and its clock from the beginning: whoever was told before is told once more."""
    free = replace(case, status=Status.OPEN, holder=None, acknowledged_at=None, lap=case.lap + 1)
    return free, notices(free, calendar, now)
