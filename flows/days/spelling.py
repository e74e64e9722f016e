"""Puts what people type about days and hours into one spelling: "yest aft", "2nite", "wensday" become plain words."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz import fuzz, process

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

# An answer to "When was it, roughly?" says it early on or not at all, and reading must take a bounded time.
LONGEST = 400

# In a shorter word a slip makes another word.
_LONG_ENOUGH = 6
_ALIKE = 85
_OFTEN_MISTYPED = (
    *WEEKDAYS,
    "yesterday",
    "weekend",
    "morning",
    "afternoon",
    "evening",
    "september",
    "october",
    "november",
    "december",
)
# As alike, and right as they are.
_NO_SLIP = frozenset({*(f"{word}s" for word in _OFTEN_MISTYPED), "weekday", "weekdays", "moaning", "mourning"})

_SPELLED = {
    short: word
    for word, shorts in {
        "monday": "mon",
        "tuesday": "tue tues",
        "wednesday": "weds wendsday",
        "thursday": "thu thur thurs",
        "friday": "fri",
        "february": "feb",
        "july": "jul",
        "august": "aug",
        "september": "sep sept",
        "october": "oct",
        "november": "nov",
        "december": "dec",
        "yesterday": "yest yday ystd ystrdy",
        "today": "2day",
        "tonight": "2night 2nite tonite",
        "tomorrow": "2moro 2morrow tmrw tmr tomoz tomorow tommorow tommorrow",
        "night": "nite",
        "nights": "nites",
        "morning": "morn mornin",
        "afternoon": "aft arvo",
        "evening": "eve",
        "weekend": "wkend wknd",
        "week": "wk",
        "weeks": "wks",
        "hour": "hr",
        "hours": "hrs",
        "minute": "min",
        "minutes": "mins",
        "month": "mth",
        "months": "mths",
        "year": "yr",
        "years": "yrs",
        "about": "around roughly approx approximately circa abt",
        "until": "til till",
        "play time": "playtime",
        "break time": "breaktime",
        "lunch time": "lunchtime",
        "home time": "hometime",
        "tea time": "teatime",
        "dinner time": "dinnertime",
        "bed time": "bedtime",
        "noon": "midday",
    }.items()
    for short in shorts.split()
} | {word: str(number) for number, word in enumerate(_NUMBERS, 1)}

# These are other words as well ("he sat", "in the sun", somebody called Jan): they count beside a word only said of time.
_SHARED = {"sat": "saturday", "sun": "sunday", "wed": "wednesday"}
_SHARED_MONTHS = {"jan": "january", "mar": "march", "apr": "april", "jun": "june"}
_DAY_BEFORE = re.compile(r"(?:\b(?:on|last|this|since|from|until|every|next)|day (?:and|or|to)|day ?/) ?$")
_DAY_AFTER = re.compile(r" (?:morning|afternoon|evening|night|lunch|just gone|\d{1,2}(?:st|nd|rd|th|am|pm|[.:]\d\d))\b")
_MONTH_BEFORE = re.compile(r"(?:\b(?:in|since|last|of|early|mid|late|from|until)|\d(?:st|nd|rd|th)?) $")
_MONTH_AFTER = re.compile(r" \d")

_REWRITES = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), plainly)
    for pattern, plainly in (
        ("(?:christmas|xmas) day", "25 december"),
        ("(?:christmas|xmas) evening", "24 december"),
        ("boxing day", "26 december"),
        ("new years? evening", "31 december"),
        ("new years? day", "1 january"),
        ("valentines?(?: day)?", "14 february"),
        ("halloween", "31 october"),
        ("(?:bonfire|guy fawkes|fireworks) night", "5 november night"),
        ("all (week(?:end)?)", r"this \1"),
        ("(?:the )?(night|evening) before last", r"2 days ago \1"),
        ("nights ago", "days ago night"),
        ("last (night|evening)", r"yesterday \1"),
        ("tonight", "today night"),
        ("overnight", "night"),
        ("this (morning|afternoon|evening|lunch|break|play)", r"today \1"),
        (r"(\d) in the morning", r"\1am"),
        (r"(\d) in the (?:afternoon|evening)", r"\1pm"),
        ("half (?:an|1|a) hour", "30 minutes"),
        ("(?:an?|1) hour and a half|1 and a half hours", "90 minutes"),
        ("(?:an?|1) week and a half|1 and a half weeks", "10 days"),
        ("(?:an?|1) year and a half|1 and a half years", "18 months"),
        ("half a year", "6 months"),
        ("(?:an?|1) fortnight|fortnight", "2 weeks"),
    )
)


def plain(words: str) -> str:
    """WORDS in lower case and one spelling, marks other than those of dates and clocks standing by themselves as ";"."""
    text = unicodedata.normalize("NFKD", words[:LONGEST]).casefold()[: 2 * LONGEST]
    text = "".join(mark for mark in text if not unicodedata.combining(mark))
    text = re.sub(r"['’‘`](?:s\b)?", "", re.sub("[‐-―]", "-", text))
    text = re.sub(r"[^a-z0-9/.:,@\s-]", " ; ", text).replace("@", " at ")
    text = re.sub(r"(\d)t(\d\d:)", r"\1 \2", text)
    text = re.sub(r"[a-z0-9]+", _one_spelling, text)
    text = " ".join(re.sub(r"(?<!\d)[.,:](?!\d)|(?<=\d)[.,:](?!\d)|(?<!\d)[.,:](?=\d)", " ; ", text).split())
    text = _shared(_shared(text, _SHARED, _DAY_BEFORE, _DAY_AFTER), _SHARED_MONTHS, _MONTH_BEFORE, _MONTH_AFTER)
    for pattern, plainly in _REWRITES:
        text = pattern.sub(plainly, text)
    return text


def _one_spelling(found: re.Match[str]) -> str:
    word = found.group()
    if word in _SPELLED or len(word) < _LONG_ENOUGH or word in _NO_SLIP or not word.isalpha():
        return _SPELLED.get(word, word)
    likeness = process.extractOne(word, _OFTEN_MISTYPED, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return likeness[0] if likeness else word


def _shared(text: str, words: dict[str, str], before: re.Pattern[str], after: re.Pattern[str]) -> str:
    def whole(found: re.Match[str]) -> str:
        # "Sun" by itself may be the weather; "sat" and "wed" by themselves answer nothing else.
        alone = text == found.group() != "sun"
        said_of_time = before.search(text, 0, found.start()) or after.match(text, found.end())
        return words[found.group()] if alone or said_of_time else found.group()

    return re.sub(rf"\b(?:{'|'.join(words)})\b", whole, text)
