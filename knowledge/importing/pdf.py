"""Reads a PDF: where each letter stands gives the lines, the columns, the headings and what carries on at the margin."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # as above

from knowledge.importing.document import CannotImport, Document, Line
from knowledge.importing.marks import marked
from knowledge.importing.noise import clean

MOST = 300  # pages
_SIGNS = 60_000  # on one page; a page of small print has six thousand
_HEAVY = ("bold", "black", "heavy", "semibold", "demi")
_COLUMN = 1.9  # a gap of so many letters' height is a column, not a space
_NEXT = 1.6  # the next line of a cell stands at most so many letters' heights below
_TALL = 9  # lines of a cell; what jumps further up is the next column of the page
_PITCH = 1.45  # lines further apart than so many usual distances have a gap between them
_LARGER = 1.12
_LEVELS = 4
_TITLE = 16  # words


@dataclass(slots=True)
class _Print:
    """One line of print, or one cell of it: its words and where it stands on the page."""

    text: str = field(repr=False)
    left: float
    right: float
    base: float
    size: float
    bold: bool
    page: int


def read(name: str, data: bytes) -> Document:
    """The lines of a PDF."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        if "password" in str(problem).lower():
            raise CannotImport(
                f"{name}: it is protected by a password. Save a copy without one, or import the Word document."
            ) from problem
        raise CannotImport(f"{name}: the file is damaged. Export the PDF again, or import the Word document.") from problem
    with document:
        count = len(document)
        if count > MOST:
            raise CannotImport(f"{name}: it has {count} pages. Export only the pages of the policy; up to {MOST} are read.")
        rows = [row for number in range(count) for row in _rows(_prints(document, number, number + 1))]
    if sum(len(part.text) for row in rows for cell in row for part in cell) < 20 * count:
        raise CannotImport(
            f"{name}: its pages are pictures without text (a scan). Run text recognition on it, or import the Word document."
        )
    return Document(name, tuple(_lines(rows)))


def _prints(document: Any, index: int, page: int) -> list[_Print]:
    """What is printed on one page, in the order in which the file draws it."""
    sheet = document[index]
    text = sheet.get_textpage()
    try:
        return list(_cut(_letters(text), page))
    finally:
        text.close()
        sheet.close()


@dataclass(slots=True)
class _Letter:
    sign: str
    left: float
    right: float
    base: float
    size: float
    bold: bool


def _letters(text: Any) -> Iterator[_Letter]:
    count = min(text.count_chars(), _SIGNS)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    across, base = ctypes.c_double(), ctypes.c_double()
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    for place in range(count):
        code = pdfium.FPDFText_GetUnicode(text, place)
        if not 0 < code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            continue
        pdfium.FPDFText_GetCharBox(text, place, left, right, bottom, top)
        pdfium.FPDFText_GetCharOrigin(text, place, across, base)
        size = pdfium.FPDFText_GetFontSize(text, place)
        bold = False
        if not chr(code).isspace():
            pdfium.FPDFText_GetFontInfo(text, place, name, len(name), flags)
            bold = (
                any(heavy in name.value.decode("latin-1").lower() for heavy in _HEAVY)
                or pdfium.FPDFText_GetFontWeight(text, place) >= 600
            )
            # Some programs draw everything at size 1 and enlarge it: then the height of the letters is all there is.
            size = size if size > 3 else max(size, (top.value - bottom.value) * 1.3)
        yield _Letter(chr(code), left.value, right.value, base.value, size, bold)


def _cut(letters: Iterator[_Letter], page: int) -> Iterator[_Print]:
    """Letters as lines: a new one begins where the file breaks it, where the letters jump, and at the gap between columns."""
    run: list[_Letter] = []
    for letter in letters:
        if letter.sign in "\r\n":
            yield from _printed(run, page)
            run = []
            continue
        last = next((one for one in reversed(run) if not one.sign.isspace()), None)
        if last is not None and not letter.sign.isspace():
            jumped = abs(letter.base - last.base) > 0.6 * max(letter.size, last.size)
            apart = letter.left - last.right > _COLUMN * max(letter.size, last.size)
            if jumped or apart or letter.left < last.left - 2 * last.size:
                yield from _printed(run, page)
                run = []
        run.append(letter)
    yield from _printed(run, page)


def _printed(run: list[_Letter], page: int) -> Iterator[_Print]:
    seen = [letter for letter in run if not letter.sign.isspace()]
    if not seen:
        return
    text = " ".join("".join(letter.sign for letter in run).split())
    yield _Print(
        text,
        min(letter.left for letter in seen),
        max(letter.right for letter in seen),
        median(letter.base for letter in seen),
        median(letter.size for letter in seen),
        sum(letter.bold for letter in seen) > 0.8 * len(seen),
        page,
    )


def _with_marks(prints: list[_Print]) -> list[_Print]:
    """PRINTS with each bullet or number joined to the text behind it, however far away that is set."""
    found: list[_Print] = []
    for one in prints:
        if found and _beside(found[-1], one) and _is_mark(found[-1].text):
            found[-1] = replace(one, text=f"{found[-1].text} {one.text}")
        else:
            found.append(one)
    return found


def _is_mark(text: str) -> bool:
    line = marked(Line(f"{clean(text)} X"))
    return len(text) <= 8 and line.text == "X" and (line.bullet or bool(line.label))


def _beside(one: _Print, other: _Print) -> bool:
    """Whether OTHER stands to the right of ONE on the same line."""
    return one.page == other.page and abs(one.base - other.base) < 0.35 * other.size and other.left > one.left


Row = list[list[_Print]]  # cells, each with its lines


def _rows(prints: list[_Print]) -> list[Row]:
    """Prints as rows; a row of a table has several cells, and a cell may have several lines."""
    rows: list[Row] = []
    for one in _with_marks(prints):
        row = rows[-1] if rows else [[]]
        last = row[-1][-1] if rows else one
        if rows and _beside(last, one) and one.left >= last.right:
            row.append([one])
        elif len(row) > 1 and abs(one.left - row[-1][0].left) < 3 and 0 < last.base - one.base < _NEXT * one.size:
            row[-1].append(one)
        elif (
            rows
            and one.page == last.page
            and one.base > last.base + 0.3 * one.size
            and one.left >= max(part.right for part in row[-1])
        ):
            _grow(rows, one)
        else:
            rows.append([[one]])
    return rows


def _grow(rows: list[Row], one: _Print) -> None:
    """ONE stands right of what came last, and higher: the next cell of a row whose first took several lines, or the next column."""
    if len(rows[-1]) > 1:
        if abs(max(cell[0].base for cell in rows[-1]) - one.base) < _TALL * one.size:
            rows[-1].append([one])
        else:
            rows.append([[one]])
        return
    cell: list[_Print] = []
    while rows and _above(rows[-1], cell, one):
        cell.insert(0, rows.pop()[0][0])
    if 0 < len(cell) < _TALL and one.base - cell[0].base < _TALL * one.size:
        rows.append([cell, [one]])
    else:
        rows += [[[part]] for part in cell]
        rows.append([[one]])


def _above(row: Row, cell: list[_Print], one: _Print) -> bool:
    """Whether ROW is one more line, further up, of the CELL that stands left of ONE."""
    part = row[0][-1]
    if len(row) > 1 or part.page != one.page or part.base > one.base + 0.5 * one.size:
        return False
    return not cell or (abs(part.left - cell[0].left) <= 3 and part.base - cell[0].base <= _NEXT * one.size)


def _lines(rows: list[Row]) -> Iterator[Line]:
    shape = _Shape(rows)
    for place, row in enumerate(rows):
        cells = tuple(clean(" ".join(part.text for part in cell)) for cell in row)
        text = " ".join(cell for cell in cells if cell)
        if not text:
            continue
        first = row[0][0]
        level = shape.level(row)
        yield Line(
            text,
            place + 1,
            gap=place == 0 or shape.apart(rows[place - 1], row),
            page=first.page,
            level=level,
            indent=round(first.left / 6),
            strong=all(part.bold for cell in row for part in cell) and not level,
            cells=cells if len(row) > 1 else (),
            wide=len(row) == 1 and place + 1 < len(rows) and shape.full(first, rows[place + 1][0][0]),
        )


class _Shape:
    """What is usual in this document: the size of its letters, the distance of its lines, the edges of its columns."""

    def __init__(self, rows: list[Row]) -> None:
        self._body = _body_size(rows)
        self._pitch = _pitch(rows)
        # Letters larger than the text are headings: the largest the highest. What is large and long is no heading.
        sizes = {
            round(row[0][0].size) for row in rows if row[0][0].size > _LARGER * self._body and len(row[0][0].text.split()) <= _TITLE
        }
        self._levels = {size: depth for depth, size in enumerate(sorted(sizes, reverse=True)[:_LEVELS], 1)}
        self._edges: dict[tuple[int, int], float] = {}
        for row in rows:
            if len(row) == 1:
                key = self._column(row[0][0])
                self._edges[key] = max(self._edges.get(key, 0.0), row[0][0].right)

    @staticmethod
    def _column(one: _Print) -> tuple[int, int]:
        """Lines that begin in the same quarter of the same page share a right edge."""
        return one.page, int(one.left // 150)

    def level(self, row: Row) -> int:
        """The depth of heading that the size of the letters means."""
        first = row[0][0]
        return self._levels.get(round(first.size), 0) if len(row) == 1 and len(first.text.split()) <= _TITLE else 0

    def apart(self, before: Row, row: Row) -> bool:
        """Whether there is white space between two rows of one page; at the turn of a page nobody can tell."""
        last, first = before[0][-1], row[0][0]
        if last.page != first.page:
            return False
        distance = min(cell[-1].base for cell in before) - first.base
        return distance < 0 or distance > _PITCH * self._pitch * max(1.0, first.size / self._body)

    def full(self, one: _Print, after: _Print) -> bool:
        """Whether the first word of the next line would not have fitted on this one: then the paragraph carries on."""
        letter = (after.right - after.left) / max(1, len(after.text))
        return one.right + letter * (len(after.text.split()[0]) + 1) > self._edges[self._column(one)] - 0.5


def _body_size(rows: list[Row]) -> float:
    sizes: Counter[int] = Counter()
    for part in (part for row in rows for cell in row for part in cell):
        sizes[round(part.size * 2)] += len(part.text)
    return (sizes.most_common(1)[0][0] / 2) if sizes else 11.0


def _pitch(rows: list[Row]) -> float:
    """The usual distance between two lines of one paragraph."""
    pairs = ((one[0][-1], after[0][0]) for one, after in pairwise(rows))
    steps = [round(one.base - after.base) for one, after in pairs if one.page == after.page and 0 < one.base - after.base < 40]
    if not steps:
        return 14.0
    common = Counter(steps).most_common(3)
    return float(min(step for step, count in common if count >= 0.4 * common[0][1]))
