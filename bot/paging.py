"""Cuts what is too long for one message, between paragraphs where it can, so that no platform refuses it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MOST = 2400  # letters; the strictest platform takes 3,000 in one block, and there is something around them

_SENTENCE = re.compile(r"(?<=[.!?;:])\s+")


def pages(paragraphs: Iterable[str], most: int = MOST) -> tuple[str, ...]:
    """PARAGRAPHS in order, a blank line between them, on as few pages of at most MOST letters as that takes."""
    done: list[str] = []
    for piece in (piece for paragraph in paragraphs for piece in _pieces(paragraph, most)):
        if done and len(done[-1]) + 2 + len(piece) <= most:
            done[-1] += f"\n\n{piece}"
        else:
            done.append(piece)
    return tuple(done)


def short(words: str, most: int) -> str:
    """WORDS cut to MOST letters, between two words where that is possible; an ellipsis shows it."""
    if len(words) <= most:
        return words
    cut = words[: most - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut else cut}…"


def _pieces(paragraph: str, most: int) -> list[str]:
    if len(paragraph) <= most:
        return [paragraph] if paragraph.strip() else []
    done: list[str] = []
    for sentence in _SENTENCE.split(paragraph):
        for part in _cut(sentence, most):
            if done and len(done[-1]) + 1 + len(part) <= most:
                done[-1] += f" {part}"
            else:
                done.append(part)
    return done


def _cut(sentence: str, most: int) -> Iterator[str]:
    """SENTENCE in parts of at most MOST letters, between two words where that is possible."""
    while len(sentence) > most:
        end = sentence.rfind(" ", 0, most + 1)
        end = end if end > 0 else most
        yield sentence[:end]
        sentence = sentence[end:].lstrip(" ")
    if sentence:
        yield sentence
