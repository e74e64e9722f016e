"""How the signs of a search are weighed up: learnt on asks and questions that the trained network has never read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from knowledge import bank, meaning
from knowledge.encoder import Encoder, Vector
from knowledge.phrasebook import Phrasebook
from knowledge.policy import Policy
from knowledge.training import combine
from knowledge.training.examples import Ask, Question
from knowledge.training.pack import Arrays
from knowledge.training.trial import trying

# A sure answer that is wrong, or where the policy is silent, may come this often among the questions that the bands are set by.
# It is far less than what is promised: at a writer nobody had read it came three times as often as where the bands were set.
WRONG = 0.02

# The questions count as much as the asks, of which there are many more. "Right" among the asks is what somebody named, and a
# neighbouring rule that answers as well counts as wrong; whoever wrote the questions had read the school's document.
HEAVIER = 6


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


def held_back(asks: Sequence[Ask]) -> list[bool]:
    """For each of ASKS whether the network must not read it: of every topic those of one writer, each writer in turn."""
    writers = sorted({ask.writer for ask in asks})
    turn = {topic: writers[number % len(writers)] for number, topic in enumerate(sorted({ask.topic for ask in asks}))}
    return [turn[ask.topic] == ask.writer for ask in asks]


def ranking(
    shipped: Mapping[str, Policy],
    asks: Sequence[Ask],
    questions: Sequence[Question],
    model: Encoder,
    books: tuple[Arrays, Arrays],
    tell: Callable[[int], object],
) -> Arrays:
    """The weights and the bands, learnt from ASKS that neither the network nor the first of BOOKS has read, and from QUESTIONS."""
    asked = [combine.Asked(ask.topic, *ask.text.split(": ", 1)) for ask in asks]
    none = np.zeros(0, np.float32)
    bare, whole = (Phrasebook(book["rows"].astype(np.float32), book["topic"]) for book in books)
    with trying(model, bare, none):
        bound = binding([*shipped.values()])
    found: Arrays = {"binding": bound}
    for named, at in ((True, "named."), (False, "guessed.")):
        with trying(model, bare, bound):
            many = combine.look([*shipped.values()], asked, named=named, tell=tell)
        with trying(model, whole, bound):
            few = combine.read(shipped, questions, named=named)
        weights = combine.score([*many, *few * HEAVIER])
        known = combine.judged(few, weights)
        right, said = combine.confidence(combine.judged(many, weights).and_also(known.times(len(many) // len(few))))
        sure, there = (1 / (1 + np.exp(-(known.signs @ one))) for one in (right, said))
        bands = np.array(combine.bands(sure, there, known.right, known.said, wrong=WRONG), np.float32)
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
