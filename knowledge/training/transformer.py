"""The encoder as training sees it: the same sums as knowledge/encoder.py, in PyTorch, with gradients."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as sums

from knowledge.training.base import read

HEADS = 12
Weights = dict[str, Tensor]

_NOTHING = 1e-12  # keeps a row of equal numbers from being divided by nothing


def base(weights: Path) -> tuple[Weights, list[Weights]]:
    """The word table and the layers of the model in the safetensors file WEIGHTS, where PyTorch can reach them."""
    table, layers = read(weights)
    return tensors(table), [tensors(one) for one in layers]


def tensors(arrays: Mapping[str, np.ndarray]) -> Weights:
    """ARRAYS as tensors of their own."""
    return {name: torch.from_numpy(np.array(values, np.float32)) for name, values in arrays.items()}


def embed(table: Weights, numbers: Tensor) -> Tensor:
    """The pieces NUMBERS as vectors, before any layer."""
    return _normal(table["words"][numbers] + table["places"][: numbers.shape[1]], table["gain"], table["bias"])


def layer(state: Tensor, one: Weights, there: Tensor, drop: float) -> Tensor:
    """STATE through one layer; THERE marks the pieces that are words and not padding, DROP is how much is forgotten on purpose."""
    rows, length, width = state.shape
    size = width // HEADS
    mixed = (state @ one["mix"] + one["mix_bias"]).view(rows, length, 3, HEADS, size).permute(2, 0, 3, 1, 4)
    looks = mixed[0] @ mixed[1].transpose(-1, -2) * size**-0.5
    looks = torch.softmax(looks.float() + torch.where(there, 0.0, -1e9)[:, None, None, :], -1).to(mixed.dtype)
    seen = (looks @ mixed[2]).transpose(1, 2).reshape(rows, length, width)
    state = _normal(state + sums.dropout(seen @ one["out"] + one["out_bias"], drop), one["first_gain"], one["first_bias"])
    wide = sums.gelu(state @ one["widen"] + one["widen_bias"], approximate="tanh")
    narrow = sums.dropout(wide @ one["narrow"] + one["narrow_bias"], drop)
    return _normal(state + narrow, one["second_gain"], one["second_bias"])


def pooled(state: Tensor, there: Tensor) -> Tensor:
    """The mean of the words, of length one."""
    words = there.float()[..., None]
    return sums.normalize((state.float() * words).sum(1) / words.sum(1), dim=-1)


def _normal(values: Tensor, gain: Tensor, bias: Tensor) -> Tensor:
    return sums.layer_norm(values, gain.shape, gain, bias, _NOTHING)
