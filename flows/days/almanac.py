"""Asks a library which day a written date was, and which day it was so many weeks ago; nothing else of it is used."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

# Nobody reports what is longer past; and the library takes a two-digit year that is still to come for one a century ago.
YEARS_BACK = 30
# A date without a year that comes up within this span is more likely a slip of the finger than a day of last year.
TOO_SOON = timedelta(days=14)

_MIDDAY = time(12)
_LEAP_DAY = (2, 29)


def calendar_day(day: str, month: str, year: str | None, today: date) -> date | None:
    """The past day that is DAY, MONTH (a name or a number) and perhaps YEAR; None when it is none that we believe."""
    mark = "/" if month.isdigit() else " "
    found = _read(mark.join(part for part in (day, month, year) if part), today)
    # The day stands first in this country; the library tries other orders when a number is no month.
    if found is None or found.day != int(day) or (month.isdigit() and found.month != int(month)):
        return None
    return None if year is None and _about_to_come(found, today) else found


def month_days(month: str, year: str | None, today: date) -> tuple[date, date] | None:
    """The first and the last day of MONTH, the latest that has begun or the one in YEAR; None when that is still to come."""
    found = _read(" ".join(part for part in ("1", month, year) if part), today)
    return (found, (found + timedelta(days=31)).replace(day=1) - timedelta(days=1)) if found else None


def counted_back(count: int, unit: str, today: date) -> date | None:
    """The day that was COUNT of UNIT (day, week, month or year) before TODAY."""
    return _read(f"{count} {unit}s ago", today)


def _about_to_come(found: date, today: date) -> bool:
    if (found.month, found.day) == _LEAP_DAY:
        return False
    return any(timedelta() < found.replace(year=year) - today <= TOO_SOON for year in (today.year, today.year + 1))


def _read(written: str, today: date) -> date | None:
    """What the library says, if that is past. All it could take from the machine (date, zone, language) is handed in."""
    settings = {
        "RELATIVE_BASE": datetime.combine(today, _MIDDAY),
        "PREFER_DATES_FROM": "past",
        "DATE_ORDER": "DMY",
        "TIMEZONE": "UTC",
        "PARSERS": ["relative-time", "absolute-time"],
    }
    found: datetime | None = _reader()(written, languages=["en"], settings=settings)
    if found is None or found.date() > today or today.year - found.year > YEARS_BACK:
        return None
    return found.date()


@cache
def _reader() -> Any:
    # It takes an eighth of a second and 24 MB, and many answers name no such date: the first that does waits for it.
    import dateparser  # noqa: PLC0415  # as said above

    return dateparser.parse
