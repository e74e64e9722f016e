"""The words that steer a report."""

from __future__ import annotations

import pytest

from flows.words import Command, command


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("Back", (Command.BACK, 0)),
        ("go back!", (Command.BACK, 0)),
        ("SKIP", (Command.SKIP, 0)),
        ("I don’t know", (Command.SKIP, 0)),
        ("why??", (Command.WHY, 0)),
        ("Start over.", (Command.START_AGAIN, 0)),
        ("edit 12", (Command.EDIT, 12)),
        ("change question 3", (Command.EDIT, 3)),
        ("Send it", (Command.SEND, 0)),
        ("  never   mind ", (Command.CANCEL, 0)),
        ("Can I speak to somebody?", (Command.PERSON, 0)),
        ("Call me!", (Command.PERSON, 0)),
        ("I want to talk to a real person please", (Command.PERSON, 0)),
        ("that's all", (Command.DONE, 0)),
        ("how many questions?", (Command.WHERE, 0)),
    ],
)
def test_a_wish_is_heard_however_it_is_typed(typed, wish):
    """Capitals, curly apostrophes, end marks and spaces make no difference."""
    assert command(typed) == wish


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "?",
        "go back to where it began",
        "he told me to stop",
        "help him",
        "why did he do it",
        "send help",
        "call me on 0300 if you can",
        "a person in a car",
        "he was done with it",
        "edit",
        "edit 123",
        "stop" + " " * 300 + "him",
    ],
)
def test_a_sentence_that_holds_such_a_word_is_no_wish(typed):
    """Only the word by itself steers: a sentence is what the person has to say."""
    assert command(typed) is None
