"""Takes the bullet, number or letter off the front of a line, and knows which numbers follow which."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from knowledge.importing.document import Line
from knowledge.importing.joins import ENDS, OPEN

_BULLET = re.compile(r"(?:[•●○◦▪■□◆◇►▶➢➤✓✔❖‣⁃∙·*]|[-–—](?=\s)|o(?=\s+\S))\s*")
_NAMED = re.compile(
    r"(?P<kind>appendix|annex|schedule|section|part|chapter)\s+(?P<number>\d{1,2}|[A-Z]|[IVX]{1,5})(?![\w’'])[\s.:)–—-]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\(?(?P<number>\d{1,3}(?:\.\d{1,3}){0,4})(?P<end>[.):]{0,2})\s+(?=\S)")
_LETTER = re.compile(r"(?:\((?P<both>[a-z]|[ivx]{1,5})\)|(?P<one>[a-zA-Z]|[ivxIVX]{2,5})(?P<end>[.)]))\s+(?=\S)")
# What stands behind a bare number when it is a count or a date and not the number of a paragraph.
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_STREETS = r"[A-Z]\w+(?: [A-Z]\w+)? (?:Road|Lane|Street|Avenue|Close|Drive|Way|Terrace|Gardens|Square|Place)"
_COUNTED = re.compile(rf"(?:th|st|nd|rd|%|out of|[a-z]|(?:{_MONTHS})\b|{_STREETS}\b)")
_INITIAL = re.compile(r"[A-Z]\.\s*(?:[A-Z]\.|[A-Z]\w*$|[A-Z]\w*\s+[(,–-])")
_BARE = re.compile(r"(?P<label>\d{1,2}|[A-Z]|[IVX]{2,4})\.?\s+(?=[A-Z“\"‘'])")
_LETTERED = re.compile(r"(?P<label>(?P<stem>[A-Z](?:\d{1,2}\.){0,2})(?P<number>\d{1,2}))[.):]?\s+(?=[A-Z“\"‘'(])")
_ZERO = re.compile(r"(?<=^\d)\.0$|(?<=^\d\d)\.0$")  # “2.0 Scope” stands above 2.1
_ROMANS = frozenset({"I", "V", "X"})
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


def all_marked(lines: Iterable[Line]) -> list[Line]:
    """LINES with bullets and labels in fields of their own. What only a margin has put first on a line is no label."""
    found: list[Line] = []
    before: Line | None = None
    counted = ""  # the last number that was one
    for line in lines:
        running = (
            before is not None
            and not line.gap
            and not before.text.endswith(ENDS)
            and (before.wide or bool(OPEN.search(before.text[-80:])))
        )
        one = marked(line)
        if running and one.label and not one.bullet and not line.label and not _goes_on(counted, one):
            one = line
        found.append(one)
        counted = one.label or counted
        before = line
    return _in_sequence(found)


def _goes_on(counted: str, line: Line) -> bool:
    """Whether the number of LINE is the one that must come after COUNTED, so that no margin can have put it there: 2.1 after 2."""
    if line.label == f"{counted}.1":
        return line.text[:1].isupper() or not line.text[:1].isalpha()
    return ("." in line.label or line.label.islower()) and follows(line.label, counted)


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
            return _ZERO.sub("", found["number"]), rest
    if (found := _LETTER.match(text)) and not _INITIAL.match(text):
        return found["both"] or found["one"], text[found.end() :]
    return "", text


def _in_sequence(lines: list[Line]) -> list[Line]:
    """LINES with those numbers taken off that are numbers only because the one before or after is there too: 1 Aims, 2 Scope."""
    weak = {place: found for place, line in enumerate(lines) if not line.label and not line.cells and (found := _weak(line.text))}
    known = {(shape(found[0]), value(found[0])) for found in weak.values()}
    known |= {(shape(line.label), value(line.label)) for line in lines if line.label}
    roman_too = any(kind == "I" for kind, _ in known)
    taken = _with_letters(lines)
    for place, (label, rest) in weak.items():
        kinds = {(shape(label), value(label))} | ({("I", roman(label))} if roman_too and label in _ROMANS else set())
        if any((kind, number + step) in known for kind, number in kinds for step in (-1, 1)):
            taken[place] = replace(lines[place], text=rest, label=label, bullet=False)
    return taken


def _with_letters(lines: list[Line]) -> list[Line]:
    """LINES with labels such as A1 and A1.2 taken off where they count: an A4 sheet alone is no fourth paragraph of part A."""
    free = ((place, line) for place, line in enumerate(lines) if not line.label and not line.cells)
    found = {place: one for place, line in free if (one := _LETTERED.match(line.text))}
    labels = {line.label.rsplit(maxsplit=1)[-1] for line in lines if line.label} | {one["label"] for one in found.values()}
    taken = list(lines)
    for place, one in found.items():
        stem, number = one["stem"], one["number"]
        counts = f"{stem}1" in labels and (number != "1" or f"{stem}2" in labels or stem.rstrip(".") in labels)
        if counts and (rest := lines[place].text[one.end() :]):
            taken[place] = replace(lines[place], text=rest, label=one["label"], bullet=False)
    return taken


def _weak(text: str) -> tuple[str, str] | None:
    """What may be a number without its dot, or a letter that may be somebody's initial, and what stands behind it."""
    found = _BARE.match(text)
    if found is None or len(text) == found.end():
        return None
    return found["label"], text[found.end() :]


def _looks_like_time(found: re.Match[str], rest: str) -> bool:
    """“3.30 pm” and “2.5 hours” are no paragraphs."""
    return "." in found["number"] and not found["end"] and re.match(r"(?:am|pm|hours?|minutes?|million|%)\b", rest) is not None


def shape(label: str) -> str:
    """The pattern a label follows, so that labels of one list can be told from those of another: 1, 1.1, A, A1, a, i, appendix."""
    if " " in label:
        return label.split(maxsplit=1)[0]
    if label[0].isdigit():
        return ".".join("1" for _ in label.split("."))
    if label[-1].isdigit():
        return ".".join([f"{label[0]}1", *("1" for _ in label.split(".")[1:])])
    if len(label) > 1:
        return "I" if label.isupper() else "i"
    return "A" if label.isupper() else "a"


def value(label: str) -> int:
    """The last number of LABEL: 4 for 6.4, 3 for c or iii."""
    last = label.rsplit(maxsplit=1)[-1].rsplit(".", maxsplit=1)[-1]
    if last[-1].isdigit():
        return int(last.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    if len(last) > 1:
        return roman(last)
    return ord(last.lower()) - ord("a") + 1


def like(label: str, other: str) -> bool:
    """Whether two labels can be of one list: an i may be a letter and a roman number."""
    one, two = ({"i": "a", "I": "A"}.get(shape(each), shape(each)) for each in (label, other))
    return one == two


def follows(label: str, before: str) -> bool:
    """Whether LABEL is the next one after BEFORE in the same list: 4 after 3, 2.5 after 2.4, c after b, iv after iii."""
    if not (label and before) or label.rpartition(".")[0] != before.rpartition(".")[0] or not like(label, before):
        return False
    both_roman = _ROMAN.keys() >= {*label.casefold(), *before.casefold()}
    return value(label) == value(before) + 1 or (both_roman and roman(label) == roman(before) + 1)


def roman(letters: str) -> int:
    """The value of a roman number."""
    numbers = [_ROMAN[letter] for letter in letters.lower()]
    return sum(-one if any(one < after for after in numbers[place + 1 :]) else one for place, one in enumerate(numbers))


def letters(number: int) -> str:
    """a, b, …, z, aa, ab: how rules without a number are told apart."""
    return chr(ord("a") + number) if number < 26 else letters(number // 26 - 1) + letters(number % 26)
