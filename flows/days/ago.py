"""Reads how long ago it was: "about 3 weeks ago", "over the past few days". The vaguer the words, the wider the span."""

from __future__ import annotations

import re
from datetime import date, timedelta

from flows.days.almanac import counted_back

_ABOUT = r"(?P<about>(?:(?:about|nearly|almost|over|more than|like|maybe|probably|at least|some|literally|only|just) )*)"
_AMOUNT = r"(?P<amount>\d{1,3}(?: ?(?:-|/|to|or|and) ?\d{1,3})?|an?|(?:a )?couple(?: of)?|(?:a )?few|several)"
DAYS_AGO = rf"{_ABOUT}{_AMOUNT} (?P<unit>day|week|month|year)s?(?P<so> or so)? (?:ago|back)\b(?P<today> today)?"
THE_PAST_DAYS = (
    rf"(?:(?:for|over|in|within|during) )?(?:the )?(?:last|past) {_AMOUNT} (?P<unit>day|week|month|year)s\b(?! (?:of|before))"
    r"|(?:(?:for|over|in|within|during) the last|(?:over |in |for |during )?the past) (?P<one>day|week|month|year)\b"
    r"(?! (?:of|before))"
)
_MOMENT = re.compile(
    rf"\b(?:{_ABOUT}{_AMOUNT} (?P<unit>minute|hour)s?(?P<so> or so)? (?:ago|back)"
    r"|(?:in|within|over|during) the (?:last|past) (?P<past>\d{1,3} )?(?P<pastunit>minute|hour)s?"
    r"|(?P<now>just now|right now|(?:a )?(?:moment|second|sec)s? ago|happening now))\b"
)
_JUST_NOW = 60

_VAGUE = {"couple": (2, 3), "few": (3, 6), "several": (3, 8)}
_FEW_DAYS = 2
_MINUTES = {"minute": 1, "hour": 60}


def days_ago(match: re.Match[str], today: date) -> tuple[date, date] | None:
    """The days on which it may have been, told DAYS_AGO from TODAY."""
    low, high = _counts(match["amount"])
    first, last = (counted_back(count, match["unit"], today) for count in (high, low))
    if first is None or last is None:
        return None
    vague = bool(match["about"].strip() or match["so"] or high > low)
    slack = timedelta(days=0 if match["today"] else _slack(match["unit"], high, vague=vague))
    return first - slack, max(last, min(last + slack, today - timedelta(days=1)))


def past_days(match: re.Match[str], today: date) -> date | None:
    """The first of THE_PAST_DAYS until TODAY."""
    if match["one"]:
        return counted_back(1, match["one"], today)
    _, high = _counts(match["amount"])
    first = counted_back(high, match["unit"], today)
    return first - timedelta(days=_slack(match["unit"], high, vague=True)) if first and not match["amount"][0].isdigit() else first


def minutes_ago(text: str) -> tuple[tuple[int, int] | None, str]:
    """The longest and the shortest time ago, in minutes, that TEXT names, and TEXT without it."""
    match = _MOMENT.search(text)
    if match is None:
        return None, text
    left = f"{text[: match.start()]} ; {text[match.end() :]}"
    if match["now"]:
        return (_JUST_NOW, 0), left
    if match["pastunit"]:
        return (int(match["past"] or 1) * _MINUTES[match["pastunit"]], 0), left
    low, high = (count * _MINUTES[match["unit"]] for count in _counts(match["amount"]))
    slack = max(5, min(60, high // 2 if match["unit"] == "hour" else high // 4))
    if match["about"].strip() or match["so"]:
        slack = max(slack, min(60, high // 2))
    return (high + slack, max(0, low - slack)), left


def _counts(amount: str) -> tuple[int, int]:
    """How many that is, at least and at most."""
    numbers = sorted(int(number) for number in re.findall(r"\d+", amount))
    if numbers:
        return numbers[0], numbers[-1]
    return next((counts for word, counts in _VAGUE.items() if word in amount), (1, 1))


def _slack(unit: str, count: int, *, vague: bool) -> int:
    """By how many days people are out when they count back COUNT of UNIT."""
    match unit:
        case "day":
            return (0 if count <= _FEW_DAYS else max(1, count // 5)) + (1 if vague and count <= _FEW_DAYS else 0)
        case "week":
            return min(7, count) + vague
        case "month":
            return min(30, 7 * count) + 4 * vague
        case _:
            return 92
