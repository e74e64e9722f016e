"""The phrase bank: the topics people ask a school about, and the many ways they ask. Written by hand, by several writers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

FOLDER = Path(__file__).with_name("bank")

# A policy may say something on it; or it is school life, and no social media policy does.
Kind = Literal["policy", "school"]


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing people ask about; `says` is what a rule on it would be about."""

    name: str
    kind: Kind
    says: str


@cache
def topics() -> tuple[Topic, ...]:
    """All topics, in the order of the file: the model's numbers follow it."""
    lines = (FOLDER / "topics.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(Topic(name, cast("Kind", kind), says) for name, kind, says in (line.split("\t") for line in lines))
