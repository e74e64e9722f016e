"""How what people type becomes words that can be compared: one spelling, no signs, and the stem that word forms share."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache, lru_cache
from typing import Any

_ONE_AT_A_TIME = threading.Lock()  # the stemmer keeps the word it works on inside itself
_JOINED = re.compile(r"(?<=\w)['’‘`´](?=\w)")
_ENDS = re.compile(r"[.!?;:\n\r…]+")
_SIGNS = re.compile(r"[^a-z0-9. ]+")
_SPACES = re.compile(r" +")

# Words that say nothing about the topic of a school policy question.
_STOP = """
    a about all also am an and any anyone are as at be been being but by can could did do does doing done for from get
    gets getting go going gonna got had has have having he her here hers him his how i if im in is isnt it its ive just
    kindly let like lot may me might mine much must my no not now of off ok okay on one or our ours out over please pls
    she should so some someone something than that thats the their them then there theres these they theyre thing things
    this those to too u up ur us very want wants was we were weve what whats when where which while who whos whose why
    will with wont would you your youre yours
"""
STOP = frozenset(_STOP.split())


def plain(text: str) -> str:
    """TEXT in small plain letters, single spaces, and a lone full stop where a sentence ends; signs and pictures are gone."""
    joined = _JOINED.sub("", _seen(text).casefold())
    return _SPACES.sub(" ", _SIGNS.sub(" ", _ENDS.sub(" . ", joined))).strip()


def _seen(text: str) -> str:
    """TEXT as a reader sees it: people write 𝓯𝓪𝓷𝓬𝔂 letters, accents, and characters that cannot be seen."""
    if text.isascii() and text.isprintable():
        return text  # as nearly every message is
    letters = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in letters if sign.isspace() or not unicodedata.category(sign).startswith(("M", "C")))


def words(text: str) -> list[str]:
    """The words of TEXT in order, without signs."""
    return [word for word in plain(text).split() if word != "."]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What the forms of a word have in common: post, posts, posted and posting are all "post"."""
    with _ONE_AT_A_TIME:
        return str(_stemmer().stemWord(word))


def stems(text: str) -> list[str]:
    """The stems of the words of TEXT that carry meaning, in order."""
    return [stem(word) for word in words(text) if word not in STOP]


@cache
def _stemmer() -> Any:
    # Loaded with the first word: the library brings every language it knows, which a start should not wait for.
    import snowballstemmer  # type: ignore[import-untyped]  # noqa: PLC0415 - see above; it ships no types

    return snowballstemmer.stemmer("english")
