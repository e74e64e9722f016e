"""Reads Markdown: headings, paragraphs, lists and tables, and the pieces of HTML that some editors leave in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.importing import html
from knowledge.importing.document import Document, Line
from knowledge.importing.noise import clean, unmarked
from knowledge.importing.text import decoded, is_full, margin_of

_FRONT = re.compile(r"\A(?:---\n.*?\n---\n|\+\+\+\n.*?\n\+\+\+\n)", re.DOTALL)
_ATTRIBUTES = re.compile(r"\s*\{[#.:][^{}]*\}\s*$")


def read(name: str, data: bytes) -> Document:
    """The lines of a Markdown file."""
    source = decoded(name, data).replace("\r\n", "\n").replace("\r", "\n")
    parser = MarkdownIt("commonmark", {"maxNesting": 30}).enable("table")
    found = _Reader(name, margin_of(source.split("\n"))).lines(parser.parse(_FRONT.sub("", source)))
    return Document(name, tuple(replace(line, number=number) for number, line in enumerate(found, 1)))


@dataclass(slots=True)
class _List:
    ordered: bool
    next: int = 1


class _Reader:
    """Follows the parser's tokens."""

    def __init__(self, name: str, margin: int) -> None:
        self._name = name
        self._margin = margin
        self._lists: list[_List] = []
        self._item: str | None = None
        self._level = 0
        self._row: list[str] | None = None

    def lines(self, tokens: list[Token]) -> Iterator[Line]:
        """The lines that TOKENS stand for."""
        for token in tokens:
            if token.type == "tr_close":
                yield from self._end_row()
            elif token.type == "html_block":
                yield from html.lines(self._name, token.content)
            elif token.type in {"inline", "code_block", "fence"}:
                yield from self._inline(token)
            else:
                self._turn(token)

    def _turn(self, token: Token) -> None:
        """Remember what TOKEN opens or closes."""
        if token.type == "heading_open":
            self._level = int(token.tag[1])
        elif token.type == "heading_close":
            self._level = 0
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            self._lists.append(_List(token.type.startswith("ordered"), int(token.attrs.get("start", 1))))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self._lists.pop()
        elif token.type == "list_item_open":
            self._begin_item()
        elif token.type == "tr_open":
            self._row = []

    def _begin_item(self) -> None:
        own = self._lists[-1]
        self._item = str(own.next) if own.ordered else ""
        own.next += 1

    def _end_row(self) -> Iterator[Line]:
        cells, self._row = tuple(self._row or ()), None
        kept = [cell for cell in cells if cell]
        if kept:
            yield Line(" ".join(kept), gap=True, cells=cells if len(kept) > 1 else (), whole=True)

    def _inline(self, token: Token) -> Iterator[Line]:
        parts, strong = _words(token)
        if self._row is not None:
            self._row.append(clean(" ".join(parts).replace("\t", " ")))
            return
        for count, part in enumerate(parts):
            text = clean(_ATTRIBUTES.sub("", part))
            if not text.strip():
                continue
            item, self._item = self._item, None
            cells = tuple(cell.strip() for cell in text.split("\t") if cell.strip())
            yield Line(
                " ".join(text.split()),
                gap=item is None and count == 0,
                level=self._level,
                bullet=item == "",
                label=item or "",
                indent=len(self._lists),
                strong=strong and not self._level,
                cells=cells if len(cells) > 1 else (),
                whole=count + 1 == len(parts),
                wide=is_full(part, parts[count + 1], self._margin) if count + 1 < len(parts) else False,
            )


def _words(token: Token) -> tuple[list[str], bool]:
    """The lines of TOKEN as they stand in the file, and whether all of it is bold. Plain text is called Markdown often enough."""
    parts, bold, signs, depth = [""], 0, 0, 0
    for child in token.children or [token]:
        if child.type == "strong_open":
            depth += 1
        elif child.type == "strong_close":
            depth -= 1
        elif child.type in {"hardbreak", "softbreak"}:
            parts.append("")
        elif child.type in {"text", "code_inline", "code_block", "fence", "html_inline"}:
            text = unmarked(child.content)
            parts[-1] += text
            signs += len(text.strip())
            bold += len(text.strip()) if depth else 0
    return parts, signs > 0 and bold == signs
