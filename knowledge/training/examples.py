"""Everything the model learns from: the phrase bank, the schools' own rules, and which rule answers which topic there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge import bank, markdown
from knowledge.spoken import asked_by, rule_words

SCHOOLS = Path(bank.__file__).with_name("schools")

_HARMLESS = frozenset({"smalltalk", "talk_to_human", "blocked_site_request", "question", "image_consent"})


@dataclass(frozen=True, slots=True)
class Ask:
    """One way somebody asks about a topic, and who wrote it (judged apart, so that a writer's habits are not learnt)."""

    topic: str
    text: str
    writer: str


@dataclass(frozen=True, slots=True)
class Document:
    """What an ask should come near: a rule of one school, or a topic's own description."""

    school: str
    text: str
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """A question put to one school by somebody who read its document: which of our rules answer it, none where it is silent."""

    school: str
    audience: str
    text: str
    refs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and its class: an intent, or a level of risk."""

    label: str
    text: str
    writer: str


def asks() -> tuple[Ask, ...]:
    """Every phrase of the bank, as its audience would be heard."""
    return tuple(Ask(topic, asked_by(audience, text), writer) for writer, topic, audience, text in _rows("asks"))


def questions() -> tuple[Question, ...]:
    """The questions that say when an answer may be sure. The network is not taught with them."""
    return tuple(
        Question(school, audience, text, frozenset(refs.split())) for _, school, audience, refs, text in _rows("questions")
    )


def documents() -> tuple[Document, ...]:
    """Every rule of every school shipped, with the topics it answers there, and every topic as it is described."""
    return (*_rules(), *(Document("", topic.says, frozenset({topic.name})) for topic in bank.topics()))


def labelled(folder: str) -> tuple[Labelled, ...]:
    """The messages in the bank's FOLDER ("intents" or "risk")."""
    return tuple(Labelled(label, asked_by(audience, text), writer) for writer, label, audience, text in _rows(folder))


def everyday() -> tuple[Labelled, ...]:
    """What everyday life sounds like to somebody who was not thinking of danger: every ask, and the intents without an incident."""
    harmless = [one.text for one in labelled("intents") if one.label in _HARMLESS]
    return tuple(Labelled("everyday", text, "") for text in [*(ask.text for ask in asks()), *harmless])


def _rows(folder: str) -> Iterator[tuple[str, ...]]:
    """Every line of the bank's FOLDER, its writer in front."""
    for file in sorted((bank.FOLDER / folder).glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield file.stem, *line.split("\t")


def _rules() -> Iterator[Document]:
    for folder in sorted(SCHOOLS.iterdir()):
        if not (folder / "topics.toml").exists():
            continue
        bound = tomllib.loads((folder / "topics.toml").read_text(encoding="utf-8"))
        for rule in markdown.load(folder / "policy.md").leaves():
            topics = frozenset(topic for topic, refs in bound.items() if rule.ref in refs)
            yield Document(folder.name, rule_words(rule), topics)
