"""Reads the questions out of a flow's declaration, and refuses one that cannot work, naming file and field."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Literal, NoReturn, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from flows.platforms import BUTTONS, LABELS, Platform
from flows.question import HAPPENED, LONGEST_LABEL, NAMED, Choice, Kind, Needs, NotAsked, Question
from flows.setting import RATHER_NOT_SAY, SHORT, SOMEONE_ELSE, Role
from flows.when import When
from flows.words import DONT_KNOW, RATHER_NOT, command, normal

# Names the engine and pydantic's models use themselves.
TAKEN = frozenset({"review", "title", "heard_as", "intro", "begun_by", "matter", "severity", "concerned_roles", "also", "advice"})

# In `when=`: any of the questions that offer the school's roles.
ANY_ROLE = "any role"

_PLAIN: Mapping[object, Kind] = {int: "number", str: "text", When: "when"}
# What a role question can be answered with besides the roles of the school at hand.
_ROLE_VALUES = frozenset({*SHORT, SOMEONE_ELSE, RATHER_NOT_SAY})


class FlowError(Exception):
    """A flow is declared in a way that cannot work; the message names the file, the field, and what to write."""

    def __init__(self, file: str, field: str, problem: str) -> None:
        super().__init__(f"{file}: {field}: {problem}" if field else f"{file}: {problem}")
        self.file = file
        self.field = field


@dataclass(frozen=True, slots=True)
class Asked:
    """What `ask` was told. It rides in FieldInfo.metadata, which pydantic leaves alone and JSON schemas do not show."""

    text: str
    why: str
    help: str
    when: tuple[Needs, ...]
    optional: bool
    labels: Mapping[str, str]
    stops: Mapping[str, str]
    locks: tuple[str, ...] = ()
    gate: bool = False
    silence: str = ""
    workspace: bool = False
    reading: str = ""
    last: bool = False
    heard: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read(flow: type[BaseModel]) -> tuple[Question, ...]:
    """The questions of FLOW in the order they are asked: as declared, those marked `last` after all others."""
    found: dict[str, Question] = {}
    for name, info in sorted(flow.model_fields.items(), key=lambda field: _how_late(field[1])):
        found[name] = _Declaration(file_of(flow), name, info).question(found)
    return tuple(found.values())


def _how_late(info: FieldInfo) -> tuple[bool, bool]:
    """When a question is asked among the others: one whose silence sends the report comes after everything else."""
    asked = next((one for one in info.metadata if isinstance(one, Asked)), None)
    return (bool(asked.silence), asked.last) if asked else (False, False)


def file_of(flow: type) -> str:
    """The name of the file FLOW is declared in."""
    try:
        return Path(inspect.getfile(flow)).name
    except (OSError, TypeError):  # declared by hand, as at a prompt: the module is all there is to name
        return flow.__module__


@dataclass(frozen=True, slots=True)
class _Declaration:
    file: str
    name: str
    info: FieldInfo

    def question(self, earlier: Mapping[str, Question]) -> Question:
        asked = next((one for one in self.info.metadata if isinstance(one, Asked)), None)
        if asked is None:
            self._refuse('this field has no question; write `= ask("…?")` after its type.')
        if self.name in TAKEN or self.name.startswith(NAMED):
            self._refuse("this name means something else in every flow; choose another one.")
        if not asked.text.rstrip().endswith(("?", ".")):
            self._refuse("its question must end in ? or in a full stop.")
        if asked.reading and "{version}" not in asked.text:
            self._refuse("a question with `reading=` must name the version that was read; write {version} in its text.")
        kind, found = self._answers(asked)
        choices = tuple(replace(one, heard=(*one.heard, *asked.heard.get(one.value, ()))) for one in found)
        if self.name == HAPPENED and (kind != "text" or asked.when or asked.workspace):
            self._refuse("words that lock a report are kept here, so it is a `str` that is always asked.")
        if asked.silence and kind != "choice":
            self._refuse("only a choice can be what `silence=` means; make it a `Literal[…]`.")
        self._check_choices(choices, asked)
        if any(ANY_ROLE in way for way in asked.when) and all(one.kind != "role" for one in earlier.values()):
            self._refuse("when= waits for any role, and no earlier question is of type Role.")
        when = _for_each_role(asked.when, earlier)
        self._check_when(when, earlier)
        return Question(
            self.name, asked.text, asked.help, asked.why, when, asked.optional, choices, kind, asked.stops, asked.locks,
            asked.gate, asked.silence, asked.workspace, asked.reading,
            _places(*(place for place in LABELS if place not in BUTTONS)) if kind == "platform" else (),
        )  # fmt: skip

    def _answers(self, asked: Asked) -> tuple[Kind, tuple[Choice, ...]]:
        said = self.info.annotation
        parts = (said,) if get_origin(said) in (Literal, frozenset) else (get_args(said) or (said,))
        if asked.optional != (NoneType in parts):
            self._refuse("a question that may be skipped needs both `optional=True` and a type that ends in `| None`.")
        if bool(asked.when or asked.workspace) != (NotAsked in parts):
            self._refuse(
                "a question that may not come up needs both `when=` (or `workspace=`) and a type that ends in `| NotAsked`."
            )
        kinds = [part for part in parts if part not in (NoneType, NotAsked)]
        if len(kinds) != 1:
            self._refuse("it must have one type of answer, such as `str`, `bool`, `int`, `Platform` or `Literal[…]`.")
        return self._kind(kinds[0], asked.labels)

    def _kind(self, answer: object, labels: Mapping[str, str]) -> tuple[Kind, tuple[Choice, ...]]:
        if answer is Platform:
            return "platform", _places(*BUTTONS)
        if answer is bool:
            return "yes_no", (Choice(labels.get("yes", "Yes"), "yes"), Choice(labels.get("no", "No"), "no"))
        if answer is Role:
            return "role", ()  # which roles there are is the school's to say
        if plain := next((kind for type_, kind in _PLAIN.items() if answer is type_), None):
            return plain, ()
        if get_origin(answer) is frozenset:
            return "ticks", self._choices(get_args(answer)[0], labels)
        return "choice", self._choices(answer, labels)

    def _choices(self, answer: object, labels: Mapping[str, str]) -> tuple[Choice, ...]:
        values: Iterable[object] = ()
        if get_origin(answer) is Literal:
            values = get_args(answer)
        elif isinstance(answer, type) and issubclass(answer, Enum):
            values = [member.value for member in answer]
        else:
            self._refuse(
                "nobody can answer this type yet; use `str`, `bool`, `int`, `When`, `Role`, `Platform`, `Literal[…]`, an Enum of "
                "words, or `frozenset[Literal[…]]` for boxes to tick."
            )
        if not all(isinstance(value, str) and value for value in values):
            self._refuse("every choice must be a word or words.")
        words = [str(value) for value in values]
        return tuple(Choice(labels.get(word, word.replace("_", " ").capitalize()), word) for word in words)

    def _check_choices(self, choices: tuple[Choice, ...], asked: Asked) -> None:
        values = {choice.value for choice in choices}
        silence = {asked.silence} if asked.silence else set()
        for what, keys in (
            ("labels=", asked.labels), ("stops=", asked.stops), ("locks=", asked.locks),
            ("silence=", silence), ("heard=", asked.heard),
        ):  # fmt: skip
            if unknown := sorted(set(keys) - values):
                self._refuse(f"{what} names “{unknown[0]}”, which is no answer to this question.")
        heard: set[str] = set()
        for choice in choices:
            said = normal(choice.label)
            if len(choice.label) > LONGEST_LABEL:
                self._refuse(f"the choice “{choice.label}” is {len(choice.label)} characters; a button holds {LONGEST_LABEL}.")
            if not said:
                self._refuse(f"the choice “{choice.label}” has no letter or number, so nobody can type it.")
            if said in heard:
                self._refuse(f"two choices are called “{choice.label}”; nobody could tell them apart.")
            if any(command(name) and normal(name) not in DONT_KNOW | RATHER_NOT for name in (choice.label, choice.value)):
                self._refuse(f"the choice “{choice.label}” is a word that steers every report; call it something else.")
            heard.add(said)

    def _check_when(self, ways: tuple[Needs, ...], earlier: Mapping[str, Question]) -> None:
        for name, wanted in ((name, wanted) for way in ways for name, wanted in way.items()):
            if name not in earlier:
                self._refuse(f"when= names “{name}”, which is no earlier question; known: {', '.join(earlier) or 'none'}.")
            known = (*earlier[name].choices, *earlier[name].more)
            values = _ROLE_VALUES if earlier[name].kind == "role" else {choice.value for choice in known}
            for value in wanted if isinstance(wanted, tuple) else (wanted,):
                told = ("yes" if value else "no") if isinstance(value, bool) else value
                if isinstance(value, bool) != (earlier[name].kind == "yes_no") or told not in values:
                    self._refuse(f"when= waits for “{told}”, which is no answer to “{name}”; known: {', '.join(sorted(values))}.")

    def _refuse(self, problem: str) -> NoReturn:
        raise FlowError(self.file, self.name, problem)


def _places(*platforms: Platform) -> tuple[Choice, ...]:
    return tuple(Choice(LABELS[platform], platform.value) for platform in platforms)


def _for_each_role(ways: tuple[Needs, ...], earlier: Mapping[str, Question]) -> tuple[Needs, ...]:
    """WAYS with “any role” spelled out: one way for each question so far that offers the school's roles."""
    roles = [name for name, question in earlier.items() if question.kind == "role"]
    return tuple(
        {(role if name == ANY_ROLE else name): wanted for name, wanted in way.items()}
        for way in ways
        for role in (roles if ANY_ROLE in way else ("",))
    )
