"""What somebody wants: to ask something, to start a report, to say hello, or to talk to a person."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge import ideas
from knowledge.phrases import Phrase, compiled
from knowledge.words import STOP, plain, words

CUES = Path(__file__).with_name("intents.toml")

Kind = Literal["question", "report", "smalltalk", "talk_to_human", "unclear"]

# A flow is meant when this much of one of its own phrases was said.
HEARD = 0.65
_HEARD_WEIGHT = 1.5  # what is talked about says little about whether it is asked or told
_LONGEST = 400  # words: beyond them a message is a story, and what it begins with says what is wanted
_START = "start"  # stands where a sentence begins, for patterns that need to know


@dataclass(frozen=True, slots=True)
class Intent:
    """What was understood. `margin` is 0 for a toss-up and 1 for certain; `runner_up` is the other flow, or "question"."""

    kind: Kind
    flow: str | None = None
    margin: float = 0.0
    runner_up: str | None = None


class _Cue(BaseModel):
    """Patterns that speak for one kind; `whole` ones only count when they are all that was said."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Literal["question", "report", "smalltalk", "talk_to_human"]
    weight: float
    whole: bool = False
    phrases: list[str] = Field(min_length=1)


class _File(BaseModel):
    """The file intents.toml."""

    model_config = ConfigDict(extra="forbid", strict=True)

    least: float
    cue: list[_Cue]
    words: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class _Cues:
    """The patterns, ready for use."""

    least: float
    cues: tuple[tuple[_Cue, tuple[Phrase, ...]], ...]


def understand(text: str, flows: Mapping[str, tuple[str, ...]]) -> Intent:
    """What TEXT asks for; FLOWS are the reports on offer, each with phrases that it is heard as."""
    said = words(text)[:_LONGEST]
    if not said:
        return Intent("smalltalk", margin=1.0) if text.strip() else Intent("unclear")
    weights = _weights(text)
    heard = sorted(((_heard(said, phrases), name) for name, phrases in flows.items()), reverse=True)
    heard = [(score, name) for score, name in heard if score >= HEARD]
    if heard:
        weights["report"] += _HEARD_WEIGHT * heard[0][0]
    kind, best = max(weights.items(), key=lambda one: one[1])
    if best < _cues().least:
        return Intent("unclear")
    rest = max(weight for other, weight in weights.items() if other != kind)
    margin = (best - rest) / best
    if not heard:
        return Intent(kind, margin=margin)
    flow, runner_up = heard[0][1], "question" if weights["question"] else None
    if len(heard) > 1 and heard[0][0] - heard[1][0] < margin:
        margin, runner_up = heard[0][0] - heard[1][0], heard[1][1]
    return Intent(kind, flow, margin, runner_up)


def _weights(text: str) -> dict[Kind, float]:
    told = f"{_START} {plain(text).replace(' . ', f' . {_START} ')}"
    seen = frozenset(told.split())
    weights: dict[Kind, float] = {"question": 0.5 if "?" in text else 0.0, "report": 0.0, "smalltalk": 0.0, "talk_to_human": 0.0}
    for cue, phrases in _cues().cues:
        if cue.whole:
            rest = told
            for phrase in phrases:
                rest = phrase.blanked(rest)
            shown = not set(rest.split()) - {".", _START}
        else:
            shown = any(phrase.found(told, seen) for phrase in phrases)
        weights[cue.kind] += cue.weight if shown else 0.0
    return weights


def _heard(said: list[str], phrases: tuple[str, ...]) -> float:
    """How much of the best of PHRASES was said: its words, or the two ideas and more behind them, slips forgiven."""
    known, meanings = _meant(phrases)
    mended = set(ideas.terms([_mended(word, known) for word in said]))
    return max((len(terms & mended) / len(terms) for terms in meanings), default=0.0)


@lru_cache(maxsize=256)
def _meant(phrases: tuple[str, ...]) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    """The words of PHRASES, and everything that each may be recognised by."""
    meanings = []
    for phrase in phrases:
        meant = frozenset(ideas.terms(words(phrase)))
        behind = frozenset(term for term in meant if ideas.is_idea(term))
        meanings += [terms for terms in (meant, behind if len(behind) > 1 else meant) if terms]
    return frozenset(word for phrase in phrases for word in words(phrase)), tuple(meanings)


def _mended(word: str, known: frozenset[str]) -> str:
    if len(word) < 5 or word in known or word in STOP:
        return word
    near = process.extractOne(word, known, scorer=OSA.normalized_similarity, score_cutoff=0.8)
    return near[0] if near else word


@cache
def _cues() -> _Cues:
    file = _File.model_validate(tomllib.loads(CUES.read_text(encoding="utf-8")))
    return _Cues(file.least, tuple((cue, tuple(compiled(one, file.words) for one in cue.phrases)) for cue in file.cue))
