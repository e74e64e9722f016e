"""What somebody wants: to ask something, to start a report, to say hello, or to talk to a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge import encoder, heads
from knowledge.spoken import asked_by
from knowledge.words import STOP, stem, words

Kind = Literal["question", "report", "smalltalk", "talk_to_human", "unclear"]

# A flow that the encoder was never taught is meant when this much of one of its own phrases was said.
HEARD = 0.65
_SURE = 0.7  # a reading this likely is believed when its report is on offer; below it the person is asked which report is meant
_RIVAL = 0.1  # another report less likely than this is not asked about
_LEAST = 0.3  # nothing is clear when even the likeliest reading is less likely than this
_TOLD = 0.7  # a report without a flow of its own is only heard when it is this likely that something was told
_LONGEST = 400  # words: beyond them a message is a story, and what it begins with says what is wanted
_NOT_FLOWS: tuple[Kind, ...] = ("question", "smalltalk", "talk_to_human")
# What the encoder was taught to call a wish, and the report on offer that answers it, where that goes by another name.
_ANSWERED_BY = {"inappropriate_content": "content", "staff_concern": "adult_concern", "blocked_site_request": "unblock_site"}
_ABOUT_STAFF = _ANSWERED_BY["staff_concern"]
# What people put in front of a wish. What asks whether one may is a question for the policy, and stays.
_POLITE = re.compile(r"^(?:(?:hi|hello|please|sorry|i (?:need|want|have|would like)(?: to)?|(?:id|i d) like to) )+")
# Somebody who says so wants to report, whatever the words after it sound like; and so does who is worried, unless by a rule.
_WORRIED = r"(?:i am|im|i m|am) (?:\w+ ){0,2}(?:worried|concerned|uneasy) about (?!.*\b(?:policy|rules?)\b)"
_TO_REPORT = re.compile(_POLITE.pattern.removesuffix("+") + rf"*(?:(?:to )?report(?:ing)?\b|{_WORRIED})")
_TO_SOMEBODY = re.compile(r"\bto (?:\w+ ){0,2}(?:some(?:one|body)|any(?:one|body)|person|human|people)\b")
# Who works or helps at a school. A worry about an adult in which none of them is heard may be about a stranger, or about a child.
_AT_SCHOOL = re.compile(
    r"\b(?:teachers?|tas?|teaching assistants?|assistants?|staff|head|heads|headteacher|headmaster|headmistress|deputy|dsl|lead|"
    r"governors?|chair|caretaker|site manager|coach|supply|office|secretary|receptionist|lunchtime|midday|dinner lad(?:y|ies)|"
    r"cook|cleaner|volunteers?|helpers?|mr|mrs|ms|miss|sir|senco|sendco|tutor|technician|colleagues?|employees?|worker|works?|school)\b"
)
_TAUGHT = frozenset((*heads.INTENTS, *_ANSWERED_BY.values()))


@dataclass(frozen=True, slots=True)
class Intent:
    """What was understood. `margin` is 0 for a toss-up and 1 for certain; `runner_up` is the other flow, or "question"."""

    kind: Kind
    flow: str | None = None
    margin: float = 0.0
    runner_up: str | None = None


def understand(text: str, flows: Mapping[str, tuple[str, ...]], audience: str = "") -> Intent:
    """What TEXT asks for, said by one of AUDIENCE; FLOWS are the reports on offer, each with phrases that it is heard as."""
    said = words(text)[:_LONGEST]
    if not said:
        return Intent("smalltalk", margin=1.0) if text.strip() else Intent("unclear")
    likely = [(_ANSWERED_BY.get(name, name), chance) for name, chance in readings(text, audience)]
    best, chance = likely[0]
    sure = best in flows and chance >= _SURE
    if own := _word_for_word(said, flows, sure=sure) or (None if sure or best in _NOT_FLOWS else _own(said, flows, chance)):
        return own
    if best in _NOT_FLOWS and "?" not in text and _wants_to_report(" ".join(said)):
        wished = [one for one in likely if one[0] in flows]
        return _report(wished, flows, wished[0][1] / sum(share for _, share in wished)) if wished else Intent("unclear")
    return _meant(said, likely, flows)


def _wants_to_report(said: str) -> bool:
    """Whether somebody says so and does not ask for a person to report it to."""
    return bool(_TO_REPORT.match(said)) and not _TO_SOMEBODY.search(said)


def _meant(said: list[str], likely: Sequence[tuple[str, float]], flows: Mapping[str, tuple[str, ...]]) -> Intent:
    """What was SAID by its LIKELY readings alone."""
    (best, chance), (second, less) = likely[0], likely[1]
    told = sum(share for name, share in likely if name not in _NOT_FLOWS)
    if chance < _LEAST or (best not in _NOT_FLOWS and best not in flows and told < _TOLD):
        return Intent("unclear")
    margin = (chance - less) / chance
    for kind in _NOT_FLOWS:
        if best == kind:
            nearly = second if kind == "question" and second in flows else None
            return Intent(kind, nearly, margin, kind if nearly else None)
    if best not in flows:
        return Intent("report", margin=margin)
    somebody = best == _ABOUT_STAFF and not _AT_SCHOOL.search(" ".join(said))
    return _report(likely, flows, 0.0 if somebody else chance, rival=0.0 if somebody else _RIVAL)


def _report(
    likely: Sequence[tuple[str, float]], flows: Mapping[str, tuple[str, ...]], chance: float, rival: float = _RIVAL
) -> Intent:
    """The first of LIKELY; not sure of it, the person is asked whether it is that report or another, not led into the wrong one."""
    (best, most), *others = likely
    rivals = [name for name, share in others if name in flows and share >= rival]
    if chance < _SURE and rivals:
        return Intent("report", best, 0.0, rivals[0])
    second, less = others[0] if others else ("", 0.0)
    return Intent("report", best, (most - less) / most, second if second in flows or second == "question" else None)


def readings(text: str, audience: str = "") -> list[tuple[str, float]]:
    """Every intent with its chance, the likeliest first."""
    vector = encoder.load().heard([asked_by(audience, " ".join(text.split()[:_LONGEST]))])
    head = heads.load().intent
    chances = head.chances(vector)[0]
    return sorted(zip(head.labels, map(float, chances), strict=True), key=lambda one: -one[1])


def _word_for_word(said: list[str], flows: Mapping[str, tuple[str, ...]], *, sure: bool) -> Intent | None:
    """The report whose phrase is all that was said, politeness aside; where the encoder is SURE, only one it was not taught."""
    wished = [name for name, phrases in flows.items() if not (sure and name in _TAUGHT) and _is_all(said, phrases)]
    if len(wished) < 2:
        return Intent("report", wished[0], 1.0) if wished else None
    return Intent("report", wished[0], 0.0, wished[1])


def _is_all(said: list[str], phrases: tuple[str, ...]) -> bool:
    known, _ = _wanted(phrases)
    wish = _bare([_mended(word, known) for word in said])
    return any(wish == _bare(words(phrase)) for phrase in phrases)


def _bare(said: list[str]) -> str:
    return _POLITE.sub("", " ".join(said))


def _own(said: list[str], flows: Mapping[str, tuple[str, ...]], chance: float) -> Intent | None:
    """The report of a school's own whose phrases were said, if one was; two that fit alike are a toss-up."""
    taught = ((name, _heard(said, phrases)) for name, phrases in flows.items() if name not in _TAUGHT)
    heard = sorted((one for one in taught if one[1] >= HEARD), key=lambda one: -one[1])
    if len(heard) < 2:
        return Intent("report", heard[0][0], chance) if heard else None
    (flow, much), (other, less) = heard[:2]
    return Intent("report", flow, (much - less) / much, other)


def _heard(said: list[str], phrases: tuple[str, ...]) -> float:
    """How much of the best of PHRASES was said, word by word, slips forgiven."""
    # Not by the ideas behind the words: a tie and a bully's chat are made of the same ones.
    known, wanted = _wanted(phrases)
    mended = {stem(_mended(word, known)) for word in said}
    return max((len(stems & mended) / len(stems) for stems in wanted), default=0.0)


@lru_cache(maxsize=256)
def _wanted(phrases: tuple[str, ...]) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    """The words of PHRASES, and for each the stems of those that carry meaning."""
    stems = [frozenset(stem(word) for word in words(phrase) if word not in STOP) for phrase in phrases]
    return frozenset(word for phrase in phrases for word in words(phrase)), tuple(one for one in stems if one)


def _mended(word: str, known: frozenset[str]) -> str:
    if len(word) < 5 or word in known or word in STOP:
        return word
    near = process.extractOne(word, known, scorer=OSA.normalized_similarity, score_cutoff=0.8)
    return near[0] if near else word
