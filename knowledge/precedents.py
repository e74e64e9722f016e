"""Precedents: questions that were written for one particular rule, so that whoever asks much the same is led to the same rule.

A rule is known again by its very words: as soon as a school changes it, what was written for the old rule no longer speaks for
the new one, which is then found by what it says, as every rule of a policy that nobody here has read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from knowledge import encoder
from knowledge.encoder import MODEL, Vector
from knowledge.nearest import nearest
from knowledge.policy import Section
from knowledge.spoken import mark, rule_words

DATA = "precedents.npz"
NOWHERE = 0  # the mark of a question that its policy did not answer

_FEW = 3  # one question alone may be a chance likeness


@dataclass(frozen=True, slots=True, eq=False)
class Precedents:
    """All of them as vectors, and the mark of the rule that each was written for; sorted by mark, those of NOWHERE first."""

    rows: Vector
    about: np.ndarray

    def near(self, asked: Vector) -> Vector:
        """How near the nearest of the rows ASKED comes to each precedent."""
        best: Vector = (asked @ self.rows.T).max(0) / np.float32(127.0)
        return best

    def of(self, leaves: Sequence[Section]) -> Own:
        """Those that were written for LEAVES."""
        each = [self._at(mark(rule_words(leaf))) for leaf in leaves]
        owner = np.repeat(np.arange(len(leaves)), np.array([len(rows) for rows in each], np.intp))
        return Own(np.concatenate([*each, np.zeros(0, np.intp)]), owner)

    def unanswered(self, near: Vector) -> tuple[float, float]:
        """How near the nearest, and the nearest few, of the questions come that a policy did not answer; NEAR as of all."""
        none = near[: np.searchsorted(self.about, np.uint64(NOWHERE), "right")]
        few = np.sort(none)[::-1][:_FEW]
        return (float(few[0]), float(few.mean())) if len(few) else (0.0, 0.0)

    def _at(self, about: int) -> np.ndarray:
        return np.arange(*(np.searchsorted(self.about, np.uint64(about), side) for side in ("left", "right")))


@dataclass(frozen=True, slots=True, eq=False)
class Own:
    """Which precedents are those of one policy's rules, sorted by rule."""

    rows: np.ndarray
    owner: np.ndarray

    def near(self, near: Vector, rules: Vector) -> tuple[Vector, Vector]:
        """For each rule how near its nearest precedent comes, and its nearest few, where all of them come so NEAR.

        A rule that has none is as near as it comes by itself, which RULES says: a new rule does not stand behind old ones.
        """
        own, count = near[self.rows], len(rules)
        return nearest(own, self.owner, count, 1, rules), nearest(own, self.owner, count, _FEW, rules)


@cache
def load(folder: Path = MODEL) -> Precedents:
    """The precedents in FOLDER; ModelMissing when it is not the file the model card names."""
    data = encoder.read(DATA, folder)
    return Precedents(data["rows"].astype(np.float32), data["about"])
