"""What people say for what policies say: the ideas behind words, so that "insta" and "social media" can meet."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from knowledge.words import STOP, stem, words

ALIASES = Path(__file__).with_name("aliases.toml")

_MARK = "*"  # stands before an idea, so that it is never taken for a word


def terms(said: Sequence[str]) -> list[str]:
    """The stems of the words SAID that carry meaning, and the ideas behind them."""
    forms, longest = _forms()
    found = [
        idea
        for start in range(len(said))
        for size in range(1, longest + 1)
        for idea in forms.get(tuple(said[start : start + size]), ())
    ]
    return [stem(word) for word in said if word not in STOP] + found


def is_idea(term: str) -> bool:
    """Whether TERM is an idea rather than the stem of a word."""
    return term.startswith(_MARK)


@cache
def vocabulary() -> frozenset[str]:
    """Every word that stands for an idea."""
    return frozenset(word for form in _forms()[0] for word in form)


@cache
def _forms() -> tuple[Mapping[tuple[str, ...], tuple[str, ...]], int]:
    """Every way of saying something, word by word, with the ideas it stands for; and how many words the longest has."""
    forms: dict[tuple[str, ...], tuple[str, ...]] = {}
    for idea, said in tomllib.loads(ALIASES.read_text(encoding="utf-8"))["ideas"].items():
        for form in said:
            key = tuple(words(form))
            forms[key] = (*forms.get(key, ()), _MARK + idea)
    return forms, max(map(len, forms))
