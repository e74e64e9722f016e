"""Reads what the document says about itself on its first page: its title, the school, its version and its dates."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

from knowledge.importing.kinds import FORMAL, Block, Kind
from knowledge.importing.leaves import Leaf
from knowledge.policy import Dates, When

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_WORDED = re.compile(
    r"(?:(?P<day>\d{1,2})\s*(?:st|nd|rd|th)?(?:\s+of)?\s+)?\b(?P<month>[A-Za-z]{3,9})\.?,?\s+(?P<year>(?:19|20)?\d\d)\b"
)
_NUMBERED = re.compile(r"\b(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>(?:19|20)?\d\d)\b")
_ISO = re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b")
_NEXT = re.compile(
    r"next|review (?:date|due|on|by)|due|date (?:of|for) (?:next )?review|to be reviewed|expir|valid until", re.IGNORECASE
)
_APPROVED = re.compile(r"approv|adopt|ratif|agreed", re.IGNORECASE)
_PUBLISHED = re.compile(r"publish|issued?\b|written|created|effective", re.IGNORECASE)
_CHANGED = re.compile(r"review(?:ed)?\b|updated|amended|revis|last", re.IGNORECASE)
_CONTROL = re.compile(
    r"\b(?:control|history|document information|version|revision|approval|policy details|review record)\b", re.IGNORECASE
)
_SCHOOL = re.compile(r"\b(?:school|academy|college|nursery|federation|primary|infants?|juniors?)\b", re.IGNORECASE)
_GENERAL = re.compile(
    r"(?:\d+\W*)?(?:introduction|aims?|purpose|scope|rationale|background|context|overview|statement of intent|contents|our"
    r"|policy statement)\b",
    re.IGNORECASE,
)
_POLICY = re.compile(r"\b(?:policy|policies|procedures?|guidance|guidelines|code of conduct|agreement|statement)\b", re.IGNORECASE)


def of_school(lines: list[str], given: str) -> str:
    """The school's full name where the first page prints it, else the name GIVEN."""
    for line in lines:
        if _SCHOOL.search(line) and not _POLICY.search(line) and 2 <= len(line.split()) <= 9 and not re.search(r"[@:.;?]|\d", line):
            return line.title() if line.isupper() else line
    return given


def title(lines: list[str], school: str, file: str) -> str:
    """What the document calls itself, else what its file is called."""
    for line in lines:
        if _POLICY.search(line) and len(line.split()) <= 14 and not line.endswith("."):
            return line.title() if line.isupper() else line
    for line in lines:
        if line != school and len(line.split()) <= 14 and not line.endswith((".", ":")) and not _GENERAL.match(line):
            return line.title() if line.isupper() else line
    return re.sub(r"[-_]+", " ", file).strip().title()


def version(facts: list[Leaf]) -> str:
    """The version the document gives itself."""
    for leaf in facts:
        if re.match(r"version|issue (?:no|number)", leaf.title, re.IGNORECASE) and len(leaf.text.split()) <= 4:
            return leaf.text
    return ""


def dates(facts: list[Leaf]) -> Dates:
    """The dates that FACTS give; the first of each kind, since the first page stands before any history."""
    found: dict[str, When] = {}
    for leaf in facts:
        for key, text in _dated(leaf):
            when = when_in(text)
            kind = _kind(key)
            if when and kind and kind not in found:
                found[kind] = when
    return Dates(**found)


def _dated(leaf: Leaf) -> list[tuple[str, str]]:
    if leaf.title:
        return [(leaf.title, leaf.text)]
    parts = [part.partition(":") for part in leaf.text.split(" • ")]
    return [(key, value) for key, colon, value in parts if colon]


def _kind(key: str) -> str:
    if re.search(r"\blast\b", key, re.IGNORECASE) and not _APPROVED.search(key):
        return "changed"
    for kind, pattern in (("approved", _APPROVED), ("next_review", _NEXT), ("published", _PUBLISHED), ("changed", _CHANGED)):
        if pattern.search(key):
            return kind
    return ""


def when_in(text: str) -> When | None:
    """The first date in TEXT, as exact as it is given."""
    for pattern in (_ISO, _NUMBERED, _WORDED):
        for found in pattern.finditer(text):
            month = int(found["month"]) if found["month"].isdigit() else _MONTHS.get(found["month"].lower(), 0)
            year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
            day = int(found["day"]) if found["day"] else None
            if 1 <= month <= 12 and (day is None or 1 <= day <= monthrange(year, month)[1]):
                return When(year, month, day)
    return None


@dataclass(frozen=True, slots=True)
class Front:
    """The first page: the titles on it, its formal blocks, and the heading they stand under."""

    titles: list[str]
    blocks: list[Block]
    heading: str


def split(blocks: list[Block]) -> tuple[Front, list[Block]]:
    """The first page of BLOCKS, and what comes after it: the first heading with text below it, or the first text."""
    titles: list[str] = []
    formal: list[Block] = []
    heading = ""
    place = 0
    while place < len(blocks) and not _begins(blocks, place, titles):
        block = blocks[place]
        if block.kind in FORMAL:
            formal.append(block)
        elif block.kind is Kind.HEADING and _CONTROL.search(block.line.text):
            if heading:
                formal.append(Block(block.line, Kind.FORM))
            heading = heading or block.line.text
        else:
            titles.append(block.line.text)
        place += 1
    return Front(titles, formal, heading), blocks[place:]


def _begins(blocks: list[Block], place: int, titles: list[str]) -> bool:
    """Whether the policy itself begins at PLACE, after the lines TITLES of a title page."""
    block = blocks[place]
    if block.kind in FORMAL:
        return False
    if block.kind is not Kind.HEADING:
        return len(block.line.text.split()) > 9 or block.line.text.endswith((".", ":")) or block.kind in {Kind.BULLET, Kind.RULE}
    if block.line.label:
        return True
    after = next((one for one in blocks[place + 1 :] if one.kind not in FORMAL), None)
    if after is None:
        return False
    if after.kind is Kind.HEADING:
        return not (_titles(block.line.text) or all(_SCHOOL.search(line) for line in titles))
    return blocks[place + 1].kind not in FORMAL or not (place == 0 or _titles(block.line.text))


def _titles(text: str) -> bool:
    """Whether TEXT names the school, the document, or a table about it."""
    return any(pattern.search(text) for pattern in (_SCHOOL, _POLICY, _CONTROL))
