"""Five ways to find the rule that answers a question: ours, and four others on the very same words.

Each imports its own library when it is made, so that none carries another's memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

FOUND = 6  # rules that are shown at most


@dataclass(frozen=True)
class Leaf:
    """A rule as everybody here is given it: with its headings, since a bullet alone seldom says what it is about."""

    ref: str
    text: str


@dataclass(frozen=True)
class Found:
    """References, best first, and in which band they would be shown. Only ours knows bands; the others always have an answer."""

    refs: list[str]
    band: str = "unsure"


class Ranker(Protocol):
    """One way to search. Made once, then given each school once, then asked."""

    def take(self, school: str, leaves: list[Leaf]) -> None:
        """Make ready for questions to SCHOOL."""

    def find(self, school: str, audience: str, question: str) -> Found:
        """The rules of SCHOOL that answer QUESTION."""


class Rapidfuzz:
    """The likeness of letters, words in any order."""

    def __init__(self) -> None:
        from rapidfuzz import fuzz, process, utils

        self._best = lambda question, texts: process.extract(
            question, texts, scorer=fuzz.token_set_ratio, processor=utils.default_process, limit=FOUND
        )
        self._schools: dict[str, list[Leaf]] = {}

    def take(self, school: str, leaves: list[Leaf]) -> None:
        self._schools[school] = leaves

    def find(self, school: str, _audience: str, question: str) -> Found:
        leaves = self._schools[school]
        return Found([leaves[number].ref for _, _, number in self._best(question, [leaf.text for leaf in leaves])])


class FullText:
    """The database's own full text search: BM25 over English word stems."""

    def __init__(self) -> None:
        import re
        import sqlite3

        self._words: Callable[[str], list[str]] = re.compile(r"\w+").findall
        self._database = sqlite3.connect(":memory:")
        self._tables: dict[str, str] = {}

    def take(self, school: str, leaves: list[Leaf]) -> None:
        table = self._tables[school] = f"rules{len(self._tables)}"
        self._database.execute(f"CREATE VIRTUAL TABLE {table} USING fts5(ref UNINDEXED, text, tokenize = 'porter unicode61')")
        self._database.executemany(f"INSERT INTO {table} VALUES (?, ?)", [(leaf.ref, leaf.text) for leaf in leaves])

    def find(self, school: str, _audience: str, question: str) -> Found:
        asked = " OR ".join(f'"{word}"' for word in self._words(question))
        found = self._database.execute(
            f"SELECT ref FROM {self._tables[school]} WHERE text MATCH ? ORDER BY rank LIMIT {FOUND}", (asked,)
        )
        return Found([ref for (ref,) in found])


class Bm25s:
    """A library made for BM25, with stop words and the stemmer that we use too."""

    def __init__(self) -> None:
        import bm25s
        import snowballstemmer

        self._library, self._stemmer = bm25s, snowballstemmer.stemmer("english").stemWords
        self._schools: dict[str, tuple[list[Leaf], bm25s.BM25]] = {}

    def take(self, school: str, leaves: list[Leaf]) -> None:
        index = self._library.BM25()
        index.index(self._cut([leaf.text for leaf in leaves]), show_progress=False)
        self._schools[school] = (leaves, index)

    def find(self, school: str, _audience: str, question: str) -> Found:
        leaves, index = self._schools[school]
        numbers, _ = index.retrieve(self._cut([question]), k=FOUND, show_progress=False)
        return Found([leaves[number].ref for number in numbers[0]])

    def _cut(self, texts: list[str]) -> object:
        return self._library.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False)


class Sentences:
    """A sentence encoder as it was published, on a rule's words and a question's: the nearest wins."""

    def __init__(self, weights: Path) -> None:
        import numpy as np

        from knowledge.encoder import Encoder

        with np.load(weights, allow_pickle=False) as arrays:
            self._encoder = Encoder({name: arrays[name] for name in arrays.files}, {"layers": np.array(0)})
        self._schools: dict[str, tuple[list[Leaf], np.ndarray]] = {}

    def take(self, school: str, leaves: list[Leaf]) -> None:
        self._schools[school] = (leaves, self._encoder.vectors([leaf.text for leaf in leaves]))

    def find(self, school: str, _audience: str, question: str) -> Found:
        leaves, rows = self._schools[school]
        near = rows @ self._encoder.vector(question)
        return Found([leaves[number].ref for number in (-near).argsort()[:FOUND]])


class Ours:
    """The search of the bot, on the policies as they are shipped."""

    def __init__(self, schools: Path) -> None:
        from knowledge import encoder, lexical, markdown, meaning, phrasebook, search

        encoder.load()
        phrasebook.load()
        self._load, self._ready, self._search = markdown.load, (meaning.of, lexical.of), search
        self._folder = schools
        self._schools: dict[str, object] = {}

    def take(self, school: str, _leaves: list[Leaf]) -> None:
        policy = self._schools[school] = self._load(self._folder / school / "policy.md")
        for ready in self._ready:
            ready(policy)

    def find(self, school: str, audience: str, question: str) -> Found:
        found = self._search.find(self._schools[school], question, audience)
        band = {"yes": "sure", "maybe": "unsure", "no": "no"}[found.sure]
        return Found([hit.section.ref for hit in found.sections], band)


NAMES: Mapping[str, str] = {
    "rapidfuzz": "rapidfuzz, token_set_ratio",
    "fts5": "SQLite FTS5, bm25",
    "bm25s": "bm25s",
    "encoder": "all-MiniLM-L6-v2, untrained",
    "ours": "Signpost",
}


def made(name: str, weights: Path, schools: Path) -> Ranker:
    """The ranker called NAME; WEIGHTS are the untrained encoder's."""
    kinds: dict[str, Callable[[], Ranker]] = {
        "rapidfuzz": Rapidfuzz,
        "fts5": FullText,
        "bm25s": Bm25s,
        "encoder": lambda: Sentences(weights),
        "ours": lambda: Ours(schools),
    }
    return kinds[name]()
