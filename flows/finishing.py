"""From a report on its way to the cases it opens: what each is about, what its readers see, and who must not be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.cases.case import Severity
from flows.flow import Flow
from flows.matters import matter
from flows.progress import NAMED, Progress
from flows.question import JSON, NOT_ASKED
from flows.steps import Opening
from flows.when import When

# What a report becomes from the moment a picture of a child may be involved, whatever it was about until then.
PICTURE = "image_by_pupil"


def report_of(progress: Progress) -> Flow:
    """The report as its own class, validated. ValidationError when an answer does not fit with the others."""
    given: dict[str, Any] = {name: _value(said) for name, said in progress.answers.items() if not name.startswith(NAMED)}
    if progress.locked:
        # Questions that never came up have no answer, and none is made up for them: each answer given was checked by itself.
        return progress.declared.model_construct(
            set(given), **{**dict.fromkeys(progress.declared.model_fields, NOT_ASKED), **given}
        )
    return progress.declared.model_validate(given)


def openings(report: Flow, progress: Progress) -> tuple[Opening, ...]:
    """The cases REPORT opens, the report itself first."""
    concerned = tuple(dict.fromkeys((*report.concerned_roles(), *_confirmed(progress.answers))))
    if progress.locked:
        return (Opening(PICTURE, Severity.IMMEDIATE, progress.said, concerned),)
    main = Opening(report.matter(), report.severity(), progress.said, concerned)
    others = tuple(
        Opening(part.matter, matter(part.matter).severity, tuple(one for one in progress.said if one.name in part.shows), concerned)
        for part in report.also()
    )
    return (main, *others)


def _confirmed(answers: Mapping[str, JSON]) -> tuple[str, ...]:
    """The roles that the words named and that the person said are part of it."""
    return tuple(name.removeprefix(NAMED) for name, said in answers.items() if name.startswith(NAMED) and said == "yes")


def _value(said: JSON) -> object:
    if isinstance(said, dict):
        return When.from_json(said)
    return frozenset(said) if isinstance(said, list) else said
