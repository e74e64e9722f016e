"""What the encoder hears of danger in a message: sentence by sentence, so that a long story cannot hide one line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from knowledge import encoder, heads, machine_made
from knowledge.encoder import Vector
from knowledge.spoken import asked_by

_ENDS = re.compile(r"(?<=[.!?;])\s+|\n\s*")
_WINDOW = 45  # words at a time: as many as the encoder reads, and few enough that one line stands out
_OVERLAP = 15  # words that two windows share, so that no sentence without a stop is torn between them
# "Last night" or "my daughter" may be the answer to any question of ours: so few words have to say more of their own.
_FRAGMENT, _FRAGMENT_LINE = 5, 0.3
_POSSIBLE = 0.06  # a pattern opens a case only where the encoder finds danger now at least this likely
_CONCEIVABLE = 0.05  # and gives a line only where it finds any danger at least this likely
_SHORT = 3  # words; a shorter sentence says little alone and is read with its neighbour
_MOST = 100  # windows: some three thousand words. Of a longer message the beginning and the end; the patterns read all of it


@dataclass(frozen=True, slots=True)
class Heard:
    """How urgent a message is by its meaning, and whether that at least allows danger now, or any, when a pattern says so."""

    level: Literal["immediate", "high", "none"]
    possible: bool
    conceivable: bool


def heard(text: str, audience: str = "") -> Heard:
    """How urgent TEXT is by its meaning."""
    text = machine_made.without(text)
    if not text.strip():
        return Heard("none", possible=False, conceivable=False)
    model = heads.load()
    windows = _windows(text)
    found = _chances(_parts(windows), audience)
    now, some = (float(found[model.risk.labels.index("immediate")]), 1 - float(found[model.risk.labels.index("everyday")]))
    if now >= model.case:
        return Heard("immediate", possible=True, conceivable=True)
    line = max(model.line, _FRAGMENT_LINE) if len(text.split()) <= _FRAGMENT else model.line
    cut = len(windows) > _MOST  # what was not heard may be anything
    return Heard("high" if some >= line else "none", cut or now >= _POSSIBLE, cut or some >= _CONCEIVABLE)


def ready() -> None:
    """Load everything that danger is heard with; ModelMissing when a file of the model is not the one that was released."""
    encoder.verify()
    encoder.load()
    heads.load()


def chances(text: str, audience: str = "") -> Vector:
    """How likely TEXT is everyday, high or immediate: by its most alarming part."""
    return _chances(_parts(_windows(text)), audience)


def _chances(parts: list[str], audience: str) -> Vector:
    found = heads.load().risk.chances(encoder.load().heard([asked_by(audience, part) for part in parts]))
    highest: Vector = np.array([found[:, 0].min(), found[:, 1].max(), found[:, 2].max()], np.float32)
    return highest


def _parts(windows: list[str]) -> list[str]:
    """Those of a text's WINDOWS that are heard: all, unless it is longer than anybody types."""
    return windows if len(windows) <= _MOST else [*windows[: _MOST // 2], *windows[-_MOST // 2 :]]


def _windows(text: str) -> list[str]:
    """TEXT as a whole as far as it is read at once, and every sentence or window of it where it is longer."""
    words = text.split()
    if len(words) <= _WINDOW:
        return [text]
    windows = [" ".join(words[:_WINDOW])]
    for sentence in _sentences(text):
        own = sentence.split()
        starts = range(0, max(len(own) - _OVERLAP, 1), _WINDOW - _OVERLAP)
        windows += [" ".join(own[start : start + _WINDOW]) for start in starts]
    return list(dict.fromkeys(windows))


def _sentences(text: str) -> list[str]:
    """The sentences of TEXT, a short one together with the next, or at the end with the one before."""
    found: list[str] = []
    held = ""
    for part in _ENDS.split(text):
        held = f"{held} {part}".strip()
        if len(held.split()) >= _SHORT:
            found.append(held)
            held = ""
    if held:
        found[-1:] = [f"{found[-1]} {held}" if found else held]
    return found
