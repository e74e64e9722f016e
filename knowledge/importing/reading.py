"""Finds out what kind of file it is and has it read, within limits."""

from __future__ import annotations

from pathlib import Path

from knowledge.importing import text
from knowledge.importing.document import CannotImport, Document

SUFFIXES = frozenset({".docx", ".pdf", ".txt", ".md", ".markdown", ".html", ".htm"})
LARGEST = 50_000_000  # bytes of a file; a policy with pictures has a few million


def read(file: Path) -> Document:
    """The lines of FILE, or CannotImport saying what to do."""
    data = file.read_bytes()
    if not data.strip():
        raise CannotImport(f"{file}: the file is empty. Export the policy again, and check that it opens.")
    return text.read(file.name, data)
