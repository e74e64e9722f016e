"""Which rule of a school's policy answers a question, and how sure we are: the rule itself, the closest few, or honestly none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np

from knowledge import encoder, lexical, meaning, phrasebook
from knowledge.encoder import Vector
from knowledge.policy import Policy, Section
from knowledge.ranking import Weights
from knowledge.spoken import asked_by

_SHOWN = 6
_PARTS = 3
_BEGIN, _END = 500, 1000  # letters; what stands between them is a story, and a question has to stay cheap
_ENDS = re.compile(r"(?<=[.!?])\s+|\n\s*|\s+(?:and also|also,|plus,)\s+", re.IGNORECASE)
_BARE, _ALL = 3, 0.999  # words, and the share of them
_WORDS = 4  # a shorter sentence is a greeting or a breath


class Sure(StrEnum):
    """How an answer may be given: quoted, offered as a choice, or not at all."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule and how well it fits; scores compare within one answer only."""

    section: Section
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The rules that fit, best first; a rule that belongs with the best one follows it directly.

    `right` is how likely the first is the rule meant, `said` how likely the policy says anything on it: both from 0 to 1.
    """

    sure: Sure
    sections: tuple[Hit, ...]
    right: float = 0.0
    said: float = 0.0


def find(policy: Policy, question: str, audience: str, before: str | None = None) -> Answer:
    """What POLICY says to QUESTION, asked by somebody of AUDIENCE ("staff", "parent", …) who was last shown rule BEFORE."""
    heard = _heard(question)
    if not any(sign.isalnum() for sign in heard) or not policy.leaves():
        return Answer(Sure.NO, ())
    seen = look(policy, heard, audience, before)
    answer = ranked(policy, seen, Weights.load(named=seen.known.curated))
    # "Photos" is no question yet. Where a rule holds every word of so few, the policy must not be said to be silent.
    spoken = len(heard.split()) <= _BARE and float(seen.columns["cover"].max()) > _ALL
    return replace(answer, sure=Sure.MAYBE) if answer.sure is Sure.NO and spoken else answer


def ranked(policy: Policy, seen: Seen, weights: Weights) -> Answer:
    """What was SEEN of one question at POLICY as an answer, under WEIGHTS."""
    scores = weights.scores(seen)
    scores[seen.named] = scores.max() + 1  # whoever types a heading means that rule
    order = np.argsort(-scores)
    right, said = weights.confidence(seen, scores)
    hits = [Hit(seen.leaves[number], float(scores[number])) for number in order[:_SHOWN]]
    return Answer(_band(weights, right, said), _together(policy, hits), right, said)


def parts(policy: Policy, question: str, audience: str, before: str | None = None) -> tuple[Answer, ...]:
    """The answers to QUESTION: one, unless it holds several asks that different rules answer surely."""
    whole = find(policy, question, audience, before)
    asks = [ask for ask in _ENDS.split(_heard(question)) if "?" in ask and len(ask.split()) >= _WORDS]
    if len(asks) < 2:
        return (whole,)
    found: dict[str, Answer] = {}
    for ask in asks[:_PARTS]:
        answer = find(policy, ask, audience, before)
        if answer.sure is Sure.YES:
            found.setdefault(answer.sections[0].section.ref, answer)
    return tuple(found.values()) if len(found) > 1 else (whole,)


def look(policy: Policy, question: str, audience: str, before: str | None) -> Seen:
    """Everything that speaks for and against each rule of POLICY as an answer to QUESTION."""
    known, lexicon = meaning.of(policy), lexical.of(policy)
    asked = _vectors(question, audience)
    topics = phrasebook.load().topics(asked)
    terms = lexicon.asked(question)
    words = np.array([lexicon.score(number, terms) for number in range(len(known.leaves))], np.float32)
    cover = np.array([lexicon.share(leaf, terms) if terms else 0.0 for leaf in known.leaves], np.float32)
    near = known.near(asked)
    likeness = known.own.near(asked, near)
    speaks = known.speaks * topics[:, None]
    same = np.array([_near_before(policy, leaf, before) for leaf in known.leaves], np.float32)
    for_them = np.array([audience in leaf.audience for leaf in known.leaves], np.float32)
    few = np.array([1.0 / max(len(leaf.audience), 1) for leaf in known.leaves], np.float32)
    facts = np.array([leaf.fact for leaf in known.leaves], np.float32)
    columns = {
        "near": near,
        "near_best": near - near.max(),
        "whole": known.whole(asked),
        "speaks": speaks.sum(0),
        "speaks_best": speaks.max(0),
        "words": words / max(float(words.max()), 1e-6),
        "cover": cover,
        "for_them": for_them,
        "for_them_alone": for_them * few,
        "fact": facts,
        "asked": likeness.one,
        "asked_few": likeness.few,
        "before": same,
    }
    return Seen(known.leaves, columns, topics, likeness.silent, known, len(terms), np.array(lexicon.named(question), bool))


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What was seen of one question: a number for each leaf in each column, how much each topic was meant, and named rules.

    `silent` is how near the question comes to those that a policy did not answer.
    """

    leaves: tuple[Section, ...]
    columns: dict[str, Any]
    topics: Vector
    silent: tuple[float, float]
    known: meaning.Meaning
    terms: int
    named: np.ndarray


def _heard(question: str) -> str:
    """QUESTION without the middle of a long story: what somebody wants stands at its beginning or its end."""
    said = question.strip()
    return said if len(said) <= _BEGIN + _END else f"{said[:_BEGIN]}\n{said[-_END:]}".strip()


def _vectors(question: str, audience: str) -> Vector:
    """The question as a whole, and its sentences, asks and the last ones first: a story before the ask must not drown it."""
    sentences = [part for part in _ENDS.split(question) if len(part.split()) >= _WORDS]
    texts = dict.fromkeys([question, *(part for part in sentences if "?" in part), *reversed(sentences)])
    return encoder.load().vectors([asked_by(audience, text) for text in [*texts][: _PARTS + 3]])


def _near_before(policy: Policy, leaf: Section, before: str | None) -> float:
    if before is None or before not in policy:
        return 0.0
    if leaf.ref == before or before in leaf.also:
        return 1.0
    return 0.5 if leaf.within is not None and leaf.within == policy.section(before).within else 0.0


def _band(weights: Weights, right: float, said: float) -> Sure:
    if right >= weights.sure and said >= weights.sure_said:
        return Sure.YES
    return Sure.MAYBE if said >= weights.maybe else Sure.NO


def _together(policy: Policy, hits: list[Hit]) -> tuple[Hit, ...]:
    best = hits[0]
    beside = [Hit(policy.section(ref), best.score) for ref in best.section.also]
    known = {best.section.ref, *best.section.also}
    return (best, *beside, *(hit for hit in hits[1:] if hit.section.ref not in known))
