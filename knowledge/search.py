"""Which rule of a school's policy answers a question, and how sure we are: the rule itself, the closest few, or honestly none."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge import ideas
from knowledge.policy import Policy, Section
from knowledge.words import STOP, words

# Set by reading, not by fitting: a rule is asserted only when most of the question's weight is in it and no other rule
# comes near. Wrong when sure is the error that hurts, so both stand on the careful side.
SURE_SHARE, SURE_LEAD = 0.62, 1.25
# Two rules of one section are close by nature; quoting the neighbour is a small slip, another section would be a wrong answer.
SIBLING_LEAD = 1.1
MAYBE_SHARE = 0.34

_TITLE, _HEADING, _TEXT = 2.0, 0.6, 1.0
_K1, _B = 1.2, 0.4
_LONGEST_QUESTION = 120  # words; what stands behind them is talk, and a question has to stay cheap
_SHOWN = 6


class Sure(StrEnum):
    """How an answer may be given: quoted, offered as a choice, or not at all."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule and how well it fits; scores compare within one answer only."""

    section: Section
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The rules that fit, best first; a rule that belongs with the best one follows it directly."""

    sure: Sure
    sections: tuple[Hit, ...]


def find(policy: Policy, question: str, audience: str) -> Answer:
    """What POLICY says to QUESTION, asked by somebody of AUDIENCE ("staff", "parent", "governor", …)."""
    index = _index(policy)
    asked = index.asked(question)
    if not asked:
        return Answer(Sure.NO, ())
    hits = sorted(
        (Hit(leaf, index.score(number, asked) * _fits(leaf, audience)) for number, leaf in enumerate(index.leaves)),
        key=lambda hit: -hit.score,
    )[:_SHOWN]
    hits = [hit for hit in hits if hit.score > 0]
    if not hits:
        return Answer(Sure.NO, ())
    best = hits[0]
    share = index.share(best.section, asked)
    sure = Sure.YES if share >= SURE_SHARE and _clear(policy, hits) else Sure.MAYBE if share >= MAYBE_SHARE else Sure.NO
    return Answer(sure, _together(policy, hits))


def _clear(policy: Policy, hits: list[Hit]) -> bool:
    """Whether the best of HITS, with what belongs to it, stands out from all the others."""
    best = hits[0]
    own = {best.section.ref, *best.section.also}
    homes = {policy.section(ref).within for ref in own} - {None}
    return all(
        best.score >= hit.score * (SIBLING_LEAD if hit.section.within in homes else SURE_LEAD)
        for hit in hits
        if hit.section.ref not in own and best.section.ref not in hit.section.also
    )


def _fits(section: Section, audience: str) -> float:
    # A rule for others is rarely what was asked, but may be: a parent asks what teachers are allowed. Of two rules that say
    # the same, the one written for fewer is meant.
    return 1.0 + 0.1 / len(section.audience) if audience in section.audience else 0.7


def _together(policy: Policy, hits: list[Hit]) -> tuple[Hit, ...]:
    best = hits[0]
    beside = [Hit(policy.section(ref), best.score) for ref in best.section.also]
    known = {best.section.ref, *best.section.also}
    return (best, *beside, *(hit for hit in hits[1:] if hit.section.ref not in known))


@dataclass(frozen=True, slots=True)
class _Index:
    """One policy's rules as weighted word stems and ideas (BM25F)."""

    leaves: tuple[Section, ...]
    counts: tuple[dict[str, float], ...]
    numbers: Mapping[str, int]
    lengths: tuple[float, ...]
    average: float
    rarity: Mapping[str, float]
    vocabulary: tuple[str, ...]

    def asked(self, question: str) -> dict[str, float]:
        """The terms of QUESTION, slips of the keyboard put right, each with its weight."""
        typed = [self._spelt(word) for word in words(question)[:_LONGEST_QUESTION]]
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

    def _spelt(self, word: str) -> str:
        if len(word) < 5 or word in STOP or word in self.vocabulary:
            return word
        near = process.extractOne(word, self.vocabulary, scorer=OSA.normalized_similarity, score_cutoff=0.78)
        return near[0] if near else word


@lru_cache(maxsize=64)
def _index(policy: Policy) -> _Index:
    leaves = policy.leaves()
    counts: list[dict[str, float]] = []
    spoken: set[str] = set()
    for leaf in leaves:
        fields = ((leaf.title, _TITLE), (" ".join(leaf.path[:-1]), _HEADING), (leaf.text, _TEXT))
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
    return _Index(leaves, tuple(counts), numbers, lengths, sum(lengths) / len(lengths), rarity, vocabulary)
