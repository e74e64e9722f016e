"""A report on its way: what has been answered so far, and how that survives a restart and a flow that changed meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from flows import catalogue
from flows.cases.case import Said
from flows.flow import Flow, questions
from flows.question import HAPPENED, JSON, NAMED, Choice, Kind, Question, asked_here, told
from flows.setting import ANYWHERE, RATHER_NOT_SAY, SHORT, Setting
from flows.when import When

REVIEW = "review"
# What silence means once a picture of a child may be involved: nothing more may hold such a report up.
_GOES_ANYWAY = "Without an answer within ten minutes, we send what you said past anybody it may be about."
# Where the words of a locked report stand when its flow has no place for them.
_WORDS = Question(HAPPENED, "Tell us what happened, in your own words.")
# The answer, to any question, that somebody is not safe.
NOT_SAFE = "not_safe"

# Answers that nobody can give a second time by pressing a button.
_OWN_WORDS = frozenset({"text", "when"})


class Stage(StrEnum):
    """What the bot is waiting to hear."""

    ASKING = "asking"  # an answer to the open question
    REVIEWING = "reviewing"  # whether to send it
    STOPPING = "stopping"  # whether to keep a draft
    DOUBT = "doubt"  # whether "stop", typed where words are wanted, was the answer or the wish
    RESTARTING = "restarting"  # whether to clear everything


@dataclass(frozen=True, slots=True)
class Progress:
    """A report being written. `asked` is the open question, or "review". Nothing that was answered appears in a repr."""

    flow: str
    answers: Mapping[str, JSON] = field(default_factory=dict, repr=False)
    asked: str = ""
    stage: Stage = Stage.ASKING
    id: str = ""
    pending: str = field(default="", repr=False)  # what was typed when the doubt arose
    worded: Mapping[str, str] = field(default_factory=dict, repr=False)  # each answered question as it was asked
    ticked: tuple[str, ...] = field(default=(), repr=False)  # the boxes ticked so far at the open question
    changes: int = 0  # goes up with every answer and every tap: it tells a button under an old picture from the same one now
    named: tuple[str, ...] = ()  # the roles that the words name, each of which is asked about once
    locked: bool = False  # a picture of a child may be involved: nothing more is asked
    setting: Setting = field(default=ANYWHERE, repr=False, compare=False)

    @property
    def declared(self) -> type[Flow]:
        """The flow's class."""
        return catalogue.flow(self.flow)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question there is here, whether it comes up or not, in order."""
        declared = asked_here(questions(self.declared), self.setting)
        words = (_WORDS,) if self.locked and all(one.name != HAPPENED for one in declared) else ()
        named = (_about_named(role, self.setting) for role in self.named)
        # A silence sends the report, so a question whose silence means something has to be the last one.
        before, silent = ([one for one in declared if bool(one.silence) is late] for late in (False, True))
        return (*before, *words, *named, *silent)

    @property
    def coming_up(self) -> tuple[Question, ...]:
        """Every question that comes up with the answers so far, in order."""
        if self.locked:
            return tuple(
                one if one.name in self.answers else _or_goes_anyway(one)
                for one in self.questions
                if one.name in self.answers or (one.gate and one.comes_up(self.answers))
            )
        return tuple(question for question in self.questions if question.comes_up(self.answers))

    @property
    def tapping(self) -> bool:
        """Whether boxes were tapped at the open question since it was asked."""
        return set(self.ticked) != set(_boxes(self.answers.get(self.asked)))

    @property
    def said(self) -> tuple[Said, ...]:
        """Every question answered or left out so far, as it was asked, with its answer."""
        return tuple(
            Said(self.worded.get(question.name, question.text), question.shown(self.answers[question.name]), question.name)
            for question in self.coming_up
            if question.name in self.answers
        )

    @property
    def in_danger(self) -> bool:
        """Whether the person said that somebody is in danger, or not safe, right now, at whichever question that was."""
        # Every flow calls the one question `danger`, and that answer to any other `not_safe`.
        return self.answers.get("danger") in (True, "yes") or any(NOT_SAFE in told(said) for said in self.answers.values())

    @property
    def safe_to_write(self) -> bool:
        """Whether the person said that they may be written to here unasked. Every flow calls that question `safe`."""
        return self.answers.get("safe") in (True, "yes")

    def answered(self, question: Question, value: JSON) -> Progress:
        """With VALUE as the answer to QUESTION, and without the answers to questions that no longer come up."""
        answers = _coming_up(self.questions, {**self.answers, question.name: value})
        worded = {name: text for name, text in self.worded.items() if name in answers}
        worded[question.name] = question.text
        return replace(self, answers=answers, worded=worded, pending="", changes=self.changes + 1)

    def onward(self) -> Progress:
        """At the first question still to be answered, or at the review when there is none."""
        waiting = next((question for question in self.coming_up if question.name not in self.answers), None)
        return self.at(waiting.name) if waiting else replace(self.at(REVIEW), stage=Stage.REVIEWING)

    def at(self, name: str) -> Progress:
        """At the question called NAME, whatever was answered before."""
        return replace(self, asked=name, stage=Stage.ASKING, pending="", ticked=_boxes(self.answers.get(name)))

    def tapped(self, value: str) -> Progress:
        """With the box VALUE ticked, or not ticked any more."""
        ticked = tuple(one for one in self.ticked if one != value) if value in self.ticked else (*self.ticked, value)
        return replace(self, ticked=ticked, changes=self.changes + 1)

    def to_json(self) -> str:
        """All of it, together with the questions as they were asked, so that the words outlive the flow."""
        kinds = {question.name: question.kind for question in self.coming_up}
        kept = {
            "flow": self.flow,
            "id": self.id,
            "asked": self.asked,
            "stage": self.stage.value,
            "pending": self.pending,
            "answers": dict(self.answers),
            "said": [[one.name, one.question, one.answer, kinds[one.name]] for one in self.said],
            "ticked": list(self.ticked),
            "changes": self.changes,
            "named": list(self.named),
            "locked": self.locked,
        }
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, setting: Setting = ANYWHERE) -> Progress | Vanished:
        """What `to_json` kept, checked again against the flow as it is declared now and the school as it is set up now."""
        kept: dict[str, Any] = json.loads(text)
        if kept["flow"] not in catalogue.names():
            return _vanished(kept)
        fresh = cls(
            kept["flow"], asked=kept["asked"], stage=Stage(kept["stage"]), id=kept["id"], pending=kept["pending"],
            ticked=tuple(kept.get("ticked", ())), changes=kept.get("changes", 0), named=tuple(kept.get("named", ())),
            locked=kept.get("locked", False), setting=setting,
        )  # fmt: skip
        declared = {question.name: question for question in fresh.questions}
        elsewhere = {question.name for question in questions(fresh.declared)} - declared.keys()
        if not kept["answers"].keys() <= declared.keys() | elsewhere:
            return _vanished(kept)
        said = {name: value for name, value in kept["answers"].items() if name not in elsewhere}
        fitting = {name: value for name, value in said.items() if _fits(declared[name], value)}
        answers = fitting if fresh.locked else _coming_up(declared.values(), fitting)
        # A choice that is no longer offered is asked again. Own words are never dropped: they are given back.
        if any(kind in _OWN_WORDS and name not in answers for name, _, _, kind in kept["said"]):
            return _vanished(kept)
        worded = {name: question for name, question, _, _ in kept["said"] if name in answers}
        progress = replace(fresh, answers=answers, worded=worded)
        return progress if _stands(progress) else progress.onward()


@dataclass(frozen=True, slots=True)
class Vanished:
    """The flow, or a question that was answered, is no longer there. Everything the person said is kept in `said`."""

    flow: str
    note: str
    said: tuple[Said, ...] = field(repr=False)


def _coming_up(declared: Iterable[Question], answers: Mapping[str, JSON]) -> dict[str, JSON]:
    """ANSWERS without those whose question does not come up with the others."""
    left = dict(answers)
    # In declared order: a question cleared here can take others with it, and those stand further down.
    for question in declared:
        if question.name in left and not question.comes_up(left):
            del left[question.name]
    return left


def _about_named(role: str, setting: Setting) -> Question:
    """What is asked once when the words name ROLE: a guess would either shut somebody out or let them read it."""
    called = setting.roles.get(role) or SHORT.get(role, role)
    return Question(
        f"{NAMED}{role}",
        f"Your words may mean the {called}. Is the {called} part of what worries you?",
        why="Whoever it is about must not read it, and we do not want to guess.",
        help="Say “no” if you only mentioned them, or if you meant somebody else.",
        choices=(Choice("Yes, part of it", "yes"), Choice("No", "no")),
        kind="choice",
        gate=True,
    )


def _or_goes_anyway(question: Question) -> Question:
    """QUESTION as a locked report asks it: who must not be told is worth a question, but not that nobody is told at all."""
    offered = {choice.value for choice in question.choices}
    cautious = next((value for value in (RATHER_NOT_SAY, "yes") if value in offered), "")
    return replace(question, silence=cautious, text=f"{question.text} {_GOES_ANYWAY}") if cautious else question


def _boxes(value: JSON) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else ()


def _vanished(kept: Mapping[str, Any]) -> Vanished:
    note = "The questions of this report have changed since you began, so we cannot go on with it. Here is everything you said."
    return Vanished(kept["flow"], note, tuple(Said(question, answer, name) for name, question, answer, _ in kept["said"]))


def _fits(question: Question, value: JSON) -> bool:
    if value is None:
        return question.optional
    known = {choice.value for choice in (*question.choices, *question.more)}
    plain: dict[Kind, bool] = {
        "yes_no": isinstance(value, bool),
        "number": isinstance(value, int) and not isinstance(value, bool),
        "text": isinstance(value, str),
        "ticks": bool(_boxes(value)) and all(isinstance(one, str) and one in known for one in _boxes(value)),
        "when": _is_date(value),
    }
    return plain.get(question.kind, isinstance(value, str) and value in known)


def _is_date(value: JSON) -> bool:
    try:
        return isinstance(value, dict) and bool(When.from_json(value).words)
    except ValueError:
        return False


def _stands(progress: Progress) -> bool:
    """Whether the place the person had reached still makes sense."""
    names = [question.name for question in progress.coming_up]
    if progress.asked == REVIEW:
        return all(name in progress.answers for name in names)
    return progress.asked in names
