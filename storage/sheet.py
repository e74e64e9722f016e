"""The recovery sheet: the keyring on paper, in letters that survive handwriting, each line checked so that a slip is found."""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Sequence

from storage.keyring import SIZE, BadKeyring, Keyring

# No I, L, O or U: nothing that is misread for a digit, and no rude words.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FORGIVEN = str.maketrans("OoIiLl", "001111")  # what a reader makes of 0 and 1
GROUP, GROUPS = 5, 4
PER_LINE = GROUP * GROUPS
CHECK = 2  # letters at the end of each line
TOTAL = 4  # bytes at the end of it all
LINE = re.compile(r"^\s*(\d{1,3})[.:)\]]\s*(\S.*)$")


class BadSheet(Exception):
    """The recovery sheet was not typed as it is printed; the message names the line."""


def recovery_sheet(keyring: Keyring, schools: Sequence[str], holder: str) -> str:
    """The sheet for one HOLDER: whose data it opens, how to use it, and the numbered lines to type."""
    letters = _to_letters(_packed(keyring))
    lines = [_line(place, letters[start : start + PER_LINE]) for place, start in enumerate(range(0, len(letters), PER_LINE), 1)]
    return "\n".join(
        [
            "SIGNPOST RECOVERY SHEET",
            "",
            f"Opens the reports of: {', '.join(schools)}",
            f"Held by:              {holder}",
            f"Keyring:              {keyring.fingerprint()} (key {keyring.newest})",
            "",
            "Without this key nobody can read the reports again, and nobody can make it anew.",
            "Keep the sheet locked away, apart from the computer and from its backups.",
            "After `signpost key rotate`, print a new sheet and destroy this one.",
            "To use it: run `signpost restore` and type the numbered lines. Capitals and gaps do not matter.",
            "",
            *lines,
            "",
        ]
    )


def from_sheet(text: str) -> Keyring:
    """The keyring that TEXT, typed from a sheet, holds. Lines without a number in front are passed over."""
    numbered = [(int(found[1]), found[2]) for found in map(LINE.match, text.splitlines()) if found]
    if not numbered:
        raise BadSheet("No numbered line was found. Type the lines of the recovery sheet with the number in front of each.")
    letters = ""
    for place, (number, rest) in enumerate(numbered, 1):
        if number != place:
            raise BadSheet(f"Line {place} of the recovery sheet is missing: after line {place - 1} comes line {number}.")
        letters += _checked(number, rest)
    return _unpacked(_from_letters(letters), len(numbered))


def _line(number: int, letters: str) -> str:
    groups = [letters[start : start + GROUP] for start in range(0, len(letters), GROUP)]
    return f"{number:>2}. {' '.join(groups)}  {_check(number, letters)}"


def _checked(number: int, rest: str) -> str:
    typed = re.sub(r"[\s-]", "", rest).translate(FORGIVEN).upper()
    letters, check = typed[:-CHECK], typed[-CHECK:]
    if set(typed) - set(LETTERS):
        raise BadSheet(f"Line {number} of the recovery sheet has a letter that no sheet has. Compare it with the paper.")
    if not letters or len(letters) > PER_LINE or check != _check(number, letters):
        raise BadSheet(f"Line {number} of the recovery sheet does not match its last two letters. Compare it with the paper.")
    return letters


def _check(number: int, letters: str) -> str:
    digest = hashlib.sha256(f"{number}:{letters}".encode()).digest()
    value = int.from_bytes(digest[:2], "big")
    return LETTERS[value >> 5 & 31] + LETTERS[value & 31]


def _packed(keyring: Keyring) -> bytes:
    body = struct.pack(">BB", 1, len(keyring.keys)) + keyring.lookup
    body += b"".join(struct.pack(">H", number) + key for number, key in sorted(keyring.keys.items()))
    return body + hashlib.sha256(body).digest()[:TOTAL]


def _unpacked(raw: bytes, lines: int) -> Keyring:
    missing = BadSheet(f"The recovery sheet goes on after line {lines}. Type all its lines.")
    if len(raw) < 2:
        raise missing
    version, count = struct.unpack_from(">BB", raw)
    if version != 1:
        raise BadSheet("This recovery sheet was printed by a newer Signpost. Use that version, or a newer one.")
    length = 2 + SIZE + count * (2 + SIZE)
    if len(raw) < length + TOTAL:
        raise missing
    body, total = raw[:length], raw[length : length + TOTAL]
    if hashlib.sha256(body).digest()[:TOTAL] != total:
        raise BadSheet("Each line is right in itself, but they do not belong together: do they come from one and the same sheet?")
    starts = range(2 + SIZE, length, 2 + SIZE)
    keys = {struct.unpack_from(">H", body, start)[0]: body[start + 2 : start + 2 + SIZE] for start in starts}
    try:
        return Keyring(body[2 : 2 + SIZE], keys)
    except BadKeyring as error:
        raise BadSheet(f"The recovery sheet holds no usable keyring: {error}") from None


def _to_letters(raw: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in raw)
    bits += "0" * (-len(bits) % 5)
    return "".join(LETTERS[int(bits[start : start + 5], 2)] for start in range(0, len(bits), 5))


def _from_letters(letters: str) -> bytes:
    bits = "".join(f"{LETTERS.index(letter):05b}" for letter in letters)
    return bytes(int(bits[start : start + 8], 2) for start in range(0, len(bits) // 8 * 8, 8))
