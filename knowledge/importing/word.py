"""Reads a Word document: its paragraphs and tables, with the headings and the automatic numbers that Word itself works out."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]  # it ships no types
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]  # as above

from knowledge.importing.document import CannotImport, Document, Line
from knowledge.importing.noise import clean
from knowledge.importing.word_numbers import Numbers
from knowledge.importing.word_styles import NAMES, Style, Styles, on

W = NAMES["w"]
_LARGEST = 40_000_000  # bytes of one part, unpacked: a policy of a hundred pages has two million
_DEEPEST = 120
_MOST = 20_000  # paragraphs
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = frozenset(
    {f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText", f"{W}footnoteReference", f"{W}pPr", f"{W}rPr", _FALLBACK}
)
_WRAPPING = frozenset({f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}moveTo"})
_CELL = 25  # words of a cell that is text and not an entry


def read(name: str, data: bytes) -> Document:
    """The lines of a Word document."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = set(package.namelist())
            if "word/document.xml" not in parts:
                raise CannotImport(f"{name}: this is not a Word document, whatever its ending says. Open it and save it as .docx.")
            styles = Styles(_part(name, package, "word/styles.xml") if "word/styles.xml" in parts else None)
            numbers = Numbers(_part(name, package, "word/numbering.xml") if "word/numbering.xml" in parts else None)
            body = _part(name, package, "word/document.xml").find(f"{W}body")
    except (zipfile.BadZipFile, ParseError, NotImplementedError, EOFError, RuntimeError, zipfile.zlib.error) as problem:  # type: ignore[attr-defined]
        raise CannotImport(f"{name}: the file is damaged and cannot be unpacked. Open it in Word and save it again.") from problem
    lines = _Body(name, styles, numbers).lines(body) if body is not None else iter(())
    return Document(name, tuple(_spaced(list(lines))))


def _part(name: str, package: zipfile.ZipFile, path: str) -> Element:
    """One part of the document as a tree, unpacked only as far as a policy can reach."""
    if package.getinfo(path).file_size > _LARGEST:
        raise CannotImport(f"{name}: unpacked it is larger than any policy ({path}). Copy the policy's text into a new document.")
    with package.open(path) as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise CannotImport(f"{name}: unpacked it is larger than any policy ({path}). Copy the policy's text into a new document.")
    depth = 0
    root: Element | None = None
    try:
        for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            if depth > _DEEPEST:
                raise CannotImport(
                    f"{name}: its parts stand inside each other without end. Copy the policy's text into a new document."
                )
    except DefusedXmlException as problem:
        raise CannotImport(
            f"{name}: it refers to things outside itself, which no policy needs. Open it in Word and save it again."
        ) from problem
    if root is None:
        raise CannotImport(f"{name}: the file is damaged ({path} is empty). Open it in Word and save it again.")
    return root


def _spaced(lines: list[Line]) -> Iterator[Line]:
    """LINES without the empty ones, which are gaps. Where a document has no empty lines, every paragraph stands apart."""
    empty = sum(not line.text for line in lines)
    apart = empty < 0.08 * max(1, len(lines))
    gap = True
    for number, line in enumerate(lines, 1):
        if line.text:
            yield replace(line, number=number, gap=gap or (apart and line.gap))
        gap = not line.text


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    bold: bool


class _Body:
    """Walks through the paragraphs and tables in order."""

    def __init__(self, name: str, styles: Styles, numbers: Numbers) -> None:
        self._name = name
        self._styles = styles
        self._numbers = numbers
        self._count = 0

    def lines(self, above: Element) -> Iterator[Line]:
        """The lines below ABOVE; what Word wraps around paragraphs (fields, content controls, insertions) is looked through."""
        for element in above:
            if element.tag == f"{W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{W}tbl":
                yield from self._table(element)
            elif element.tag not in _SKIPPED:
                yield from self.lines(element)

    def _paragraph(self, element: Element) -> Iterator[Line]:
        self._count += 1
        if self._count > _MOST:
            raise CannotImport(f"{self._name}: it has more than {_MOST:,} paragraphs. Copy the policy alone into a new document.")
        style = self._styles.of(element)
        runs = list(_runs(element, style.bold, self._styles))
        text = "".join(run.text for run in runs)
        label, bullet, depth = self._numbers.next(style) if text.strip() else ("", False, 0)
        written = [run for run in runs if run.text.strip()]
        strong = bool(written) and all(run.bold for run in written) and not style.level
        for count, part in enumerate(text.split("\n")):
            yield self._line(
                part, style, label if count == 0 else "", bullet=bullet and count == 0, depth=depth, strong=strong, gap=count == 0
            )
        for box in _boxes(element):
            yield from self.lines(box)

    @staticmethod
    def _line(part: str, style: Style, label: str, *, bullet: bool, depth: int, strong: bool, gap: bool) -> Line:
        text = clean(part)
        cells = tuple(cell.strip() for cell in text.split("\t"))
        kept = [cell for cell in cells if cell]
        return Line(
            " ".join(kept),
            gap=gap and not bullet,
            level=style.level,
            bullet=bullet,
            label=label,
            indent=depth,
            strong=strong,
            cells=cells if len(kept) > 1 and not style.level and not bullet and not label else (),
            whole=True,
            listed=style.listed,
        )

    def _table(self, table: Element) -> Iterator[Line]:
        for row in _children(table, "tr"):
            cells = [list(self.lines(cell)) for cell in _children(row, "tc")]
            written = [[line for line in cell if line.text] for cell in cells]
            filled = [cell for cell in written if cell]
            if not filled:
                continue
            if len(filled) == 1:
                yield from filled[0]
            elif any(len(cell) > 1 and sum(len(line.text.split()) for line in cell) > _CELL for cell in filled):
                yield from (replace(line, strong=True, gap=True) for line in filled[0])
                for cell in filled[1:]:
                    yield from cell
            else:
                texts = tuple(" • ".join(line.text for line in cell) for cell in written)
                yield Line(" ".join(text for text in texts if text), gap=True, cells=texts, whole=True)


def _children(element: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row; Word may wrap them, and a table in a cell is read with its cell."""
    for child in element:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in _WRAPPING:
            yield from _children(child, name)


def _runs(element: Element, bold: bool, styles: Styles) -> Iterator[_Run]:  # noqa: FBT001 - handed down through the tree
    """The pieces of text in a paragraph, without what was deleted, hidden, or only tells Word what to do."""
    for child in element:
        if child.tag in _SKIPPED or child.tag == f"{W}txbxContent":
            continue
        if child.tag == f"{W}r":
            properties = child.find(f"{W}rPr")
            if properties is not None and on(properties, "vanish"):
                continue
            heavy = styles.bold(properties, otherwise=bold)
            yield _Run("".join(_signs(child)), heavy)
        else:
            yield from _runs(child, bold, styles)


def _signs(run: Element) -> Iterator[str]:
    for child in run:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in {f"{W}tab", f"{W}ptab"}:
            yield "\t"
        elif child.tag in {f"{W}br", f"{W}cr"}:
            yield "\n" if child.get(f"{W}type") != "page" else " "
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"


def _boxes(element: Element) -> Iterator[Element]:
    """The text boxes that hang on a paragraph, without the copies kept for old versions of Word."""
    for child in element:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag != _FALLBACK:
            yield from _boxes(child)
