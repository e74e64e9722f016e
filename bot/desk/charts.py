"""Figures as charts: SVG made here, without script or style of its own, told apart by pattern as well as by colour. Pure.

A chart repeats what the table below it says: whoever cannot see it misses nothing.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup

MOST_SERIES = 6
WIDE, HIGH = 400, 210  # of the drawing area; it is shown as wide as there is room
LEFT, RIGHT, TOP, BOTTOM = 26, 6, 18, 24
LINE = 30  # the height of a row
NAMES = 166  # room for the names of rows, beside the bars
LETTER = 6.2  # about the width of one letter
LETTERS = 24  # in one of the two lines that the name of a row has

# Each covers a square of eight: full, strokes up, dots, lines, a lattice, and nearly nothing.
_SHAPES = (
    '<rect width="8" height="8" fill="currentColor"/>',
    '<path d="M-2 2l4-4M0 8l8-8M6 10l4-4" stroke="currentColor" stroke-width="2.2"/>',
    '<circle cx="2" cy="2" r="1.7" fill="currentColor"/><circle cx="6" cy="6" r="1.7" fill="currentColor"/>',
    '<path d="M0 2h8M0 6h8" stroke="currentColor" stroke-width="1.8"/>',
    '<path d="M0 0l8 8M0 8l8-8" stroke="currentColor" stroke-width="1.5"/>',
    '<circle cx="4" cy="4" r="1" fill="currentColor"/>',
)
_PATTERN = Markup(
    '<pattern id="{id}" class="chart-ink-{number}" width="8" height="8" patternUnits="userSpaceOnUse">'
    '<rect class="chart-ground" width="8" height="8"/>{shape}</pattern>'
)
_PART = Markup(
    '<rect class="chart-part chart-ink-{number}" x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" fill="url(#{id})">'
    "<title>{says}</title></rect>"
)
_TEXT = Markup('<text x="{x:.1f}" y="{y:.1f}" class="chart-{kind}">{text}</text>')
_LINE = Markup('<line class="chart-line" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')
_WHOLE = Markup(
    '<svg class="chart" viewBox="0 0 {wide} {high}" role="img" aria-labelledby="{key}-title {key}-desc">'
    '<title id="{key}-title">{title}</title><desc id="{key}-desc">{desc}</desc><defs>{patterns}</defs>{inside}</svg>'
)
_SWATCH = Markup(
    '<svg class="chart-swatch" viewBox="0 0 18 18" width="18" height="18" aria-hidden="true">'
    '<rect class="chart-part chart-ink-{number}" x="1" y="1" width="16" height="16" fill="url(#{id})"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: its name, one number for each series, and a name that is SHORT enough for an axis."""

    name: str
    numbers: tuple[int, ...]
    short: str = ""

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.numbers)


@dataclass(frozen=True, slots=True)
class Picture:
    """A table and how it is drawn: UPRIGHT where the rows are times, lying where they are kinds. `key` is its name in addresses."""

    key: str
    title: str
    of: str  # what the rows are
    series: tuple[str, ...]
    rows: tuple[Row, ...]
    upright: bool = False

    def __post_init__(self) -> None:
        if len(self.series) > MOST_SERIES:
            raise ValueError(f"{self.key}: at most {MOST_SERIES} series can be told apart; put the smaller ones together.")

    @property
    def total(self) -> int:
        """Everything that is counted in it."""
        return sum(row.total for row in self.rows)

    @property
    def summary(self) -> str:
        """The chart in one sentence, for whoever cannot see it; the numbers stand in the table."""
        if not self.total:
            return "There is nothing to count."
        most = max(self.rows, key=lambda row: row.total)
        return f"{self.total} in all; the most, {most.total}: {most.name}. Every number stands in the table below."


def chart(picture: Picture) -> Markup:
    """PICTURE as one SVG element."""
    drawn = _upright(picture) if picture.upright else _lying(picture)
    high = HIGH if picture.upright else TOP + LINE * len(picture.rows)
    return _WHOLE.format(
        wide=WIDE,
        high=high,
        key=picture.key,
        title=picture.title,
        desc=picture.summary,
        patterns=_joined(_patterns(picture)),
        inside=_joined(drawn),
    )


def swatch(picture: Picture, number: int) -> Markup:
    """The pattern of one series, for the legend of a chart on the same page."""
    return _SWATCH.format(number=number, id=_id(picture, number))


def _patterns(picture: Picture) -> Iterator[Markup]:
    for number in range(len(picture.series)):
        # The shapes are ours, and hold nothing that came from anywhere.
        yield _PATTERN.format(id=_id(picture, number), number=number, shape=Markup(_SHAPES[number]))  # noqa: S704 - see above


def _upright(picture: Picture) -> Iterator[Markup]:
    foot, top = HIGH - BOTTOM, _rounded(max((row.total for row in picture.rows), default=0))
    scale, room = (foot - TOP) / top, (WIDE - LEFT - RIGHT) / max(len(picture.rows), 1)
    for mark in dict.fromkeys((0, top // 2, top)):
        level = foot - mark * scale
        yield _LINE.format(x1=LEFT, y1=level, x2=WIDE - RIGHT, y2=level)
        yield _TEXT.format(x=LEFT - 5, y=level + 4, kind="mark", text=mark)
    longest = max((len(row.short) for row in picture.rows), default=0)
    every = max(1, math.ceil((longest * LETTER + 6) / room))
    for place, row in enumerate(picture.rows):
        x = LEFT + place * room
        for number, low, many in _stacked(row):
            box = (x + room * 0.14, foot - (low + many) * scale, room * 0.72, many * scale)
            yield _part(picture, row, number, box)
        if row.total:
            yield _TEXT.format(x=x + room / 2, y=foot - row.total * scale - 4, kind="number", text=row.total)
        # Counted from the last, which is the time people look for.
        if (len(picture.rows) - 1 - place) % every == 0:
            yield _TEXT.format(x=x + room / 2, y=HIGH - 8, kind="name", text=row.short)


def _lying(picture: Picture) -> Iterator[Markup]:
    top = _rounded(max((row.total for row in picture.rows), default=0))
    scale = (WIDE - NAMES - 34) / top
    for place, row in enumerate(picture.rows):
        y = TOP / 2 + place * LINE
        lines = textwrap.wrap(row.short or row.name, LETTERS, max_lines=2, placeholder="…")
        for number, text in enumerate(lines):
            yield _TEXT.format(x=NAMES - 8, y=y + LINE / 2 + 4 + (number - (len(lines) - 1) / 2) * 12, kind="row", text=text)
        yield _LINE.format(x1=NAMES, y1=y + 2, x2=NAMES, y2=y + LINE - 2)
        for number, low, many in _stacked(row):
            yield _part(picture, row, number, (NAMES + low * scale, y + 5, many * scale, LINE - 10))
        yield _TEXT.format(x=NAMES + row.total * scale + 6, y=y + LINE / 2 + 4, kind="beside", text=row.total)


def _part(picture: Picture, row: Row, number: int, box: tuple[float, float, float, float]) -> Markup:
    x, y, wide, high = box
    what = f"{picture.series[number]}, " if len(picture.series) > 1 else ""
    says = f"{row.name}: {what}{row.numbers[number]}"
    return _PART.format(number=number, id=_id(picture, number), x=x, y=y, wide=wide, high=high, says=says)


def _stacked(row: Row) -> Iterator[tuple[int, int, int]]:
    """Each series of ROW that has anything, with how many lie below it."""
    below = [0, *accumulate(row.numbers)]
    return ((number, below[number], many) for number, many in enumerate(row.numbers) if many)


def _rounded(most: int) -> int:
    """The end of the axis: even, so that its middle is a whole number too, and never nothing."""
    step = max(2, 5 * 10 ** (len(str(most)) - 2)) if most > 9 else 2
    return max(2, math.ceil(most / step) * step)


def _id(picture: Picture, number: int) -> str:
    return f"{picture.key}-{number}"


def _joined(parts: Iterator[Markup] | Sequence[Markup]) -> Markup:
    return Markup("").join(parts)
