"""Danger first: does a message say that somebody may be in danger now, or that the safeguarding lead must know today?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge import danger
from knowledge.phrases import Phrase, PhraseError, compiled
from knowledge.words import plain

LEXICON = Path(__file__).with_name("risk.toml")
REMEDY = "Restore the file from the release; the bot does not start without it."

Level = Literal["immediate", "high", "none"]

WORRYING = "worrying"  # the reason when single words added up
MEANT = "meaning"  # the reason when no pattern knew the words, and the encoder did
LEVELS: tuple[Level, ...] = ("none", "high", "immediate")


class RiskDataMissing(Exception):
    """The danger words are missing or broken, so the bot must not start; the message names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Risk:
    """How a message was weighed. `names_roles` may be part of what happened; `reasons` are names of groups, never words."""

    level: Level
    names_roles: frozenset[str] = frozenset()
    reasons: tuple[str, ...] = ()


class _Group(BaseModel):
    """Phrases with one meaning, and messages that prove that they work."""

    model_config = ConfigDict(extra="forbid", strict=True)

    phrases: list[str] = Field(min_length=1)
    caught: list[str] = Field(min_length=1)
    # A topic is only a topic in a question about the policy ("where is the self-harm policy?"); outside one it counts.
    topic: bool = False
    # Nobody says it as a figure of speech: the words alone open a case, whatever the encoder makes of the sentence around them.
    certain: bool = False


class _Harmless(BaseModel):
    """Everyday figures of speech that use alarming words."""

    model_config = ConfigDict(extra="forbid", strict=True)

    phrases: list[str] = Field(min_length=1)
    passes: list[str] = Field(min_length=1)


class _Worrying(BaseModel):
    """Single words that add up, for stories that no phrase knows."""

    model_config = ConfigDict(extra="forbid", strict=True)

    heavy: list[str] = Field(min_length=1)
    light: list[str] = Field(min_length=1)
    least: int = Field(ge=2)  # so many light words, or one heavy one
    caught: list[str] = Field(min_length=1)


class _LookUp(BaseModel):
    """How a question about the policy itself is put."""

    model_config = ConfigDict(extra="forbid", strict=True)

    phrases: list[str] = Field(min_length=1)


class _Spelling(BaseModel):
    """Which words are worth mending, and which real words must be left as they are."""

    model_config = ConfigDict(extra="forbid", strict=True)

    mend: list[str] = Field(min_length=1)
    leave: list[str]


class _Lexicon(BaseModel):
    """The file risk.toml."""

    model_config = ConfigDict(extra="forbid", strict=True)

    words: dict[str, list[str]]
    immediate: dict[str, _Group] = Field(min_length=1)
    high: dict[str, _Group] = Field(min_length=1)
    worrying: _Worrying
    harmless: _Harmless
    look_up: _LookUp
    spelling: _Spelling
    roles: dict[str, list[str]] = Field(min_length=1)

    def groups(self) -> Iterator[tuple[Literal["immediate", "high"], str, _Group]]:
        """Every group with its level and its name."""
        for name, group in self.immediate.items():
            yield "immediate", name, group
        for name, group in self.high.items():
            yield "high", name, group


@dataclass(frozen=True, slots=True)
class _Sign:
    """One group, ready to be looked for."""

    name: str
    level: Literal["immediate", "high"]
    topic: bool
    phrases: tuple[Phrase, ...]

    def shows(self, text: str, seen: frozenset[str]) -> bool:
        return any(phrase.found(text, seen) for phrase in self.phrases)


class Triage:
    """The danger words, loaded and proved. Its patterns can only raise a level: no word of a message takes one down."""

    def __init__(self, lexicon: _Lexicon) -> None:
        known = lexicon.words
        self._signs = tuple(
            _Sign(name, level, group.topic, tuple(compiled(phrase, known) for phrase in group.phrases))
            for level, name, group in lexicon.groups()
        )
        self._certain = {
            wanted: frozenset(name for level, name, group in lexicon.groups() if group.certain and level == wanted)
            for wanted in LEVELS
        }
        self._heavy, self._light = (_words(said) for said in (lexicon.worrying.heavy, lexicon.worrying.light))
        self._least = lexicon.worrying.least
        self._harmless = tuple(compiled(phrase, known) for phrase in lexicon.harmless.phrases)
        self._look_up = tuple(compiled(phrase, known) for phrase in lexicon.look_up.phrases)
        forms = ((form, role) for role, phrases in lexicon.roles.items() for form in phrases)
        # Those of most words first: "deputy head" must not be heard as "the head".
        self._roles = tuple((compiled(form, known), role) for form, role in sorted(forms, key=lambda one: -len(one[0].split())))
        self._mend = tuple(lexicon.spelling.mend)
        self._leave = frozenset(lexicon.spelling.leave) | {word for phrase in self._every_phrase() for word in phrase.vocabulary}

    @classmethod
    def load(cls, path: Path = LEXICON) -> Triage:
        """The lexicon at PATH, after it has caught its own examples, and the encoder behind it.

        RiskDataMissing or ModelMissing when one of them cannot be trusted: there is no triage with half of it.
        """
        try:
            written = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise RiskDataMissing(f"{path}: the danger words cannot be read: {problem}. {REMEDY}") from problem
        triage = _proved(path, written)
        danger.ready()
        return triage

    def weigh(self, text: str, audience: str = "") -> Risk:
        """How urgent TEXT from one of AUDIENCE is, and which roles it names. Every word is weighed, however long the message."""
        heard = danger.heard(text, audience)
        said = self._believed(self.by_words(text), text, audience, heard)
        if LEVELS.index(heard.level) <= LEVELS.index(said.level):
            return said
        return Risk(heard.level, said.names_roles, (*said.reasons, MEANT))

    def _believed(self, said: Risk, text: str, audience: str, heard: danger.Heard) -> Risk:
        """What the patterns SAID of TEXT, as far as what was HEARD allows it: a figure of speech that no list foresaw is let go.

        Of danger now a pattern always gives a line, and opens a case where that is possible; of less it gives a line where danger
        is conceivable at all. Some groups are certain: talk of suicide, somebody who seeks out a child. They are believed whatever
        surrounds them.
        """
        if said.level == "none" or self._certain[said.level] & {*said.reasons}:
            return said
        now = said.level == "immediate"
        if not (heard.possible if now else heard.conceivable):
            heard = self._heard_mended(text, audience, heard)
        if now:
            return said if heard.possible else replace(said, level="high")
        return said if heard.conceivable else Risk("none", said.names_roles)

    def _heard_mended(self, text: str, audience: str, heard: danger.Heard) -> danger.Heard:
        """What is heard with the slips put right that the patterns see through and the encoder may not; without any, HEARD."""
        words = plain(text)
        mended = self._mended(words)
        return danger.heard(mended, audience) if mended != words else heard

    def by_words(self, text: str) -> Risk:
        """What the patterns alone make of TEXT."""
        said = self._mended(plain(text))
        told = said
        for phrase in self._harmless:
            told = phrase.blanked(told)
        seen = frozenset(told.split())
        asked = any(phrase.found(told, seen) for phrase in self._look_up)
        shown = tuple(sign for sign in self._signs if not (asked and sign.topic) and sign.shows(told, seen))
        named = self._named(said)
        if not shown:
            worried = not asked and self._worrying(seen)
            return Risk("high", named, (WORRYING,)) if worried else Risk("none", named)
        level: Level = "immediate" if any(sign.level == "immediate" for sign in shown) else "high"
        return Risk(level, named, tuple(sign.name for sign in shown))

    def _worrying(self, seen: frozenset[str]) -> bool:
        words = " ".join(sorted(seen))
        return self._heavy.search(words) is not None or len(set(self._light.findall(words))) >= self._least

    def _named(self, text: str) -> frozenset[str]:
        named = set()
        for phrase, role in self._roles:
            rest = phrase.blanked(text)
            if rest != text:
                named.add(role)
            text = rest
        return frozenset(named)

    def _mended(self, text: str) -> str:
        """TEXT with slips in the words that matter put right; a word of its own right is left alone."""
        return " ".join(self._spelt(word) for word in text.split())

    def _spelt(self, word: str) -> str:
        if len(word) < 5 or word in self._leave:
            return word
        slips = 1 if len(word) < 9 else 2
        found = process.extractOne(word, self._mend, scorer=OSA.distance, score_cutoff=slips)
        return found[0] if found else word

    def _every_phrase(self) -> tuple[Phrase, ...]:
        return (*(phrase for sign in self._signs for phrase in sign.phrases), *self._harmless, *self._look_up)

    def _failures(self, lexicon: _Lexicon) -> str:
        """The first key whose examples do not come out as they should, or nothing."""
        for level, name, group in lexicon.groups():
            if any(name not in self.by_words(example).reasons for example in group.caught):
                return f"{level}.{name}"
        if any(self.by_words(example).level == "none" for example in lexicon.worrying.caught):
            return "worrying"
        if any(self.by_words(example).level != "none" for example in lexicon.harmless.passes):
            return "harmless"
        return ""


def _words(written: list[str]) -> re.Pattern[str]:
    """Any of the words WRITTEN, a star standing for any ending."""
    either = "|".join(re.escape(word).replace(r"\*", "[a-z0-9]*") for word in written)
    return re.compile(rf"\b(?:{either})\b")


@lru_cache(maxsize=2)
def _proved(path: Path, written: str) -> Triage:
    """The lexicon that is WRITTEN at PATH: the same words are proved once in a process, however often something in it starts."""
    try:
        lexicon = _Lexicon.model_validate(tomllib.loads(written))
        triage = Triage(lexicon)
    except (tomllib.TOMLDecodeError, PhraseError) as problem:
        raise RiskDataMissing(f"{path}: the danger words cannot be read: {problem}. {REMEDY}") from problem
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise RiskDataMissing(f"{path}: {key}: {first['msg']}. {REMEDY}") from problem
    if broken := triage._failures(lexicon):  # noqa: SLF001 - its other half, down here only to be remembered
        raise RiskDataMissing(f"{path}: {broken} does not do what its own examples say. {REMEDY}")
    return triage
