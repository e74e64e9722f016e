"""What is typed and says nothing: the tail of a link, a key, the name of a command. It is not heard as if somebody had said it."""

from __future__ import annotations

import re

_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_HEXADECIMAL = re.compile(r"[0-9a-f]{12,}", re.IGNORECASE)
# The reference of a report, as we make them up: no vowels, so that nobody shouts one.
_OURS = r"SP-?[2346789BCDFGHJKMNPQRTVWXZ]{5}"
# "urgency SP-7K2M4 low because …" is how the urgency of a report is changed: heard as words it sounds like alarm.
_COMMAND = re.compile(
    rf"\A\s*(?:change (?:the )?)?urgency\b\W*(?:of )?(?:{_OURS})?\W*(?:to )?(?:low|high|immediate|urgent)?\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(rf"{_OURS}\W*\Z")
_CODE = 16  # letters; a shorter code never sounded like danger to the encoder
_FEW = 2


def without(text: str) -> str:
    """TEXT as far as a person wrote it. The patterns of danger read all of it all the same."""
    return " ".join("" if _is_code(word) else word for word in _LINK.sub("a link", _COMMAND.sub("", text)).split(" "))


def _is_code(word: str) -> bool:
    """Whether no person makes up WORD: a report's reference, digits between letters large and small, a long number to the base 16.

    “k1llmyself” is typed by people: small letters with a digit here and there are left alone.
    """
    if _REFERENCE.match(word):
        return True
    digits = sum(letter.isdigit() for letter in word)
    if _HEXADECIMAL.fullmatch(word):
        return digits >= _FEW
    large = sum(letter.isupper() for letter in word[1:])
    small = sum(letter.islower() for letter in word)
    return len(word) >= _CODE and digits > 0 and large >= _FEW and small >= _FEW
