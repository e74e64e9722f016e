"""From a report on its way to the cases it opens: what each is about, what its readers see, and who must not be told."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from flows.cases.case import Severity
from flows.flow import Flow
from flows.frame import fastest
from flows.matters import matter
from flows.progress import Progress
from flows.question import JSON, NAMED, NOT_ASKED
from flows.steps import Opening
from flows.when import When

# What a report becomes from the moment a picture of a child may be involved, whatever it was about until then.
PICTURE = "image_by_pupil"


def report_of(progress: Progress) -> Flow:
    """The report as its own class, validated. ValidationError when an answer does not fit with the others."""
    given: dict[str, Any] = {name: _value(said) for name, said in progress.answers.items() if not name.startswith(NAMED)}
    if not progress.locked:
        return progress.declared.model_validate(given)
    # Questions that never came up have no answer, and none is made up for them: each answer given is checked by itself.
    fields = progress.declared.model_fields
    checked = {name: _field(progress.declared, name).validate_python(said) for name, said in given.items() if name in fields}
    return progress.declared.model_construct(set(checked), **{**dict.fromkeys(fields, NOT_ASKED), **checked})


def openings(report: Flow, progress: Progress) -> tuple[Opening, ...]:
    """The cases REPORT opens, the report itself first."""
    confirmed = _confirmed(progress.answers)
    concerned = tuple(dict.fromkeys((*report.concerned_roles(), *confirmed)))
    if progress.locked:
        return (Opening(PICTURE, Severity.IMMEDIATE, progress.said, concerned),)
    # An adult who came up only in the words makes it as fast as one who was named when it was asked.
    severity = fastest(report.severity(), Severity.HIGH) if confirmed else report.severity()
    main = Opening(report.matter(), severity, progress.said, concerned)
    others = tuple(
        Opening(part.matter, matter(part.matter).severity, tuple(one for one in progress.said if one.name in part.shows), concerned)
        for part in report.also()
    )
    return (main, *others)


def _confirmed(answers: Mapping[str, JSON]) -> tuple[str, ...]:
    """The roles that the words named and that the person said are part of it."""
    return tuple(name.removeprefix(NAMED) for name, said in answers.items() if name.startswith(NAMED) and said == "yes")


@cache
def _field(flow: type[Flow], name: str) -> TypeAdapter[Any]:
    answer: Any = flow.model_fields[name].annotation
    return TypeAdapter(answer)


def _value(said: JSON) -> object:
    if isinstance(said, dict):
        return When.from_json(said)
    return frozenset(said) if isinstance(said, list) else said
