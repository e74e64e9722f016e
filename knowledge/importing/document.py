"""A document as its reader hands it on: plain lines, each with the little that is known of how it looked."""

from __future__ import annotations

from dataclasses import dataclass, field


class CannotImport(Exception):
    """A document cannot be taken in; the message names the file and what to do instead."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of print, one paragraph of Word, or one row of a table. What a format cannot tell stays at its default."""

    text: str = field(repr=False)
    number: int = 0
    gap: bool = False  # white space above
    page: int = 0  # 0 where the format knows no pages
    level: int = 0  # the depth of heading that the document itself names
    bullet: bool = False
    label: str = ""  # the number or letter printed before the text, without its dot or bracket
    indent: int = 0
    strong: bool = False  # the whole line is bold or larger than what stands around it
    cells: tuple[str, ...] = field(default=(), repr=False)
    whole: bool = False  # the format says where the paragraph ends: nothing is joined on
    listed: bool = False  # the format says that it is a line of the table of contents
    wide: bool = False  # a line of print filled to the margin: the next one carries on


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line that is not in the proposal, and why."""

    number: int
    text: str = field(repr=False)
    why: str


@dataclass(frozen=True, slots=True)
class Document:
    """What was read from one file."""

    name: str
    lines: tuple[Line, ...] = field(repr=False)
    notes: tuple[str, ...] = ()  # what the reader wants the person to know
