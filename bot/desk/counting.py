"""What the desk counts, as tables: reports by week and kind, how soon somebody had them, how old the open ones are. Pure.

Whoever looks gives it what they may see, and it knows of nothing else. A drill is not among it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from bot.desk.charts import MOST_SERIES, Picture, Row
from bot.figures import Period
from bot.schools import School
from bot.wording_cases import URGENT
from flows.cases.case import Severity
from flows.cases.figures import Tally, by_matter
from flows.matters import matter
from storage.store.listing import Listed

TWELVE_WEEKS, TERM, YEAR = "12-weeks", "term", "year"
PERIODS = {TWELVE_WEEKS: "12 weeks", TERM: "This term", YEAR: "This school year"}

ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(days=7)
_THIRDS = (1, 4, 9, 13)  # January, April, September
MOST_WEEKS = 18  # beyond that columns are months
OTHERS = "All other kinds"
_WAITS = (
    ("Within 15 minutes", timedelta(minutes=15)),
    ("Within an hour", timedelta(hours=1)),
    ("Within 4 hours", timedelta(hours=4)),
    ("Within a day", ONE_DAY),
    ("Within 3 days", 3 * ONE_DAY),
    ("Later than that", timedelta.max),
)
_AGES = (
    ("Up to a day", ONE_DAY),
    ("2 to 3 days", 3 * ONE_DAY),
    ("Up to a week", ONE_WEEK),
    ("Up to 4 weeks", 4 * ONE_WEEK),
    ("Older than that", timedelta.max),
)
NOT_YET, NEVER = "Nobody yet", "Closed without"


@dataclass(frozen=True, slots=True)
class Slot:
    """One column of a chart of times: its days, and how it is called."""

    first: date
    last: date
    name: str
    short: str


def period(name: str, school: School, today: date) -> Period:
    """The days that are meant by NAME, up to TODAY."""
    if name == TERM:
        begun = [first for first, last in school.calendar.terms if first <= today]
        return Period(max(begun) if begun and today - max(begun) < timedelta(days=150) else third(today).since, today)
    if name == YEAR:
        return Period(_september(today), today)
    return Period(today - timedelta(days=today.weekday()) - 11 * ONE_WEEK, today)


def third(day: date) -> Period:
    """The third of the school year that DAY lies in. Always the same days, so that no two figures differ by a few of them."""
    first, after = next((one, two) for one, two in pairwise(_THIRDS) if one <= day.month < two)
    return Period(date(day.year, first, 1), date(day.year + after // 13, (after - 1) % 12 + 1, 1) - ONE_DAY)


def thirds_over(today: date, count: int) -> tuple[Period, ...]:
    """The last COUNT thirds of a school year that are over, the newest first."""
    found: list[Period] = []
    before = third(today).since - ONE_DAY
    while len(found) < count:
        found.append(third(before))
        before = found[-1].since - ONE_DAY
    return tuple(found)


def slots(span: Period) -> tuple[Slot, ...]:
    """SPAN in weeks, from Monday on, or in months where there would be too many of them."""
    monday = span.since - timedelta(days=span.since.weekday())
    weeks = [monday + ONE_WEEK * number for number in range((span.until - monday) // ONE_WEEK + 1)]
    if len(weeks) <= MOST_WEEKS:
        return tuple(Slot(one, one + 6 * ONE_DAY, f"Week of {one.day} {one:%B}", f"{one.day} {one:%b}") for one in weeks)
    firsts = [span.since.replace(day=1)]
    while firsts[-1] <= span.until:
        firsts.append((firsts[-1] + timedelta(days=32)).replace(day=1))
    return tuple(Slot(one, after - ONE_DAY, f"{one:%B %Y}", f"{one:%b}") for one, after in pairwise(firsts))


def by_week(tallies: Sequence[Tally], span: Period, school: School) -> Picture:
    """Reports by week and kind; the rarer kinds together, once there are more than can be told apart."""
    named = [(name, matter(name).title) for name, _ in by_matter(tallies)]
    titles = list(dict.fromkeys(title for _, title in named))
    shown = titles if len(titles) <= MOST_SERIES else [*titles[: MOST_SERIES - 1], OTHERS]
    series_of = {name: shown.index(title) if title in shown else len(shown) - 1 for name, title in named}
    every = slots(span)
    places = _places((tally.opened_at for tally in tallies), every, school)
    counted = Counter(zip(places, (series_of[tally.matter] for tally in tallies), strict=True))
    rows = tuple(
        Row(slot.name, tuple(counted[place, number] for number in range(len(shown))), slot.short)
        for place, slot in enumerate(every)
    )
    return Picture("reports", "Reports by kind", _of(every), tuple(shown), rows, upright=True)


def by_wait(tallies: Sequence[Tally]) -> Picture:
    """How soon somebody said that they have it, by how urgent it was."""
    urgencies = tuple(Severity)

    def place(tally: Tally) -> str:
        if tally.waited is None:
            return NOT_YET if tally.closed_at is None else NEVER
        return _first_within(tally.waited, _WAITS)

    counted = Counter((place(tally), tally.severity) for tally in tallies)
    names = [*(name for name, _ in _WAITS), NOT_YET]
    if any(where == NEVER for where, _ in counted):
        names.append(NEVER)
    rows = tuple(Row(name, tuple(counted[name, one] for one in urgencies)) for name in names)
    return Picture("waits", "How soon somebody had it", "Acknowledged", tuple(URGENT[one.value] for one in urgencies), rows)


def by_age(cases: Iterable[Listed], now: datetime) -> Picture:
    """The open cases by how old they are, and whether somebody has them."""
    counted = Counter((_first_within(now - one.opened_at, _AGES), one.waiting) for one in cases if not one.drill)
    rows = tuple(Row(name, (counted[name, True], counted[name, False])) for name, _ in _AGES)
    return Picture("ages", "Open cases by age", "Age", ("Nobody has it yet", "Somebody has it"), rows)


def in_vain(moments: Sequence[datetime], span: Period, school: School) -> Picture:
    """Questions that the policy did not answer for sure, by week."""
    every = slots(span)
    counted = Counter(_places(moments, every, school))
    rows = tuple(Row(slot.name, (counted[place],), slot.short) for place, slot in enumerate(every))
    return Picture("questions", "Questions that the policy did not answer", _of(every), ("Questions",), rows, upright=True)


def _places(moments: Iterable[datetime], every: Sequence[Slot], school: School) -> Iterator[int]:
    """In which slot each of MOMENTS lies, by the school's own days."""
    firsts, zone = [slot.first for slot in every], school.zone
    return (bisect_right(firsts, moment.astimezone(zone).date()) - 1 for moment in moments)


def _of(every: Sequence[Slot]) -> str:
    return "Month" if every[0].last - every[0].first > ONE_WEEK else "Week"


def _first_within(length: timedelta, limits: Sequence[tuple[str, timedelta]]) -> str:
    return next(name for name, limit in limits if length <= limit)


def _september(day: date) -> date:
    return date(day.year if day.month >= 9 else day.year - 1, 9, 1)
