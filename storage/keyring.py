"""The keys a school's data is sealed with: a ring of them, newest last, and one look-up key that never changes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass, field

SIZE = 32  # bytes: AES-256, and the same for the look-up key
HIGHEST = 0xFFFF  # a key's number is two bytes in every sealed value


class BadKeyring(Exception):
    """The text is not a keyring; the message names the line and what to do, never what stands in it."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """`keys` seal what people wrote, the highest number doing the sealing; `lookup` makes the digests that find things again.

    While a fresh key is being handed round, `seals` is the number of the one before it: the fresh one opens already, and seals
    only once everybody has it. The look-up key does not rotate: every digest in the database would have to be made anew from
    what it hides.
    """

    lookup: bytes = field(repr=False)
    keys: dict[int, bytes] = field(repr=False)
    seals: int | None = None

    def __post_init__(self) -> None:
        if len(self.lookup) != SIZE or not self.keys or any(len(key) != SIZE for key in self.keys.values()):
            raise BadKeyring(f"A keyring needs one look-up key and at least one numbered key, each of {SIZE} bytes.")
        if min(self.keys) < 1 or max(self.keys) > HIGHEST:
            raise BadKeyring(f"A key's number lies between 1 and {HIGHEST}.")
        if self.seals is not None and self.seals not in self.keys:
            raise BadKeyring(f"The keyring says that key {self.seals} seals, and does not hold it. Copy the whole key file again.")

    @classmethod
    def new(cls) -> Keyring:
        """A fresh keyring for a new installation."""
        return cls(secrets.token_bytes(SIZE), {1: secrets.token_bytes(SIZE)})

    @property
    def newest(self) -> int:
        """The number of the newest key."""
        return max(self.keys)

    @property
    def sealing(self) -> int:
        """The number of the key that seals."""
        return self.newest if self.seals is None else self.seals

    @property
    def handed_round(self) -> bool:
        """True while the newest key opens and does not seal yet."""
        return self.sealing != self.newest

    def with_next(self) -> Keyring:
        """This ring with a fresh key on it, that opens; what seals is the same as before."""
        return Keyring(self.lookup, {**self.keys, self.newest + 1: secrets.token_bytes(SIZE)}, self.sealing)

    def settled(self) -> Keyring:
        """This ring, with its newest key sealing. The old ones stay: backups are opened with them."""
        return Keyring(self.lookup, self.keys)

    def rotated(self) -> Keyring:
        """This ring with a fresh key that seals at once: for where nobody else is running."""
        return self.with_next().settled()

    def fingerprint(self) -> str:
        """Eight letters by which to recognise the right keyring. They stay when a key is added, and give nothing away."""
        digest = hashlib.sha256(b"signpost keyring" + self.lookup).digest()
        letters = base64.b32encode(digest).decode()
        return f"{letters[:4]}-{letters[4:8]}"

    def dump(self) -> str:
        """The ring as text for a key file: one key a line."""
        lines = [f"lookup:{_letters(self.lookup)}"]
        lines += [f"{number}:{_letters(key)}" for number, key in sorted(self.keys.items())]
        lines += [] if self.seals is None else [f"seals:{self.seals}"]
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, text: str) -> Keyring:
        """The ring that `dump` wrote. Spaces instead of line ends are fine, so that it fits an environment variable."""
        lookup: bytes | None = None
        keys: dict[int, bytes] = {}
        seals: int | None = None
        for place, line in enumerate(text.split(), 1):
            name, _, letters = line.partition(":")
            if name == "seals" and seals is None and letters.isascii() and letters.isdigit():
                seals = int(letters)
                continue
            key = _key(letters, place)
            if name == "lookup" and lookup is None:
                lookup = key
            elif name.isascii() and name.isdigit() and int(name) not in keys:
                keys[int(name)] = key
            else:
                raise BadKeyring(f"Key {place} of the keyring is named twice or has no name: write `lookup:…`, then `1:…`, `2:…`.")
        if lookup is None:
            raise BadKeyring("The keyring has no line `lookup:…`. Copy the whole key file, or use the recovery sheet.")
        return cls(lookup, keys, seals)


def _letters(key: bytes) -> str:
    return base64.b32encode(key).decode().rstrip("=")


def _key(letters: str, place: int) -> bytes:
    try:
        key = base64.b32decode(letters.upper() + "=" * (-len(letters) % 8))
    except (binascii.Error, ValueError):
        raise BadKeyring(f"Key {place} of the keyring has letters that no key has. Copy the key file again.") from None
    if len(key) != SIZE:
        raise BadKeyring(f"Key {place} of the keyring is cut short or too long. Copy the key file again.")
    return key
