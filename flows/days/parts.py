"""Finds the part of the day, or the time by the clock, in plain words: "after lunch", "about 4pm", "half past 3"."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Stands in the text for a day that was found there; people's words are in lower case by then.
DAY = "DAY"

# What may come after a number that is a date or an hour. After any other word it counted something: "3 boys", "2nd time".
FOLLOWED = (
    r"(?=$| ?[;,\-]| (?:a[mnst]|about|after|and|at|because|before|but|by|during|each|every|from|gone|he|his|i|im|in|is|it|its|last|"
    r"my|noon|on|or|she|so|somebody|someone|something|the[nrey]*|this|to|until|was|we|were|when|where|while|who|with|yesterday|"
    r"midnight|mornings?|afternoons?|evenings?|nights?|lunch|break|play|ish|DAY)\b)"
)

HOUR = 60
NOON = 12 * HOUR
LAST_MINUTE = 24 * HOUR - 1
# "About four" is said of half past three as well.
ABOUT = 30


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a day, in minutes after its midnight; a night goes on into the next day. `school`: only where children are."""

    first: int
    last: int
    school: bool = False


def _hours(first: float, last: float) -> Part:
    return Part(int(first * HOUR), int(last * HOUR))


def _school(first: float, last: float) -> Part:
    return Part(int(first * HOUR), int(last * HOUR), school=True)


_AT = "(?:at|about|over|during|in|DAY)(?: the| his| her| their| our| my| school| morning)? "
# Wide on purpose: no two schools ring at the same time. What stands first is looked for first.
_PARTS = tuple(
    (re.compile(rf"\b(?:{words})\b"), part)
    for words, part in (
        ("before school", _school(7, 9)),
        ("after school(?: club)?", _school(15, 18)),
        ("home time|(?:at |DAY )pick ?up(?: time)?", _school(14.5, 16)),
        ("(?:during|in) (?:school|lessons?|class)(?: time| hours)?", _school(8.5, 15.5)),
        ("before (?:lunch|dinner)(?: time)?", _school(8.5, 13)),
        ("after (?:lunch|dinner)(?: time)?", _school(12, 17)),
        ("before (?:break|play)(?: time)?", _school(8.5, 11.5)),
        ("after (?:break|play)(?: time)?", _school(10, 15)),
        (f"lunch time|{_AT}lunch(?: break)?", _school(11.5, 13.5)),
        # Infants have one in the afternoon as well.
        (f"play time|{_AT}play", _school(10, 14.5)),
        (f"break time|{_AT}break", _school(10, 11.5)),
        # Dinner is at noon for some and in the evening for others.
        ("dinner time", _hours(11.5, 20)),
        ("tea time", _hours(16, 19)),
        ("bed time", _hours(18, 23)),
        ("(?:early|small) hours", _hours(0, 6)),
        # "Friday midnight" is where Friday begins, or where it ends.
        ("midnight(?= .*night)|(?<=night )midnight|(?<=night at )midnight|(?<=night about )midnight", _hours(22.5, 25.5)),
        ("midnight", _hours(0, 25.5)),
        ("mornings?", _hours(5, 12)),
        ("afternoons?", _hours(12, 18)),
        ("evenings?", Part(17 * HOUR, LAST_MINUTE)),
        ("nights?", _hours(18, 30)),
    )
)

_CLOCK = re.compile(
    r"(?:\b(?P<lead>just after|just before|at about|after|before|about|nearly|almost|gone|like|at|by|between|from) )?"
    r"(?:\b(?P<side>half past|half|quarter past|quarter to|\d{1,2} (?:minutes )?(?:past|to)) (?P<beside>1[0-2]|[1-9])(?!\d)"
    r"|(?<![\d/.:])(?P<hour>2[0-3]|[01]?\d)(?:[:.](?P<minute>[0-5]\d))?(?![\d/:]|\.\d)"
    r"|\b(?P<noon>noon)\b)"
    rf"(?: ?(?P<ish>ish)\b)?(?: ?(?P<half>am|pm|oclock)\b)?(?P<followed>{FOLLOWED})?"
)
_ABOUT = frozenset({"just after", "just before", "at about", "about", "nearly", "almost", "gone", "like"})
_OTHER_END = re.compile(r"(?:between|from)? ?(\d{1,2}) ?(?:-|to|and|or) ?(?=\d{1,2}(?:[:.]\d\d)? ?(?:am|pm)\b)")

_BETWEEN = re.compile(rf"\b((?:between|from) \d{{1,2}}(?:[:.]\d\d)?) ?(?:-|to|and) ?(\d{{1,2}}(?:[:.]\d\d)?){FOLLOWED}")

# "He said yesterday that he would wait for her at the gate after school": further away it is said of something else.
_BESIDE_A_DAY = re.compile(rf"(?:[^ ]+ ){{0,5}}{DAY}(?: [^ ]+){{0,6}}")

# By themselves these say that it was today; "in the evening" by itself may be any evening.
_FILLING = re.compile(
    r"\b(?:it|was|happened|i|think|just|straight|right|some|sometime|time|during|at|in|the|over|about|this)\b|[;,\s-]"
)


def part_named(text: str, *, day_known: bool) -> Part | None:
    """The part of the day that TEXT names beside a day; with no day known, only a TEXT that says nothing else counts."""
    if day_known:
        text = " ".join(_BESIDE_A_DAY.findall(text))
    named, left = _named(text)
    clock, left = _by_the_clock(left, named, day_known=day_known)
    found = clock or named
    if day_known or found is None:
        return found
    return found if not _FILLING.sub("", left) and (clock or found.school) else None


def _named(text: str) -> tuple[Part | None, str]:
    """The stretch that all parts of the day named in TEXT have in common, or that they span when they share none; and the rest."""
    found: Part | None = None
    for words, part in _PARTS:
        if words.search(text):
            text = words.sub(DAY if DAY in text else " ", text)
            found = part if found is None else _both(found, part)
    return found, text


def _both(one: Part, other: Part) -> Part:
    first, last = max(one.first, other.first), min(one.last, other.last)
    if first >= last:
        first, last = min(one.first, other.first), max(one.last, other.last)
    return Part(first, last, one.school or other.school)


def _by_the_clock(text: str, within: Part | None, *, day_known: bool) -> tuple[Part | None, str]:
    # "Between 3 and 4pm": the second half of the pair says it for both.
    half = re.search(r"\d ?(am|pm)\b", text)
    paired = _OTHER_END.sub(rf"\1{half.group(1)} ; ", text) if half else _BETWEEN.sub(r"\1 ; at \2", text)
    spans = [_span(clock, within) for clock in _CLOCK.finditer(paired) if _is_clock(clock, day_known=day_known)]
    if not spans:
        return None, text
    found = Part(min(part.first for part in spans), max(part.last for part in spans))
    return found, _CLOCK.sub(lambda one: " " if _is_clock(one, day_known=day_known) else one.group(), paired)


def _is_clock(found: re.Match[str], *, day_known: bool) -> bool:
    if found["noon"] or found["half"]:
        return bool(found["noon"]) or int(found["hour"] or found["beside"]) <= NOON // HOUR or found["half"] != "oclock"
    if found["minute"]:
        return len(found["minute"]) == 2 and found["followed"] is not None
    return found["followed"] is not None and day_known and bool(found["side"] or found["ish"] or found["lead"])


def _span(found: re.Match[str], within: Part | None) -> Part:
    moments = _readings(found, within)
    first, last = min(moments), max(moments)
    if found["lead"] in _ABOUT or found["ish"]:
        return Part(max(0, first - ABOUT), last + ABOUT)
    if found["lead"] == "after":
        return Part(first, max(last, within.last if within else LAST_MINUTE))
    if found["lead"] == "before":
        return Part(min(first, within.first if within else 0), last)
    return Part(first, last)


def _readings(found: re.Match[str], within: Part | None) -> list[int]:
    """Every minute of the day that was perhaps meant: without "am" or "pm", "at 8" is said of both, and "at 3" of the afternoon."""
    if found["noon"]:
        return [NOON]
    hour, minute = int(found["hour"] or found["beside"]), int(found["minute"] or 0)
    if side := found["side"]:
        past = 30 if side.startswith("half") else 15 if side.startswith("quarter") else int(side.split()[0])
        minute = past if not side.endswith("to") else -past
    if hour > 12 or hour == 0:
        readings = [hour * HOUR + minute]
    else:
        early = hour % 12 * HOUR + minute
        readings = {"am": [early], "pm": [early + NOON]}.get(found["half"] or "", [early, early + NOON])
    if within:
        # A night goes on after midnight.
        fitting = [
            moment for moment in (*readings, *(moment + 24 * HOUR for moment in readings)) if within.first <= moment <= within.last
        ]
        readings = fitting or readings
    elif len(readings) > 1 and (hour < 7 or hour == 12):
        readings = readings[1:]
    return readings
