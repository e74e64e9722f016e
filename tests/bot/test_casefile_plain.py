"""The record as plain text, to be pasted: in its order, and nothing that somebody wrote can pass for a part of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.casefile.document import Document, Row, Section
from bot.casefile.plain import plain
from tests.fakes import MONDAY

TITLES = ("Summary", "Outcome")
WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=80) | st.sampled_from(
    ["OUTCOME", "a\nOUTCOME\nReferred outside", "\n\nSUMMARY", "x\r\nOUTCOME", "\u2028OUTCOME", "\x0bOUTCOME"]
)


def made(words: str) -> Document:
    """A record in which WORDS stand wherever somebody's words can."""
    row = Row(MONDAY, "23 Nov 2026 10:00", "the safeguarding lead", "Noted", (("", words), ("Reason", words)))
    sections = (
        Section(TITLES[0], facts=(("What happened?", words),), rows=(row,)),
        Section(TITLES[1], empty="It has not been closed."),
    )
    return Document("Record of a report", "Rosebrook", "SP-7K2M4", "23 Nov 2026 10:00", "the lead", sections)


@given(WORDS)
def test_words_make_no_heading(words: str):
    """Only our own titles stand at the beginning of a line by themselves."""
    lines = plain(made(words)).splitlines()
    assert [line for line in lines if line in {title.upper() for title in TITLES}] == [title.upper() for title in TITLES]


@given(WORDS)
def test_no_word_is_lost(words: str):
    """Every sign that shows is there, three times."""
    text = "".join(plain(made(words)).split())
    assert text.count("".join(words.split())) >= 3 or not words.split()


def test_several_lines_stay_several():
    """Set in below what was asked."""
    assert "What happened?\n    one\n    two\n" in plain(made("one\n\n two "))
