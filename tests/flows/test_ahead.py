"""From which day to which somebody says that they will be away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.days.ahead import read_ahead

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("from 3 to 10 March", "2027-03-03", "2027-03-10"),
        ("3-10 March", "2027-03-03", "2027-03-10"),
        ("3 – 10 March", "2027-03-03", "2027-03-10"),
        ("from the 3rd to the 10th of December", "2026-12-03", "2026-12-10"),
        ("between 3 and 5 December", "2026-12-03", "2026-12-05"),
        ("Dec 3 to Dec 10", "2026-12-03", "2026-12-10"),
        ("from 28 December to 3 January", "2026-12-28", "2027-01-03"),
        ("from 28 December 2026 until 3 January 2027.", "2026-12-28", "2027-01-03"),
        ("until 10 December", "2026-11-23", "2026-12-10"),
        ("till Friday", "2026-11-23", "2026-11-27"),
        ("from tomorrow until Friday", "2026-11-24", "2026-11-27"),
        ("Monday to Wednesday", "2026-11-23", "2026-11-25"),
        ("on Thurs 26 Nov", "2026-11-26", "2026-11-26"),
        ("tomorrow", "2026-11-24", "2026-11-24"),
        ("today", "2026-11-23", "2026-11-23"),
        ("next week", "2026-11-30", "2026-12-06"),
        ("2026-12-03 to 2026-12-10", "2026-12-03", "2026-12-10"),
        ("3/12 - 10/12", "2026-12-03", "2026-12-10"),
        ("3/12/2026", "2026-12-03", "2026-12-03"),
    ],
)
def test_days_are_read_as_people_write_them(words, first, last):
    """Both days counted in; a day without a year is the next one to come."""
    assert read_ahead(words, MONDAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "words",
    ["", "sick", "for a while", "31 June", "from 31 April to 2 May", "3 to 10", "the 3rd", "in March", "99/99", "until", "to to to",
     "from 3 to 10 to 12 March", "10 December 2026 to 3 December 2026", "2026-13-01", "next term"],
)  # fmt: skip
def test_what_names_no_days_clearly_is_not_guessed(words):
    """Whoever says it is asked for the days."""
    assert read_ahead(words, MONDAY) is None


@given(first=st.dates(date(2026, 11, 23), date(2027, 11, 1)), length=st.integers(0, 60))
def test_written_with_its_year_every_span_comes_back(first, length):
    """In the two ways in which nothing can be mistaken."""
    last = first + timedelta(length)
    long = f"from {first.day} {first:%B} {first.year} to {last.day} {last:%B} {last.year}"
    assert read_ahead(long, MONDAY) == (first, last)
    assert read_ahead(f"{first} to {last}", MONDAY) == (first, last)


@given(words=st.text(max_size=60), today=st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_no_words_break_it_and_no_span_runs_backwards(words, today):
    """Whatever is typed after “I am away”."""
    span = read_ahead(words, today)
    assert span is None or span[0] <= span[1]


@given(
    day=st.integers(0, 40),
    other=st.integers(0, 40),
    month=st.sampled_from(("march", "feb", "december", "13")),
    today=st.dates(MONDAY, date(2099, 12, 31)),
)
def test_what_is_read_without_a_year_is_still_to_come(day, other, month, today):
    """A day that has gone by this year is next year's."""
    span = read_ahead(f"from {day} to {other} {month}", today)
    assert span is None or (today <= span[0] <= span[1])
