"""Teach the encoder this school bot's language: whoever asks comes near the rule that answers, and near others who ask the same."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from knowledge.training.base import Fitted
from knowledge.training.batches import HEARD, WRITTEN, Batches, Material, Put, Sizes
from knowledge.training.learning import SHARED, Learning, Network, Tell
from knowledge.training.transformer import Weights
from knowledge.wordpiece import Pieces

NEAR = 20.0  # how sharply the right rule has to stand out
NOTHING = 0.4  # how near a rule has to come at first to be believed rather than that there is none; it is learnt too
_SOON = 20.0  # so many times faster
_PULL_ASKS, _PULL_QUESTIONS = 0.5, 0.25  # what it counts to be near others who ask the same


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train."""

    steps: int
    shared: int = SHARED
    rate: float = 6e-5
    sizes: Sizes = field(default_factory=Sizes)
    seed: int = 20261121


def fit(material: Material, pieces: Pieces, base: tuple[Weights, list[Weights]], plan: Plan, tell: Tell) -> Fitted:
    """Train BASE on MATERIAL by PLAN; TELL hears the step and the loss."""
    torch.manual_seed(plan.seed)
    network, nothing = Network(base, plan.shared, pieces), torch.tensor(NOTHING, requires_grad=True)
    learning = Learning(network, plan.rate, plan.steps, {_SOON: [nothing]})
    batches = Batches(material, plan.sizes, plan.seed)
    for number in range(plan.steps):
        topics, school = batches.next()
        loss = _topics(network, topics) + (_school(network, school, nothing) if school else 0.0)
        learning.step(loss)
        if number % 10 == 0 or number == plan.steps - 1:
            tell(number, float(loss.detach()))
    table = {name: values.numpy() for name, values in network.table.items()}
    untouched = [{name: values.numpy() for name, values in one.items()} for one in network.shared]
    return Fitted(table, [*untouched, *network.layers()])


def _topics(network: Network, put: Put) -> Tensor:
    """Asks of some topics among rules of all schools."""
    asks, rules = network.vectors(put.asked, HEARD), network.vectors(put.rules, WRITTEN)
    return _far(asks @ rules.T, put.right) + _PULL_ASKS * _twins(asks, put.same)


def _school(network: Network, put: Put, nothing: Tensor) -> Tensor:
    """Questions to one school among its rules; one that is not answered there belongs to NOTHING, as near to every question."""
    asked, rules = network.vectors(put.asked, HEARD), network.vectors(put.rules, WRITTEN)
    silent = ~put.right.any(-1, keepdim=True)
    near = torch.cat([asked @ rules.T, nothing.expand(len(silent), 1)], 1)
    return _far(near, torch.cat([put.right, silent], 1)) + _PULL_QUESTIONS * _twins(asked, put.same)


def _twins(vectors: Tensor, same: Tensor) -> Tensor:
    itself = torch.eye(len(vectors), dtype=torch.bool)
    return _far((vectors @ vectors.T).masked_fill(itself, -10.0), same & ~itself)


def _far(near: Tensor, right: Tensor) -> Tensor:
    """The share of the weight that does not lie on the RIGHT ones, for rows that have any."""
    logs = torch.log_softmax(near * NEAR, -1)
    has = right.any(-1)
    found = torch.logsumexp(logs.masked_fill(~right, -1e9), -1)
    return -(found * has).sum() / has.sum().clamp(min=1)
