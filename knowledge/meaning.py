"""A policy as the encoder sees it: every rule and its sentences as vectors, and which rule speaks on which topic."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from knowledge import bank, encoder, phrasebook, precedents
from knowledge.encoder import Vector
from knowledge.policy import Policy, Section
from knowledge.precedents import Own
from knowledge.spoken import above, heading, mark, rule_words

DATA, BINDING = "rules.npz", "ranking.npz"

_SENTENCE = re.compile(r"(?<=[.!?;:])\s+(?=\S)")
_SHORT = 25  # letters; a shorter sentence says too little alone

# The rules named for a topic in topics.toml, best first: the second is a worse answer, though a right one.
_BY_RANK = (1.0, 0.85, 0.75)
# Where nobody named them, a rule that answers a topic this likely is as good as named.
_SURELY = 0.4
# A policy of which so many rules have precedents is weighed up as the schools we ship; another as one that was just imported.
_MOSTLY = 0.5
_KEPT = 64  # policies in memory at a time: not quite a megabyte each


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """One policy's vectors. `owner` says which leaf a row belongs to, `first` which row is all that a leaf says.

    `speaks[t, leaf]` is how surely leaf answers topic t. `own` are the questions that were written for its rules or their kin;
    where enough rules have their own, it is `curated`.
    """

    leaves: tuple[Section, ...]
    rows: Vector
    owner: np.ndarray
    first: np.ndarray
    speaks: Vector
    curated: bool
    own: Own

    def near(self, asked: Vector) -> Vector:
        """For each leaf, how near its nearest sentence comes to the nearest of the rows ASKED."""
        best: Vector = np.full(len(self.leaves), -1.0, np.float32)
        np.maximum.at(best, self.owner, (asked @ self.rows.T).max(0))
        return best

    def whole(self, asked: Vector) -> Vector:
        """For each leaf, how near all that it says together comes to all that was ASKED together: the first row of each."""
        near: Vector = self.rows[self.first] @ asked[0]
        return near


_known: OrderedDict[int, tuple[Policy, Meaning]] = OrderedDict()
_knowing = threading.Lock()  # a version that goes live is made ready in a thread while others are answered


def of(policy: Policy) -> Meaning:
    """POLICY's vectors, made on the first question and kept while it is asked about."""
    with _knowing:
        found = _known.get(id(policy))
    if found is None or found[0] is not policy:
        found = (policy, _made(policy))
    with _knowing:
        _known[id(policy)] = found
        _known.move_to_end(id(policy))
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return found[1]


def _rows(texts: list[str]) -> Vector:
    """TEXTS as vectors: those of the schools we ship were made at our desk, since a hundred rules take a second or two."""
    digests, made = _shipped()
    wanted = np.array([mark(text) for text in texts], np.uint64)
    places = np.minimum(np.searchsorted(digests, wanted), max(len(digests) - 1, 0))
    fresh = encoder.load()
    return np.stack(
        [
            made[place].astype(np.float32) / np.linalg.norm(made[place].astype(np.float32))
            if len(digests) and digests[place] == one
            else fresh.vector(text)
            for text, one, place in zip(texts, wanted, places, strict=True)
        ]
    )


@cache
def _shipped() -> tuple[np.ndarray, np.ndarray]:
    data = encoder.read(DATA)
    return data["digests"], data["rows"]


def said(rule: Section) -> list[str]:
    """RULE as a whole and, where it is long, sentence by sentence under its heading."""
    parts = [part for part in _SENTENCE.split(rule.text) if len(part) >= _SHORT]
    if len(parts) < 2:
        return [rule_words(rule)]
    # What it hangs on ("Staff must not:") is said of the first sentence; the next may well say what they must.
    parts[0] = f"{rule.lead} {parts[0]}".strip()
    return [rule_words(rule), *(f"{heading(rule) or above(rule)}: {part}" for part in parts)]


def _made(policy: Policy) -> Meaning:
    leaves = policy.leaves()
    rows, owner = sentences(leaves)
    speaks = _named(policy, leaves) if policy.answers else _guessed(rows, owner, len(leaves))
    first = np.searchsorted(owner, np.arange(len(leaves)))
    own = precedents.load().of(leaves, rows[first])
    return Meaning(leaves, rows, owner, first, speaks, bool(policy.answers) and own.written >= len(leaves) * _MOSTLY, own)


def _named(policy: Policy, leaves: tuple[Section, ...]) -> Vector:
    numbers = {leaf.ref: number for number, leaf in enumerate(leaves)}
    speaks = np.zeros((len(bank.topics()), len(leaves)), np.float32)
    for row, topic in enumerate(bank.topics()):
        for rank, ref in enumerate(policy.answers.get(topic.name, ())):
            speaks[row, numbers[ref]] = _BY_RANK[min(rank, len(_BY_RANK) - 1)]
    return speaks


def _guessed(rows: Vector, owner: np.ndarray, count: int) -> Vector:
    """How likely each rule answers each topic, for a policy that nobody has gone through by hand."""
    logits = binding_signs(rows, owner, count) @ binding()
    speaks: Vector = np.minimum(1 / (1 + np.exp(-logits)) / _SURELY, 1).astype(np.float32)
    speaks[[topic.kind == "school" for topic in bank.topics()]] = 0
    return speaks


def binding_signs(rows: Vector, owner: np.ndarray, count: int) -> Vector:
    """What tells whether a rule speaks on a topic: for each topic and each of COUNT rules six numbers, the last a constant.

    It does when it lies near the topic's description and near the ways people ask about it, and stands out both among this
    policy's rules and among the topics. How much each of these counts was learnt from the schools we ship.
    """
    says = _by_leaf(_rows([topic.says for topic in bank.topics()]) @ rows.T, owner, count)
    asked = _by_leaf(phrasebook.load().centres() @ rows.T, owner, count)
    both = (says + asked) / 2
    signs = (says, asked, both, both - both.max(1, keepdims=True), both - both.max(0, keepdims=True), np.ones_like(both))
    stacked: Vector = np.stack(signs, -1)
    return stacked


def binding() -> Vector:
    """How much each of these signs counts."""
    weights: Vector = encoder.read(BINDING)["binding"]
    return weights


def sentences(leaves: Sequence[Section]) -> tuple[Vector, np.ndarray]:
    """The vectors of everything LEAVES say, and the number of the leaf that says each."""
    texts = [said(leaf) for leaf in leaves]
    return _rows([text for one in texts for text in one]), np.repeat(np.arange(len(leaves)), [len(one) for one in texts])


def _by_leaf(near: Vector, owner: np.ndarray, count: int) -> Vector:
    """NEAR by the nearest sentence of each leaf."""
    starts = np.searchsorted(owner, np.arange(count))
    best: Vector = np.maximum.reduceat(near, starts, axis=1)
    return best
