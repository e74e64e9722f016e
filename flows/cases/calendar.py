"""When the school is open, and how long a wait is when only school hours count. What nobody entered holds nothing back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# First and last day, both counted in.
Days = tuple[date, date]

# The longest break between two terms that we believe. A longer one is a term somebody forgot to enter, and counts as open.
LONGEST_BREAK = timedelta(days=70)

SATURDAY = 5
ONE_DAY = timedelta(days=1)


class CalendarError(ValueError):
    """The dates or hours do not make sense; the message names the key and says what to write."""


@dataclass(frozen=True)
class Calendar:
    """One school's hours, terms and holidays, and its own haste. Moments go in and come out aware; results are in UTC."""

    timezone: str = "Europe/London"
    opens: time = time(8, 30)
    closes: time = time(15, 30)
    terms: tuple[Days, ...] = ()
    holidays: tuple[Days, ...] = ()
    paces: tuple[tuple[str, timedelta], ...] = ()  # by severity: how long somebody has here, where that is less than usual

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise CalendarError('timezone: this place is not known; write one such as "Europe/London".') from unknown
        if self.opens >= self.closes:
            raise CalendarError(f"opens, closes: the school opens at {self.opens:%H:%M} and must close later that day.")
        for key, spans in (("terms", self.terms), ("holidays", self.holidays)):
            for first, last in spans:
                if first > last:
                    raise CalendarError(f"{key}: {first} to {last} ends before it starts; write the first day, then the last.")
        for first, last in self.holidays:
            if last - first > LONGEST_BREAK:
                raise CalendarError(f"holidays: {first} to {last} is longer than {LONGEST_BREAK.days} days; check the year.")

    @property
    def school_day(self) -> timedelta:
        """How long the school is open on an ordinary day."""
        any_day = date(2000, 1, 3)
        return datetime.combine(any_day, self.closes) - datetime.combine(any_day, self.opens)

    def is_open(self, now: datetime) -> bool:
        """Whether the school is open at NOW."""
        return self._window_at(now) is not None

    def next_open(self, now: datetime) -> datetime:
        """NOW itself while the school is open, otherwise the moment it opens next."""
        start, _ = self._next_window(_utc(now))
        return start

    def after(self, now: datetime, open_span: timedelta) -> datetime:
        """The moment by which the school will have been open for OPEN_SPAN since NOW."""
        if open_span < timedelta(0):
            raise ValueError("A wait cannot be shorter than nothing.")
        moment, left = _utc(now), open_span
        while True:
            start, end = self._next_window(moment)
            if left <= end - start:
                return start + left
            left -= end - start
            moment = end

    def local(self, moment: datetime) -> datetime:
        """MOMENT on the school's own clock, for telling people."""
        return _utc(moment).astimezone(self._zone)

    def is_school_day(self, day: date) -> bool:
        """Whether children are expected on DAY. A weekday we know nothing about counts as one."""
        if day.weekday() >= SATURDAY or _within(day, self.holidays):
            return False
        return not _within(day, self._breaks)

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def _breaks(self) -> tuple[Days, ...]:
        """The days between two terms. Before the first and after the last one nothing is known."""
        between = ((before[1] + ONE_DAY, after[0] - ONE_DAY) for before, after in pairwise(sorted(self.terms)))
        return tuple((first, last) for first, last in between if first <= last and last - first <= LONGEST_BREAK)

    def _window(self, day: date) -> tuple[datetime, datetime] | None:
        if not self.is_school_day(day):
            return None
        # In UTC, so that a wait across the change of the clocks is as long as it feels.
        start, end = (datetime.combine(day, at, self._zone).astimezone(UTC) for at in (self.opens, self.closes))
        return (start, end) if start < end else None

    def _window_at(self, now: datetime) -> tuple[datetime, datetime] | None:
        moment = _utc(now)
        window = self._window(moment.astimezone(self._zone).date())
        return window if window and window[0] <= moment < window[1] else None

    def _next_window(self, moment: datetime) -> tuple[datetime, datetime]:
        """What is left of the present opening, or the whole of the next one."""
        day = moment.astimezone(self._zone).date()
        while True:
            window = self._window(day)
            if window and moment < window[1]:
                return max(window[0], moment), window[1]
            day += ONE_DAY


def _within(day: date, spans: tuple[Days, ...]) -> bool:
    return any(first <= day <= last for first, last in spans)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment needs its time zone: nobody can tell when this is.")
    return moment.astimezone(UTC)
