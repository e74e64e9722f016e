"""A policy as the encoder sees it: every rule and its sentences as vectors, and which rule speaks on which topic."""

from __future__ import annotations

import hashlib
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache

import numpy as np

from knowledge import bank, encoder
from knowledge.encoder import Vector
from knowledge.policy import Policy, Section
from knowledge.spoken import rule_words

DATA = "rules.npz"

_SENTENCE = re.compile(r"(?<=[.!?;:])\s+(?=\S)")
_SHORT = 25  # letters; a shorter sentence says too little alone

# The rules named for a topic in topics.toml, best first: the second is a worse answer, though a right one.
_BY_RANK = (1.0, 0.85, 0.75)
# Where nobody named them, a rule speaks on a topic as far as it stands out from the policy's other rules by this much.
_FROM, _FULL = 0.38, 0.68
_KEPT = 64  # policies in memory at a time: some 200 kB each


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """One policy's vectors. `owner` says which leaf a row belongs to; `speaks[t, leaf]` is how surely leaf answers topic t."""

    leaves: tuple[Section, ...]
    rows: Vector
    owner: np.ndarray
    speaks: Vector
    curated: bool

    def near(self, asked: Vector) -> Vector:
        """For each leaf, how near its nearest sentence comes to the nearest of the rows ASKED."""
        best: Vector = np.full(len(self.leaves), -1.0, np.float32)
        np.maximum.at(best, self.owner, (asked @ self.rows.T).max(0))
        return best


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
    wanted = np.array([digest(text) for text in texts], np.uint64)
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


def digest(text: str) -> int:
    """A number that only this text has."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


@cache
def _shipped() -> tuple[np.ndarray, np.ndarray]:
    data = encoder.read(DATA)
    return data["digests"], data["rows"]


def said(rule: Section) -> list[str]:
    """RULE as a whole and, where it is long, sentence by sentence under its heading."""
    parts = [part for part in _SENTENCE.split(rule.text) if len(part) >= _SHORT]
    return [rule_words(rule), *([f"{rule.title}: {part}" for part in parts] if len(parts) > 1 else [])]


def _made(policy: Policy) -> Meaning:
    leaves = policy.leaves()
    texts = [said(leaf) for leaf in leaves]
    rows = _rows([text for one in texts for text in one])
    owner = np.repeat(np.arange(len(leaves)), [len(one) for one in texts])
    heads = rows[np.searchsorted(owner, np.arange(len(leaves)))]
    speaks = _named(policy, leaves) if policy.answers else _guessed(heads)
    return Meaning(leaves, rows, owner, speaks, bool(policy.answers))


def _named(policy: Policy, leaves: tuple[Section, ...]) -> Vector:
    numbers = {leaf.ref: number for number, leaf in enumerate(leaves)}
    speaks = np.zeros((len(bank.topics()), len(leaves)), np.float32)
    for row, topic in enumerate(bank.topics()):
        for rank, ref in enumerate(policy.answers.get(topic.name, ())):
            speaks[row, numbers[ref]] = _BY_RANK[min(rank, len(_BY_RANK) - 1)]
    return speaks


def _guessed(heads: Vector) -> Vector:
    """From the descriptions of the topics alone, for a policy that nobody has gone through by hand."""
    says = _rows([topic.says for topic in bank.topics()])
    near = says @ heads.T
    speaks: Vector = np.clip((near - _FROM) / (_FULL - _FROM), 0, 1).astype(np.float32)
    # The best rule of a topic stands for it; what is far behind it belongs to another.
    speaks *= near >= near.max(1, keepdims=True) - np.float32(0.15)
    speaks[[topic.kind == "school" for topic in bank.topics()]] = 0
    return speaks
