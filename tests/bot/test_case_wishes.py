"""What somebody who works on a case types is read as a whole, or not at all: no sentence is taken for a wish by accident."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.case_wishes import Typed, Wish, references, typed, wants_to_log
from flows import catalogue
from flows.cases.case import ALPHABET

REF, OTHER = "SP-7K2M4", "SP-9BCDF"
REFERENCES = st.text(ALPHABET, min_size=5, max_size=5).map("SP-{}".format)
WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=80).filter(
    lambda text: text.strip() and text.strip()[0].isalpha() and not text.strip().casefold().startswith(("again", "because"))
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (f"note {REF}", Typed(Wish.NOTE, REF)),
        (f"Note {REF.lower()}: rang home", Typed(Wish.NOTE, REF, "rang home")),
        (f"add a note to {REF} rang home\nand again", Typed(Wish.NOTE, REF, "rang home\nand again")),
        ("note SP7K2M4 x", Typed(Wish.NOTE, REF, "x")),
        (f"note {REF} 2 again", Typed(Wish.NOTE, REF, number=2)),
        (f"note {REF} 2 again: better", Typed(Wish.NOTE, REF, "better", 2)),
        (f"note 2 of {REF} again", Typed(Wish.NOTE, REF, number=2)),
        (f"note {REF} 2 teachers came", Typed(Wish.NOTE, REF, "2 teachers came")),
        (f"notes {REF}", Typed(Wish.NOTES, REF)),
        (f"write to {REF} can you ring?", Typed(Wish.WRITE, REF, "can you ring?")),
        (f"reply {REF}", Typed(Wish.WRITE, REF)),
        (f"close {REF}", Typed(Wish.CLOSE, REF)),
        (f"close {REF} - settled", Typed(Wish.CLOSE, REF, "settled")),
        (f"re-open {REF} because it goes on", Typed(Wish.REOPEN, REF, "it goes on")),
        (f"open {REF} again", Typed(Wish.REOPEN, REF)),
        (f"link {REF} {OTHER}", Typed(Wish.LINK, REF, other=OTHER)),
        (f"link {REF} with {OTHER}.", Typed(Wish.LINK, REF, other=OTHER)),
        (f"link {REF}", Typed(Wish.LINK, REF)),
        (f"unlink {REF} from {OTHER}", Typed(Wish.UNLINK, REF, other=OTHER)),
    ],
)
def test_wishes_are_read_as_people_type_them(text, meant):
    """Any case, the hyphen or not, politeness of a colon or none."""
    assert typed(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "", "note", "note this", "close", "close the case", REF, f"open {REF}", f"what about {REF}?", f"I closed {REF} yesterday",
        f"please note that {REF} is late", "link them", f"unlink {REF}", f"{REF} note", "note SP-AEIOU x", "note SP-7K2M45 x",
        f"link {REF} {OTHER} {REF}", "close friends online",
    ],
)  # fmt: skip
def test_what_is_no_wish_is_left_to_others(text):
    """A bare reference, a question, a sentence, a reference of the wrong letters."""
    assert typed(text) is None


@given(REFERENCES, WORDS)
@example(REF, "x")
def test_words_after_the_reference_arrive_as_they_were(reference, words):
    """Whatever they are, the first letter and the last included."""
    for verb, wish in (("note", Wish.NOTE), ("write to", Wish.WRITE), ("close", Wish.CLOSE), ("reopen", Wish.REOPEN)):
        assert typed(f"{verb} {reference}: {words}") == Typed(wish, reference, words.strip())


@given(st.text(max_size=200))
def test_nothing_anybody_types_breaks_it(text):
    """And whatever is read as a wish names a case in our letters."""
    found = typed(text)
    assert found is None or set(found.reference.removeprefix("SP-")) <= set(ALPHABET)
    wants_to_log(text)
    assert all(set(one.removeprefix("SP-")) <= set(ALPHABET) for one in references(text))


def test_what_the_flow_says_it_is_heard_as_begins_it():
    """What `signpost show` promises."""
    assert all(wants_to_log(phrase) for phrase in catalogue.flow("logged").heard_as)


@pytest.mark.parametrize("text", ["log in", "how do I log a report?", "log a report about Tom", "I log", "catalogue a report"])
def test_what_is_no_wish_to_log_is_left_to_others(text):
    """Only the whole sentence is the wish."""
    assert not wants_to_log(text)


def test_the_words_show_in_no_repr():
    """What is typed about a case is what people wrote."""
    assert "secret" not in repr(typed(f"note {REF} secret"))
