"""What the page calls its lines, and how far it has read: names that say nothing to whoever looks at the page's source.

The rows they stand for are counted across the whole database. Shown as they are, two visits a day apart would tell how much was
said meanwhile by everybody else, and whether a report had just been sent.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass

from storage.vault import CannotOpen, Vault

_PLAIN = re.compile(r"(\d{18})\.(\d{18})\.(\d{18})")
LONGEST = 200
NAME = 16  # hexadecimal letters: far beyond chance on one page


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a page has read: the last reply, the last card, and how many of its cards were done by then."""

    reply: int = 0
    card: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class Marks:
    """The names used on the page of one PLACE. They mean nothing on another's, and do not change between two visits."""

    vault: Vault
    place: str

    def line(self, row: str) -> str:
        """What the line made from ROW ("r17", "p3") is called. The letter stays: a page treats cards in another way."""
        return f"{row[0]}{self.vault.look_up('line of the page', self.place, row)[:NAME]}"

    def written(self, mark: Mark) -> str:
        """MARK as a browser keeps it. Always of one length: even how many digits a counter has by now would say something."""
        plain = f"{mark.reply:018d}.{mark.card:018d}.{mark.done:018d}"
        return urlsafe_b64encode(self.vault.seal("page", "mark", self.place, plain)).decode().rstrip("=")

    def read(self, text: str) -> Mark:
        """The mark a browser brings back. One that we never gave it means the beginning: the page shows no line twice."""
        if not text.isascii() or len(text) > LONGEST:
            return Mark()
        try:
            sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
            found = _PLAIN.fullmatch(self.vault.open("page", "mark", self.place, sealed))
        except (NotBase64, CannotOpen):
            return Mark()
        return Mark(*(int(part) for part in found.groups())) if found else Mark()
