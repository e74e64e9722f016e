"""When something was: a person's own words, and the span in which it must have been, never more exact than they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone

from flows.days.ago import minutes_ago
from flows.days.named import Named, days_named
from flows.days.parts import LAST_MINUTE, Part, part_named
from flows.days.span import Days, Unclear
from flows.days.spelling import plain

_KEYS = frozenset({"words", "earliest", "latest"})
_MINUTE = timedelta(minutes=1)
_WEEK = timedelta(days=7)
# Longer spans are told in whole days, and a part of the day says nothing about them.
_SHORT = timedelta(days=2)
_SATURDAY = 5
_WHOLE_DAY = Part(0, LAST_MINUTE)


@dataclass(frozen=True, slots=True)
class When:
    """What was answered to "When was it?". Both moments are the school's wall clock, each fixed to the offset it had then."""

    words: str = field(repr=False)
    earliest: datetime | None = None
    latest: datetime | None = None

    def __post_init__(self) -> None:
        if self.earliest is None and self.latest is None:
            return
        if self.earliest is None or self.latest is None:
            raise ValueError("A span of time needs both its ends, or neither.")
        if self.earliest.utcoffset() is None or self.latest.utcoffset() is None:
            raise ValueError("A moment needs its time zone: nobody can tell when this is.")
        if self.earliest > self.latest:
            raise ValueError("A span of time ends before it begins.")

    def to_json(self) -> dict[str, str]:
        """As it is kept."""
        if self.earliest is None or self.latest is None:
            return {"words": self.words}
        return {"words": self.words, "earliest": self.earliest.isoformat(), "latest": self.latest.isoformat()}

    @classmethod
    def from_json(cls, value: object) -> When:
        """What `to_json` kept; ValueError, which repeats nothing of it, on anything else."""
        if not isinstance(value, Mapping) or not {"words"} <= value.keys() <= _KEYS:
            raise ValueError('When it was is kept as "words" and, if known, "earliest" and "latest".')
        if not all(isinstance(text, str) for text in value.values()):
            raise ValueError("When it was is kept as text.")
        return cls(value["words"], _moment(value, "earliest"), _moment(value, "latest"))

    def shown(self) -> str:
        """For the review and the card: the day or the span, then their own words; those alone when no day could be told."""
        if self.earliest is None or self.latest is None:
            return self.words
        return f"{_span_shown(self.earliest, self.latest)} (“{self.words}”)"


def read(words: str, now: datetime) -> When:
    """When that was, said at NOW (aware, where the school is). It happened, so it is past; what names no past day is words only."""
    if now.utcoffset() is None:
        raise ValueError("A moment needs its time zone: nobody can tell when this is.")
    try:
        span = _span(plain(words), now.replace(second=0, microsecond=0))
    except (Unclear, OverflowError):  # the latter: further back than there are dates
        return When(words)
    return When(words, *span) if span else When(words)


def _span(text: str, now: datetime) -> tuple[datetime, datetime] | None:
    minutes, text = minutes_ago(text)
    just = _minutes_before(now, *minutes) if minutes else None
    named = days_named(text, now.date())
    part = _part_of(named) if named.days or not just else None
    days = named.days
    if days is None and part is not None and not (part.school and now.weekday() >= _SATURDAY):
        days = Days(now.date(), now.date())
    span = _on(days, part, now) if days else None
    if span is None or just is None:
        return span or just
    # "Today, an hour ago": the narrower, where one lies within the other.
    return just if span[0] <= just[0] <= just[1] <= span[1] else (min(span[0], just[0]), max(span[1], just[1]))


def _part_of(named: Named) -> Part | None:
    """The part of the day that was said of the days named."""
    # "Yesterday. He wants to meet tomorrow after school": that hour is still to come.
    if named.elsewhere:
        return None
    found = part_named(named.text, day_known=named.days is not None)
    if found is None or not named.several:
        return found
    # "Monday lunch or last night": from the first of these days on, to the end of that night.
    return Part(0, max(LAST_MINUTE, found.last))


def _minutes_before(now: datetime, longest: int, shortest: int) -> tuple[datetime, datetime]:
    # In UTC: an hour ago is an hour ago, also in the night when the clocks change.
    moments = (now.astimezone(UTC) - minutes * _MINUTE for minutes in (longest, shortest))
    earliest, latest = (_fixed(moment.astimezone(now.tzinfo)) for moment in moments)
    return earliest, latest


def _on(days: Days, part: Part | None, now: datetime) -> tuple[datetime, datetime] | None:
    hours = part if part and (days.on_and_on or days.last - days.first <= _WEEK) else _WHOLE_DAY
    earliest = _at(days.first, hours.first, now)
    if earliest > now and days.again:
        days = Days(days.first - _WEEK, days.last - _WEEK)
        earliest = _at(days.first, hours.first, now)
    if earliest > now:
        return None
    latest = _fixed(now) if days.on_and_on else min(_at(days.last, hours.last, now, later=True), _fixed(now))
    # Where the clocks are put forward, the minutes in between are on neither side.
    return min(earliest, latest), max(earliest, latest)


def _at(day: date, minutes: int, now: datetime, *, later: bool = False) -> datetime:
    """MINUTES after midnight of DAY on the clock on the wall; LATER the second time where the clocks are put back."""
    wall = datetime.combine(day, time()) + minutes * _MINUTE
    there = wall.replace(tzinfo=now.tzinfo, fold=int(later))
    return _fixed(there.astimezone(UTC).astimezone(now.tzinfo))


def _fixed(moment: datetime) -> datetime:
    """MOMENT with the offset it has there, so that it is still the same one after it was kept."""
    return moment.astimezone(timezone(moment.utcoffset() or timedelta()))


def _moment(value: Mapping[str, str], key: str) -> datetime | None:
    if key not in value:
        return None
    try:
        moment = datetime.fromisoformat(value[key])
    except ValueError:
        raise ValueError(f"{key}: this is no moment.") from None  # the reason would repeat what was kept
    if moment.isoformat() != value[key]:
        raise ValueError(f"{key}: this is no moment as we keep them.")
    return moment


def _span_shown(earliest: datetime, latest: datetime) -> str:
    first, last = earliest.date(), latest.date()
    whole = earliest.time() == time() and latest.time() == time(23, 59)
    if first == last:
        return f"{_weekday(first)} {_day(first)}" + ("" if whole else f", {_hours_shown(earliest, latest)}")
    if not whole and earliest.time() != time() and latest - earliest <= _SHORT:
        begins = f"{earliest:%H:%M} on {_weekday(first)} {_day(first, year=first.year != last.year)}"
        return f"between {begins} and {latest:%H:%M} on {_weekday(last)} {_day(last)}"
    return f"between {_day(first, year=first.year != last.year)} and {_day(last)}"


def _hours_shown(earliest: datetime, latest: datetime) -> str:
    if earliest == latest:
        return f"at {earliest:%H:%M}"
    if earliest.time() == time():
        return f"before {latest:%H:%M}"
    return f"between {earliest:%H:%M} and {latest:%H:%M}"


def _weekday(day: date) -> str:
    return f"{day:%A}"


def _day(day: date, *, year: bool = True) -> str:
    return f"{day.day} {day:%B}" + (f" {day.year}" if year else "")
