"""Cuts a text into pieces that a platform takes: between paragraphs, lines, sentences or words, and never within a letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import accumulate
from unicodedata import combining

Size = Callable[[str], int]

# Where a text may be cut, the best first.
_BREAKS = (re.compile(r"\n\n+"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])[\"”’)]*\s+"), re.compile(r"\s+"))
_JOINER = "\u200d"
_FULL_ENOUGH = 3  # a better kind of break is taken when at least a third of the piece is before it


def pieces(text: str, most: int, size: Size) -> Iterator[str]:
    """TEXT in pieces of at most MOST, where SIZE says how much a letter takes."""
    before = list(accumulate(map(size, text), initial=0))
    start = 0
    while start < len(text):
        end = start
        while end < len(text) and before[end + 1] - before[start] <= most:
            end += 1
        if end < len(text):
            end = _cut(text, start, max(end, start + 1))
        yield text[start:end].strip("\n")
        start = end


def _cut(text: str, start: int, end: int) -> int:
    """The best place to cut between START and END."""
    for kind in _BREAKS:
        places = [found.end() for found in kind.finditer(text, start, end)]
        if places and places[-1] - start >= (end - start) // _FULL_ENOUGH:
            return places[-1]
    whole = end
    while whole > start + 1 and _within_a_letter(text, whole):
        whole -= 1
    # One "letter" longer than a piece is nobody's writing; cutting it anywhere is better than not at all.
    return whole if not _within_a_letter(text, whole) else end


def _within_a_letter(text: str, at: int) -> bool:
    return combining(text[at]) > 0 or text[at] in (_JOINER, "\ufe0f") or text[at - 1] == _JOINER
