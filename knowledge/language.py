"""Is this English, and what was meant by its slips of the keyboard? Told by the words of the phrase bank, which people typed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA, Prefix

from knowledge import bank, ideas
from knowledge.words import STOP, stem, words

_FEW = 4  # words; what is shorter may be a name, a greeting or anything
_SHARE = 0.42  # of the words known: one English message in tens of thousands comes out below it, few of other languages above
_LONGEST = 80  # words; more of them say nothing new
_KNOWN_BY = 4  # writers of the bank, of some thirty: what fewer of them typed may be a slip, or of another language
_COMMON_TO = 5
_TYPED = ("asks", "intents", "precedents", "questions", "risk")  # with ever more writers, ever more slips would be words
_SPELT = 5  # letters; a shorter word has too many neighbours to be put right
_VOWELS = re.compile(r"[aeiouy]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def english(text: str) -> bool:
    """Whether TEXT may be English. In doubt it is: short messages, names, numbers and text-speak are never turned away.

    A message in another alphabet cannot be English, so that one word of it is enough.
    """
    seen = unicodedata.normalize("NFKC", text)
    typed = [token for token in seen.split() if any(sign.isalpha() for sign in token)]
    if sum(any(_other_alphabet(sign) for sign in token) for token in typed) * 2 > len(typed):
        return False
    said = [found for token in typed[:_LONGEST] for found in _counted(token)]
    return len(said) < _FEW or sum(said) >= _SHARE * len(said)


def everyday(word: str) -> bool:
    """Whether WORD, in plain small letters, is one that people type without meaning anybody by it."""
    return word in _known() or stem(word) in _stems()


def mended(text: str, also: Collection[str] = ()) -> str | None:
    """TEXT with its slips of the keyboard put right, by the words of ALSO first; None where there is none to be put right."""
    if len(text.split()) > _LONGEST:
        return None
    wanted = frozenset(also)
    better = _WORD.sub(lambda found: _spelt(found[0], found.start(), wanted), text)
    return None if better == text else better


def _counted(token: str) -> list[bool]:
    """For each word of TOKEN whether it is English. What says nothing is left out: names, addresses, "pls" in any language."""
    name = token[0].isupper() and not token.isupper()
    said = [word for word in words(token) if word.isalpha() and (_VOWELS.search(word) or len(word) > _FEW)]
    known = [stem(word) in _stems() or _spelt(word, 0, frozenset()) in _known() for word in said]
    return [one for one in known if one or not name]


def _spelt(word: str, place: int, wanted: frozenset[str]) -> str:
    plain = "".join(words(word))
    if len(plain) < _SPELT or (word[0].isupper() and place) or plain in wanted or plain in _known() or stem(plain) in _stems():
        return word
    slips = 1 if len(plain) < 9 else 2
    for among in (wanted, _common()):
        near = process.extract(plain, among, scorer=OSA.distance, score_cutoff=slips, limit=None)
        if near:
            return min(near, key=lambda one: (one[1], -_alike(plain, one[0]), one[0]))[0]
    return word


def _alike(one: str, other: str) -> int:
    """With how many letters both begin: people seldom slip on the first."""
    return int(Prefix.similarity(one, other))


@lru_cache(maxsize=4096)
def _other_alphabet(sign: str) -> bool:
    return sign.isalpha() and not sign.isascii() and not unicodedata.name(sign, "LATIN").startswith("LATIN")


@cache
def _counts() -> Mapping[str, int]:
    """How many writers of the bank typed each word: what one of them typed may be a slip, or of another language."""
    counts: Counter[str] = Counter()
    for file in sorted(file for folder in _TYPED for file in (bank.FOLDER / folder).glob("*.tsv")):
        lines = file.read_text(encoding="utf-8").splitlines()
        counts.update({word for line in lines for word in words(line.rpartition("\t")[2])})
    return counts


@cache
def _known() -> frozenset[str]:
    return frozenset(word for word, count in _counts().items() if count >= _KNOWN_BY) | STOP | ideas.vocabulary()


@cache
def _stems() -> frozenset[str]:
    return frozenset(stem(word) for word in _known())


@cache
def _common() -> frozenset[str]:
    """Words to put right with: such as many people type."""
    said = _counts()
    return frozenset(word for word in _known() if len(word) >= _SPELT and said.get(word, 0) >= _COMMON_TO)
