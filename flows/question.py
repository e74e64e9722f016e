"""One question as it is asked: its words, what can be pressed, and which earlier answers it depends on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal

# What an answer is while it is kept between two messages.
JSON = str | int | bool | None

Kind = Literal["choice", "yes_no", "number", "platform", "text"]

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
    """One answer that can be pressed: what it says and what it means."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question, ready to be asked.

    `when` lists the ways in which it can come up (none: always). `stops` says goodbye kindly on a value that ends the report.
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

    def comes_up(self, answers: Mapping[str, JSON]) -> bool:
        """Whether this question is asked, given what has been answered before it."""
        return not self.when or any(all(_holds(answers, *need) for need in way.items()) for way in self.when)

    def shown(self, value: JSON) -> str:
        """VALUE in the words the person saw: the label of the choice, or what they wrote."""
        if value is None:
            return "Left out"
        told = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        return next((choice.label for choice in self.choices if choice.value == told), told)


def _holds(answers: Mapping[str, JSON], name: str, wanted: Wanted) -> bool:
    return name in answers and answers[name] in (wanted if isinstance(wanted, tuple) else (wanted,))
