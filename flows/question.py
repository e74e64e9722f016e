"""One question as it is asked: its words, what can be pressed, and which earlier answers it depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final, Literal

from flows.setting import RATHER_NOT_SAY, SHORT, SOMEONE_ELSE, Setting
from flows.when import When

# What an answer is while it is kept between two messages: ticked boxes are a list, a date in plain words is a mapping.
JSON = str | int | bool | list[str] | dict[str, str] | None

Kind = Literal["choice", "yes_no", "number", "platform", "text", "ticks", "when", "role"]

# What a button can hold in the tightest channel we know.
LONGEST_LABEL = 24

# The question for what happened, by the one name it has in every report.
HAPPENED = "happened"
# The question whether a role that the words name is part of it: this, and the role.
NAMED = "named_"

# Which answers a question needs to earlier ones: each named field must hold that value, or one of those values.
Wanted = str | bool | tuple[str | bool, ...]
Needs = Mapping[str, Wanted]


class NotAsked(Enum):
    """The one value of a field whose question did not come up."""

    NOT_ASKED = "not asked"

    def __bool__(self) -> bool:
        return False


NOT_ASKED: Final = NotAsked.NOT_ASKED


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be pressed: what it says, what it means, and what else it may be called by those who type."""

    label: str
    value: str
    heard: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question, ready to be asked.

    `when` lists the ways in which it can come up (none: always). `stops` says goodbye kindly on a value that ends the report;
    a value in `locks` means that a picture of a child may be involved, and nothing more is asked. `gate` questions decide who
    must not be told, so they are asked even then. `silence` is what no answer at all is taken to mean. `more` are answers
    that have no button of their own and are understood when they are typed.
    """

    name: str
    text: str
    help: str = ""
    why: str = ""
    when: tuple[Needs, ...] = ()
    optional: bool = False
    choices: tuple[Choice, ...] = ()
    kind: Kind = "text"
    stops: Mapping[str, str] = field(default_factory=dict)
    locks: tuple[str, ...] = ()
    gate: bool = False
    silence: str = ""
    workspace: bool = False  # asked only where those who run the channel may read along
    reading: str = ""  # the passage of the school's own text that is shown with it
    more: tuple[Choice, ...] = ()

    def comes_up(self, answers: Mapping[str, JSON]) -> bool:
        """Whether this question is asked, given what has been answered before it."""
        return not self.when or any(all(_holds(answers, *need) for need in way.items()) for way in self.when)

    def shown(self, value: JSON) -> str:
        """VALUE in the words the person saw: the label of the choice, or what they wrote."""
        if value is None:
            return "Left out"
        if isinstance(value, list):
            return ", ".join(choice.label for choice in self.choices if choice.value in value)
        if isinstance(value, dict):
            return When.from_json(value).shown()
        (said,) = told(value)
        return next((choice.label for choice in (*self.choices, *self.more) if choice.value == said), said)

    def here(self, setting: Setting) -> Question:
        """This question as it is asked in SETTING: with the school's own roles to choose from, and the passage it shows."""
        if self.reading:
            # Which version somebody agreed to has to stand in the question, because the question is kept with the answer.
            return replace(self, text=self.text.format(version=setting.readings[self.reading].version))
        if self.kind != "role":
            return self
        roles = [Choice(_button(role, words), role, (words,)) for role, words in setting.roles.items()]
        others = (Choice("Someone else", SOMEONE_ELSE), Choice("Rather not say", RATHER_NOT_SAY))
        return replace(self, choices=(*roles, *others))


def told(value: JSON) -> tuple[str, ...]:
    """The choices that VALUE is made of, as flows declare them; what was written counts as one."""
    if isinstance(value, list):
        return tuple(value)
    return (("yes" if value else "no") if isinstance(value, bool) else str(value),)


def asked_here(declared: Sequence[Question], setting: Setting) -> tuple[Question, ...]:
    """DECLARED as it is asked in SETTING, without what is only asked elsewhere."""
    return tuple(question.here(setting) for question in declared if setting.workspace or not question.workspace)


def _button(role: str, words: str) -> str:
    return words if role not in SHORT or len(words) <= LONGEST_LABEL else SHORT[role]


def _holds(answers: Mapping[str, JSON], name: str, wanted: Wanted) -> bool:
    if name not in answers:
        return False
    among = wanted if isinstance(wanted, tuple) else (wanted,)
    said = answers[name]
    return any(one in among for one in said) if isinstance(said, list) else said in among
