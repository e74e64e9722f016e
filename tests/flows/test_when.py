"""When something was, told in plain words: the span is honest, it is past, and no day is made up."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.days.parts import _PARTS
from flows.days.spelling import LONGEST, MONTHS, WEEKDAYS
from flows.when import When, read

LONDON = ZoneInfo("Europe/London")
WEDNESDAY = datetime(2026, 11, 18, 16, 20, tzinfo=LONDON)
SATURDAY = datetime(2026, 11, 21, 10, 40, tzinfo=LONDON)
PHRASES = [
    tuple(part.strip() for part in line.split("|"))
    for line in (Path(__file__).parent / "when.txt").read_text().splitlines()
    if "|" in line and not line.startswith("#")
]


def span(words: str, now: datetime) -> tuple[str, str] | None:
    """What `read` makes of WORDS, for comparing."""
    when = read(words, now)
    if when.earliest is None or when.latest is None:
        return None
    return f"{when.earliest:%Y-%m-%d %H:%M}", f"{when.latest:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize("row", PHRASES, ids=lambda row: row[0])
def test_what_people_type_is_read_as_they_mean_it(row):
    """`when.txt` is the specification: words, and the span they leave open; a dash where naming a day would be guessing."""
    words, *told = row
    if told == ["-"]:
        assert span(words, WEDNESDAY) is None
    else:
        first, last = told
        assert span(words, WEDNESDAY) == (first if " " in first else f"{first} 00:00", last if " " in last else f"{last} 23:59")


def test_there_are_enough_phrases_of_both_kinds():
    """An empty table would pass: at least 120 phrases have a date, and 40 have none."""
    assert sum(row[1] != "-" for row in PHRASES) >= 120
    assert sum(row[1] == "-" for row in PHRASES) >= 40


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("yesterday after lunch", "Friday 20 November 2026, between 12:00 and 17:00 (“yesterday after lunch”)"),
        ("yesterday", "Friday 20 November 2026 (“yesterday”)"),
        ("yesterday at 4pm", "Friday 20 November 2026, at 16:00 (“yesterday at 4pm”)"),
        ("today", "Saturday 21 November 2026, before 10:40 (“today”)"),
        ("about 3 weeks ago", "between 27 October and 4 November 2026 (“about 3 weeks ago”)"),
        ("last night", "between 18:00 on Friday 20 November and 06:00 on Saturday 21 November 2026 (“last night”)"),
        ("over xmas, 24 Dec to 2 Jan", "between 24 December 2025 and 2 January 2026 (“over xmas, 24 Dec to 2 Jan”)"),
        ("since Monday", "between 16 November and 21 November 2026 (“since Monday”)"),
        ("dunno", "dunno"),
    ],
)
def test_it_is_shown_with_the_words_it_was_read_from(words, shown):
    """Whoever sends the report, and whoever gets it, sees what was understood and what was said."""
    assert read(words, SATURDAY).shown() == shown


@pytest.mark.parametrize(
    ("words", "now", "told"),
    [
        # At the weekend nobody was at playtime.
        ("playtime", SATURDAY, None),
        ("at the weekend", SATURDAY, ("2026-11-21 00:00", "2026-11-21 10:40")),
        ("last weekend", SATURDAY, ("2026-11-14 00:00", "2026-11-15 23:59")),
        # Not yet: it is twenty to eleven.
        ("this afternoon", SATURDAY, None),
        ("saturday night", SATURDAY, ("2026-11-14 18:00", "2026-11-15 06:00")),
        ("saturday morning", SATURDAY, ("2026-11-21 05:00", "2026-11-21 10:40")),
        # The first of January: yesterday, last month and the latest December lie in the year before.
        ("yesterday", datetime(2027, 1, 1, 9, 0, tzinfo=LONDON), ("2026-12-31 00:00", "2026-12-31 23:59")),
        ("last month", datetime(2027, 1, 1, 9, 0, tzinfo=LONDON), ("2026-12-01 00:00", "2026-12-31 23:59")),
        ("12 dec", datetime(2027, 1, 1, 9, 0, tzinfo=LONDON), ("2026-12-12 00:00", "2026-12-12 23:59")),
        ("sun 9am", datetime(2025, 1, 1, 9, 0, tzinfo=LONDON), ("2024-12-29 09:00", "2024-12-29 09:00")),
        ("the 31st", datetime(2026, 3, 1, 9, 0, tzinfo=LONDON), ("2026-01-31 00:00", "2026-01-31 23:59")),
        # The slip of a finger is no day of last year, and a leap day is found in its year.
        ("3 jan", datetime(2027, 1, 1, 9, 0, tzinfo=LONDON), None),
        ("29 feb", datetime(2026, 3, 1, 9, 0, tzinfo=LONDON), ("2024-02-29 00:00", "2024-02-29 23:59")),
        ("a month ago", datetime(2026, 3, 31, 9, 0, tzinfo=LONDON), ("2026-02-21 00:00", "2026-03-07 23:59")),
        # Before dawn, last night is still going on.
        ("last night", datetime(2026, 11, 18, 2, 0, tzinfo=LONDON), ("2026-11-17 18:00", "2026-11-18 02:00")),
    ],
)
def test_the_same_words_mean_something_else_on_another_day(words, now, told):
    """Weekends, new year, short months and the small hours."""
    assert span(words, now) == told


def test_what_a_sentence_says_of_other_things_does_not_narrow_the_time():
    """An hour is only believed beside the day it is said of: a span that is too narrow would be wrong, a wide one is not."""
    whole = ("2026-11-17 00:00", "2026-11-17 23:59")
    assert span("yesterday, and he wants to meet her tomorrow after school", WEDNESDAY) == whole
    assert span("yesterday he said to a friend of hers that he would wait after school", WEDNESDAY) == whole
    assert span("on the bus home from school yesterday", WEDNESDAY) == whole
    assert span("monday lunch and then tuesday morning", WEDNESDAY) == ("2026-11-16 00:00", "2026-11-17 23:59")


@pytest.mark.parametrize(
    "words", ["she was born 12/11/2014", "week commencing 9th november", "tuesday 12 november", "this saturday"]
)
def test_a_date_that_is_not_the_day_is_not_taken_for_it(words):
    """A birthday, a week, a weekday that is not that date's, a day to come: their words only."""
    assert span(words, WEDNESDAY) is None


def test_an_hour_that_the_clock_shows_twice_or_never_is_kept_whole():
    """When the clocks go back, both hours are in the span; when they go forward, it does not end before it begins."""
    back = read("last night at 1.30am", datetime(2026, 10, 25, 9, 0, tzinfo=LONDON))
    assert back.earliest is not None
    assert back.latest is not None
    assert back.latest - back.earliest == timedelta(hours=1)
    forward = read("last night at 1.30am", datetime(2026, 3, 29, 9, 0, tzinfo=LONDON))
    assert forward.earliest is not None
    assert forward.latest is not None
    assert forward.earliest <= forward.latest
    an_hour = read("20 mins ago", datetime(2026, 10, 25, 1, 10, tzinfo=LONDON, fold=1))
    assert an_hour.earliest is not None
    assert an_hour.earliest.astimezone(UTC) == datetime(2026, 10, 25, 0, 45, tzinfo=UTC)


# Whatever may meet: words of time, numbers, joining words and marks, and what anybody else may type.
PIECES = st.sampled_from(
    [
        *(*WEEKDAYS, *MONTHS, *(words.pattern for words, _ in _PARTS), "last", "this", "since", "from", "to", "ago", "days"),
        *("12", "3", "31st", "99", "2026", "0", "00", "12/11", "31/02/26", "4pm", "at", "half past", "week", "before", "the"),
        *("last year", "hours", "DAY", ":", "-", "/", ",", "between", "and", "yesterday", "1 week", "other night", "may be"),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=14).map(" ".join))
NOWS = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001  # hypothesis adds the zones
    datetime(2100, 1, 1),  # noqa: DTZ001  # the same
    timezones=st.sampled_from([LONDON, ZoneInfo("Pacific/Apia"), UTC]),
)


@given(TEXTS, NOWS)
@example("12 hours ago", datetime(2026, 10, 25, 1, 59, tzinfo=LONDON, fold=1))
@example("00 00 00/00", WEDNESDAY)
@example("² january ٣/٤ half past 12", WEDNESDAY)
def test_whatever_is_typed_is_kept_and_never_later_than_now(words, now):
    """Nothing raises, the words stay, the span is in order and past, it survives being kept, and it is the same each time."""
    when = read(words, now)
    assert when.words == words
    if when.earliest is not None:
        assert when.latest is not None
        assert when.earliest <= when.latest <= now
    assert When.from_json(when.to_json()) == when == read(words, now)
    assert words in when.shown()


@pytest.mark.parametrize(
    "kept",
    [
        None,
        "yesterday",
        [],
        {},
        {"words": 1},
        {"words": "secret", "more": "y"},
        {"words": "secret", "earliest": "2026-11-17T00:00:00+00:00"},
        {"words": "secret", "earliest": "2026-11-17T00:00:00", "latest": "2026-11-17T00:00:00"},
        {"words": "secret", "earliest": "2026-11-18T00:00:00+00:00", "latest": "2026-11-17T00:00:00+00:00"},
        {"words": "secret", "earliest": "secret", "latest": "2026-11-17T00:00:00+00:00"},
        {"words": "secret", "earliest": "2026-11-17", "latest": "2026-11-18"},
        {"words": "secret", "earliest": None, "latest": None},
    ],
)
def test_what_was_not_kept_by_us_is_refused_without_repeating_it(kept):
    """A kept answer that is odd is told so, and what it holds stays out of the message and out of the repr."""
    with pytest.raises(ValueError, match=r"When it was|span|moment") as refused:
        When.from_json(kept)
    assert "secret" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    assert "secret" not in repr(When("secret"))


@pytest.mark.parametrize(
    "piece", ["1/", "12 ", "november ", "last ", "a", "?", "since the ", "monday 12 ", " ", "half past ", "ﷺ", "1:1."]
)
def test_a_very_long_answer_takes_no_longer(piece):
    """Only the beginning is read: an answer as long as answers may be takes less than a quarter of a second of one core."""
    words = (piece * 4000)[:4000]
    read(words, WEDNESDAY)  # the library is loaded
    started = time.thread_time()
    assert read(words, WEDNESDAY).words == words
    assert time.thread_time() - started < 0.25
    assert len(words) > LONGEST


def test_many_at_once_read_what_each_would_alone():
    """Conversations are decided in threads: none gets another's date."""
    nows = [WEDNESDAY - timedelta(days=7 * back) for back in range(12)]
    asked = [(words, now) for now in nows for words in ("12 nov", "3 weeks ago", "5/9", "last tuesday", "september")]
    with ThreadPoolExecutor(8) as several:
        together = list(several.map(lambda one: read(*one), asked * 3))
    assert together == [read(*one) for one in asked] * 3


def test_the_machine_has_no_say_and_the_library_waits_until_a_date_is_written():
    """The zone of the machine changes nothing, and what is costly to load is not loaded for "yesterday"."""
    program = (
        "import sys; from datetime import datetime; from zoneinfo import ZoneInfo; from flows.when import read\n"
        "now = datetime(2026, 11, 18, 16, 20, tzinfo=ZoneInfo('Europe/London'))\n"
        "read('yesterday after lunch', now); assert 'dateparser' not in sys.modules\n"
        "print(read('12 nov about 4pm', now).to_json(), read('2 weeks ago', now).to_json())"
    )
    said = {
        subprocess.run([sys.executable, "-c", program], env={"TZ": zone}, capture_output=True, text=True, check=True).stdout
        for zone in ("UTC", "Pacific/Kiritimati")
    }
    assert len(said) == 1
    assert "2026-11-12T15:30:00+00:00" in said.pop()


def test_a_moment_without_its_zone_is_refused():
    """Nobody could tell when it is."""
    with pytest.raises(ValueError, match="time zone"):
        read("yesterday", datetime(2026, 11, 18))  # noqa: DTZ001  # the point of the test
