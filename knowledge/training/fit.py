"""Teach the encoder this school bot's language: asks come near the rules that answer them, and near one another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from knowledge.training import learning
from knowledge.training.base import Fitted
from knowledge.training.examples import Ask, Document
from knowledge.training.learning import SHARED
from knowledge.training.transformer import Tree
from knowledge.wordpiece import Pieces

HEARD, WRITTEN = 40, 56  # pieces of a message, pieces of a rule
NEAR = 20.0  # how sharply the right document has to stand out


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train."""

    steps: int
    shared: int = SHARED
    rate: float = 8e-5
    asks: int = 56
    rules: int = 16
    seed: int = 20261121


@dataclass(frozen=True, slots=True)
class Material:
    """What is learnt from, already chosen: a writer or a school held out is simply not in it."""

    asks: Sequence[Ask]
    documents: Sequence[Document]


class Batches:
    """One step's texts after another, drawn from the material at random but the same every time."""

    def __init__(self, material: Material, pieces: Pieces, plan: Plan) -> None:
        self._material, self._pieces, self._plan = material, pieces, plan
        self._random = np.random.default_rng(plan.seed)
        self._by_topic: dict[str, list[int]] = {}
        for number, ask in enumerate(material.asks):
            self._by_topic.setdefault(ask.topic, []).append(number)
        self._homes: dict[str, list[int]] = {}
        for number, document in enumerate(material.documents):
            for topic in document.topics:
                self._homes.setdefault(topic, []).append(number)
        self._names = sorted(self._by_topic)
        self._sizes = np.array([len(self._by_topic[name]) ** 0.5 for name in self._names])
        self._sizes /= self._sizes.sum()

    def next(self) -> Tree:
        """The next step's numbers: pieces, and which of them belong together."""
        asks, documents = self._asks(), self._documents()
        topics = [ask.topic for ask in asks]
        heard = [ask.text if self._random.random() > 0.2 else ask.text.partition(": ")[2] or ask.text for ask in asks]
        return {
            "messages": learning.rows(heard, self._pieces, HEARD),
            "documents": learning.rows([one.text for one in documents], self._pieces, WRITTEN),
            "answers": np.array([[topic in one.topics for one in documents] for topic in topics], np.float32),
            "same": np.array([[a == b for b in topics] for a in topics], np.float32) - np.eye(len(topics), dtype=np.float32),
        }

    def _asks(self) -> list[Ask]:
        """Pairs of asks of one topic: each is the other's neighbour."""
        chosen = self._random.choice(len(self._names), self._plan.asks // 2, replace=False, p=self._sizes)
        found: list[int] = []
        for topic in chosen:
            own = self._by_topic[self._names[topic]]
            found += list(self._random.choice(own, 2, replace=len(own) < 2))
        self._chosen = [self._names[topic] for topic in chosen]
        return [self._material.asks[number] for number in found]

    def _documents(self) -> list[Document]:
        """One or two homes of every topic chosen, and rules beside them that are none."""
        found: dict[int, None] = {}
        for topic in self._chosen:
            homes = self._homes.get(topic, [])
            for number in self._random.permutation(homes)[:2]:
                found[int(number)] = None
        wanted = self._plan.asks + self._plan.rules
        while len(found) < wanted:
            found[int(self._random.integers(len(self._material.documents)))] = None
        return [self._material.documents[number] for number in list(found)[:wanted]]


def loss(taught: Sequence[Tree], table: Tree, shared: Sequence[Tree], batch: Tree, key: jax.Array) -> jax.Array:
    """How wrong the network is on BATCH."""
    first, second = jax.random.split(key)
    run = partial(learning.run, table, shared, taught)
    asks, documents = run(batch["messages"], first), run(batch["documents"], second)
    near = _nearness(asks @ documents.T, batch["answers"])
    twins = _nearness(asks @ asks.T - 10.0 * jnp.eye(asks.shape[0]), batch["same"])
    return near + 0.5 * twins


def _nearness(scores: jax.Array, right: jax.Array) -> jax.Array:
    """The share of the weight that does not lie on the RIGHT ones, for rows that have any."""
    logs = jax.nn.log_softmax(scores * NEAR, -1)
    found = jax.nn.logsumexp(jnp.where(right > 0, logs, -1e9), -1)
    has = right.sum(-1) > 0
    return -jnp.where(has, found, 0.0).sum() / jnp.maximum(has.sum(), 1)


def fit(
    material: Material, pieces: Pieces, base: tuple[Tree, list[Tree]], plan: Plan, tell: Callable[[int, float], object]
) -> Fitted:
    """Train BASE on MATERIAL by PLAN; TELL hears the step and the loss."""
    table, layers = base
    shared, taught = layers[: plan.shared], layers[plan.shared :]
    change = learning.gently(plan.rate, plan.steps)
    state = change.init(taught)

    @jax.jit
    def step(taught: list[Tree], state: Any, batch: Tree, key: jax.Array) -> tuple[list[Tree], Any, jax.Array]:
        value, gradient = jax.value_and_grad(loss)(taught, table, shared, batch, key)
        moved, state = change.update(gradient, state, taught)
        return optax.apply_updates(taught, moved), state, value

    batches, key = Batches(material, pieces, plan), jax.random.PRNGKey(plan.seed)
    for number in range(plan.steps):
        key, own = jax.random.split(key)
        taught, state, value = step(taught, state, batches.next(), own)
        if number % 10 == 0 or number == plan.steps - 1:
            tell(number, float(value))
    return Fitted(table, [*shared, *taught])
