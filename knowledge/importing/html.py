"""Reads a web page: headings, paragraphs, lists and tables, without what belongs to the site around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from knowledge.importing.document import CannotImport, Document, Line
from knowledge.importing.noise import clean
from knowledge.importing.text import decoded

_UNREAD_TAGS = """
    head script style noscript template nav aside form button svg iframe object select option textarea video audio
"""
_UNREAD = frozenset(_UNREAD_TAGS.split())
_SITE = frozenset({"header", "footer"})  # of the page; inside an article they may hold its title
_BLOCK_TAGS = """
    p div section article main li dt dd blockquote pre figcaption address h1 h2 h3 h4 h5 h6 tr caption ul ol dl table hr td th
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HEADINGS = {f"h{depth}": depth for depth in range(1, 7)}
_BOLD = frozenset({"b", "strong"})
_DEEPEST = 400  # elements inside each other; no page that people read has fifty


def read(name: str, data: bytes) -> Document:
    """The lines of a web page."""
    return Document(name, tuple(replace(line, number=number) for number, line in enumerate(lines(name, decoded(name, data)), 1)))


def lines(name: str, source: str) -> Iterator[Line]:
    """The lines of SOURCE, which may be a whole page or a piece of one."""
    body = LexborHTMLParser(source).body
    if body is not None:
        yield from _Page(name).lines(body)


@dataclass(slots=True)
class _Text:
    """What is being collected until a block ends."""

    words: list[str] = field(default_factory=list)
    bold: int = 0  # signs of text that are bold
    all: int = 0

    def add(self, text: str, *, bold: bool) -> None:
        self.words.append(text)
        signs = len(text.strip())
        self.all += signs
        self.bold += signs if bold else 0


@dataclass(slots=True)
class _List:
    """An open list: how deep it is, and the number of its next item where it counts."""

    ordered: bool
    next: int = 1


class _Page:
    """Walks through a page from its first element to its last, without recursion: depth costs nothing."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._text = _Text()
        self._lists: list[_List] = []
        self._level = 0
        self._bold = 0
        self._item: str | None = None  # the label of the list item that begins; "" for a bullet
        self._row: list[str] | None = None

    def lines(self, body: LexborNode) -> Iterator[Line]:
        """The lines below BODY."""
        stack: list[tuple[LexborNode, bool]] = [(body, False)]
        depth = 0
        while stack:
            node, leaving = stack.pop()
            if node.is_text_node:
                self._text.add(node.text_content or "", bold=self._bold > 0)
                continue
            tag = node.tag or ""
            if tag in _UNREAD or (tag in _SITE and not any(above.tag in {"article", "main"} for above, _ in stack)):
                continue
            if leaving:
                depth -= 1
                yield from self._leave(tag)
                continue
            depth += 1
            if depth > _DEEPEST:
                raise CannotImport(
                    f"{self._name}: its elements stand inside each other without end. Save the policy again as .docx."
                )
            yield from self._enter(node, tag)
            stack.append((node, True))
            stack += [(child, False) for child in reversed(list(node.iter(include_text=True)))]

    def _enter(self, node: LexborNode, tag: str) -> Iterator[Line]:
        if tag == "br" or (tag in _BLOCKS and tag not in {"td", "th"} and self._row is None):
            yield from self._flush()
        if tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        elif tag in {"ul", "ol"}:
            start = node.attributes.get("start") or ""
            self._lists.append(_List(tag == "ol", int(start) if start.isdigit() and len(start) < 5 else 1))
        elif tag == "li":
            self._item = ""
            if self._lists and self._lists[-1].ordered:
                self._item = _counted(self._lists[-1].next, len(self._lists))
                self._lists[-1].next += 1
        elif tag == "tr":
            self._row = []
        elif tag in _BOLD:
            self._bold += 1
        elif self._row is not None and tag in _BLOCKS and self._text.words:
            self._text.add(" ", bold=False)

    def _leave(self, tag: str) -> Iterator[Line]:
        if tag in {"td", "th"} and self._row is not None:
            self._row.append(self._taken()[0])
        elif tag == "tr" and self._row is not None:
            cells, self._row = tuple(cell for cell in self._row), None
            kept = [cell for cell in cells if cell]
            if kept:
                yield Line(" ".join(kept), gap=True, cells=tuple(cells) if len(kept) > 1 else (), whole=True)
        elif self._row is None and tag in _BLOCKS:
            yield from self._flush()
        if tag in _HEADINGS:
            self._level = 0
        elif tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag in _BOLD:
            self._bold = max(0, self._bold - 1)

    def _taken(self) -> tuple[str, bool]:
        """The text collected so far, and whether all of it was bold."""
        text, self._text = self._text, _Text()
        return clean(" ".join("".join(text.words).split())), text.all > 0 and text.bold == text.all

    def _flush(self) -> Iterator[Line]:
        if self._row is not None:
            self._text.add(" ", bold=False)
            return
        text, bold = self._taken()
        if text:
            item, self._item = self._item, None
            depth = len(self._lists)
            yield Line(
                text,
                gap=item is None,
                level=self._level,
                bullet=item == "",
                label=item or "",
                indent=depth,
                strong=bold and not self._level,
                whole=True,
            )


def _counted(number: int, depth: int) -> str:
    """How browsers count: numbers first; below that we write letters, so that the two cannot be taken for each other."""
    return str(number) if depth < 2 or number > 26 else chr(ord("a") + number - 1)
