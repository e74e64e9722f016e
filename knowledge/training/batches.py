"""What the encoder is shown at one step: asks of some topics, and questions to one school, with the right rules and others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from knowledge.training.examples import Ask, Document, Lesson

HEARD, WRITTEN = 40, 56  # pieces of a message, pieces of a rule
_BARE = 0.2  # of the messages are heard without who asks
_SIBLINGS = 0.6  # of the rules beside the right ones stand in the same section, where the likeness is greatest


@dataclass(frozen=True, slots=True)
class Material:
    """What is learnt from, already chosen: a writer or a school held out is simply not in it."""

    asks: Sequence[Ask]
    documents: Sequence[Document]
    lessons: Sequence[Lesson]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is in one step: asks and documents beside their homes, questions to a school and rules of it."""

    asks: int = 28
    beside: int = 8
    questions: int = 40
    rules: int = 56


@dataclass(frozen=True, slots=True)
class Put:
    """What was asked, of which rules; RIGHT says which of these answer which, SAME who asks for the same thing."""

    asked: list[str]
    rules: list[str]
    right: Tensor
    same: Tensor


class Topics:
    """Pairs of asks of one topic, each the other's neighbour, and the rules of all schools that answer it."""

    def __init__(self, material: Material, sizes: Sizes, random: np.random.Generator) -> None:
        self._material, self._sizes, self._random = material, sizes, random
        self._by_topic: dict[str, list[int]] = {}
        for number, ask in enumerate(material.asks):
            self._by_topic.setdefault(ask.topic, []).append(number)
        self._homes: dict[str, list[int]] = {}
        for number, document in enumerate(material.documents):
            for topic in document.topics:
                self._homes.setdefault(topic, []).append(number)
        self._names = sorted(self._by_topic)
        often = np.array([len(self._by_topic[name]) ** 0.5 for name in self._names])
        self._often = often / often.sum()

    def next(self) -> Put:
        """Asks of some topics, with the rules that answer them anywhere."""
        chosen = [self._names[topic] for topic in self._draw()]
        found: list[int] = []
        for topic in chosen:
            own = self._by_topic[topic]
            found += list(self._random.choice(own, 2, replace=len(own) < 2))
        asks, documents = [self._material.asks[number] for number in found], self._documents(chosen)
        right = torch.tensor([[ask.topic in one.topics for one in documents] for ask in asks])
        same = torch.tensor([[a.topic == b.topic for b in asks] for a in asks])
        return Put([ask.text for ask in asks], [one.text for one in documents], right, same)

    def _draw(self) -> np.ndarray:
        drawn: np.ndarray = self._random.choice(len(self._names), self._sizes.asks // 2, replace=False, p=self._often)
        return drawn

    def _documents(self, topics: Sequence[str]) -> list[Document]:
        """One or two homes of every topic chosen, and rules beside them that are none."""
        found: dict[int, None] = {}
        for topic in topics:
            for number in self._random.permutation(self._homes.get(topic, []))[:2]:
                found[int(number)] = None
        wanted = self._sizes.asks + self._sizes.beside
        while len(found) < wanted:
            found[int(self._random.integers(len(self._material.documents)))] = None
        return [self._material.documents[number] for number in list(found)[:wanted]]


class Schools:
    """Questions to one school at a time, with the rules they were written for and others of the same policy."""

    def __init__(self, material: Material, sizes: Sizes, random: np.random.Generator) -> None:
        self._lessons, self._sizes, self._random = material.lessons, sizes, random
        often = np.array([float(len(one.questions)) for one in self._lessons])
        self._often = often / often.sum()
        self._waiting: list[list[int]] = [[] for _ in self._lessons]

    def next(self) -> Put:
        """Questions to one school, with rules of it; two questions are the same that were written for one rule."""
        school = int(self._random.choice(len(self._lessons), p=self._often))
        lesson, waiting = self._lessons[school], self._waiting[school]
        while len(waiting) < self._sizes.questions:
            waiting += list(self._random.permutation(len(lesson.questions)))
        taken, self._waiting[school] = waiting[: self._sizes.questions], waiting[self._sizes.questions :]
        asked = [lesson.questions[number] for number in taken]
        shown = self._rules(lesson, list(dict.fromkeys(answers[0] for _, answers in asked if answers)))
        right = torch.tensor([[rule in answers for rule in shown] for _, answers in asked])
        same = torch.tensor([[bool(a and b) and a[0] == b[0] for _, b in asked] for _, a in asked])
        return Put([text for text, _ in asked], [lesson.rules[rule] for rule in shown], right, same)

    def _rules(self, lesson: Lesson, right: list[int]) -> list[int]:
        """The RIGHT ones, their siblings, and others, always as many."""
        sections = {lesson.within[rule] for rule in right}
        others = [int(rule) for rule in self._random.permutation(len(lesson.rules)) if rule not in right]
        siblings = [rule for rule in others if lesson.within[rule] in sections]
        near = siblings[: int(max(self._sizes.rules - len(right), 0) * _SIBLINGS)]
        found = [*right, *near, *(rule for rule in others if rule not in near)]
        return found[: self._sizes.rules]


class Batches:
    """One step's texts after another, drawn from the material at random but the same every time."""

    def __init__(self, material: Material, sizes: Sizes, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._topics = Topics(material, sizes, self._random)
        self._schools = Schools(material, sizes, self._random) if material.lessons else None

    def next(self) -> tuple[Put, Put | None]:
        """The next step: asks put to all schools, and, where there are lessons, questions put to one."""
        topics = self._bare(self._topics.next())
        return topics, self._bare(self._schools.next()) if self._schools else None

    def _bare(self, put: Put) -> Put:
        """PUT with some of the messages heard without who asks."""
        asked = [text if self._random.random() > _BARE else text.partition(": ")[2] or text for text in put.asked]
        return replace(put, asked=asked)
