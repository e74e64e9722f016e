"""What the encoder's vector says beside the search: how likely each intent is, and how likely danger is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from knowledge import encoder
from knowledge.encoder import LISTENING, MODEL, Vector

INTENTS = (
    *("friend_request", "cyberbullying", "inappropriate_content", "staff_concern", "blocked_site_request", "image_consent"),
    *("question", "smalltalk", "talk_to_human"),
)
RISKS = ("everyday", "high", "immediate")


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """One layer on top of the encoder, with one output for each label."""

    labels: tuple[str, ...]
    weight: Vector
    bias: Vector

    def chances(self, vectors: Vector) -> Vector:
        """For each row of VECTORS how likely each label is; a row adds up to one."""
        logits = vectors @ self.weight + self.bias
        grown = np.exp(logits - logits.max(-1, keepdims=True))
        chances: Vector = grown / grown.sum(-1, keepdims=True)
        return chances


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """Both heads. At `line` a worry is said in one line, at `case` it opens a case."""

    intent: Head
    risk: Head
    line: float
    case: float


@cache
def load(folder: Path = MODEL) -> Heads:
    """The heads in FOLDER; ModelMissing when they are not the file the model card names."""
    data = encoder.read(LISTENING, folder)
    line, case = (float(one) for one in data["risk.levels"])
    heads = (Head(labels, data[f"{name}.weight"], data[f"{name}.bias"]) for name, labels in (("intent", INTENTS), ("risk", RISKS)))
    intent, risk = heads
    return Heads(intent, risk, line, case)
