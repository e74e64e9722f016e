"""The next steps of a case as a checklist: which of them somebody ticked as done, when, and in which role. Pure.

A tick is an act like every other: taking one away is a later act, and the record shows both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.cases.acts import Doing
from flows.cases.chronology import History, roles_at


@dataclass(frozen=True, slots=True)
class Tick:
    """A step was done, as far as PERSON said, who held ROLES by then."""

    at: datetime
    person: str | None
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the school's own policy, by its `number` on the case; `done` where the last word on it is that it is done."""

    number: int
    text: str
    done: Tick | None = None


def checklist(history: History) -> Sequence[Step]:
    """The steps of the case in their order, each with its tick."""
    ticks: dict[str, Tick | None] = {}
    for one in history.happened:
        if one.act not in (Doing.STEP_DONE, Doing.STEP_UNDONE):
            continue
        step = str((one.details or {}).get("step", ""))
        roles = () if one.person is None else roles_at(history.changes, one.person, one.seq)
        ticks[step] = Tick(one.at, one.person, roles) if one.act == Doing.STEP_DONE else None
    return tuple(Step(number, text, ticks.get(text)) for number, text in enumerate(history.case.steps, 1))
