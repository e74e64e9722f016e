"""Finds every day that plain words name, and says in which span of days it must have been; or that no day can be told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from re import Match

from flows.days import ago, months, weekdays
from flows.days.parts import DAY, FOLLOWED
from flows.days.span import Days, Rule, Unclear, one
from flows.days.spelling import MONTHS, WEEKDAYS
from flows.days.weekdays import WEEKDAY

_MONTH = f"(?P<month>{'|'.join(MONTHS)})"
# The others are people's names, verbs and adjectives too, and need a word before them that is said of months.
_SURE_MONTH = (
    f"(?P<month>{'|'.join(name for name in MONTHS if name not in {'january', 'march', 'april', 'may', 'june', 'august'})})"
)
_BEFORE_MONTHS = ("in", "since", "during", "until", f"{DAY} or", f"{DAY} and", f"{DAY} to")
_OF_TIME = "(?:" + "|".join(rf"(?<=\b{word} )" for word in _BEFORE_MONTHS) + ")"
_THIRD = r"(?P<part>early|late|mid|(?:the )?(?:middle|start|beginning|end) of)[ -]"
_PART = rf"(?:{_THIRD})?"
_NTH = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_BESIDE = rf"(?:{WEEKDAY}(?: the| ;)? )?"
# "She got 7/10", "3/4 of the class", "year 5/6": a fraction is a date at the beginning, or where such a word leads to it.
_LEADING = ("on", "since", "from", "until", "the", "and", "or", "to", "between", "about", ";", "^it was")
_LED = "(?:^|(?<=day )|" + "|".join(f"(?<={word} )" for word in _LEADING) + ")"
_MAY_NOT_BE = rf"(?:(?<!\bmay)(?<!\bmarch)|(?=,? 20\d\d)|{FOLLOWED})"
_YEAR = r"(?:,? (?P<year>20\d\d|\d\d(?=$| ?[;,])))?"
_FULL_YEAR = r"(?: (?P<year>20\d\d)\b)?"
_TERM = r"(?:half ?-? ?terms?|terms?|hols|holidays?|easter|christmas|xmas|summer|inset|ramadan|eid|diwali)"

# Days of which nobody here knows when they were, and dates that say something else: a week, a child's age.
_HANGING = re.compile(
    rf"\b(?:before|after|since|until|of|from|first|last|start|end|beginning)(?: \w+){{0,3}} {_TERM}\b"
    r"|\bweek (?:commencing|beginning|starting|ending|of (?:the )?\d)|\bw ?/ ?[ce]\b|\b(?:born|dob|date of birth)\b"
    rf"|\bbank holiday|\b(?:good|black) friday\b|\b(?:easter|shrove|ash|palm|mothering) {WEEKDAY}\b"
)
_EVERY_ONE = "|".join(f"{name}s" for name in WEEKDAYS)
_REPEATED = re.compile(
    r"\b(?:every|each|most|some|all)(?: other| single| of the)? (?:day|night|morning|evening|afternoon|week|weekend|month|"
    rf"lunch(?: time)?|play(?: time)?|break(?: time)?|time|year|{WEEKDAY})s?\b|\b(?:{_EVERY_ONE})\b"
)
_TO_COME = re.compile(
    rf"\b(?:tomorrow|later (?:today|on)|(?<!the )next (?:week(?:end)?|month|term|year|time|{WEEKDAY}|{'|'.join(MONTHS)}))\b"
)
# "12-14 November": the month is said of both.
_PAIR = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ?(-|to|until|and|or) ?(\d{{1,2}}(?:st|nd|rd|th)?) (?:of )?({'|'.join(MONTHS)})\b( 20\d\d)?"
)
_OPEN_START = re.compile(rf"\b(?:since(?: [a-z]+){{0,6}}|from(?: the| about| last)*) {DAY}\b(?! ?(?:to|until|-) )")
_DOUBTED = re.compile(
    rf"\b(?:before|after|until|up to|by|not|wasnt|isnt|never|(?:may|might|could)(?: well)? (?:have |of )?(?:been|be))"
    rf"(?: it| was| on| the| last| about)* {DAY}\b"
)


def _back(first: int, last: int) -> Rule:
    return lambda _, today: Days(today - timedelta(days=first), today - timedelta(days=last))


def _ago(match: Match[str], today: date) -> Days:
    days = ago.days_ago(match, today)
    if days is None:
        raise Unclear
    return Days(*days)


def _past(match: Match[str], today: date) -> Days:
    return Days(one(ago.past_days(match, today)).first, today, on_and_on=True)


# In this order: what was found is taken out of the text, so that "last week on Tuesday" is not read as "Tuesday" as well.
_RULES: tuple[tuple[re.Pattern[str], Rule], ...] = tuple(
    (re.compile(rf"\b(?:{words})"), rule)
    for words, rule in (
        (rf"(?:a|1) week (?:ago )?(?:last |on |from |this )?{WEEKDAY}(?: gone)?\b", weekdays.week_before_last),
        (rf"(?:the )?{WEEKDAY} before last\b", weekdays.week_before_last),
        (ago.DAYS_AGO, _ago),
        (ago.THE_PAST_DAYS, _past),
        (r"(?:the )?day before yesterday\b", _back(2, 2)),
        (r"the other (?:day|(?=night|morning|afternoon|evening))\b", _back(10, 1)),
        (r"the other week\b", _back(28, 5)),
        (rf"(?:in )?last week(?: on| ;)? {WEEKDAY}\b", weekdays.of_last_week),
        (rf"{WEEKDAY}(?: in| of| ;)? last week\b", weekdays.of_last_week),
        (rf"{_BESIDE}(?P<year>20\d\d)[-/.](?P<month>[01]?\d)[-/.](?P<day>[0-3]?\d)\b", months.written),
        (rf"{_BESIDE}(?P<day>[0-3]?\d)[-/.](?P<month>[01]?\d)[-/.](?P<year>20\d\d|\d\d)\b(?![-/.:]\d)", months.written),
        (
            rf"(?!24/7\b){_LED}{_BESIDE}(?P<day>[0-3]?\d)/(?P<month>[01]?\d){FOLLOWED}",
            months.written,
        ),
        (rf"{_BESIDE}(?:the )?{_NTH}(?: of)?(?: the)? {_MONTH}\b{_MAY_NOT_BE}{_YEAR}", months.written),
        (rf"{_BESIDE}{_MONTH} (?:the )?{_NTH},? (?P<year>20\d\d)\b", months.written),
        (rf"{_BESIDE}{_MONTH} (?:the )?{_NTH}(?!\d){FOLLOWED}", months.written),
        (rf"{WEEKDAY} (?:the )?(?P<day>[0-3]?\d)(?:st|nd|rd|th){FOLLOWED}", months.nth),
        (rf"the (?P<day>[0-3]?\d)(?:st|nd|rd|th){FOLLOWED}", months.nth),
        (r"(?:the )?week before last\b", weekdays.week(2)),
        (r"(?:the )?weekend before last\b", weekdays.weekend(2)),
        (r"last weekend\b", weekdays.weekend(1)),
        (r"(?:(?:at|on|over|during|this) )?(?:the |this )?weekend\b", weekdays.weekend(0)),
        (r"last week\b", weekdays.week(1)),
        (r"(?:this|(?:earlier|early|beginning|start) (?:in|of) the) week\b", weekdays.week(0)),
        (r"last month\b", months.calendar_month(1)),
        (r"this month\b", months.calendar_month(0)),
        (r"last year\b(?! \d)", months.last_year),
        (r"this year\b(?! \d)", months.this_year),
        (rf"last {WEEKDAY}\b", weekdays.last),
        (rf"(?P<this>this )?{WEEKDAY}(?: just gone| gone)?\b", weekdays.plain),
        (r"yesterday\b", _back(1, 1)),
        (r"(?:earlier )?today\b", _back(0, 0)),
        (rf"(?P<part>)(?P<last>){_MONTH}(?P<year>)(?= ?(?:or|and|to|until|-) (?:{'|'.join(MONTHS)})\b)", months.of_the_year),
        (rf"{_PART}(?P<last>last )?{_SURE_MONTH}\b{_FULL_YEAR}", months.of_the_year),
        (rf"{_OF_TIME}(?:the )?{_PART}(?P<last>last )?{_MONTH}\b{_FULL_YEAR}", months.of_the_year),
        (rf"{_THIRD}(?P<last>last )?{_MONTH}\b{_FULL_YEAR}", months.of_the_year),
        (rf"(?P<part>)(?P<last>last ){_MONTH}\b{_FULL_YEAR}", months.of_the_year),
        (rf"(?P<part>)(?P<last>){_MONTH} (?P<year>20\d\d)\b", months.of_the_year),
        (r"^(?P<part>)(?P<last>)(?P<month>january|april|june|august)(?P<year>)$", months.of_the_year),
        (rf"(?:{_OF_TIME}|(?<=\bfrom ))(?P<year>20\d\d)\b(?! \w+s\b)", months.year),
    )
)


@dataclass(frozen=True, slots=True)
class Named:
    """What was found: the days, the text with a mark in their place, and what a part of the day in it can be said of."""

    days: Days | None
    text: str
    several: bool  # more than one day is named: a part of the day may be of any of them
    elsewhere: bool  # a part of the day may be of another day that is spoken of: one to come, or every one


def days_named(text: str, today: date) -> Named:
    """The days TEXT names; Unclear when it names one that cannot be told."""
    if _HANGING.search(text):
        raise Unclear
    text, repeated = _REPEATED.subn(" ", text)
    text, to_come = _TO_COME.subn(" ", text)
    text = _PAIR.sub(r"\1 \4\5 \2 \3 \4\5", text)
    found: list[Days] = []
    for words, rule in _RULES:
        text = " ".join(words.sub(partial(_marked, rule, today, found), text).split())
    if _DOUBTED.search(re.sub(rf"{DAY} until {DAY}", DAY, text)):
        raise Unclear
    if not found:
        return Named(None, text, several=False, elsewhere=bool(to_come or repeated))
    ongoing = any(days.on_and_on for days in found) or bool(_OPEN_START.search(text))
    first, last = min(days.first for days in found), max(days.last for days in found)
    days = Days(first, today if ongoing else last, ongoing, all(days.again for days in found))
    return Named(days, text, several=len(set(found)) > 1, elsewhere=bool(to_come))


def _marked(rule: Rule, today: date, found: list[Days], match: Match[str]) -> str:
    days = rule(match, today)
    if days is None:
        return match.group()
    found.append(days)
    return f" {DAY} "
