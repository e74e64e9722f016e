"""Seals what people wrote before it reaches a row, and opens it again, for that row and column only."""

from __future__ import annotations

import hashlib
import hmac
import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.keyring import BadKeyring, Keyring
from storage.sheet import BadSheet, from_sheet, recovery_sheet

__all__ = ["BadKeyring", "BadSheet", "CannotOpen", "Keyring", "Vault", "from_sheet", "recovery_sheet"]

VERSION = 1
HEADER = struct.Struct(">BH")  # version, key number
NONCE = 12
DIGEST = 32  # hexadecimal letters: 128 bits are beyond chance and half the index


class CannotOpen(Exception):
    """A sealed value does not open: wrong key, changed bytes, or moved from another row. Names the place, never the words."""

    def __init__(self, table: str, column: str, record: str, why: str) -> None:
        super().__init__(f"{table}.{column} of {record} cannot be opened: {why}.")
        self.table = table
        self.record = record


class _Ciphers:
    """A keyring made ready for use. Never changed: another one takes its place in one step, whatever other threads are at."""

    def __init__(self, keyring: Keyring) -> None:
        self.keyring = keyring
        self.by_number = {number: AESGCM(key) for number, key in keyring.keys.items()}
        self.sealing = self.by_number[keyring.sealing]
        self.header = HEADER.pack(VERSION, keyring.sealing)


class Vault:
    """AES-256-GCM, each value bound to its table, column and record, with the number of its key in front."""

    def __init__(self, keyring: Keyring) -> None:
        self._ciphers = _Ciphers(keyring)
        self._digest = hmac.new(keyring.lookup, digestmod=hashlib.sha256)

    @property
    def keyring(self) -> Keyring:
        """The keys at hand."""
        return self._ciphers.keyring

    @property
    def header(self) -> bytes:
        """What stands in front of everything that is sealed now."""
        return self._ciphers.header

    def adopt(self, keyring: Keyring) -> None:
        """Go on with KEYRING, a later state of the same ring. Refuses one that lacks a key which may have sealed something."""
        ours = self._ciphers.keyring
        if keyring.lookup != ours.lookup or any(keyring.keys.get(number) != key for number, key in ours.keys.items()):
            raise BadKeyring("That is not a later state of the keyring in use: a key is missing, or another. The old one stays.")
        self._ciphers = _Ciphers(keyring)

    def __repr__(self) -> str:
        return f"Vault({self.keyring.fingerprint()})"

    def seal(self, table: str, column: str, record: str, text: str) -> bytes:
        """TEXT as it may be stored in COLUMN of RECORD, and nowhere else."""
        ciphers = self._ciphers
        nonce = os.urandom(NONCE)
        bound = ciphers.header + f"{table}.{column}:{record}".encode()
        return ciphers.header + nonce + ciphers.sealing.encrypt(nonce, text.encode(), bound)

    def open(self, table: str, column: str, record: str, sealed: bytes) -> str:
        """What was sealed there; CannotOpen when these bytes were not."""
        header, nonce, rest = sealed[: HEADER.size], sealed[HEADER.size : HEADER.size + NONCE], sealed[HEADER.size + NONCE :]
        if len(nonce) < NONCE:
            raise CannotOpen(table, column, record, "it is too short to be sealed")
        version, number = HEADER.unpack(header)
        if version != VERSION:
            raise CannotOpen(table, column, record, f"it was sealed in a way this version does not know ({version})")
        cipher = self._ciphers.by_number.get(number)
        if cipher is None:
            raise CannotOpen(table, column, record, f"key {number} is not on this keyring")
        try:
            return cipher.decrypt(nonce, rest, header + f"{table}.{column}:{record}".encode()).decode()
        except InvalidTag:
            raise CannotOpen(table, column, record, "it was changed, moved from elsewhere, or sealed with another key") from None

    def opened(self, table: str, column: str, record: str, sealed: bytes | None) -> str | None:
        """What was sealed there, or None where nothing was."""
        return None if sealed is None else self.open(table, column, record, sealed)

    def look_up(self, *parts: str) -> str:
        """A digest by which a stored value is found again without being readable. The same parts give the same digest."""
        digest = self._digest.copy()
        for part in parts:
            raw = part.encode()
            digest.update(struct.pack(">I", len(raw)) + raw)  # lengths in front: ("ab", "c") is not ("a", "bc")
        return digest.hexdigest()[:DIGEST]
