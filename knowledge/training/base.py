"""Reads the model that training begins with, all-MiniLM-L6-v2, from the files it is published in: numpy and nothing else."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

LAYERS = 6
Arrays = dict[str, np.ndarray]

_PLACES = 128  # of the 512 that the model has: nothing longer is ever read


@dataclass(frozen=True, slots=True)
class Fitted:
    """A network that was trained, or not yet: the word table and the layers."""

    table: dict[str, Any]
    layers: list[dict[str, Any]]


def read(weights: Path) -> tuple[Arrays, list[Arrays]]:
    """The word table and the layers in the safetensors file WEIGHTS."""
    raw = _tensors(weights)
    table = {
        "words": raw["embeddings.word_embeddings.weight"],
        "places": raw["embeddings.position_embeddings.weight"][:_PLACES] + raw["embeddings.token_type_embeddings.weight"][0],
        "gain": raw["embeddings.LayerNorm.weight"],
        "bias": raw["embeddings.LayerNorm.bias"],
    }
    return table, [_layer(raw, number) for number in range(LAYERS)]


def vocabulary(file: Path) -> list[str]:
    """The pieces of words in FILE, one a line, in the order of their numbers."""
    return file.read_text(encoding="utf-8").rstrip("\n").split("\n")


def _layer(raw: Arrays, number: int) -> Arrays:
    at = f"encoder.layer.{number}."
    three = [f"{at}attention.self.{name}" for name in ("query", "key", "value")]
    return {
        "mix": np.concatenate([raw[f"{one}.weight"] for one in three]).T,
        "mix_bias": np.concatenate([raw[f"{one}.bias"] for one in three]),
        "out": raw[f"{at}attention.output.dense.weight"].T,
        "out_bias": raw[f"{at}attention.output.dense.bias"],
        "first_gain": raw[f"{at}attention.output.LayerNorm.weight"],
        "first_bias": raw[f"{at}attention.output.LayerNorm.bias"],
        "widen": raw[f"{at}intermediate.dense.weight"].T,
        "widen_bias": raw[f"{at}intermediate.dense.bias"],
        "narrow": raw[f"{at}output.dense.weight"].T,
        "narrow_bias": raw[f"{at}output.dense.bias"],
        "second_gain": raw[f"{at}output.LayerNorm.weight"],
        "second_bias": raw[f"{at}output.LayerNorm.bias"],
    }


def _tensors(file: Path) -> Arrays:
    with file.open("rb") as opened:
        length = struct.unpack("<Q", opened.read(8))[0]
        head = json.loads(opened.read(length))
        data = np.frombuffer(opened.read(), dtype=np.uint8)
    return {
        name: data[slice(*entry["data_offsets"])].view(np.float32).reshape(entry["shape"])
        for name, entry in head.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }
