"""Finds out what kind of file it is and has it read, within limits of size, time and memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from knowledge.importing.document import CannotImport, Document, Line

SUFFIXES = frozenset({".docx", ".pdf", ".txt", ".text", ".md", ".markdown", ".html", ".htm"})
LARGEST = 60_000_000  # bytes of a file; a policy with many pictures has a few million
_LARGEST_TEXT = 4_000_000  # bytes of a file that is all text
_LONGEST_LINE = 8_000
_MOST_LINES, _MOST_SIGNS = 20_000, 2_000_000

_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF")


def read(file: Path) -> Document:
    """The lines of FILE, or CannotImport saying what to do."""
    data = _bytes(file)
    reader = import_module(f"knowledge.importing.{_format(file, data)}")
    document: Document = reader.read(file.name, data)
    if not document.lines:
        raise CannotImport(f"{file.name}: there is no text in it. Export the policy again, and check that it opens.")
    document = replace(document, lines=tuple(piece for line in document.lines for piece in _pieces(line)))
    signs = sum(len(line.text) for line in document.lines)
    if len(document.lines) > _MOST_LINES or signs > _MOST_SIGNS:
        raise CannotImport(f"{file.name}: it is far longer than any policy. Copy the policy alone into a file of its own.")
    return document


def _pieces(line: Line) -> Iterator[Line]:
    """LINE, cut where it is longer than any paragraph that people write."""
    text = line.text
    if len(text) <= _LONGEST_LINE:
        yield line
        return
    while len(text) > _LONGEST_LINE:
        cut = max(text.rfind(". ", 0, _LONGEST_LINE) + 1, text.rfind(" ", 0, _LONGEST_LINE)) or _LONGEST_LINE
        yield replace(line, text=text[:cut].strip(), cells=(), whole=True)
        text = text[cut:].strip()
    yield replace(line, text=text, cells=(), whole=True)


def _bytes(file: Path) -> bytes:
    if not file.is_file():
        raise CannotImport(f"{file}: there is no such file.")
    size = file.stat().st_size
    if size > LARGEST:
        raise CannotImport(f"{file.name}: it has {size // 1_000_000} million bytes. Copy the policy alone into a file of its own.")
    data = file.read_bytes()
    if not data.strip():
        raise CannotImport(f"{file.name}: the file is empty. Export the policy again, and check that it opens.")
    return data


def _format(file: Path, data: bytes) -> str:
    """The name of the reader for DATA. What the file holds counts, not what its name says."""
    start = data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t")
    if start.startswith(b"%PDF"):
        return "pdf"
    if start.startswith(b"PK\x03\x04"):
        if b"mimetypeapplication/vnd.oasis" in data[:200]:
            raise CannotImport(f"{file.name}: this is an OpenDocument file. Save it as .docx or .pdf.")
        return "word"
    if start.startswith(_OLD_WORD):
        raise CannotImport(
            f"{file.name}: it is protected by a password, or in Word's old format. Open it in Word and save it as .docx."
        )
    if start.startswith(b"{\\rtf"):
        raise CannotImport(f"{file.name}: this is rich text (RTF). Save it as .docx.")
    if start.startswith(_PICTURES):
        raise CannotImport(f"{file.name}: this is a picture. Run text recognition on it, or import the Word document.")
    if len(data) > _LARGEST_TEXT:
        raise CannotImport(f"{file.name}: it has more text than any policy. Copy the policy alone into a file of its own.")
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" in data[:4000]:
        raise CannotImport(f"{file.name}: this is not a document that can be read here. Save it as .docx, .pdf or plain text.")
    if start[:200].lower().startswith((b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")) or file.suffix.lower() in {
        ".html",
        ".htm",
    }:
        return "html"
    return "markdown_file" if file.suffix.lower() in {".md", ".markdown"} else "text"
