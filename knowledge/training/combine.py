"""Learn how the signs of a search add up, and when it may be sure, from asks and questions that the encoder has never read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from knowledge import search
from knowledge.policy import Policy
from knowledge.ranking import COLUMNS, confidence_signs
from knowledge.training.examples import Question

BEFORE = 0.12  # the rule shown last, in the measure of "near": set by hand, since the bank holds no conversations


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose topic is known: put to every school, it has an answer in some and none in others."""

    topic: str
    audience: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What search saw of one question at one school, which leaves are right, and whose question it was."""

    seen: search.Seen
    table: np.ndarray
    right: np.ndarray
    school: str


def look(policies: Sequence[Policy], asks: Sequence[Asked], *, named: bool, tell: Callable[[int], object]) -> list[Seen]:
    """ASKS put to all of POLICIES; without NAMED as if nobody had said which rule answers which topic."""
    found = []
    for policy in policies:
        shown = policy if named else replace(policy, answers={})
        numbers = {leaf.ref: number for number, leaf in enumerate(shown.leaves())}
        for number, ask in enumerate(asks):
            seen = search.look(shown, ask.text, ask.audience, None)
            refs = policy.answers.get(ask.topic, ())
            twins = [other for ref in refs for other in policy.section(ref).also if other in numbers]
            right = np.zeros(len(numbers), bool)
            right[[numbers[ref] for ref in (*refs, *twins)]] = True
            found.append(_seen(seen, right, policy.school))
            tell(number)
    return found


def read(policies: Mapping[str, Policy], questions: Sequence[Question], *, named: bool) -> list[Seen]:
    """QUESTIONS put to the school of POLICIES that each was written for, by somebody who had read its document."""
    found = []
    for one in questions:
        policy = policies[one.school] if named else replace(policies[one.school], answers={})
        seen = search.look(policy, one.text, one.audience, None)
        found.append(_seen(seen, np.array([leaf.ref in one.refs for leaf in seen.leaves]), one.school))
    return found


def _seen(seen: search.Seen, right: np.ndarray, school: str) -> Seen:
    return Seen(seen, np.stack([seen.columns[name] for name in COLUMNS], 1), right, school)


def score(rows: Sequence[Seen], strength: float = 2e-3) -> np.ndarray:
    """The weights under which the right leaves stand highest."""
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

    found = minimize(wrong, np.zeros(len(COLUMNS)), jac=True, method="L-BFGS-B").x
    found[COLUMNS.index("before")] = BEFORE * found[COLUMNS.index("near")]
    return found.astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What there was to see of some questions, whether the first rule was right, and whether there is a right one at all."""

    signs: np.ndarray
    right: np.ndarray
    said: np.ndarray

    def times(self, count: int) -> Judged:
        """The same, COUNT times over: so that a few questions weigh as much as many asks."""
        return Judged(np.tile(self.signs, (count, 1)), np.tile(self.right, count), np.tile(self.said, count))

    def and_also(self, other: Judged) -> Judged:
        """Both together."""
        parts = ((self.signs, other.signs), (self.right, other.right), (self.said, other.said))
        return Judged(*(np.concatenate(pair) for pair in parts))


def judged(rows: Sequence[Seen], weights: np.ndarray) -> Judged:
    """ROWS as they stand under WEIGHTS."""
    scores = [row.table @ weights for row in rows]
    signs = np.stack([confidence_signs(row.seen, own) for row, own in zip(rows, scores, strict=True)]).astype(np.float64)
    right = np.array([bool(row.right[int(np.argmax(own))]) for row, own in zip(rows, scores, strict=True)])
    return Judged(signs, right, np.array([bool(row.right.any()) for row in rows]))


def confidence(known: Judged) -> tuple[np.ndarray, np.ndarray]:
    """The weights of the two chances: that the first is right, and that the policy says anything."""
    return logistic(known.signs, known.right), logistic(known.signs, known.said)


def logistic(table: np.ndarray, truth: np.ndarray, strength: float = 1e-3) -> np.ndarray:
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


def bands(right: np.ndarray, said: np.ndarray, hit: np.ndarray, there: np.ndarray, *, wrong: float) -> tuple[float, float, float]:
    """Where to be sure: the widest band in which, and among questions without an answer, at most WRONG go astray."""
    best, most = (0.99, 0.99), -1.0
    for low in np.arange(0.3, 0.99, 0.01):
        for least in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
            sure = (right >= low) & (said >= least)
            if not (sure & there).any():
                continue
            astray = (sure & there & ~hit).sum() / max((sure & there).sum(), 1)
            empty = (sure & ~there).sum() / max((~there).sum(), 1)
            share = (sure & there).sum() / max(there.sum(), 1)
            if astray <= wrong and empty <= wrong and share > most:
                best, most = (float(low), float(least)), float(share)
    # Below "maybe" the policy is said to be silent. That may be wrong of one answerable ask in fifty, and no more.
    return (*best, float(np.quantile(said[there], 0.02)))
