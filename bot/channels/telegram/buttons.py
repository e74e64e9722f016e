"""What a button carries: its question and what it means, within Telegram's 64 bytes, and readable after a restart."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.messages import Reply

MOST = 64  # bytes of `callback_data`
CHOSEN = "-"  # on the button that only shows what was chosen
CARD = "case:"  # about: a card or a page about a case

_PLAIN, _MARK, _SCHOOL, _PICK = "=", "#", "~", "?"
_SCHOOL_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button means: `value` to the question `about`."""

    about: str
    value: str = field(repr=False)


# A button nobody remembers any more. It belongs to no question, so that it is answered as an old one and decides nothing.
FORGOTTEN = Pressed("gone", "")


def data(about: str, value: str, school: str = "") -> str:
    """What the button for VALUE of ABOUT carries: both as they are where they fit, a mark of both where they do not.

    SCHOOL is named where one bot serves several, so that a button leads to the school that showed it.
    """
    whose = f"{_SCHOOL}{_short(school)}" if school else ""
    both = f"{about}\n{value}"
    plain = f"{whose}{_PLAIN}{both}"
    return plain if len(plain.encode()) <= MOST else f"{whose}{_MARK}{_mark(both)}"


def school_of(carried: str, schools: Iterable[str]) -> str:
    """The one of SCHOOLS that showed the button; empty when it does not say."""
    return next((one for one in schools if carried.startswith(f"{_SCHOOL}{_short(one)}")), "")


def spelt_out(carried: str) -> Pressed | None:
    """What CARRIED says by itself; None when it is only a mark."""
    said = carried[1 + _SCHOOL_LETTERS :] if carried.startswith(_SCHOOL) else carried
    if not said.startswith(_PLAIN):
        return None
    about, between, value = said.removeprefix(_PLAIN).partition("\n")
    return Pressed(about, value) if between else None


def recognised(carried: str, said: Iterable[Reply], school: str = "") -> Pressed | None:
    """The button in what was SAID, the newest last, that CARRIED is the mark of. What was said is stored: no restart loses it."""
    for reply in reversed(tuple(said)):
        for choice in reply.choices:
            if data(reply.about, choice.value, school) == carried:
                return Pressed(reply.about, choice.value)
    return None


def pick(school: str) -> str:
    """What the button carries that picks SCHOOL."""
    return f"{_PICK}{_short(school)}"


def picked(carried: str, schools: Iterable[str]) -> str:
    """The one of SCHOOLS that was picked; empty when the button is no such one."""
    return next((one for one in schools if carried == pick(one)), "")


def _short(school: str) -> str:
    return _mark(school)[:_SCHOOL_LETTERS]


def _mark(words: str) -> str:
    return urlsafe_b64encode(hashlib.blake2b(words.encode(), digest_size=18).digest()).decode()
