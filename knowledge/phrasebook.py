"""Which topics of the phrase bank a question is about: those whose phrases come nearest to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from knowledge import bank, encoder
from knowledge.encoder import MODEL, Vector
from knowledge.nearest import nearest

DATA = "bank.npz"
_SHARP = 14.0  # how much nearer a topic must be to count for much more
_NEAREST = 3  # one phrase alone may be a chance likeness


@dataclass(frozen=True, slots=True, eq=False)
class Phrasebook:
    """The bank's phrases as vectors, and the number of the topic of each."""

    rows: np.ndarray
    topic: np.ndarray

    def topics(self, asked: Vector) -> Vector:
        """How much each topic is meant by the rows ASKED: numbers that add up to one."""
        count = len(bank.topics())
        best = np.zeros(count, np.float32)
        for near in (asked @ self.rows.T) / np.float32(127.0):
            best = np.maximum(best, nearest(near, self.topic, count, _NEAREST))
        grown = np.exp(_SHARP * (best - best.max()))
        share: Vector = (grown / grown.sum()).astype(np.float32)
        return share

    def centres(self) -> Vector:
        """The middle of each topic's phrases, of length one."""
        middle = np.stack([self.rows[self.topic == number].mean(0) for number in range(len(bank.topics()))])
        centres: Vector = middle / np.linalg.norm(middle, axis=1, keepdims=True)
        return centres


@cache
def load(folder: Path = MODEL) -> Phrasebook:
    """The phrase book in FOLDER; ModelMissing when it is not the file the model card names."""
    data = encoder.read(DATA, folder)
    return Phrasebook(data["rows"].astype(np.float32), data["topic"])
