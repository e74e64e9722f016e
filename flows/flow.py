"""What a guided report is: a class whose fields are its questions, checked when it is loaded and validated when it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticUndefined

from flows.cases.case import Severity
from flows.declared import Asked, FlowError, read
from flows.matters import matter
from flows.question import NOT_ASKED, Choice, Needs, NotAsked, Question

__all__ = ["NOT_ASKED", "Choice", "Flow", "FlowError", "NotAsked", "Question", "ask", "questions"]


def ask(
    text: str,
    *,
    why: str = "",
    help: str = "",  # noqa: A002 - it reads as the word it is where flows are written
    when: Needs | Sequence[Needs] | None = None,
    optional: bool = False,
    labels: Mapping[str, str] | None = None,
    stops: Mapping[str, str] | None = None,
) -> Any:
    """Declare one question.

    `why` answers "why do you ask?", `help` explains it, `labels` names its choices. Only `optional` makes it skippable.
    `when` lets it come up only after certain answers: `{"adult": "yes"}`, or a list of such ways of which one is enough.
    `stops` maps an answer that ends the report kindly to what is said then.
    """
    ways = () if when is None else (when,) if isinstance(when, Mapping) else tuple(when)
    default: Any = NOT_ASKED if ways else None if optional else PydanticUndefined
    # In `metadata`, not in json_schema_extra: there it would be copied into, and break, the model's JSON schema.
    info = Field(default=default)
    info.metadata.append(Asked(text, why, help, ways, optional, dict(labels or {}), dict(stops or {})))
    return info


class Flow(BaseModel):
    """One guided report. An instance is the report itself: everything that was answered, validated field by field."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    title: ClassVar[str] = ""
    heard_as: ClassVar[tuple[str, ...]] = ()
    intro: ClassVar[str] = ""

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


@cache
def questions(flow: type[Flow]) -> tuple[Question, ...]:
    """The questions of FLOW in the order they are declared; FlowError when one cannot work."""
    return read(flow)
