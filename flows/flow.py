"""What a guided report is: a class whose fields are its questions, checked when it is loaded and validated when it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticUndefined

from flows.cases.case import Severity
from flows.declared import ANY_ROLE, Asked, FlowError, read
from flows.matters import matter
from flows.question import NOT_ASKED, Choice, Needs, NotAsked, Question
from flows.setting import Role
from flows.when import When

__all__ = [
    "ANY_ROLE", "NOT_ASKED", "Choice", "Flow", "FlowError", "NotAsked", "Part", "Question", "Role", "When", "ask", "questions",
]  # fmt: skip


def ask(
    text: str,
    *,
    why: str = "",
    help: str = "",  # noqa: A002 - it reads as the word it is where flows are written
    when: Needs | Sequence[Needs] | None = None,
    optional: bool = False,
    labels: Mapping[str, str] | None = None,
    heard: Mapping[str, Sequence[str]] | None = None,
    stops: Mapping[str, str] | None = None,
    locks: Sequence[str] = (),
    gate: bool = False,
    silence: str = "",
    workspace: bool = False,
    reading: str = "",
    last: bool = False,
) -> Any:
    """Declare one question.

    `why` answers "why do you ask?", `help` explains it, `labels` names its choices, and `heard` says what else they are called by
    those who type. Only `optional` makes it skippable.
    `when` lets it come up only after certain answers: `{"adult": "yes"}`, or a list of such ways of which one is enough;
    `ANY_ROLE` there means any earlier question of type Role. `workspace` lets it come up only where those who run the channel
    may read along. `last` asks it after the questions of the flows that inherit it.

    `stops` maps an answer that ends the report kindly to what is said then. An answer in `locks` means that there may be a
    sexual picture of a child: nothing more is asked and what is there is sent, but `gate` questions are asked even then,
    because they decide who must not be told. `silence` is the answer taken when none comes: the report is then sent as it is,
    so its text has to say so. `reading` names the passage of the school's own text that is shown with it.
    """
    ways = () if when is None else (when,) if isinstance(when, Mapping) else tuple(when)
    default: Any = NOT_ASKED if ways or workspace else None if optional else PydanticUndefined
    # In `metadata`, not in json_schema_extra: there it would be copied into, and break, the model's JSON schema.
    info = Field(default=default)
    info.metadata.append(
        Asked(
            text, why, help, ways, optional, dict(labels or {}), dict(stops or {}), tuple(locks), gate, silence, workspace,
            reading, last, {value: tuple(words) for value, words in (heard or {}).items()},
        )
    )  # fmt: skip
    return info


@dataclass(frozen=True, slots=True)
class Part:
    """A second matter in one report, for people who may see only the answers to the questions named in `shows`."""

    matter: str
    shows: tuple[str, ...]


class Flow(BaseModel):
    """One guided report. An instance is the report itself: everything that was answered, validated field by field."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    title: ClassVar[str] = ""
    heard_as: ClassVar[tuple[str, ...]] = ()
    intro: ClassVar[str] = ""
    begun_by: ClassVar[str] = ""  # who begins it, where no school offers it to everybody

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        questions(cls)  # a declaration that cannot work fails here, when its file is loaded

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return []  # what people wrote must not reach a log or a traceback

    def matter(self) -> str:
        """The name, from flows/matters.py, of what this report is about."""
        raise NotImplementedError(f"{type(self).__name__} must say in matter() what it is about.")

    def severity(self) -> Severity:
        """How fast somebody must have it: the matter's own speed unless the answers say otherwise."""
        return matter(self.matter()).severity

    def concerned_roles(self) -> tuple[str, ...]:
        """The roles named as being part of this, who must therefore not be told."""
        return ()

    def advice(self) -> tuple[str, ...]:
        """What to do meanwhile, said once the report is sent: our own advice, not the school's rule."""
        return ()

    def also(self) -> tuple[Part, ...]:
        """Further matters in the same report, each a case of its own that shows its readers less."""
        return ()


@cache
def questions(flow: type[Flow]) -> tuple[Question, ...]:
    """The questions of FLOW in the order they are asked, in whatever place; FlowError when one cannot work."""
    return read(flow)
