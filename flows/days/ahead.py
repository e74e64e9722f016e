"""Reads from which day to which somebody says that they will be away. Days that were or are to come, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from re import Match

from flows.days.spelling import MONTHS, WEEKDAYS

# First and last day, both counted in.
Span = tuple[date, date]

# A full name, or what diaries shorten it to.
_MONTHS = {spelt: number for number, name in enumerate(MONTHS, 1) for spelt in (name, name[:3])} | {"sept": 9}
_WEEKDAYS = {spelt: number for number, name in enumerate(WEEKDAYS) for spelt in (name, name[:3])} | {
    "tues": 1,
    "thur": 3,
    "thurs": 3,
}
_MONTH, _WEEKDAY = "|".join(sorted(_MONTHS, key=len, reverse=True)), "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_NTH = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>20\d\d))?"
_NAMED = rf"(?:(?:{_WEEKDAY}),? )?(?:the )?"
_TO = re.compile(r" (?:to|until|till|through|and) | ?[-\u2013\u2014] ?")
_DAY = re.compile(rf"{_NAMED}{_NTH} (?:of )?(?P<month>{_MONTH}){_YEAR}|(?P<alone>(?:the )?[0-3]?\d(?:st|nd|rd|th)?)")
_AMERICAN = re.compile(rf"{_NAMED}(?P<month>{_MONTH}) (?:the )?{_NTH}{_YEAR}")
_FIGURES = re.compile(r"(?P<day>[0-3]?\d)[/.](?P<month>[01]?\d)(?:[/.](?P<year>20\d\d))?")
_ISO = re.compile(r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)")
_COMING = re.compile(rf"(?:this |on )?(?P<weekday>{_WEEKDAY})")
_WEEK = 7


def read_ahead(words: str, today: date) -> Span | None:
    """The days that WORDS name, as said TODAY; None when they name none, or not clearly.

    "3 to 10 March", "from tomorrow until Friday", "until 10 March", "next week", "on Monday", "2026-03-03 to 2026-03-10".
    """
    text = " ".join(words.casefold().replace(",", " ").strip(" .!").split())
    if text == "next week":
        monday = today + timedelta(_WEEK - today.weekday())
        return monday, monday + timedelta(_WEEK - 1)
    first, last = _ends(text)
    if first is None:
        return None
    ends = last if last is not None else first
    month = _month_of(ends)
    begin = _day(first, today, month) if first else today
    if begin is None:
        return None
    end = _day(ends, begin, None) if last is not None else begin
    return None if end is None or end < begin else (begin, end)


def _ends(text: str) -> tuple[str | None, str | None]:
    """What is said of the first and of the last day: the first is "" where it is now, the last None where it is the same."""
    whole = re.fullmatch(r"(?:until|till|to) (.+)", text)
    if whole is not None:
        return "", whole[1]
    text = re.sub(r"^(?:from|between|on) ", "", text)
    # The strokes of 2026-03-03 part no days.
    kept = _ISO.sub(lambda found: found[0].replace("-", "~"), text)
    parts = [part.replace("~", "-").strip() for part in _TO.split(kept)]
    match parts:
        case [only] if only:
            return only, None
        case [one, other] if one and other:
            return one, other
    return None, None


def _month_of(text: str) -> int | None:
    """The month that is said with the last day, and may be meant for the first as well."""
    found = _DAY.fullmatch(text) or _AMERICAN.fullmatch(text)
    return None if found is None or not found["month"] else _MONTHS[found["month"]]


def _day(text: str, after: date, month: int | None) -> date | None:
    """The day that TEXT names, the next one on or AFTER that; a number alone is of MONTH."""
    if text in ("today", "now"):
        return after
    if text == "tomorrow":
        return after + timedelta(1)
    for form, read in _FORMS:
        if (found := form.fullmatch(text)) is not None:
            return read(found, after, month)
    return None


def _written(found: Match[str], after: date, month: int | None) -> date | None:
    if found.groupdict().get("alone"):
        number = int(re.sub(r"\D", "", found["alone"]))
        return None if month is None else _next(number, month, None, after)
    return _next(int(found["day"]), _MONTHS[found["month"]], found["year"], after)


def _figures(found: Match[str], after: date, _: int | None) -> date | None:
    return _next(int(found["day"]), int(found["month"]), found["year"], after)


def _coming(found: Match[str], after: date, _: int | None) -> date | None:
    return after + timedelta((_WEEKDAYS[found["weekday"]] - after.weekday()) % _WEEK)


def _next(day: int, month: int, year: str | None, after: date) -> date | None:
    """That day, of the year that is said or of the next one in which it is still to come."""
    years = [int(year)] if year else [after.year, after.year + 1]
    days = [found for one in years if (found := _real(one, month, day)) is not None]
    return next((found for found in days if year or found >= after), None)


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None  # 31 June


_FORMS: tuple[tuple[re.Pattern[str], Callable[[Match[str], date, int | None], date | None]], ...] = (
    (_DAY, _written),
    (_AMERICAN, _written),
    (_FIGURES, _figures),
    (_ISO, _figures),
    (_COMING, _coming),
)
