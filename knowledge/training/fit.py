"""Teach the encoder this school bot's language: asks beside the rules that answer them, intents and danger, in one network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from knowledge.heads import INTENTS, RISKS
from knowledge.training import transformer
from knowledge.training.base import Fitted
from knowledge.training.examples import Ask, Document, Labelled
from knowledge.wordpiece import Pieces

HEARD, WRITTEN = 40, 56  # pieces of a message, pieces of a rule: longer ones are cut, in training only
NEAR = 20.0  # how sharply the right document has to stand out
DROP = 0.1

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. `frozen` layers keep what they learnt from a billion other sentences."""

    steps: int
    frozen: int = 3
    rate: float = 8e-5
    asks: int = 40
    rules: int = 16
    intents: int = 24
    risks: int = 40
    seed: int = 20261121


@dataclass(frozen=True, slots=True)
class Material:
    """What is learnt from, already chosen: a writer or a school held out is simply not in it."""

    asks: Sequence[Ask]
    documents: Sequence[Document]
    intents: Sequence[Labelled]
    risks: Sequence[Labelled]


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
        intents = self._classes(self._material.intents, INTENTS, self._plan.intents)
        risks = self._classes(self._material.risks, RISKS, self._plan.risks)
        messages = [*heard, *(one.text for one in intents), *(one.text for one in risks)]
        return {
            "messages": self._numbers(messages, HEARD),
            "documents": self._numbers([one.text for one in documents], WRITTEN),
            "answers": np.array([[topic in one.topics for one in documents] for topic in topics], np.float32),
            "same": np.array([[a == b for b in topics] for a in topics], np.float32) - np.eye(len(topics), dtype=np.float32),
            "intent": np.array([INTENTS.index(one.label) for one in intents]),
            "risk": np.array([RISKS.index(one.label) for one in risks]),
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

    def _classes(self, messages: Sequence[Labelled], labels: tuple[str, ...], count: int) -> list[Labelled]:
        """COUNT of MESSAGES, each class as likely as the root of its size: the rare ones are those that matter."""
        names = [one.label for one in messages]
        weight = np.array([names.count(label) ** -0.5 if label in names else 0.0 for label in labels])
        odds = weight[[labels.index(name) for name in names]]
        return [messages[int(number)] for number in self._random.choice(len(messages), count, replace=False, p=odds / odds.sum())]

    def _numbers(self, texts: list[str], most: int) -> np.ndarray:
        rows = np.zeros((len(texts), most), np.int32)
        for row, text in enumerate(texts):
            numbers = self._pieces.numbers(text, most)
            rows[row, : len(numbers)] = numbers
        return rows


def loss(taught: Tree, table: Tree, frozen: list[Tree], batch: Tree, key: jax.Array) -> jax.Array:
    """How wrong the network is on BATCH."""
    first, second, third = jax.random.split(key, 3)
    run = partial(_vectors, table, frozen, taught["layers"])
    messages, documents = run(batch["messages"], first), run(batch["documents"], second)
    many = batch["answers"].shape[0]
    asks = messages[:many]
    near = _nearness(asks @ documents.T, batch["answers"])
    twins = _nearness(asks @ asks.T - 10.0 * jnp.eye(many), batch["same"])
    rest = messages[many:]
    rest = rest * jax.random.bernoulli(third, 0.9, rest.shape) / 0.9
    intents = batch["intent"].shape[0]
    intent = _classified(rest[:intents], taught["heads"]["intent"], batch["intent"])
    risk = _classified(rest[intents:], taught["heads"]["risk"], batch["risk"])
    return near + 0.5 * twins + 0.5 * intent + risk


def _vectors(table: Tree, frozen: list[Tree], layers: list[Tree], numbers: jax.Array, key: jax.Array) -> jax.Array:
    there = numbers > 0
    state = transformer.embed(table, numbers)
    for one in frozen:
        state = transformer.layer(state, one, there, key, 0.0)
    state = jax.lax.stop_gradient(state)
    for one, own in zip(layers, jax.random.split(key, len(layers)), strict=True):
        state = transformer.layer(state, one, there, own, DROP)
    return transformer.pooled(state, there.astype(jnp.float32))


def _nearness(scores: jax.Array, right: jax.Array) -> jax.Array:
    """The share of the weight that does not lie on the RIGHT ones, for rows that have any."""
    logs = jax.nn.log_softmax(scores * NEAR, -1)
    found = jax.nn.logsumexp(jnp.where(right > 0, logs, -1e9), -1)
    has = right.sum(-1) > 0
    return -jnp.where(has, found, 0.0).sum() / jnp.maximum(has.sum(), 1)


def _classified(vectors: jax.Array, head: Tree, label: jax.Array) -> jax.Array:
    logits = vectors @ head["weight"] + head["bias"]
    smooth = jax.nn.one_hot(label, logits.shape[-1]) * 0.95 + 0.05 / logits.shape[-1]
    return -(smooth * jax.nn.log_softmax(logits, -1)).sum(-1).mean()


def fit(
    material: Material, pieces: Pieces, base: tuple[Tree, list[Tree]], plan: Plan, tell: Any = print, *, heads: Tree | None = None
) -> Fitted:
    """Train BASE on MATERIAL by PLAN, with HEADS of an earlier run where there are some; TELL hears the step and the loss."""
    table, layers = base
    frozen, taught_layers = layers[: plan.frozen], layers[plan.frozen :]
    width = table["gain"].shape[0]
    random = np.random.default_rng(plan.seed)
    heads = heads or {
        name: {"weight": jnp.asarray(random.normal(0, 0.5, (width, len(labels))), jnp.float32), "bias": jnp.zeros(len(labels))}
        for name, labels in (("intent", INTENTS), ("risk", RISKS))
    }
    taught: Tree = {"layers": taught_layers, "heads": heads}
    rates = optax.warmup_cosine_decay_schedule(0.0, plan.rate, plan.steps // 10, plan.steps)
    # The heads begin from nothing and learn a hundred times faster than the layers, which know much already.
    by_part = optax.transforms.partition(
        {
            "layers": optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rates, weight_decay=0.01)),
            "heads": optax.adamw(lambda step: rates(step) * 100, weight_decay=0.01),
        },
        lambda tree: {part: jax.tree.map(lambda _, part=part: part, tree[part]) for part in tree},
    )
    state = by_part.init(taught)

    @jax.jit
    def step(taught: Tree, state: Any, batch: Tree, key: jax.Array) -> tuple[Tree, Any, jax.Array]:
        value, gradient = jax.value_and_grad(loss)(taught, table, frozen, batch, key)
        change, state = by_part.update(gradient, state, taught)
        return optax.apply_updates(taught, change), state, value

    batches, key = Batches(material, pieces, plan), jax.random.PRNGKey(plan.seed)
    for number in range(plan.steps):
        key, own = jax.random.split(key)
        taught, state, value = step(taught, state, batches.next(), own)
        if number % 10 == 0 or number == plan.steps - 1:
            tell(number, float(value))
    upper: list[Tree] = taught["layers"]
    return Fitted(table, [*frozen, *upper], taught["heads"])
