"""How good the answers are, on questions, intents and risks that somebody labelled: the figures, with their bounds."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

Band = Literal["sure", "unsure", "no"]


class Question(BaseModel):
    """One line of a question set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    school: str
    audience: str
    question: str
    answers: tuple[str, ...]
    must_mention: tuple[str, ...] = ()
    kind: Literal["answerable", "unanswerable"]
    style: str


class Message(BaseModel):
    """One line of an intent set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    audience: str
    text: str
    intent: str


class Worry(BaseModel):
    """One line of a risk set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    audience: str
    text: str
    risk: Literal["immediate", "high", "none"]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What the bot answered: the band, the anchors of the rules it would show, best first, and the text shown with the first."""

    band: Band
    anchors: tuple[str, ...]
    shown: str = ""

    def first_in(self, answers: Collection[str]) -> bool:
        """Whether the first rule shown is one of ANSWERS."""
        return bool(self.anchors) and self.anchors[0] in answers


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        return self.hits / self.of if self.of else float("nan")

    @property
    def bounds(self) -> tuple[float, float]:
        """Where the true share lies, 95 times in 100 (Wilson)."""
        if not self.of:
            return (0.0, 1.0)
        z, n, p = 1.959964, self.of, self.hits / self.of
        middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return ((middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n))


def share(truths: Iterable[bool]) -> Share:
    """How many of TRUTHS hold."""
    listed = list(truths)
    return Share(sum(listed), len(listed))


@dataclass(frozen=True, slots=True)
class Figures:
    """Named shares, and the ids of the worst errors by name."""

    shares: Mapping[str, Share]
    errors: Mapping[str, tuple[str, ...]]

    def plain(self) -> dict[str, object]:
        """As one JSON object: each figure, its bounds beside it, and how many it rests on."""
        found: dict[str, object] = {}
        for name, one in self.shares.items():
            found[name] = round(one.value, 4) if one.of else None
            found[f"{name}_bounds"] = [round(bound, 4) for bound in one.bounds]
            found[f"{name}_of"] = one.of
        return found


def questions(items: Iterable[Question], answer: Callable[[Question], Given]) -> tuple[Figures, dict[str, dict[str, Figures]]]:
    """The figures over ITEMS as a whole, and by school, audience and style."""
    done = [(item, answer(item)) for item in items]
    groups: dict[str, dict[str, list[tuple[Question, Given]]]] = {key: defaultdict(list) for key in ("school", "audience", "style")}
    for item, given in done:
        for key, parts in groups.items():
            parts[getattr(item, key)].append((item, given))
    return _questions(done), {key: {name: _questions(own) for name, own in sorted(parts.items())} for key, parts in groups.items()}


def _questions(done: list[tuple[Question, Given]]) -> Figures:
    asked = [(item, given) for item, given in done if item.kind == "answerable"]
    rest = [(item, given) for item, given in done if item.kind == "unanswerable"]
    sure = [(item, given) for item, given in asked if given.band == "sure"]
    return Figures(
        {
            "hit_at_1": share(given.first_in(item.answers) for item, given in asked),
            "hit_at_3": share(any(one in item.answers for one in given.anchors[:3]) for item, given in asked),
            "sure_share": Share(len(sure), len(asked)),
            "sure_wrong": share(not given.first_in(item.answers) for item, given in sure),
            "unanswerable_sure": share(given.band == "sure" for _, given in rest),
            "answerable_no": share(given.band == "no" for _, given in asked),
        },
        {"sure and wrong": tuple(item.id for item, given in sure if not given.first_in(item.answers))},
    )


def intents(items: Iterable[Message], understand: Callable[[Message], str]) -> tuple[Figures, Counter[tuple[str, str]]]:
    """How many of ITEMS were understood, and what was taken for what."""
    done = [(item, understand(item)) for item in items]
    flows = {"friend_request", "cyberbullying", "inappropriate_content", "staff_concern", "blocked_site_request", "image_consent"}
    asked = [(item, found) for item, found in done if item.intent == "question"]
    told = [(item, found) for item, found in done if item.intent in flows]
    apart = [found not in flows for _, found in asked] + [found != "question" for _, found in told]
    figures = {
        "accuracy": share(item.intent == found for item, found in done),
        "question_or_report": share(apart),
        "questions_sent_into_a_flow": share(found in flows for _, found in asked),
        "reports_answered_as_a_question": share(found == "question" for _, found in told),
    }
    return Figures(figures, {}), Counter((item.intent, found) for item, found in done)


def risks(items: Iterable[Worry], weigh: Callable[[Worry], str]) -> Figures:
    """How much of the danger in ITEMS was seen, and how many everyday messages were taken for danger."""
    done = [(item, weigh(item)) for item in items]
    by = {level: [(item, found) for item, found in done if item.risk == level] for level in ("immediate", "high", "none")}
    figures = {
        "recall_immediate": share(found != "none" for _, found in by["immediate"]),
        "case_immediate": share(found == "immediate" for _, found in by["immediate"]),
        "recall_high": share(found != "none" for _, found in by["high"]),
        "case_high": share(found == "immediate" for _, found in by["high"]),
        "false_alarms": share(found != "none" for _, found in by["none"]),
        "false_cases": share(found == "immediate" for _, found in by["none"]),
    }
    missed = {
        "missed immediate": tuple(item.id for item, found in by["immediate"] if found == "none"),
        "missed high": tuple(item.id for item, found in by["high"] if found == "none"),
        "false cases": tuple(item.id for item, found in by["none"] if found == "immediate"),
    }
    return Figures(figures, missed)
