"""A document as plain text, to be pasted into the box of another record system: no marks, what people wrote set in by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.casefile.document import Document, Row, Section

IN = "    "


def plain(document: Document, sections: Iterable[Section] | None = None) -> str:
    """DOCUMENT, or those SECTIONS of it, as text."""
    lines = [f"{document.title} {document.reference}", f"{document.school}. Made {document.made_at} by {document.made_by}."]
    for section in document.sections if sections is None else sections:
        lines += ["", section.title.upper(), *_section(section)]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> Iterator[str]:
    if not section.facts and not section.rows:
        yield section.empty
    for label, value in section.facts:
        yield from _said(label, value)
    for row in section.rows:
        yield from _row(row)


def _row(row: Row) -> Iterator[str]:
    yield f"{row.when}, {row.who}: {row.what}"
    for label, words in row.words:
        yield from (f"{IN}{line}" for line in _said(label, words))


def _said(label: str, words: str) -> Iterator[str]:
    """WORDS after their LABEL; several lines, set in below it: nothing that was written looks like a heading of ours."""
    mark = f"{label}{'' if label.endswith('?') else ':'} " if label else ""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    if len(lines) <= 1:
        yield f"{mark}{''.join(lines)}"
        return
    if label:
        yield mark.rstrip()
    yield from (f"{IN}{line}" for line in lines)
