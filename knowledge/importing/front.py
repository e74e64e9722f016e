"""Reads what the document says about itself on its first page: its title, the school, its version and its dates."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from itertools import takewhile

from knowledge.importing.fields import KEYED
from knowledge.importing.headings import is_titled
from knowledge.importing.kinds import FORMAL, Block, Kind
from knowledge.importing.leaves import Leaf
from knowledge.importing.tree import PART
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
# How lines begin that say when and by whom a document was agreed, among those of its title page.
_ABOUT = re.compile(
    r"(?:last |first |date )?(?:agreed|adopted|approved|written|ratified|resolved|reviewed|prepared|published|issued|revised)\b"
    r"|(?:to be |next )?(?:looked at|reviewed?|read (?:with|alongside))\b"
    r"|(?:based on|adapted from|model policy|status|version|owner)\b",
    re.IGNORECASE,
)
_KEYED_OR_BY = re.compile(r":\s|\bby\b|\b(?:19|20)\d\d\b")
_ADOPTER = re.compile(r"(?:adopted|approved) by (?P<school>(?!.*\b(?:board|body|governors|trustees|committee)\b).*)", re.IGNORECASE)
# A line under the title, and one that is no title at all.
_UNDER = re.compile(r"(?:an?|our|the|including)\s|[“\"‘'(]", re.IGNORECASE)
_NO_TITLE = re.compile(r"(?:a (?:member|school|proud)|part of|adopted|including)\b|[“\"‘'(]", re.IGNORECASE)
_LONGEST_TITLE, _LONGEST_SUBTITLE = 18, 9  # words
_SCHOOL = re.compile(r"\b(?:school|academy|college|nursery|federation|primary|infants?|juniors?)\b", re.IGNORECASE)
_TRUST = re.compile(r"\b(?:trust|federation)\b", re.IGNORECASE)
_GENERAL = re.compile(
    r"(?:\d+\W*)?(?:introduction|aims?|purpose|scope|rationale|background|context|overview|statement of intent|contents|our"
    r"|about|policy statement)\b",
    re.IGNORECASE,
)
_POLICY = re.compile(r"\b(?:policy|policies|procedures?|guidance|guidelines|code of conduct|agreement|statement)\b", re.IGNORECASE)


def of_school(lines: list[str], given: str) -> str:
    """The school's full name where the first page prints it, else the name GIVEN. A trust stands above its schools."""
    for line in sorted(lines, key=lambda line: _TRUST.search(line) is not None):
        if _SCHOOL.search(line) and not _POLICY.search(line) and 2 <= len(line.split()) <= 9 and not re.search(r"[@:.;?]|\d", line):
            return line.title() if line.isupper() else line
    return given


def title(lines: list[str], school: str, file: str) -> str:
    """What the document calls itself, else what its file is called."""
    for line in lines:
        if (
            _POLICY.search(line)
            and len(line.split()) <= 14
            and not (line.endswith(".") or _UNDER.match(line) or _GENERAL.match(line))
        ):
            return line.title() if line.isupper() else line
    for line in lines:
        general = _GENERAL.match(line) or _NO_TITLE.match(line)
        if line != school and len(line.split()) <= 14 and not line.endswith((".", ":")) and not general:
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
        if (adopter := _ADOPTER.fullmatch(block.line.text)) and _SCHOOL.search(adopter["school"]):
            titles.append(adopter["school"])
        elif _formal(block):
            formal.append(block if block.kind in FORMAL else Block(block.line, Kind.TEXT))
        elif _heads_control(block):
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
    if _formal(block):
        return False
    if block.kind is not Kind.HEADING:
        return _tells(block)
    if block.line.label or PART.match(block.line.text):
        return True
    facts = list(takewhile(_formal, blocks[place + 1 :]))
    after = next(iter(blocks[place + 1 + len(facts) :]), None)
    if after is None or (after.kind is Kind.HEADING and any(KEYED.match(one.line.text) for one in facts)):
        return False
    text = block.line.text
    if after.kind is Kind.HEADING or not _tells(after):
        return not (_titles(text) or all(_SCHOOL.search(line) for line in titles))
    return not facts or not (place == 0 or _titles(text))


def _formal(block: Block) -> bool:
    """Whether BLOCK, on a title page, is a fact about the document: by its form, or by its first words."""
    text = block.line.text
    loose = block.kind is Kind.TEXT or (block.kind is Kind.HEADING and not block.line.label and _KEYED_OR_BY.search(text))
    return block.kind in FORMAL or bool(loose and _ABOUT.match(text))


def _tells(block: Block) -> bool:
    """Whether BLOCK, which is no heading, says something, and is no second line of a title."""
    text = block.line.text
    if block.kind is not Kind.TEXT or text.endswith((".", ":", "!", "?")):
        return True
    like_title = ": " in text or is_titled(text) or any(kind.match(text) for kind in (_UNDER, _NO_TITLE))
    return len(text.split()) > (_LONGEST_TITLE if like_title else _LONGEST_SUBTITLE)


def _heads_control(block: Block) -> bool:
    """Whether BLOCK is what stands above the facts of the title page, set as a heading or not."""
    found = _CONTROL.search(block.line.text)
    return found is not None and (block.kind is Kind.HEADING or len(block.line.text.split()) <= 3)


def _titles(text: str) -> bool:
    """Whether TEXT names the school, the document, or a table about it."""
    return any(pattern.search(text) for pattern in (_SCHOOL, _POLICY, _CONTROL))
