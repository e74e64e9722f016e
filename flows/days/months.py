"""What a written date, a month or a year means today: "12/11", "12th of November", "the end of October", "last year"."""

from __future__ import annotations

from datetime import date, timedelta
from re import Match

from flows.days.almanac import YEARS_BACK, calendar_day, month_days
from flows.days.span import Days, Rule, Unclear, one
from flows.days.spelling import WEEKDAYS

SEPTEMBER = 9


def written(match: Match[str], today: date) -> Days:
    """A day of a month. A weekday beside it must be that day's: one of the two is a slip, and nobody knows which."""
    named = match.groupdict()
    day = one(calendar_day(named["day"], named["month"], named.get("year"), today))
    if named.get("weekday") and day.first.weekday() != WEEKDAYS.index(named["weekday"]):
        raise Unclear
    return day


def nth(match: Match[str], today: date) -> Days:
    """What "the 12th" and "Thursday 12th" mean: the latest such day that is not to come."""
    named, number = match.groupdict(), int(match["day"])
    first = today.replace(day=1)
    # Two months in a row never both lack a day, and a weekday falls on it at least once in so many.
    for _ in range(3):
        day = first + timedelta(days=number - 1)
        if number and day.month == first.month and day <= today:
            return _agreeing(day, named.get("weekday"))
        first = (first - timedelta(days=1)).replace(day=1)
    raise Unclear


def _agreeing(day: date, weekday: str | None) -> Days:
    if weekday and day.weekday() != WEEKDAYS.index(weekday):
        raise Unclear
    return one(day)


def of_the_year(match: Match[str], today: date) -> Days:
    """A month, or the third of it that is meant. In November, "last October" is said of this year's and of the one before."""
    days = month_days(match["month"], match["year"] or None, today)
    if days is None:
        raise Unclear
    first, last = days
    if match["last"] and first.year == today.year:
        earlier = first.replace(year=first.year - 1)
        return Days(
            earlier, (earlier + timedelta(days=31)).replace(day=1) - timedelta(days=1) if first.month == today.month else last
        )
    part = (match["part"] or "").removeprefix("the ")
    if part.startswith(("early", "start", "beginning")):
        last = first.replace(day=10)
    elif part.startswith("mid"):
        first, last = first.replace(day=10), first.replace(day=21)
    elif part:
        first = first.replace(day=20)
    if first > today:
        raise Unclear
    return Days(first, last)


def calendar_month(back: int) -> Rule:
    """This month, or the one before."""

    def days(_: Match[str], today: date) -> Days:
        first = today.replace(day=1)
        if not back:
            return Days(first, today, on_and_on=True)
        last = first - timedelta(days=1)
        return Days(last.replace(day=1), last)

    return days


def this_year(_: Match[str], today: date) -> Days:
    """Since the new year or since September: schools say it of both."""
    return Days(min(_school_year(today), date(today.year, 1, 1)), today, on_and_on=True)


def last_year(_: Match[str], today: date) -> Days:
    """The year of the calendar and that of the school, whichever was meant."""
    term = _school_year(today)
    first, last = date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    return Days(min(first, term.replace(year=term.year - 1)), max(last, term - timedelta(days=1)))


def _school_year(today: date) -> date:
    return date(today.year - (today.month < SEPTEMBER), SEPTEMBER, 1)


def year(match: Match[str], today: date) -> Days:
    """A year by its number, as in "in 2024"."""
    number = int(match["year"])
    if not today.year - YEARS_BACK <= number <= today.year:
        raise Unclear
    return Days(date(number, 1, 1), date(number, 12, 31))
