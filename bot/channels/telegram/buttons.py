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

_PLAIN, _MARK = "=", "#"


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button means: `value` to the question `about`."""

    about: str
    value: str = field(repr=False)


# A button nobody remembers any more. It belongs to no question, so that it is answered as an old one and decides nothing.
FORGOTTEN = Pressed("gone", "")


def data(about: str, value: str) -> str:
    """What the button for VALUE of ABOUT carries: both as they are where they fit, a mark of both where they do not."""
    plain = f"{_PLAIN}{about}\n{value}"
    return plain if len(plain.encode()) <= MOST else f"{_MARK}{_mark(about, value)}"


def spelt_out(carried: str) -> Pressed | None:
    """What CARRIED says by itself; None when it is only a mark."""
    if not carried.startswith(_PLAIN):
        return None
    about, _, value = carried.removeprefix(_PLAIN).partition("\n")
    return Pressed(about, value)


def recognised(carried: str, said: Iterable[Reply]) -> Pressed | None:
    """The button in what was SAID, the newest last, that CARRIED is the mark of. What was said is stored: no restart loses it."""
    for reply in reversed(tuple(said)):
        for choice in reply.choices:
            if data(reply.about, choice.value) == carried:
                return Pressed(reply.about, choice.value)
    return None


def _mark(about: str, value: str) -> str:
    digest = hashlib.blake2b(f"{about}\n{value}".encode(), digest_size=18).digest()
    return urlsafe_b64encode(digest).decode()
