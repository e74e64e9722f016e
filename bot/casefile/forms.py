"""The three forms of a document: Markdown to paste, HTML to print, JSON for another system. Whatever people wrote stays text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.casefile.document import Document, Row, Section

# What Markdown, or a program that is generous with it, would take for more than a letter: anywhere, and at the start of a line.
_ANYWHERE = re.compile(r"[\\`*_{}\[\]<>&|~@]|(?<=:)/(?=/)|(?<=www)\.", re.IGNORECASE)
_AT_THE_START = re.compile(r"^(\d*)([#+\-=.)])")


class Form(StrEnum):
    """How a document is written."""

    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"


def markdown(document: Document) -> str:
    """DOCUMENT as Markdown."""
    return "\n".join(_lines(document)) + "\n"


def html(document: Document) -> str:
    """DOCUMENT as one page that prints cleanly and loads nothing from anywhere."""
    return _TEMPLATES.get_template("document.html").render(document=document)


def as_json(document: Document) -> str:
    """DOCUMENT for another program to read."""
    return json.dumps(asdict(document), ensure_ascii=False, indent=2, default=lambda value: value.isoformat()) + "\n"


FORMS: MappingProxyType[Form, Callable[[Document], str]] = MappingProxyType(
    {Form.MARKDOWN: markdown, Form.HTML: html, Form.JSON: as_json}
)
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _lines(document: Document) -> Iterator[str]:
    yield f"# {_plain(document.title)} {_plain(document.reference)}"
    yield ""
    yield f"{_plain(document.school)}. Made {_plain(document.made_at)} by {_plain(document.made_by)}."
    for section in document.sections:
        yield ""
        yield f"## {_plain(section.title)}"
        yield ""
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    if not section.facts and not section.rows:
        yield _plain(section.empty)
    for label, value in section.facts:
        yield f"- **{_plain(label)}{'' if label.endswith('?') else ':'}** {_plain(value)}"
    for row in section.rows:
        yield from _row(row)


def _row(row: Row) -> Iterator[str]:
    yield f"- {_plain(row.when)}, {_plain(row.who)}: {_plain(row.what)}"
    for label, words in row.words:
        yield f"  - {_plain(label)}: {_plain(words)}" if label else f"  - {_plain(words)}"


def _plain(text: str) -> str:
    """TEXT as it reads, whatever signs are in it, on one line: a second one could begin a heading of its own."""
    line = " / ".join(line.strip() for line in text.splitlines() if line.strip())
    return _AT_THE_START.sub(r"\1\\\2", _ANYWHERE.sub(r"\\\g<0>", line))
