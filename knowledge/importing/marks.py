"""Takes the bullet, number or letter off the front of a line, and knows which numbers follow which."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.importing.document import Line

_BULLET = re.compile(r"(?:[•●○◦▪■□◆◇►▶➢➤✓✔❖‣⁃∙·*]|[-–—](?=\s)|o(?=\s+\S))\s*")
_NAMED = re.compile(
    r"(?P<kind>appendix|annex|schedule|section|part|chapter)\s+(?P<number>\d{1,2}|[A-Z]|[IVX]{1,5})(?![\w’'])[\s.:)–—-]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\(?(?P<number>\d{1,3}(?:\.\d{1,3}){0,4})(?P<end>[.):]{0,2})\s+(?=\S)")
_LETTER = re.compile(r"(?:\((?P<both>[a-z]|[ivx]{1,5})\)|(?P<one>[a-zA-Z]|[ivxIVX]{2,5})(?P<end>[.)]))\s+(?=\S)")
# What stands behind a bare number when it is a count or a date and not the number of a paragraph.
_COUNTED = re.compile(
    r"(?:th|st|nd|rd|%|out of|[a-z]|(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)"
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


def marked(line: Line) -> Line:
    """LINE with its bullet and label in their own fields."""
    text, bullet, label = line.text, line.bullet, line.label
    if not bullet and (found := _BULLET.match(text)) and found.end() < len(text):
        bullet, text = True, text[found.end() :]
    if not label:
        label, text = _label(text)
    if label and bullet:
        bullet = False  # "- 7.1. Pupils may not": the number says more than the dash before it
    return replace(line, text=text.strip(), bullet=bullet, label=label)


def _label(text: str) -> tuple[str, str]:
    """The label at the start of TEXT and what is left."""
    if found := _NAMED.match(text):
        rest = text[found.end() :]
        if not rest or rest[0].isupper() or not found["number"].isdigit():
            return f"{found['kind'].lower()} {found['number']}", rest
    if found := _NUMBER.match(text):
        rest = text[found.end() :]
        bare = not found["end"] and "." not in found["number"]
        if not (bare and (_COUNTED.match(rest) or len(rest.split()) > 9 or rest[-1] in ".;,")) and not _looks_like_time(
            found, rest
        ):
            return found["number"], rest
    if (found := _LETTER.match(text)) and not re.match(r"[A-Z]\.\s*[A-Z]", text):
        return found["both"] or found["one"], text[found.end() :]
    return "", text


def _looks_like_time(found: re.Match[str], rest: str) -> bool:
    """“3.30 pm” and “2.5 hours” are no paragraphs."""
    return "." in found["number"] and not found["end"] and re.match(r"(?:am|pm|hours?|minutes?|million|%)\b", rest) is not None


def shape(label: str) -> str:
    """The pattern a label follows, so that labels of one list can be told from those of another: 1, 1.1, A, a, i, appendix."""
    if " " in label:
        return label.split()[0]
    if label[0].isdigit():
        return ".".join("1" for _ in label.split("."))
    if len(label) > 1:
        return "I" if label.isupper() else "i"
    return "A" if label.isupper() else "a"


def value(label: str) -> int:
    """The last number of LABEL: 4 for 6.4, 3 for c or iii."""
    last = label.split()[-1].rsplit(".", maxsplit=1)[-1]
    if last.isdigit():
        return int(last)
    if len(last) > 1:
        return roman(last)
    return ord(last.lower()) - ord("a") + 1


def roman(letters: str) -> int:
    """The value of a roman number."""
    numbers = [_ROMAN[letter] for letter in letters.lower()]
    return sum(-one if any(one < after for after in numbers[place + 1 :]) else one for place, one in enumerate(numbers))


def letters(number: int) -> str:
    """a, b, …, z, aa, ab: how rules without a number are told apart."""
    return chr(ord("a") + number) if number < 26 else letters(number // 26 - 1) + letters(number % 26)
