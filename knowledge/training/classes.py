"""Teach a second stack of layers, on the same frozen ones, what somebody wants and how urgent it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as sums

from knowledge.heads import INTENTS, RISKS
from knowledge.training.examples import Labelled
from knowledge.training.learning import SHARED, Learning, Network, Tell
from knowledge.training.transformer import Weights
from knowledge.wordpiece import Pieces

HEARD = 40
SOON = 100.0  # times faster learn the heads, which begin from nothing
SMOOTH = 0.05  # labels are a reader's opinion: a model that is never quite certain can still be told how far to trust itself


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train; the layers below are those of the search, and stay as they are."""

    steps: int
    shared: int = SHARED
    rate: float = 1e-4
    risks: int = 72
    intents: int = 24
    seed: int = 20261121


class _Drawn:
    """Messages in a random order, each once before any comes again."""

    def __init__(self, messages: Sequence[Labelled], labels: Sequence[str], random: np.random.Generator) -> None:
        self._messages, self._labels, self._random = messages, labels, random
        self._waiting: list[int] = []

    def next(self, count: int) -> tuple[list[str], Tensor]:
        while len(self._waiting) < count:
            self._waiting += list(self._random.permutation(len(self._messages)))
        drawn, self._waiting = self._waiting[:count], self._waiting[count:]
        chosen = [self._messages[number] for number in drawn]
        texts = [one.text if self._random.random() > 0.15 else one.text.partition(": ")[2] or one.text for one in chosen]
        return texts, torch.tensor([self._labels.index(one.label) for one in chosen])


def fit(
    risks: Sequence[Labelled],
    intents: Sequence[Labelled],
    pieces: Pieces,
    base: tuple[Weights, list[Weights]],
    plan: Plan,
    tell: Tell,
) -> tuple[list[dict[str, np.ndarray]], dict[str, dict[str, np.ndarray]]]:
    """The layers above the shared ones, and the two heads."""
    torch.manual_seed(plan.seed)
    random, network = np.random.default_rng(plan.seed), Network(base, plan.shared, pieces)
    width = network.table["gain"].shape[0]
    heads = {"intent": _head(width, len(INTENTS), random), "risk": _head(width, len(RISKS), random)}
    learning = Learning(network, plan.rate, plan.steps, {SOON: [values for head in heads.values() for values in head.values()]})
    dangers, wishes = _Drawn(risks, RISKS, random), _Drawn(intents, INTENTS, random)
    for number in range(plan.steps):
        worries, levels = dangers.next(plan.risks)
        messages, wanted = wishes.next(plan.intents)
        vectors = sums.dropout(network.vectors([*worries, *messages], HEARD), 0.1)
        many = len(worries)
        loss = _missed(vectors[:many], heads["risk"], levels) + 0.5 * _missed(vectors[many:], heads["intent"], wanted)
        learning.step(loss)
        if number % 20 == 0 or number == plan.steps - 1:
            tell(number, float(loss.detach()))
    return network.layers(), {name: {part: one.detach().numpy() for part, one in head.items()} for name, head in heads.items()}


def _head(width: int, labels: int, random: np.random.Generator) -> Weights:
    weight = torch.from_numpy(random.normal(0, 0.5, (width, labels)).astype(np.float32))
    return {"weight": weight.requires_grad_(), "bias": torch.zeros(labels, requires_grad=True)}


def _missed(vectors: Tensor, head: Weights, label: Tensor) -> Tensor:
    return sums.cross_entropy(vectors @ head["weight"] + head["bias"], label, label_smoothing=SMOOTH)
