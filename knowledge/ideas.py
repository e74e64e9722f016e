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
    stems = [stem(word) for word in said]
    found = [
        idea
        for start in range(len(stems))
        for size in range(1, longest + 1)
        for idea in forms.get(tuple(stems[start : start + size]), ())
    ]
    return [one for one, word in zip(stems, said, strict=True) if word not in STOP] + found


def is_idea(term: str) -> bool:
    """Whether TERM is an idea rather than the stem of a word."""
    return term.startswith(_MARK)


@cache
def vocabulary() -> frozenset[str]:
    """Every word that stands for an idea."""
    return frozenset(word for said in _said().values() for form in said for word in words(form))


@cache
def _forms() -> tuple[Mapping[tuple[str, ...], tuple[str, ...]], int]:
    """Every way of saying something, stem by stem, with the ideas it stands for; and how many words the longest has."""
    forms: dict[tuple[str, ...], tuple[str, ...]] = {}
    for idea, said in _said().items():
        for key in dict.fromkeys(tuple(stem(word) for word in words(form)) for form in said):
            forms[key] = (*forms.get(key, ()), _MARK + idea)
    return forms, max(map(len, forms))


@cache
def _said() -> Mapping[str, list[str]]:
    ideas: Mapping[str, list[str]] = tomllib.loads(ALIASES.read_text(encoding="utf-8"))["ideas"]
    return ideas
