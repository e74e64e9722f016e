"""What both trainings share: texts as rows of numbers, the lower layers that stay as they are, and how fast the rest learns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
import optax

from knowledge.training import transformer
from knowledge.training.transformer import Tree
from knowledge.wordpiece import Pieces

DROP = 0.1
SHARED = 3  # layers that keep what they learnt from a billion other sentences; both stacks stand on them
_DECAY = 0.01
_LONGEST_STEP = 1.0


def rows(texts: Sequence[str], pieces: Pieces, most: int) -> np.ndarray:
    """TEXTS as rows of at most MOST pieces; what is longer is cut, in training only."""
    found = np.zeros((len(texts), most), np.int32)
    for row, text in enumerate(texts):
        numbers = pieces.numbers(text, most)
        found[row, : len(numbers)] = numbers
    return found


def run(table: Tree, shared: Sequence[Tree], layers: Sequence[Tree], numbers: jax.Array, key: jax.Array) -> jax.Array:
    """The vectors of the texts in NUMBERS: through the SHARED layers, which hear of no mistake, and then through LAYERS."""
    there = numbers > 0
    state = transformer.embed(table, numbers)
    for one in shared:
        state = transformer.layer(state, one, there, key, 0.0)
    state = jax.lax.stop_gradient(state)
    for one, own in zip(layers, jax.random.split(key, len(layers)), strict=True):
        state = transformer.layer(state, one, there, own, DROP)
    return transformer.pooled(state, there.astype(np.float32))


def gently(rate: float, steps: int) -> optax.GradientTransformation:
    """How layers learn that know much already: in small steps, warmed up and cooled down."""
    return optax.chain(optax.clip_by_global_norm(_LONGEST_STEP), optax.adamw(_rates(rate, steps), weight_decay=_DECAY))


def gently_below(rate: float, steps: int) -> optax.GradientTransformation:
    """The same for `layers`, while `heads` begin from nothing and learn a hundred times faster."""
    rates = _rates(rate, steps)
    return optax.transforms.partition(
        {"layers": gently(rate, steps), "heads": optax.adamw(lambda step: rates(step) * 100, weight_decay=_DECAY)},
        lambda tree: {part: jax.tree.map(lambda _, part=part: part, tree[part]) for part in tree},
    )


def _rates(rate: float, steps: int) -> Any:
    return optax.warmup_cosine_decay_schedule(0.0, rate, steps // 10, steps)
