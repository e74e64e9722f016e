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
from knowledge.training import transformer
from knowledge.training.examples import Labelled
from knowledge.wordpiece import Pieces

HEARD = 40
DROP = 0.1
SMOOTH = 0.05  # labels are a reader's opinion: a model that is never quite certain can still be told how far to trust itself

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train; the layers below are those of the search, and stay as they are."""

    steps: int
    frozen: int = 3
    rate: float = 1.2e-4
    risks: int = 64
    intents: int = 32
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
    heads: Tree | None = None,
) -> tuple[list[Tree], Tree]:
    """The layers above the frozen ones, and the two heads, which go on from HEADS where an earlier run left some."""
    table, layers = base
    frozen, random = layers[: plan.frozen], np.random.default_rng(plan.seed)
    width = table["gain"].shape[0]
    heads = heads or {
        name: {"weight": jnp.asarray(random.normal(0, 0.5, (width, len(labels))), jnp.float32), "bias": jnp.zeros(len(labels))}
        for name, labels in (("intent", INTENTS), ("risk", RISKS))
    }
    taught: Tree = {"layers": layers[plan.frozen :], "heads": heads}
    rates = optax.warmup_cosine_decay_schedule(0.0, plan.rate, plan.steps // 10, plan.steps)
    by_part = optax.transforms.partition(
        {
            "layers": optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rates, weight_decay=0.01)),
            "heads": optax.adamw(lambda step: rates(step) * 100, weight_decay=0.01),
        },
        lambda tree: {part: jax.tree.map(lambda _, part=part: part, tree[part]) for part in tree},
    )

    def wrong(taught: Tree, numbers: jax.Array, risk: jax.Array, intent: jax.Array, key: jax.Array) -> jax.Array:
        there = numbers > 0
        first, second = jax.random.split(key)
        state = transformer.embed(table, numbers)
        for one in frozen:
            state = transformer.layer(state, one, there, key, 0.0)
        state = jax.lax.stop_gradient(state)
        for one, own in zip(taught["layers"], jax.random.split(first, len(taught["layers"])), strict=True):
            state = transformer.layer(state, one, there, own, DROP)
        vectors = transformer.pooled(state, there.astype(jnp.float32))
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
        numbers = _numbers([*worries, *messages], pieces)
        taught, state, value = step(taught, state, numbers, np.array(levels), np.array(wanted), own)
        if number % 20 == 0 or number == plan.steps - 1:
            tell(number, float(value))
    return taught["layers"], taught["heads"]


def _missed(vectors: jax.Array, head: Tree, label: jax.Array) -> jax.Array:
    logits = vectors @ head["weight"] + head["bias"]
    smooth = jax.nn.one_hot(label, logits.shape[-1]) * (1 - SMOOTH) + SMOOTH / logits.shape[-1]
    return -(smooth * jax.nn.log_softmax(logits, -1)).sum(-1).mean()


def _numbers(texts: Sequence[str], pieces: Pieces) -> np.ndarray:
    rows = np.zeros((len(texts), HEARD), np.int32)
    for row, text in enumerate(texts):
        numbers = pieces.numbers(text, HEARD)
        rows[row, : len(numbers)] = numbers
    return rows
