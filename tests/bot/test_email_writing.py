"""Whatever a reply says and wherever it is to go, an e-mail has our headers, one recipient, and no word of what was written."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import rolling
from bot.channel import SendFailed
from bot.channels.email.writing import code_letter, letter, message_id, written
from bot.mail_address import mail_address
from bot.messages import Choice, Reply
from tests.bot.mailing import CARD, REFERENCE
from tests.fakes import MONDAY

HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type"),
]
SENDER = "signpost@school.example"
# Everything that ends a line anywhere, that hides in a header, or that mail programs read as something of their own.
NASTY = st.text(st.sampled_from("\r\n\0\t\x0b\x0c\x1c\x85\u2028\u202e:;,<>@\"'\\=?ab. é"), max_size=40) | st.text(max_size=60)
NASTY_WORDS = st.builds(
    lambda before, header, after: f"{before}\r\n{header}: x@evil.example\r\n\r\n{after}",
    NASTY,
    st.sampled_from(["Bcc", "To", "Subject", "Content-Type", "X"]),
    NASTY,
)


@given(st.one_of(NASTY, NASTY_WORDS), NASTY, NASTY, NASTY, NASTY)
def test_nothing_in_a_card_becomes_a_header(title: str, text: str, label: str, value: str, key: str):
    """A title, a fact or a number with line ends in it: the message has our headers, each once, and nothing of the words."""
    card = Reply(
        f"zqxwords {text}",
        title=f"zqxtitle {title} {REFERENCE}",
        facts=((label, value), ("How soon", value), ("What", f"zqxwhat {value}")),
        choices=(Choice("Open", "open"),),
        about="case:1",
    )
    what = letter(card, "https://ask.school.example")
    assert what is not None
    raw = written(what, sender=SENDER, to="chair@school.example", key=key, at=MONDAY).as_bytes()
    read = message_from_bytes(raw, policy=SMTP)
    assert list(read.keys()) == HEADERS
    assert str(read["Subject"]) == f"Signpost: {REFERENCE} needs you"
    assert str(read["To"]) == "chair@school.example"
    assert not read.defects
    assert b"zqx" not in raw
    assert all(byte < 128 for byte in raw)
    assert b"\n" not in raw.replace(b"\r\n", b"")


@given(st.text(max_size=60) | NASTY_WORDS | st.from_regex(r"[a-z.@ ,;<>\r\n]{1,30}@[a-z.]{1,20}", fullmatch=True))
def test_what_counts_as_an_address_can_hide_nothing(typed: str):
    """One plain address in small letters, which stays itself; anything more is none."""
    found = mail_address(typed)
    if found is not None:
        assert mail_address(found) == found
        assert found == typed.strip().casefold()
        assert found.count("@") == 1
        assert found.isascii()
        assert found.isprintable()
        assert not set(found) & set(' ,;:<>()[]\\"\r\n')


@pytest.mark.parametrize(
    "typed", ["office@school.example", " Office@School.Example ", "a.b+c@mail.school.sch.uk", "o'neil@school.example"]
)
def test_ordinary_addresses_are_addresses(typed: str):
    """However people write them."""
    assert mail_address(typed) == typed.strip().lower()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "a@b",
        "a@@b.example",
        ".a@b.example",
        "a..b@c.example",
        "a@-b.example",
        "a@b.example.",
        "A Person <a@b.example>",
        "a@b.example,c@d.example",
        "a@b.example\nBcc: c@d.example",
        '"a b"@c.example',
        "a@[127.0.0.1]",
        "ä@b.example",
        "a@bü.example",
        "a" * 65 + "@b.example",
        "a@" + "b." * 130 + "example",
    ],
)
def test_what_is_more_or_less_than_an_address_is_none(typed: str):
    """It would be refused later, or go to somebody else."""
    assert mail_address(typed) is None


@given(NASTY, NASTY)
def test_two_things_to_say_never_share_a_number(one: str, other: str):
    """And the number tells neither the key nor the address."""
    numbers = {message_id(key, "chair@school.example", SENDER) for key in (one, other)}
    assert len(numbers) == len({one, other})
    assert all("chair" not in number for number in numbers)


def test_only_a_card_of_a_case_that_needs_somebody_is_a_card():
    """A page of a case, a menu of cases or a claim with the right look and another origin is refused."""
    for wrong in (
        replace(CARD, about="q:1"),
        replace(CARD, about=""),
        replace(CARD, choices=()),
        replace(CARD, title="", text="no reference"),
        Reply("Your cases", choices=(Choice("SP-7K2M4", "one:SP-7K2M4"),), about="cases:mine"),
    ):
        with pytest.raises(SendFailed):
            letter(wrong, "")


def test_the_message_that_is_rolled_up_is_recognised():
    """The channel goes by what the outbox really makes."""
    assert rolling.ABOUT == "cases:"


def test_the_code_comes_with_what_to_do_with_it_and_names_the_school():
    """And says what to do for whoever does not know what it is about."""
    message = written(
        code_letter("7K2M4-9QXBT", "Rosebrook", "Monday at 10:00"), sender=SENDER, to="a@b.example", key="k", at=MONDAY
    )
    body = message.get_body(("plain",))
    assert body is not None
    words = body.get_content()
    assert "7K2M4-9QXBT" in words
    assert "Rosebrook" in words
    assert "do nothing" in words
    assert "7K2M4" not in str(message["Subject"])


def test_a_letter_shows_nothing_of_itself():
    """What is sent is in no log."""
    what = letter(CARD, "https://ask.school.example")
    assert REFERENCE in what.subject
    assert "within" not in repr(what)
