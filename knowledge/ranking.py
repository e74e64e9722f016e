"""How the signs for each rule become one score, and how sure that makes us: a few weights, learnt once and shipped as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from knowledge import bank, encoder
from knowledge.encoder import MODEL, Vector

if TYPE_CHECKING:
    from knowledge.search import Seen

DATA = "ranking.npz"

COLUMNS = (
    *("near", "near_best", "whole", "speaks", "speaks_best", "words", "cover", "for_them", "for_them_alone", "fact"),
    *("asked", "asked_few", "before"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """The learnt numbers. `sure`, `sure_said` and `maybe` are where the three bands meet."""

    score: Vector
    right: Vector
    said: Vector
    sure: float
    sure_said: float
    maybe: float

    @staticmethod
    def load(*, named: bool, folder: Path = MODEL) -> Weights:
        """The weights in FOLDER for a policy whose rules have precedents, NAMED, or for one that nobody went through yet."""
        return _load(folder)[named]

    def scores(self, seen: Seen) -> Vector:
        """How well each leaf fits."""
        table = np.stack([seen.columns[name] for name in COLUMNS], 1)
        scores: Vector = table @ self.score
        return scores

    def confidence(self, seen: Seen, scores: Vector) -> tuple[float, float]:
        """How likely the best leaf is the rule meant, and how likely the policy says anything on it."""
        signs = confidence_signs(seen, scores)
        return _chance(float(signs @ self.right)), _chance(float(signs @ self.said))


def confidence_signs(seen: Seen, scores: Vector) -> Vector:
    """What tells a clear answer from a guess; the last is the constant."""
    best = int(np.argmax(scores))
    own = {best, *(number for number, leaf in enumerate(seen.leaves) if leaf.ref in seen.leaves[best].also)}
    rest = max((float(score) for number, score in enumerate(scores) if number not in own), default=0.0)
    sharp = np.exp(scores - scores.max())
    covered = seen.known.speaks.max(1) > 0
    life = _school_life()
    columns: dict[str, Any] = seen.columns
    near, speaks, asked, few = (columns[name] for name in ("near", "speaks", "asked", "asked_few"))
    others = np.array([number not in own for number in range(len(seen.leaves))])
    signs = [
        float(sharp[best] / sharp.sum()),
        float(scores[best]),
        float(scores[best]) - rest,
        float(near[best]),
        float(near.max()),
        float(speaks[best]),
        float(speaks.max()),
        float(seen.topics[life].sum()),
        float(seen.topics[~covered & ~life].sum()),
        float(seen.topics.max()),
        float(columns["cover"][best]),
        float(columns["cover"].max()),
        min(seen.terms, 12) / 12,
        float(np.argmax(near) == np.argmax(speaks)),
        float(asked[best]),
        float(few[best]),
        float(asked.max()),
        float(asked[best]) - float(asked.max(where=others, initial=0.0)),
        float(few[best]) - float(few.max(where=others, initial=0.0)),
        float(np.argmax(asked) == best),
        *seen.silent,
        1.0,
    ]
    return np.array(signs, np.float32)


@cache
def _school_life() -> NDArray[np.bool_]:
    """Which topics are everyday school life, on which no policy has to say anything."""
    return np.array([topic.kind == "school" for topic in bank.topics()])


def _chance(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


@cache
def _load(folder: Path) -> dict[bool, Weights]:
    data = encoder.read(DATA, folder)
    found = {}
    for named, at in ((True, "named."), (False, "guessed.")):
        sure, sure_said, maybe = (float(one) for one in data[f"{at}bands"])
        found[named] = Weights(data[f"{at}score"], data[f"{at}right"], data[f"{at}said"], sure, sure_said, maybe)
    return found
