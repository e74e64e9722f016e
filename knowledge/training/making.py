"""How the signs of a search are weighed up: learnt on questions that the trained network has never read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from knowledge import bank, meaning
from knowledge.encoder import Encoder, Vector
from knowledge.policy import Policy
from knowledge.precedents import Precedents
from knowledge.training import combine, examples
from knowledge.training.pack import Arrays
from knowledge.training.shelves import written
from knowledge.training.trial import Shelves, trying

# A sure answer that is wrong, or where the policy is silent, may come this often among questions by writers, and to schools,
# that the weights had not seen. It is less than what is promised: the next writer is a stranger too. Of a policy that was just
# imported it is less again, for what it leaves out was mostly asked by those who had left it out.
WRONG, WRONG_IMPORTED = 0.05, 0.03


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
    with trying(model, shelves, bound):
        named = combine.read(shipped, examples.questions(), tell)
    found: Arrays = {"binding": bound}
    guessed = _strange(shipped, model, shelves, bound, tell)
    for at, rows, wrong in (("named.", named, WRONG), ("guessed.", guessed, WRONG_IMPORTED)):
        weights = combine.score(rows)
        right, said = combine.confidence(combine.judged(rows, weights))
        bands = np.array(combine.bands(combine.foretold(rows), wrong=wrong), np.float32)
        found |= {f"{at}score": weights, f"{at}right": right, f"{at}said": said, f"{at}bands": bands}
    return found


def _strange(
    shipped: Mapping[str, Policy], model: Encoder, shelves: Shelves, bound: Vector, tell: Callable[[], object]
) -> list[combine.Seen]:
    """Policies as their schools find them at first: those that the network was not taught with, and those SHIPPED.

    Nobody has asked anything of such a policy yet, and whoever asks now has asked nothing of others' either: a stranger is at
    the door. The shipped ones were taught, but nobody else was asked by so many about what a policy leaves out.
    """
    unread, asked_there = examples.unread()
    lenders, asked = examples.borrowed()
    questions = (*asked_there, *examples.questions())
    rows = []
    for name, policy in {**unread, **{name: replace(one, answers={}) for name, one in shipped.items()}}.items():
        theirs = [one for one in questions if one.school == name]
        hands = {one.writer for one in theirs}
        others = [one for one in asked if one.school != name and one.writer not in hands]
        shelf = Precedents(**written(lenders, others, model, lambda: None))
        with trying(model, replace(shelves, written=shelf), bound):
            rows += combine.read({name: policy}, theirs, tell)
    return rows


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
