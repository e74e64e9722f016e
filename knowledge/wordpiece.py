"""Words cut into the pieces that the sentence encoder knows: the tokeniser of the BERT family, for one language, in one page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

UNKNOWN, START, END = "[UNK]", "[CLS]", "[SEP]"
_SIGN_WORD = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"  # Chinese: each sign is a word
_WORD = re.compile(rf"[{_SIGN_WORD}]|[^\W_{_SIGN_WORD}]+|[^\w\s]|_")
_LONGEST_WORD = 60  # letters; a longer "word" is a key somebody leant on, and must not cost the square of its length


class Pieces:
    """The pieces of one vocabulary and their numbers."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._numbers = vocabulary
        self._unknown, self._start, self._end = (vocabulary[mark] for mark in (UNKNOWN, START, END))
        self._of_word = lru_cache(maxsize=8192)(self._cut)

    def numbers(self, text: str, most: int) -> list[int]:
        """TEXT as at most MOST numbers, start and end included."""
        found = [self._start]
        for word in _words(text):
            found += self._of_word(word)
            if len(found) >= most:
                break
        return [*found[: most - 1], self._end]

    def _cut(self, word: str) -> tuple[int, ...]:
        """The longest known piece from the left, again and again; a word with an unknown rest is unknown as a whole."""
        if len(word) > _LONGEST_WORD:
            return (self._unknown,)
        found: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            end = next((end for end in range(len(word), start, -1) if mark + word[start:end] in self._numbers), start)
            if end == start:
                return (self._unknown,)
            found.append(self._numbers[mark + word[start:end]])
            start = end
        return tuple(found)


def _words(text: str) -> Iterator[str]:
    """The words and signs of TEXT, small letters, without accents and without what no reader can see."""
    flat = text.lower()
    if not (flat.isascii() and flat.isprintable()):
        flat = "".join(one for one in unicodedata.normalize("NFD", flat) if _seen(one))
    return (match.group() for match in _WORD.finditer(flat))


def _seen(sign: str) -> bool:
    """Not an accent, nor a control or joining character, which would tear the word it hides in."""
    return sign.isspace() or (unicodedata.category(sign)[0] != "C" and unicodedata.category(sign) != "Mn")
