"""How the signs of a search are weighed up: learnt on asks that the trained network has never read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from knowledge.encoder import Encoder, Vector
from knowledge.phrasebook import Phrasebook
from knowledge.policy import Policy
from knowledge.training import combine
from knowledge.training.examples import Ask
from knowledge.training.pack import Arrays
from knowledge.training.trial import trying

# A sure answer that is wrong, or where the policy is silent, may come this often in the asks that the bands are set by. It is
# less than what is promised: people who know neither the bank nor the code ask in yet other ways.
WRONG = 0.06

# Where nobody named a policy's rules, the asks cannot set the bands: "right" in them is what somebody named, and a neighbouring
# rule that answers as well would count as wrong. These were set by hand.
GUESSED = (0.5, 0.3)


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


def ranking(shipped: Sequence[Policy], asks: Sequence[Ask], model: Encoder, book: Arrays, tell: Callable[[int], object]) -> Arrays:
    """The weights and the bands, learnt from ASKS that neither the network has read nor BOOK holds."""
    asked = [combine.Asked(ask.topic, *ask.text.split(": ", 1)) for ask in asks]
    found: Arrays = {}
    with trying(model, Phrasebook(book["rows"].astype(np.float32), book["topic"])):
        for named, at in ((True, "named."), (False, "guessed.")):
            rows = combine.look(shipped, asked, named=named, tell=tell)
            weights = combine.score(rows)
            right, said, fitted = combine.confidence(rows, weights)
            bands = _bands(right, said, fitted)
            if not named:
                bands[:2] = GUESSED
            found |= {f"{at}score": weights, f"{at}right": right, f"{at}said": said, f"{at}bands": bands}
    return found


def _bands(right: np.ndarray, said: np.ndarray, fitted: Mapping[str, Any]) -> np.ndarray:
    rights, saids = (1 / (1 + np.exp(-(fitted["signs"] @ weights))) for weights in (right, said))
    return np.array(combine.bands(rights, saids, fitted["right"], fitted["said"], wrong=WRONG), np.float32)
