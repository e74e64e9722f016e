"""What "Tuesday", "last Tuesday", "a week last Monday", "last week" and "the weekend before last" mean today."""

from __future__ import annotations

from datetime import date, timedelta
from re import Match

from flows.days.span import Days, Rule, Unclear, one
from flows.days.spelling import WEEKDAYS

WEEK = timedelta(days=7)
SATURDAY = 5
WEEKDAY = f"(?P<weekday>{'|'.join(WEEKDAYS)})"


def _latest(weekday: str, today: date) -> date:
    """The latest day called WEEKDAY that is not to come."""
    return today - timedelta(days=(today.weekday() - WEEKDAYS.index(weekday)) % 7)


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def last(match: Match[str], today: date) -> Days:
    """The day "last Tuesday" is: said on a Wednesday, yesterday for some people and a day of last week for others."""
    latest = _latest(match["weekday"], today)
    if latest == today:
        return one(today - WEEK)
    return Days(latest - WEEK if latest >= _monday(today) else latest, latest)


def week_before_last(match: Match[str], today: date) -> Days:
    """The day "the Friday before last" or "a week last Friday" is."""
    days = last(match, today)
    return Days(days.first - WEEK, days.last - WEEK)


def plain(match: Match[str], today: date) -> Days:
    """The day "Tuesday" or "this Tuesday" is."""
    latest = _latest(match["weekday"], today)
    if match["this"] and latest < _monday(today):
        raise Unclear  # it is still to come
    return Days(latest, latest, again=latest == today)


def of_last_week(match: Match[str], today: date) -> Days:
    """The day "Tuesday last week" is."""
    return one(_monday(today) - WEEK + timedelta(days=WEEKDAYS.index(match["weekday"])))


def week(back: int) -> Rule:
    """The week that was BACK weeks before this one."""

    def days(_: Match[str], today: date) -> Days:
        monday = _monday(today) - back * WEEK
        return Days(monday, monday + timedelta(days=6)) if back else Days(monday, today, on_and_on=True)

    return days


def weekend(back: int) -> Rule:
    """The latest weekend that has begun, or one BACK from this week."""

    def days(_: Match[str], today: date) -> Days:
        weeks = back if today.weekday() >= SATURDAY else max(0, back - 1)
        saturday = _latest("saturday", today) - weeks * WEEK
        return Days(saturday, min(saturday + timedelta(days=1), today))

    return days
