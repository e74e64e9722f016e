"""The trained network as the files that are shipped: whole numbers of one byte, checksums, and a card that says what they are."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.encoder import CARD, FORMAT
from knowledge.training.base import Fitted

Arrays = dict[str, np.ndarray]

_WHOLE = ("mix", "out", "widen", "narrow")


def encoder(fitted: Fitted, vocabulary: list[str]) -> Arrays:
    """The encoder's arrays as knowledge/encoder.py reads them."""
    found: Arrays = {
        "vocabulary": np.frombuffer("\n".join(vocabulary).encode(), dtype=np.uint8),
        "layers": np.array(len(fitted.layers)),
        "places": np.asarray(fitted.table["places"], np.float16),
        "gain": np.asarray(fitted.table["gain"], np.float32),
        "bias": np.asarray(fitted.table["bias"], np.float32),
    }
    found["words"], found["words.scale"] = small(np.asarray(fitted.table["words"]), 1)
    return {**found, **_layers(fitted.layers)}


def listener(layers: Sequence[Mapping[str, Any]], heads: Mapping[str, Mapping[str, Any]], line: float, case: float) -> Arrays:
    """The second stack of LAYERS, its HEADS, and the chances at which a worry is said and a case opened."""
    found = {f"{name}.{part}": np.asarray(values, np.float32) for name, head in heads.items() for part, values in head.items()}
    levels = {"risk.levels": np.array([line, case], np.float32)}
    return {"layers": np.array(len(layers)), **_layers(layers), **found, **levels}


def _layers(layers: Sequence[Mapping[str, Any]]) -> Arrays:
    found: Arrays = {}
    for number, layer in enumerate(layers):
        for name, values in layer.items():
            key = f"{number}.{name}"
            if name in _WHOLE:
                found[key], found[f"{key}.scale"] = small(np.asarray(values), 0)
            else:
                found[key] = np.asarray(values, np.float32)
    return found


def small(values: np.ndarray, along: int) -> tuple[np.ndarray, np.ndarray]:
    """VALUES as whole numbers from -127 to 127, and what to multiply each row or column with to have them back."""
    scale = np.abs(values).max(axis=along) / 127
    scale = np.where(scale == 0, 1, scale).astype(np.float32)
    return np.round(values / np.expand_dims(scale, along)).astype(np.int8), scale


def write(folder: Path, files: Mapping[str, Arrays], card: Mapping[str, Any] | None = None) -> None:
    """Write FILES into FOLDER, and CARD with their checksums; without CARD, the one that is there is brought up to date."""
    folder.mkdir(parents=True, exist_ok=True)
    told: dict[str, Any] = dict(card) if card is not None else tomllib.loads((folder / CARD).read_text(encoding="utf-8"))
    sums = told.pop("sha256", {})
    for name, arrays in files.items():
        np.savez(folder / name, **arrays)  # type: ignore[arg-type]  # numpy's types know no keywords here
        sums[name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    lines = ["# What the files beside this one are, and how to know that they are the ones that were released.", ""]
    lines += [f"{key} = {_toml(value)}" for key, value in {**told, "format": FORMAT}.items()]
    lines += ["", "[sha256]", *(f'"{name}" = "{one}"' for name, one in sums.items()), ""]
    (folder / CARD).write_text("\n".join(lines), encoding="utf-8")


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
