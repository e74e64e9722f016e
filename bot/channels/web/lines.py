"""What a chat page shows: the stored words of both sides as lines, each with its buttons as they stand now. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.coming_back import masked
from bot.messages import INCOMING, REPLY, Choice, Reply

GONE = "gone"
ROLL = "g"  # what the id of a line begins with that tells of several cards
Labels = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing on the page. `live` buttons can be pressed; a `done` card is one that somebody has taken."""

    id: str
    who: str  # "me", "bot", "card", or "gone": a card that is taken off the page
    at: datetime
    text: str = field(repr=False)
    title: str = field(default="", repr=False)
    facts: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    choices: tuple[Choice, ...] = field(default=(), repr=False)
    about: str = ""
    live: bool = True
    done: bool = False


def said(row: int, at: datetime, body: str) -> Line:
    """A reply as it lies in the outbox."""
    return _line(f"r{row}", "bot", at, REPLY.validate_json(body))


def card(row: int, at: datetime, reply: Reply, *, live: bool, done: bool) -> Line:
    """A card for a role holder. Its buttons stay until somebody has the case, whatever is said in between."""
    return replace(_line(f"p{row}", "card", at, reply), live=live, done=done)


def roll(row: int, at: datetime, reply: Reply, *, waits: bool) -> Line:
    """One line about several cards, the first of them ROW. It stands while any of them WAITS for somebody."""
    return replace(_line(f"{ROLL}{row}", "card", at, reply), live=waits, done=not waits)


def gone(row: int, at: datetime) -> Line:
    """What takes a card off a page that is open, and is nothing on one that never showed it."""
    return Line(f"p{row}", GONE, at, "", live=False)


def heard(row: int, at: datetime, body: str, labels: Labels) -> Line:
    """What the person sent; a pressed button reads as the words that stood on it."""
    message = INCOMING.validate_json(body)
    words = labels.get((message.about, message.text), message.text) if message.pressed else masked(message.text)
    return Line(f"h{row}", "me", at, words, about=message.about)


def labels(lines: Iterable[Line]) -> Labels:
    """What stood on every button of LINES."""
    return {(line.about, choice.value): choice.label for line in lines for choice in line.choices}


def settled(lines: Iterable[Line]) -> tuple[Line, ...]:
    """LINES in order, in which only what came after the person's last words can still be pressed. Cards keep their own rule."""
    ordered = tuple(lines)
    last = max((place for place, line in enumerate(ordered) if line.who == "me"), default=-1)
    return tuple(replace(line, live=False) if line.who == "bot" and place < last else line for place, line in enumerate(ordered))


def _line(name: str, who: str, at: datetime, reply: Reply) -> Line:
    return Line(name, who, at, reply.text, reply.title, reply.facts, reply.choices, reply.about)
