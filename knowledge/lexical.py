"""How well the words of a rule cover the words of a question: stems, ideas and slips of the keyboard, weighed by rarity."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge import ideas
from knowledge.policy import Policy, Section
from knowledge.spoken import heading
from knowledge.words import STOP, words

_TITLE, _HEADING, _TEXT = 2.0, 0.6, 1.0
_K1, _B = 1.2, 0.4
_BEGIN, _END = 40, 80  # words; what stands between them is talk, and a question has to stay cheap


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One policy's rules as weighted word stems and ideas (BM25F)."""

    leaves: tuple[Section, ...]
    counts: tuple[dict[str, float], ...]
    numbers: Mapping[str, int]
    lengths: tuple[float, ...]
    average: float
    rarity: Mapping[str, float]
    vocabulary: tuple[str, ...]
    titles: tuple[tuple[str, ...], ...]

    def asked(self, question: str) -> dict[str, float]:
        """The terms of QUESTION, slips of the keyboard put right, each with its weight."""
        said = words(question)
        typed = [self._spelt(word) for word in (said if len(said) <= _BEGIN + _END else [*said[:_BEGIN], *said[-_END:]])]
        # A word that no rule holds weighs most: a question full of them is not about this policy.
        unknown = max(self.rarity.values())
        return {
            term: self.rarity.get(term, unknown)
            for term in dict.fromkeys(ideas.terms(typed))
            if not ideas.is_idea(term) or term in self.rarity
        }

    def score(self, number: int, asked: Mapping[str, float]) -> float:
        counts, norm = self.counts[number], _K1 * (1 - _B + _B * self.lengths[number] / self.average)
        return sum(weight * counts[term] * (_K1 + 1) / (counts[term] + norm) for term, weight in asked.items() if term in counts)

    def share(self, leaf: Section, asked: Mapping[str, float]) -> float:
        """How much of the question's weight LEAF holds."""
        counts = self.counts[self.numbers[leaf.ref]]
        return sum(weight for term, weight in asked.items() if term in counts) / sum(asked.values())

    def named(self, question: str) -> list[bool]:
        """For each leaf, whether QUESTION is its heading and nothing else."""
        said = tuple(words(question))
        return [bool(said) and said == title for title in self.titles]

    def _spelt(self, word: str) -> str:
        if len(word) < 5 or word in STOP or word in self.vocabulary:
            return word
        near = process.extractOne(word, self.vocabulary, scorer=OSA.normalized_similarity, score_cutoff=0.78)
        return near[0] if near else word


@lru_cache(maxsize=64)
def of(policy: Policy) -> Lexicon:
    """The words of POLICY's rules, counted once."""
    leaves = policy.leaves()
    counts: list[dict[str, float]] = []
    spoken: set[str] = set()
    for leaf in leaves:
        fields = ((heading(leaf), _TITLE), (" ".join(leaf.path[:-1]), _HEADING), (f"{leaf.lead} {leaf.text}", _TEXT))
        weighed: Counter[str] = Counter()
        for text, weight in fields:
            said = words(text)
            spoken.update(said)
            for term in ideas.terms(said):
                weighed[term] += weight  # type: ignore[assignment]  # a Counter of weights rather than of counts
        counts.append(dict(weighed))
    held = Counter(term for one in counts for term in one)
    rarity = {term: math.log(1 + (len(leaves) - number + 0.5) / (number + 0.5)) for term, number in held.items()}
    lengths = tuple(sum(one.values()) for one in counts)
    numbers = {leaf.ref: number for number, leaf in enumerate(leaves)}
    known = spoken | ideas.vocabulary()
    vocabulary = tuple(sorted(word for word in known if len(word) > 3))
    titles = tuple(tuple(words(leaf.title)) for leaf in leaves)
    return Lexicon(leaves, tuple(counts), numbers, lengths, sum(lengths) / len(lengths), rarity, vocabulary, titles)
