"""What a report has to know of the place it is told in: who could be told here, who else may read along, what is read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NewType

# A question of this type offers every role that could receive a report at the school, "someone else" and "rather not say".
Role = NewType("Role", str)

SOMEONE_ELSE = "someone_else"
RATHER_NOT_SAY = "rather_not_say"

# What a button calls a role whose own name at the school is too long for one.
SHORT = MappingProxyType(
    {
        "headteacher": "Headteacher",
        "dsl": "Safeguarding lead",
        "deputy_dsl": "Deputy safeguarding lead",
        "chair": "Chair of governors",
        "slt": "Senior leader",
        "it": "IT support",
        "office": "School office",
        "class_teacher": "Class teacher",
        "dpo": "Data protection officer",
        "eso": "E-safety officer",
        "oso": "Online safety officer",
        "computing_lead": "Computing lead",
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage of the school's own text that is shown before a question, with the version it was taken from."""

    text: str
    version: str


@dataclass(frozen=True, slots=True)
class Setting:
    """`roles` are the school's own words for every role that could receive a report or hear of it when it climbs.

    `workspace` is True where those who run the channel may be able to read along, as in Slack and Teams.
    `readings` are the passages that questions show, by the name the question gives them.
    """

    roles: Mapping[str, str] = field(default_factory=lambda: SHORT)
    workspace: bool = False
    readings: Mapping[str, Reading] = field(default_factory=dict)


ANYWHERE = Setting()
