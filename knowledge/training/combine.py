"""Learn how the signs of a search add up, and when it may be sure, from questions that the encoder was not taught with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from knowledge import search
from knowledge.policy import Policy
from knowledge.ranking import COLUMNS, confidence_signs
from knowledge.training.examples import Question

BEFORE = 0.12  # the rule shown last, in the measure of nearness: set by hand, since the bank holds no conversations


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What search saw of one question at one school, which leaves are right, and who wrote it."""

    seen: search.Seen
    table: np.ndarray
    right: np.ndarray
    writer: str
    school: str


def read(policies: Mapping[str, Policy], questions: Sequence[Question], tell: Callable[[], object] = lambda: None) -> list[Seen]:
    """QUESTIONS put to the school of POLICIES that each was written for."""
    found = []
    for one in questions:
        seen = search.look(policies[one.school], one.text, one.audience, None)
        table = np.stack([seen.columns[name] for name in COLUMNS], 1)
        found.append(Seen(seen, table, np.array([leaf.ref in one.refs for leaf in seen.leaves]), one.writer, one.school))
        tell()
    return found


def score(rows: Sequence[Seen], begin: np.ndarray | None = None, strength: float = 2e-3) -> np.ndarray:
    """The weights under which the right leaves stand highest, sought from BEGIN on, which saves time."""
    use = [row for row in rows if row.right.any()]
    table = np.concatenate([row.table for row in use]).astype(np.float64)
    right = np.concatenate([row.right for row in use])
    starts = np.cumsum([0, *(len(row.right) for row in use)])[:-1]
    owner = np.repeat(np.arange(len(use)), [len(row.right) for row in use])

    def wrong(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = table @ weights
        scores -= np.maximum.reduceat(scores, starts)[owner]
        grown = np.exp(scores)
        every = np.add.reduceat(grown, starts)
        ours = np.add.reduceat(grown * right, starts) + 1e-12
        change = grown / every[owner] - grown * right / ours[owner]
        loss = float((np.log(every) - np.log(ours)).mean() + strength * weights @ weights / 2)
        return loss, table.T @ change / len(use) + strength * weights

    start = np.zeros(len(COLUMNS)) if begin is None else begin.astype(np.float64)
    found = minimize(wrong, start, jac=True, method="L-BFGS-B").x
    found[COLUMNS.index("before")] = BEFORE * sum(found[COLUMNS.index(name)] for name in ("near", "whole", "asked", "asked_few"))
    return found.astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What there was to see of some questions, whether the first rule was right, and whether there is a right one at all."""

    signs: np.ndarray
    right: np.ndarray
    said: np.ndarray


def judged(rows: Sequence[Seen], weights: np.ndarray) -> Judged:
    """ROWS as they stand under WEIGHTS."""
    scores = [row.table @ weights for row in rows]
    signs = np.stack([confidence_signs(row.seen, own) for row, own in zip(rows, scores, strict=True)]).astype(np.float64)
    right = np.array([bool(row.right[int(np.argmax(own))]) for row, own in zip(rows, scores, strict=True)])
    return Judged(signs, right, np.array([bool(row.right.any()) for row in rows]))


def confidence(known: Judged) -> tuple[np.ndarray, np.ndarray]:
    """The weights of the two chances: that the first is right, and that the policy says anything."""
    return logistic(known.signs, known.right), logistic(known.signs, known.said)


@dataclass(frozen=True, slots=True, eq=False)
class Foretold:
    """For each question the two chances as they were foretold, and how it turned out."""

    right: np.ndarray
    said: np.ndarray
    hit: np.ndarray
    there: np.ndarray


def foretold(rows: Sequence[Seen]) -> Foretold:
    """ROWS as each would be answered by weights learnt from other writers' questions to other schools: as a stranger's are."""
    found = Foretold(*(np.zeros(len(rows)) for _ in range(2)), *(np.zeros(len(rows), bool) for _ in range(2)))
    near = score(rows)
    for writer, school in sorted({(row.writer, row.school) for row in rows}):
        own = np.array([(row.writer, row.school) == (writer, school) for row in rows])
        others = [row for row in rows if row.writer != writer and row.school != school]
        weights = score(others, near)
        right, said = confidence(judged(others, weights))
        known = judged([row for row, ours in zip(rows, own, strict=True) if ours], weights)
        found.right[own], found.said[own] = chance(known.signs @ right), chance(known.signs @ said)
        found.hit[own], found.there[own] = known.right, known.said
    return found


def chance(logits: np.ndarray) -> np.ndarray:
    """LOGITS as chances from nothing to one."""
    chances: np.ndarray = 1 / (1 + np.exp(-logits))
    return chances


def logistic(table: np.ndarray, truth: np.ndarray, strength: float = 1e-2) -> np.ndarray:
    """The weights under which TABLE's signs, the last of them a constant, best foretell TRUTH."""
    middle, spread = table.mean(0), table.std(0) + 1e-6
    spread[-1], middle[-1] = 1.0, 0.0
    scaled, sign = (table - middle) / spread, np.where(truth, 1.0, -1.0)

    def wrong(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (scaled @ weights)
        chance = 1 / (1 + np.exp(np.clip(margin, -30, 30)))
        return float(np.logaddexp(0, -margin).mean() + strength * weights @ weights / 2), -(scaled.T @ (sign * chance)) / len(
            truth
        ) + strength * weights

    found = minimize(wrong, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B").x
    plain = found / spread
    plain[-1] = found[-1] - (found[:-1] * middle[:-1] / spread[:-1]).sum()
    return plain.astype(np.float32)


def bands(found: Foretold, *, wrong: float) -> tuple[float, float, float]:
    """Where to be sure: the widest band in which, and among questions without an answer, at most WRONG go astray."""
    # Below "maybe" the policy is said to be silent. That may be wrong of one answerable question in fifty, and no more.
    maybe = float(np.quantile(found.said[found.there], 0.02))
    best, most = (0.99, 0.99), -1.0
    for low in np.arange(0.3, 0.99, 0.01):
        for least in (one for one in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9) if one > maybe):
            sure = (found.right >= low) & (found.said >= least)
            if not (sure & found.there).any():
                continue
            astray = (sure & found.there & ~found.hit).sum() / max((sure & found.there).sum(), 1)
            empty = (sure & ~found.there).sum() / max((~found.there).sum(), 1)
            share = (sure & found.there).sum() / max(found.there.sum(), 1)
            if astray <= wrong and empty <= wrong and share > most:
                best, most = (float(low), float(least)), float(share)
    return *best, maybe
