"""May words be about a sexual picture of a child? From the first hint a report stops asking, so a wrong alarm costs too."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.phrases import Phrase, PhraseError, compiled
from knowledge.words import plain

SIGNS = Path(__file__).with_name("pictures.toml")
_TELEGRAM = 16  # words; of so few, stops and all, each sentence is the rest of the one before: "nudes. year 6. on the coach"
_LONG_ENOUGH = 5  # letters; one slip in a shorter word makes another word


class PictureDataMissing(Exception):
    """The signs are missing or broken, so the bot must not start; the message names the file, the key and the remedy."""


class _Hints(BaseModel):
    """What is looked for, and messages that prove that it is found."""

    model_config = ConfigDict(extra="forbid", strict=True)

    phrases: list[str] = Field(min_length=1)
    caught: list[str] = Field(min_length=1)


class _Wanted(BaseModel):
    """How a picture is asked for, and the words that say that one came."""

    model_config = ConfigDict(extra="forbid", strict=True)

    phrases: list[str] = Field(min_length=1)
    came: list[str] = Field(min_length=1)
    passes: list[str] = Field(min_length=1)


class _Harmless(BaseModel):
    """What sounds like a hint and is none."""

    model_config = ConfigDict(extra="forbid", strict=True)

    phrases: list[str] = Field(min_length=1)
    passes: list[str] = Field(min_length=1)


class _Spelling(BaseModel):
    """Which words are worth mending, and which must be left as they are."""

    model_config = ConfigDict(extra="forbid", strict=True)

    mend: list[str] = Field(min_length=1)
    leave: list[str]


class _File(BaseModel):
    """The file pictures.toml."""

    model_config = ConfigDict(extra="forbid", strict=True)

    words: dict[str, list[str]]
    hints: _Hints
    wanted: _Wanted
    harmless: _Harmless
    spelling: _Spelling


class Signs:
    """The signs, ready to be looked for."""

    def __init__(self, given: _File) -> None:
        self._hints = _phrases(given.hints.phrases, given.words)
        self._wanted = _phrases(given.wanted.phrases, given.words)
        self._harmless = _phrases(given.harmless.phrases, given.words)
        self._came = frozenset(given.wanted.came)
        self._mend = tuple(given.spelling.mend)
        self._leave = frozenset(given.spelling.leave)

    def in_words(self, text: str) -> bool:
        """Whether TEXT may be about such a picture."""
        words = [self._spelt(word) for word in plain(text).split()]
        if len(words) <= _TELEGRAM:
            words = [word for word in words if word != "."]
        told = " ".join(words)
        for phrase in self._harmless:
            told = phrase.blanked(told)
        if not self._shown(told):
            return False
        rest = told
        for phrase in self._wanted:
            rest = phrase.blanked(rest)
        # A picture that was asked for is not there yet; but "asked her for one, and she sent it" is two things.
        return self._shown(rest) or not self._came.isdisjoint(rest.split())

    def _shown(self, text: str) -> bool:
        seen = frozenset(text.split())
        return any(phrase.found(text, seen) for phrase in self._hints)

    def _spelt(self, word: str) -> str:
        if len(word) < _LONG_ENOUGH or word in self._leave:
            return word
        found = process.extractOne(word, self._mend, scorer=OSA.distance, score_cutoff=1)
        return found[0] if found else word


def hinted(text: str) -> bool:
    """Whether TEXT may be about a sexual or naked picture of a child."""
    return bool(text.strip()) and load().in_words(text)


@cache
def load(path: Path = SIGNS) -> Signs:
    """The signs at PATH, after they have caught and let pass their own examples. PictureDataMissing when they cannot be trusted."""
    remedy = "Restore the file from the release; the bot does not start without it."
    try:
        given = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        signs = Signs(given)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, PhraseError) as problem:
        raise PictureDataMissing(f"{path}: the signs cannot be read: {problem}. {remedy}") from problem
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise PictureDataMissing(f"{path}: {key}: {first['msg']}. {remedy}") from problem
    if broken := _failures(signs, given):
        raise PictureDataMissing(f"{path}: {broken} does not do what its own examples say. {remedy}")
    return signs


def _failures(signs: Signs, given: _File) -> str:
    """The first key whose examples do not come out as they should, or nothing."""
    for key, examples, wanted in (
        ("hints.caught", given.hints.caught, True),
        ("wanted.passes", given.wanted.passes, False),
        ("harmless.passes", given.harmless.passes, False),
    ):
        if any(signs.in_words(example) is not wanted for example in examples):
            return key
    return ""


def _phrases(written: list[str], words: dict[str, list[str]]) -> tuple[Phrase, ...]:
    return tuple(compiled(phrase, words) for phrase in written)
