"""Builds the tree of headings: which heading stands under which, and what was written below each."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from knowledge.importing.contents import title_key
from knowledge.importing.document import Line
from knowledge.importing.kinds import Block, Kind
from knowledge.importing.marks import roman, shape, value

DEEPEST = 4  # what the Markdown of a policy knows


@dataclass(slots=True)
class Node:
    """A heading with the blocks below it and the headings below those."""

    title: str
    label: str = ""
    number: int = 0
    depth: int = 0
    blocks: list[Block] = field(default_factory=list, repr=False)
    children: list[Node] = field(default_factory=list, repr=False)


_END_MATTER = re.compile(r"(?:appendix|annexe?)\b|schedule\s*(?:[:.–-]|$)|.{0,30}\bappendix$", re.IGNORECASE)
PART = re.compile(r"part\s+(?:one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2}|[A-Z])\b", re.IGNORECASE)

# A look is what two headings of one depth have in common.
Look = tuple[int, str]


def planted(blocks: list[Block]) -> Node:
    """The tree of BLOCKS below a root without a title."""
    blocks = _over_two_lines(blocks)
    headings = [block.line for block in blocks if block.kind is Kind.HEADING]
    after = pairwise(blocks)
    order = _Order(headings, frozenset(one.line.number for one, other in after if one.kind is other.kind is Kind.HEADING))
    root = Node("")
    open_nodes: list[tuple[Look, Node]] = []
    for block in blocks:
        if block.kind is not Kind.HEADING:
            (open_nodes[-1][1] if open_nodes else root).blocks.append(block)
            continue
        line = block.line
        look = order.look(line)
        keep = order.above(look, line, [one for one, _ in open_nodes])
        del open_nodes[min(keep, DEEPEST - 1) :]
        node = Node(line.text, line.label, line.number, len(open_nodes) + 1)
        (open_nodes[-1][1] if open_nodes else root).children.append(node)
        open_nodes.append((look, node))
    return root


def _over_two_lines(blocks: list[Block]) -> list[Block]:
    """Titles that were set over two lines, as one: “Appendix 1” with what it is called, “TikTok” with “Advice for Parents”."""
    whole: list[Block] = []
    for place, block in enumerate(blocks):
        before = whole[-1] if whole else None
        bodiless = place + 1 < len(blocks) and blocks[place + 1].kind is Kind.HEADING
        if (
            before is not None
            and before.kind is block.kind is Kind.HEADING
            and (not block.line.gap or (bodiless and before.line.gap and not before.line.level))
            and not block.line.label
            and before.line.level == block.line.level
            and (not before.line.text or not before.line.label)
            and len(before.line.text.split()) + len(block.line.text.split()) <= 12
        ):
            one = before.line
            whole[-1] = Block(
                Line(
                    f"{one.text} {block.line.text}".strip(),
                    one.number,
                    one.gap,
                    one.page,
                    one.level,
                    label=one.label,
                    strong=one.strong,
                ),
                Kind.HEADING,
            )
        else:
            whole.append(block)
    return whole


class _Order:
    """Which look stands above which, read from the whole document."""

    def __init__(self, headings: list[Line], bodiless: frozenset[int]) -> None:
        self._bodiless = bodiless  # headings right above another heading: they hold it
        self._romans = any(line.label and shape(line.label) == "I" for line in headings)
        self._seen = Counter(title_key(line.text) for line in headings)
        self._leads = self._top_numbers(headings)
        self._shouts = sum(_shouted(line.text) for line in headings) >= 3

    def _shape(self, label: str) -> str:
        """The pattern of LABEL; where there is a II, an I is a roman number and no letter."""
        return "I" if self._romans and label in {"I", "V", "X"} else shape(label)

    def _top_numbers(self, headings: list[Line]) -> str:
        """The pattern of the numbers that count the sections from first to last without starting again; empty where none does."""
        for pattern in ("part", "section", "chapter", "I", "A", "1"):
            labels = [line.label for line in headings if line.label and self._shape(line.label) == pattern]
            numbers = [roman(label) if pattern == "I" else value(label) for label in labels]
            climbs = all(0 < after - one <= 3 for one, after in pairwise(numbers))
            if len(numbers) >= 3 and climbs:
                return pattern
        return ""

    def look(self, line: Line) -> Look:
        """The look of a heading: a rank, smaller is higher, and a pattern."""
        pattern = self._shape(line.label) if line.label else ""
        if pattern in {"appendix", "annex", "schedule"}:
            return (0, "top")
        if line.level:
            return (line.level * 10 + pattern.count("."), "level")
        if not pattern:
            # An appendix without a number stands below no section; nor does a part, where the numbers count on through all of them.
            above = _END_MATTER.match(line.text) or (self._leads and PART.match(line.text))
            return (0, "top") if above else self._plain(line)
        if pattern == self._leads:
            return (0, "top")
        return (20 + 2 * pattern.count("."), "number") if "1" in pattern else (15, pattern)

    def _plain(self, line: Line) -> Look:
        """The look of a heading that has neither number nor style."""
        if self._seen[title_key(line.text)] > 2:
            return (60, "again")  # “Safety tips”, once in each part
        if self._shouts and _shouted(line.text):
            return (30, "capitals")
        if line.number in self._bodiless:
            return (35, "part")
        return (40 if line.strong else 50, "title")

    def above(self, look: Look, line: Line, standing: list[Look]) -> int:
        """How many of the open headings stay open above LINE."""
        if look == (0, "top"):
            return 0
        for place, one in enumerate(standing):
            if one == look:
                return place
        if line.label and value(line.label) > 1 and "1" not in shape(line.label)[1:] and not line.level:
            return 0  # a “2.” whose “1.” has lost its number
        return next((place for place, one in enumerate(standing) if one[0] >= look[0]), len(standing))


def _shouted(text: str) -> bool:
    return text.isupper() and sum(sign.isalpha() for sign in text) >= 4
