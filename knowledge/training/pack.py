"""The trained network as the files that are shipped: whole numbers of one byte, checksums, and a card that says what they are."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

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
    for number, layer in enumerate(fitted.layers):
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


def write(folder: Path, files: dict[str, Arrays], card: dict[str, Any]) -> None:
    """Write FILES into FOLDER, and beside them the card with their checksums."""
    folder.mkdir(parents=True, exist_ok=True)
    sums = {}
    for name, arrays in files.items():
        np.savez(folder / name, **arrays)  # type: ignore[arg-type]  # numpy's types know no keywords here
        sums[name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    lines = ["# What the files beside this one are, and how to know that they are the ones that were released.", ""]
    lines += [f"{key} = {_toml(value)}" for key, value in card.items()]
    lines += ["", "[sha256]", *(f'"{name}" = "{one}"' for name, one in sums.items()), ""]
    (folder / "model.toml").write_text("\n".join(lines), encoding="utf-8")


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
