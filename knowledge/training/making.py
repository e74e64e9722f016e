"""How the signs of a search are weighed up: learnt on questions that the trained network has never read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from knowledge import bank, meaning
from knowledge.encoder import Encoder, Vector
from knowledge.policy import Policy
from knowledge.training import combine, examples
from knowledge.training.pack import Arrays
from knowledge.training.trial import Shelves, trying

# A sure answer that is wrong, or where the policy is silent, may come this often among questions by writers, and to schools,
# that the weights had not seen. It is less than what is promised: the next writer is a stranger too.
WRONG = 0.05


class Remembering(Encoder):
    """An encoder that forgets nothing: the same asks are put to every school."""

    def __init__(self, data: Mapping[str, np.ndarray], listening: Mapping[str, np.ndarray]) -> None:
        super().__init__(dict(data), dict(listening))
        self._known: dict[str, Vector] = {}

    def vector(self, text: str) -> Vector:
        if text not in self._known:
            self._known[text] = super().vector(text)
        return self._known[text]

    def vectors(self, texts: Sequence[str]) -> Vector:
        return np.stack([self.vector(text) for text in texts]) if texts else np.zeros((0, self.width), np.float32)


def ranking(shipped: Mapping[str, Policy], model: Encoder, shelves: Shelves, tell: Callable[[], object]) -> Arrays:
    """The weights and the bands: for the SHIPPED schools, and for a policy that nobody here has read.

    The first are learnt from questions by people who had read the documents and nothing of ours, the others from questions to
    policies that the network has not been taught with.
    """
    with trying(model, shelves, np.zeros(0, np.float32)):
        bound = binding([*shipped.values()])
    found: Arrays = {"binding": bound}
    for at, policies, questions in (("named.", shipped, examples.questions()), ("guessed.", *examples.unread())):
        with trying(model, shelves, bound):
            rows = combine.read(policies, questions, tell)
        weights = combine.score(rows)
        right, said = combine.confidence(combine.judged(rows, weights))
        bands = np.array(combine.bands(combine.foretold(rows), wrong=WRONG), np.float32)
        found |= {f"{at}score": weights, f"{at}right": right, f"{at}said": said, f"{at}bands": bands}
    return found


def binding(shipped: Sequence[Policy]) -> np.ndarray:
    """How a rule that speaks on a topic is told from one that does not, learnt from what was named by hand for SHIPPED."""
    policies = [number for number, topic in enumerate(bank.topics()) if topic.kind == "policy"]
    signs, truth = [], []
    for policy in shipped:
        leaves = policy.leaves()
        there = meaning.binding_signs(*meaning.sentences(leaves), len(leaves))
        bound = np.array([[leaf.ref in policy.answers.get(topic.name, ()) for leaf in leaves] for topic in bank.topics()])
        signs.append(there[policies].reshape(-1, there.shape[-1]))
        truth.append(bound[policies].ravel())
    return combine.logistic(np.concatenate(signs).astype(np.float64), np.concatenate(truth))
