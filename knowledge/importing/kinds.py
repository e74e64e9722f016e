"""Says what each line is: a heading, a numbered rule, a bullet, a row of a table, a line of a form, or plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from itertools import zip_longest

from knowledge.importing.document import Line
from knowledge.importing.fields import CONTACT, DATE, FIELD, KEYED
from knowledge.importing.headings import can_head, is_bare, is_body, is_heading
from knowledge.importing.marks import follows, like, shape, value


class Kind(Enum):
    """What a line is for."""

    HEADING = "heading"
    RULE = "rule"
    BULLET = "bullet"
    TEXT = "text"
    ROW = "row"
    FORM = "form"


_SEMICOLON = re.compile(r";(?:\s+(?:and|or))?$")
_TERM = re.compile(r"[“\"‘'][^”\"’']{2,60}[”\"’']\s+(?:means?|includes?|is|are|refers?)\b")

FORMAL = frozenset({Kind.ROW, Kind.FORM})  # what documents say about themselves


@dataclass(frozen=True, slots=True)
class Block:
    """A line and what it is."""

    line: Line
    kind: Kind


def sorted_out(lines: list[Line], titles: frozenset[str]) -> list[Block]:
    """LINES with what each of them is. TITLES are those of the table of contents."""
    lists = _tight_lists(lines)
    blocks = [Block(line, _kind(lines, place, titles, tight=place in lists)) for place, line in enumerate(lines)]
    return _written_out(_bare_lists(_signatures(_fields(_empty_fields(_counted(blocks))))))


def _fields(blocks: list[Block]) -> list[Block]:
    """BLOCKS with those lines as filled in that stand right among such lines and look like them: “Clerk informed: yes”."""
    found = list(blocks)
    for places in (range(1, len(blocks)), range(len(blocks) - 2, -1, -1)):
        step = places.step
        for place in places:
            line, near = found[place].line, found[place - step]
            lower = line if step > 0 else near.line
            loose = found[place].kind in {Kind.TEXT, Kind.HEADING} and not line.level and not line.label and not line.strong
            if loose and near.kind is Kind.FORM and not lower.gap and KEYED.match(line.text) and KEYED.match(near.line.text):
                found[place] = Block(line, Kind.FORM)
    return found


def _counted(blocks: list[Block]) -> list[Block]:
    """BLOCKS with those lines as headings that the numbers around them show to be some: “10. If you are attacked”, before 10.1."""
    found = list(blocks)
    numbered = [place for place, block in enumerate(blocks) if block.line.label]
    last: dict[str, str] = {}  # for each pattern of numbers the heading that has come last
    for place, after in zip_longest(numbered, numbered[1:]):
        line = blocks[place].line
        next_one = blocks[after].line.label if after is not None else ""
        if found[place].kind is Kind.RULE and can_head(line):
            child = next_one in {f"{line.label}.1", f"{line.label}1"} or (next_one == "1" and after == place + 1)
            if child or (line.gap and not line.text.endswith(".") and _between(blocks, place, last.get(shape(line.label), ""))):
                found[place] = Block(line, Kind.HEADING)
        if found[place].kind is Kind.HEADING:
            last[shape(line.label)] = line.label
    return found


def _between(blocks: list[Block], place: int, last: str) -> bool:
    """Whether the line at PLACE has the number between those of the headings around it, LAST before it, and text of its own."""
    label = blocks[place].line.label
    beside = [blocks[near] for near in (place - 1, place + 1) if 0 <= near < len(blocks)]
    if place + 1 == len(blocks) or any(one.kind is Kind.RULE and like(one.line.label, label) for one in beside):
        return False
    later = (one.line.label for one in blocks[place + 1 :] if one.kind is Kind.HEADING and one.line.label)
    return follows(label, last) or follows(next((one for one in later if like(one, label)), ""), label)


def _empty_fields(blocks: list[Block]) -> list[Block]:
    """BLOCKS with short lines between the rows of a table as rows that nobody has filled in."""
    found = list(blocks)
    for place in range(1, len(blocks) - 1):
        line = blocks[place].line
        between = found[place - 1].kind is Kind.ROW and blocks[place + 1].kind is Kind.ROW
        if between and is_bare(line) and not line.level and not line.gap and not blocks[place + 1].line.gap:
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
            is_bare(line)
            and not line.level
            and not line.strong
            and (after is None or not is_body(after) or bool(FIELD.match(after.text)))
        )
        begins = block.kind is Kind.FORM and line.text.lower().startswith("sign")
        signing = begins or (signing and (loose or block.kind in FORMAL))
        found.append(Block(line, Kind.FORM) if signing and block.kind is not Kind.ROW else block)
    return found


def _bare_lists(blocks: list[Block]) -> list[Block]:
    """BLOCKS with the short lines that follow a lead-in as its bullets, where the bullets themselves were lost."""
    found = list(blocks)
    for place, block in enumerate(blocks):
        if block.kind is not Kind.TEXT or not block.line.text.endswith((":", ":-")):
            continue
        end = place + 1
        apart = all(one.line.gap for one in blocks[place + 1 : place + 3])  # in such a document white space parts everything
        while (
            end < len(blocks)
            and blocks[end].kind in {Kind.TEXT, Kind.HEADING, Kind.FORM}
            and _is_item(blocks[end].line, first=apart or end == place + 1)
        ):
            end += 1
        if apart and end < len(blocks) and blocks[end].kind is Kind.TEXT:
            end -= 1  # the last one is the heading of what follows
        if end - place > (3 if apart else 2):
            found[place + 1 : end] = [Block(replace(one.line, bullet=True), Kind.BULLET) for one in blocks[place + 1 : end]]
    return found


def _written_out(blocks: list[Block]) -> list[Block]:
    """BLOCKS with the paragraphs below a lead-in as its bullets where semicolons or terms in quotation marks say that they are."""
    found = list(blocks)
    for place, block in enumerate(blocks):
        if block.kind not in {Kind.TEXT, Kind.RULE} or not block.line.text.endswith((":", ":-")):
            continue
        end = place + 1
        while end < len(blocks) and blocks[end].kind is Kind.TEXT and _SEMICOLON.search(blocks[end].line.text):
            end += 1
        if end > place + 1 and end < len(blocks) and blocks[end].kind is Kind.TEXT:
            end += 1  # the last one ends in a full stop
        if end == place + 1:
            while end < len(blocks) and blocks[end].kind is Kind.TEXT and _TERM.match(blocks[end].line.text):
                end += 1
        if end - place > 2:
            found[place + 1 : end] = [Block(replace(one.line, bullet=True), Kind.BULLET) for one in blocks[place + 1 : end]]
    return found


def _is_item(line: Line, *, first: bool) -> bool:
    return is_bare(line) and not line.level and not line.strong and (first or not line.gap)


def _kind(lines: list[Line], place: int, titles: frozenset[str], *, tight: bool) -> Kind:
    line = lines[place]
    if len(line.cells) > 1:
        return Kind.ROW
    if not tight and is_heading(lines, place, titles):
        return Kind.HEADING
    if line.label:
        return Kind.RULE
    if line.bullet:
        return Kind.BULLET
    short = len(line.text.split()) <= 12
    if short and not line.text.endswith(".") and (FIELD.match(line.text) or CONTACT.search(line.text) or DATE.match(line.text)):
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
            and (one.gap or not after.gap)  # behind the first gap something else begins
        ):
            found |= {place, place + 1}
    return frozenset(found)
