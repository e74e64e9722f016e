"""The encoder as training sees it: the same sums as knowledge/encoder.py, in JAX, with gradients."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp

from knowledge.training.base import read

HEADS = 12
Tree = dict[str, Any]


def base(weights: Path) -> tuple[Tree, list[Tree]]:
    """The word table and the layers of the model in the safetensors file WEIGHTS, where JAX can reach them."""
    table, layers = read(weights)
    return jax.tree.map(jnp.asarray, table), [jax.tree.map(jnp.asarray, one) for one in layers]


def embed(table: Tree, numbers: jax.Array) -> jax.Array:
    """The pieces NUMBERS as vectors, before any layer."""
    return _normal(table["words"][numbers] + table["places"][: numbers.shape[1]], table["gain"], table["bias"])


def layer(state: jax.Array, one: Tree, there: jax.Array, key: jax.Array, drop: float) -> jax.Array:
    """STATE through one layer; THERE marks the pieces that are words and not padding, DROP is how much is forgotten on purpose."""
    rows, length, width = state.shape
    size = width // HEADS
    mixed = (state @ one["mix"] + one["mix_bias"]).reshape(rows, length, 3, HEADS, size).transpose(2, 0, 3, 1, 4)
    looks = jnp.einsum("bhnd,bhmd->bhnm", mixed[0], mixed[1]) * size**-0.5
    looks = jax.nn.softmax(looks + jnp.where(there, 0.0, -1e9)[:, None, None, :], -1)
    seen = jnp.einsum("bhnm,bhmd->bhnd", looks, mixed[2]).transpose(0, 2, 1, 3).reshape(rows, length, width)
    first, second = jax.random.split(key)
    state = _normal(state + _dropped(seen @ one["out"] + one["out_bias"], first, drop), one["first_gain"], one["first_bias"])
    wide = jax.nn.gelu(state @ one["widen"] + one["widen_bias"], approximate=True)
    narrow = _dropped(wide @ one["narrow"] + one["narrow_bias"], second, drop)
    return _normal(state + narrow, one["second_gain"], one["second_bias"])


def pooled(state: jax.Array, there: jax.Array) -> jax.Array:
    """The mean of the words, of length one."""
    mean = (state * there[..., None]).sum(1) / there.sum(1, keepdims=True)
    return mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)


def _dropped(values: jax.Array, key: jax.Array, drop: float) -> jax.Array:
    if drop == 0.0:
        return values
    return values * jax.random.bernoulli(key, 1 - drop, values.shape) / (1 - drop)


def _normal(values: jax.Array, gain: jax.Array, bias: jax.Array) -> jax.Array:
    centred = values - values.mean(-1, keepdims=True)
    return centred * jax.lax.rsqrt((centred * centred).mean(-1, keepdims=True) + 1e-12) * gain + bias
