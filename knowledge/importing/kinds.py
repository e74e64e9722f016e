"""Says what each line is: a heading, a numbered rule, a bullet, a row of a table, a line of a form, or plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum

from knowledge.importing.contents import title_key
from knowledge.importing.document import Line
from knowledge.importing.joins import ENDS
from knowledge.importing.marks import shape, value


class Kind(Enum):
    """What a line is for."""

    HEADING = "heading"
    RULE = "rule"
    BULLET = "bullet"
    TEXT = "text"
    ROW = "row"
    FORM = "form"


FORMAL = frozenset({Kind.ROW, Kind.FORM})  # what documents say about themselves


@dataclass(frozen=True, slots=True)
class Block:
    """A line and what it is."""

    line: Line
    kind: Kind


_KEYS = (
    r"signed|signature|print(?:ed)? name|date|dated|review(?:ed)?|approved|adopted|ratified|agreed|written|updated|author|version|owner|next review|"
    r"last review(?:ed)?|policy|lead|status|document|responsible|produced|prepared|issue|ref(?:erence)?|committee|chair|head ?teacher|principal"
)
_FORM = re.compile(
    rf"^(?:{_KEYS})\b(?: \S+){{0,6}}?\s*:(?!$)|^(?:name|role|position|tel|telephone|phone|mobile|e-?mail|address|website)\s*:|^sign(?:ed|ature)\b|^dated?\s*:?$",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b|\b[A-Z]{1,2}\d[\dA-Z]?\s+\d[A-Z]{2}\b|^\W*(?:\+44|0\d)[\d\s()-]{8,}$"
    r"|^\d{0,4}\s*[A-Z]\w+(?: [A-Z]\w+)? (?:Road|Lane|Street|Avenue|Close|Drive|Way)$"
)
_YEAR = re.compile(
    r"^(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Spring|Summer|Autumn|Term)\b.{0,12}\b(?:19|20)\d\d$|^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:must|should|shall|will|may not|can|cannot|can't|is|are|was|were|has|have|do not|don't|never|agree|understand)\b",
    re.IGNORECASE,
)
_SMALL = frozenset(
    "a an and as at by for from in into is of off on or our the to up via with your their its it vs be not under this".split()
)


def sorted_out(lines: list[Line], titles: frozenset[str]) -> list[Block]:
    """LINES with what each of them is. TITLES are those of the table of contents."""
    lists = _tight_lists(lines)
    blocks = [Block(line, _kind(lines, place, titles, tight=place in lists)) for place, line in enumerate(lines)]
    return _bare_lists(_signatures(_empty_fields(blocks)))


def _empty_fields(blocks: list[Block]) -> list[Block]:
    """BLOCKS with short lines between the rows of a table as rows that nobody has filled in."""
    found = list(blocks)
    for place in range(1, len(blocks) - 1):
        line = blocks[place].line
        between = found[place - 1].kind is Kind.ROW and blocks[place + 1].kind is Kind.ROW
        if between and _bare(line) and not line.level and not line.gap and not blocks[place + 1].line.gap:
            found[place] = Block(line, Kind.ROW)
    return found


def _signatures(blocks: list[Block]) -> list[Block]:
    """BLOCKS with the names, posts and dates after “Signed” as lines of that form: they are set like headings."""
    found: list[Block] = []
    signing = False
    for place, block in enumerate(blocks):
        line = block.line
        after = blocks[place + 1].line if place + 1 < len(blocks) else None
        loose = (
            _bare(line)
            and not line.level
            and not line.strong
            and (after is None or not _is_body(after) or _FORM.match(after.text) is not None)
        )
        signing = block.kind is Kind.FORM and line.text.lower().startswith("sign") or signing and (loose or block.kind in FORMAL)
        found.append(Block(line, Kind.FORM) if signing and block.kind is not Kind.ROW else block)
    return found


def _bare_lists(blocks: list[Block]) -> list[Block]:
    """BLOCKS with the short lines that follow a lead-in as its bullets, where the bullets themselves were lost."""
    found = list(blocks)
    for place, block in enumerate(blocks):
        if block.kind is not Kind.TEXT or not block.line.text.endswith((":", ":-")):
            continue
        end = place + 1
        while (
            end < len(blocks)
            and blocks[end].kind in {Kind.TEXT, Kind.HEADING, Kind.FORM}
            and _is_item(blocks[end].line, first=end == place + 1)
        ):
            end += 1
        if end - place > 2:
            found[place + 1 : end] = [Block(replace(one.line, bullet=True), Kind.BULLET) for one in blocks[place + 1 : end]]
    return found


def _is_item(line: Line, *, first: bool) -> bool:
    return _bare(line) and not line.level and not line.strong and (first or not line.gap)


def _kind(lines: list[Line], place: int, titles: frozenset[str], *, tight: bool) -> Kind:
    line = lines[place]
    if len(line.cells) > 1:
        return Kind.ROW
    if not tight and _is_heading(lines, place, titles):
        return Kind.HEADING
    if line.label:
        return Kind.RULE
    if line.bullet:
        return Kind.BULLET
    short = len(line.text.split()) <= 12
    if short and not line.text.endswith(".") and (_FORM.match(line.text) or _CONTACT.search(line.text) or _YEAR.match(line.text)):
        return Kind.FORM
    return Kind.TEXT


def _tight_lists(lines: list[Line]) -> frozenset[int]:
    """Where numbered lines follow each other with nothing between them: items of a list, however short, are no headings."""
    found: set[int] = set()
    for place in range(len(lines) - 1):
        one, after = lines[place], lines[place + 1]
        if (
            one.label
            and after.label
            and not one.level
            and shape(one.label) == shape(after.label) != "appendix"
            and value(after.label) == value(one.label) + 1
        ):
            found |= {place, place + 1}
    return frozenset(found)


def _is_heading(lines: list[Line], place: int, titles: frozenset[str]) -> bool:
    """Whether the line at PLACE is a heading; the surest signs first."""
    line = lines[place]
    text, count = line.text, len(line.text.split())
    after = lines[place + 1] if place + 1 < len(lines) else None
    if line.level:
        return count <= 25 and not (count > 12 and text.endswith("."))
    if line.label.startswith(("appendix", "annex", "schedule")) or (line.label and " " in line.label and count <= 12):
        return not text.endswith((".", ";", ",")) or count <= 6
    if count > 15 or not text or text.endswith((".", ";", ",")) or _CONTACT.search(text) or _YEAR.match(text):
        return False
    if title_key(text) in titles and not line.bullet:
        return True
    if text[0].islower() or after is None or line.bullet:
        return False
    if line.label:
        return _numbered_heading(line, after)
    if _FORM.match(text):
        return False
    if text.endswith(":"):
        return count <= 6 and not _listed(after) and len(after.text.split()) > 6 and (line.strong or line.gap and _titled(text))
    if text.endswith("?"):
        return count <= 15 and _is_body(after)
    if line.strong:
        return count <= 12 and not after.cells
    return (
        count <= 9 and _alone(lines, place) and (_capitals(text) or _titled(text) or (not _SAYS.search(text) and _is_body(after)))
    )


def _numbered_heading(line: Line, after: Line) -> bool:
    """Whether a short numbered line without a full stop is a heading and not an item of a list."""
    if shape(line.label) in {"a", "i"} or line.text.endswith(":"):
        return False
    if _SAYS.search(line.text) and not _capitals(line.text) and not _titled(line.text) and not line.text.endswith("?"):
        return False
    return len(line.text.split()) <= 10


def _alone(lines: list[Line], place: int) -> bool:
    """Whether the line does not stand among others of its kind: lines of an address, names in a list, a title over two lines."""
    line, after = lines[place], lines[place + 1]
    before = lines[place - 1] if place else None
    if _bare(after) and not after.gap:
        # Two lines may be one title; three are a list.
        third = lines[place + 2] if place + 2 < len(lines) else None
        return line.gap and third is not None and not (_bare(third) and not third.gap) and _is_body(third)
    if before is not None and not line.gap and _bare(before) and not _is_body(after):
        return False
    return line.gap or _is_body(after)


def _bare(line: Line) -> bool:
    """A short line without an end: it may be a title, and it may be an item."""
    return not line.bullet and not line.label and not line.cells and len(line.text.split()) <= 9 and not line.text.endswith(ENDS)


def _is_body(line: Line) -> bool:
    """Whether LINE can be what stands under a heading."""
    return line.bullet or bool(line.label) or bool(line.cells) or len(line.text.split()) > 9 or line.text.endswith(ENDS)


def _listed(line: Line) -> bool:
    return line.bullet or bool(line.label)


def _capitals(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) >= 4 and sum(sign.isupper() for sign in letters) >= 0.7 * len(letters)


def _titled(text: str) -> bool:
    """Whether nearly every word that carries meaning begins with a capital, as titles do."""
    words = [word for word in re.findall(r"[A-Za-z][\w’'-]*", text) if word.lower() not in _SMALL]
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.6 * len(words) and words[0][0].isupper()
