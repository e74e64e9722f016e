"""Teach a second stack of layers, on the same frozen ones, what somebody wants and how urgent it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from knowledge.heads import INTENTS, RISKS
from knowledge.training import learning
from knowledge.training.examples import Labelled
from knowledge.training.learning import SHARED
from knowledge.training.transformer import Tree
from knowledge.wordpiece import Pieces

HEARD = 40
SMOOTH = 0.05  # labels are a reader's opinion: a model that is never quite certain can still be told how far to trust itself


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train; the layers below are those of the search, and stay as they are."""

    steps: int
    shared: int = SHARED
    rate: float = 1.2e-4
    risks: int = 72
    intents: int = 24
    seed: int = 20261121


class _Drawn:
    """Messages in a random order, each once before any comes again."""

    def __init__(self, messages: Sequence[Labelled], labels: Sequence[str], random: np.random.Generator) -> None:
        self._messages, self._labels, self._random = messages, labels, random
        self._waiting: list[int] = []

    def next(self, count: int) -> tuple[list[str], list[int]]:
        while len(self._waiting) < count:
            self._waiting += list(self._random.permutation(len(self._messages)))
        drawn, self._waiting = self._waiting[:count], self._waiting[count:]
        chosen = [self._messages[number] for number in drawn]
        texts = [one.text if self._random.random() > 0.15 else one.text.partition(": ")[2] or one.text for one in chosen]
        return texts, [self._labels.index(one.label) for one in chosen]


def fit(
    risks: Sequence[Labelled],
    intents: Sequence[Labelled],
    pieces: Pieces,
    base: tuple[Tree, list[Tree]],
    plan: Plan,
    tell: Callable[[int, float], object],
) -> tuple[list[Tree], Tree]:
    """The layers above the shared ones, and the two heads."""
    table, layers = base
    shared, random = layers[: plan.shared], np.random.default_rng(plan.seed)
    width = table["gain"].shape[0]
    heads = {
        name: {"weight": jnp.asarray(random.normal(0, 0.5, (width, len(labels))), jnp.float32), "bias": jnp.zeros(len(labels))}
        for name, labels in (("intent", INTENTS), ("risk", RISKS))
    }
    taught: Tree = {"layers": layers[plan.shared :], "heads": heads}
    by_part = learning.gently_below(plan.rate, plan.steps)

    def wrong(taught: Tree, numbers: jax.Array, risk: jax.Array, intent: jax.Array, key: jax.Array) -> jax.Array:
        first, second = jax.random.split(key)
        vectors = learning.run(table, shared, taught["layers"], numbers, first)
        vectors = vectors * jax.random.bernoulli(second, 0.9, vectors.shape) / 0.9
        many = risk.shape[0]
        return _missed(vectors[:many], taught["heads"]["risk"], risk) + 0.5 * _missed(
            vectors[many:], taught["heads"]["intent"], intent
        )

    @jax.jit
    def step(taught: Tree, state: Any, numbers: jax.Array, risk: jax.Array, intent: jax.Array, key: jax.Array) -> Any:
        value, gradient = jax.value_and_grad(wrong)(taught, numbers, risk, intent, key)
        change, state = by_part.update(gradient, state, taught)
        return optax.apply_updates(taught, change), state, value

    state, key = by_part.init(taught), jax.random.PRNGKey(plan.seed)
    dangers, wishes = _Drawn(risks, RISKS, random), _Drawn(intents, INTENTS, random)
    for number in range(plan.steps):
        key, own = jax.random.split(key)
        worries, levels = dangers.next(plan.risks)
        messages, wanted = wishes.next(plan.intents)
        numbers = learning.rows([*worries, *messages], pieces, HEARD)
        taught, state, value = step(taught, state, numbers, np.array(levels), np.array(wanted), own)
        if number % 20 == 0 or number == plan.steps - 1:
            tell(number, float(value))
    return taught["layers"], taught["heads"]


def _missed(vectors: jax.Array, head: Tree, label: jax.Array) -> jax.Array:
    logits = vectors @ head["weight"] + head["bias"]
    smooth = jax.nn.one_hot(label, logits.shape[-1]) * (1 - SMOOTH) + SMOOTH / logits.shape[-1]
    return -(smooth * jax.nn.log_softmax(logits, -1)).sum(-1).mean()
