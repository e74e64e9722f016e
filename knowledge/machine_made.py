"""What a machine wrote and a person passed on: the tail of a link, a key. It is not heard as if somebody had said it."""

from __future__ import annotations

import re

_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_HEXADECIMAL = re.compile(r"[0-9a-f]{12,}", re.IGNORECASE)
_CODE = 16  # letters; a shorter code never sounded like danger to the encoder
_FEW = 2


def without(text: str) -> str:
    """TEXT as far as a person wrote it. The patterns of danger read all of it all the same."""
    return " ".join("" if _is_code(word) else word for word in _LINK.sub("a link", text).split(" "))


def _is_code(word: str) -> bool:
    """Whether no person types WORD: digits between letters large and small, or a long number to the base of sixteen.

    “k1llmyself” is typed by people: small letters with a digit here and there are left alone.
    """
    digits = sum(letter.isdigit() for letter in word)
    if _HEXADECIMAL.fullmatch(word):
        return digits >= _FEW
    large = sum(letter.isupper() for letter in word[1:])
    small = sum(letter.islower() for letter in word)
    return len(word) >= _CODE and digits > 0 and large >= _FEW and small >= _FEW
