"""Reads plain text: finds its encoding, its lines, and whether they were broken at a margin."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from knowledge.importing.document import CannotImport, Document, Line
from knowledge.importing.marks import marked
from knowledge.importing.noise import clean, is_bold, unmarked

_COLUMNS = re.compile(r"(?<=\S) {3,}(?=\S)")
_RULED = re.compile(r"(?:-\s?){3,}|(?:=\s?){3,}|(?:~\s?){3,}|(?:\*\s?){3,}|(?:[–—]\s?){2,}")
_TITLE = 12  # words
_MARGIN = range(45, 141)  # what is shorter is a list, what is longer was never broken


def read(name: str, data: bytes) -> Document:
    """The lines of a plain text file."""
    return Document(name, tuple(lines(decoded(name, data))))


def decoded(name: str, data: bytes) -> str:
    """DATA as text, in whatever encoding it was saved."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(_guessed(name, data), errors="replace")


def _guessed(name: str, data: bytes) -> str:
    """The encoding DATA is most likely in: Windows and Mac are what schools have."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - only files that are not UTF-8 need a guess

    best = from_bytes(data[:200_000], cp_isolation=["cp1252", "mac_roman", "utf_16", "iso8859_15"]).best()
    if best is None:
        raise CannotImport(f"{name}: this is not text, or its encoding cannot be told. Save it as UTF-8 text, or import the .docx.")
    return best.encoding


def lines(text: str) -> list[Line]:
    """The lines of TEXT that hold anything, each with whether there was a gap above it."""
    raw = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    margin = margin_of(raw)
    found: list[Line] = []
    gap, page = True, 1
    for number, line in enumerate(raw, 1):
        page += line.count("\f")
        if _RULED.fullmatch(line.strip()):
            if found and number > 1 and raw[number - 2].strip() and not found[-1].cells and len(found[-1].text.split()) <= _TITLE:
                found[-1] = replace(found[-1], strong=True)  # underlined by hand
            gap = True
            continue
        words = clean(unmarked(_COLUMNS.sub("\t", line.replace("\f", " "))))
        if not words.strip():
            gap = True
            continue
        hashes = len(line) - len(line.lstrip("#"))
        if hashes and line.lstrip("#").startswith(" "):
            words = clean(words.lstrip("# "))
        else:
            hashes = 0
        cells = _with_mark(tuple(cell.strip() for cell in words.split("\t")))
        indent = len(line) - len(line.lstrip(" \t"))
        wide = is_full(line, raw[number] if number < len(raw) else "", margin)
        kept = tuple(cell for cell in cells if cell)
        found.append(
            Line(
                " ".join(kept),
                number,
                gap,
                page if "\f" in text else 0,
                level=min(hashes, 6),
                indent=indent,
                strong=is_bold(line),
                cells=cells if len(kept) > 1 and not hashes else (),
                wide=wide,
            )
        )
        gap = False
    return found


def is_full(line: str, after: str, margin: int) -> bool:
    """Whether LINE was broken at MARGIN: the first word of the line AFTER it would not have fitted."""
    following = after.split()
    return margin > 0 and bool(following) and len(line.rstrip()) + 1 + len(following[0]) > 0.94 * margin


def _with_mark(cells: tuple[str, ...]) -> tuple[str, ...]:
    """CELLS with a bullet or number joined to the text that a tab has put apart from it."""
    counted = (
        cells[0].isdigit() and len([cell for cell in cells if cell]) > 2
    )  # the first column of a table, not a number before text
    if (
        len(cells) > 1
        and 0 < len(cells[0]) <= 8
        and not counted
        and (line := marked(Line(f"{cells[0]} X"))).text == "X"
        and (line.bullet or line.label)
    ):
        return (f"{cells[0]} {cells[1]}", *cells[2:])
    return cells


def margin_of(raw: list[str]) -> int:
    """The width at which the lines were broken; 0 where each paragraph is one line."""
    pairs = [(one.rstrip(), after.strip()) for one, after in pairwise(raw) if one.strip() and after.strip()]
    full = [(one, after) for one, after in pairs if len(one) in _MARGIN and not one.endswith((".", ":", ";", "?", "!"))]
    full = [(one, after) for one, after in full if marked(Line(after)).text == after]  # the next item of a list is not carried on
    carried = [one for one, after in full if after[0].islower()]
    if len(carried) < 5 or len(carried) < 0.3 * len(full):
        return 0
    lengths = sorted(len(one) for one in carried)
    return lengths[int(len(lengths) * 0.9)]
