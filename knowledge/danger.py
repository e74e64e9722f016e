"""What the encoder hears of danger in a message: sentence by sentence, so that a long story cannot hide one line."""

from __future__ import annotations

import re
from typing import Literal

import numpy as np

from knowledge import encoder, heads
from knowledge.encoder import Vector
from knowledge.spoken import asked_by

_ENDS = re.compile(r"(?<=[.!?;\n])\s+")
_WINDOW = 45  # words at a time: as many as the encoder reads, and few enough that one line stands out
_SHORT = 3  # words; a shorter sentence says nothing alone


def heard(text: str, audience: str = "") -> Literal["immediate", "high", "none"]:
    """How urgent TEXT is by its meaning."""
    if not text.strip():
        return "none"
    model = heads.load()
    found = chances(text, audience)
    if found[model.risk.labels.index("immediate")] >= model.case:
        return "immediate"
    return "high" if 1 - found[model.risk.labels.index("everyday")] >= model.line else "none"


def chances(text: str, audience: str = "") -> Vector:
    """How likely TEXT is everyday, high or immediate: by its most alarming part."""
    parts = [asked_by(audience, part) for part in _parts(text)]
    found = heads.load().risk.chances(encoder.load().vectors(parts))
    highest: Vector = np.array([found[:, 0].min(), found[:, 1].max(), found[:, 2].max()], np.float32)
    return highest


def _parts(text: str) -> list[str]:
    """TEXT as a whole as far as it is read at once, and every sentence or window of it where it is longer."""
    words = text.split()
    if len(words) <= _WINDOW:
        return [text]
    sentences = [part for part in _ENDS.split(text) if len(part.split()) >= _SHORT]
    windows: list[str] = []
    for sentence in sentences or [text]:
        own = sentence.split()
        windows += [" ".join(own[start : start + _WINDOW]) for start in range(0, len(own), _WINDOW)]
    return [" ".join(words[:_WINDOW]), *dict.fromkeys(windows)]
