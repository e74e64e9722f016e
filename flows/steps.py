"""What the engine answers with: the next question, the review, a finished report, or a friendly end."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.cases.case import Said, Severity
from flows.flow import Flow
from flows.progress import Progress
from flows.question import Question


@dataclass(frozen=True, slots=True)
class Asking:
    """The open question, number NUMBER of OF so far. `understood` is False when what was said fitted nothing."""

    progress: Progress
    question: Question
    number: int
    of: int
    note: str = field(default="", repr=False)
    understood: bool = True


@dataclass(frozen=True, slots=True)
class Reviewing:
    """Everything that would be sent, each line with the number it is edited by."""

    progress: Progress
    lines: tuple[tuple[int, str, str], ...] = field(repr=False)
    note: str = field(default="", repr=False)
    understood: bool = True


@dataclass(frozen=True, slots=True)
class Opening:
    """One case that a report opens: what it is about, how fast, what its readers see, and the roles that must not be told."""

    matter: str
    severity: Severity
    said: tuple[Said, ...] = field(repr=False)
    concerned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finished:
    """The report is complete: sent off by the person who wrote it, or at once where a picture of a child may be involved.

    The first of `openings` is the report itself, with everything that was said; the others show less.
    """

    report: Flow
    openings: tuple[Opening, ...]
    progress: Progress

    @property
    def said(self) -> tuple[Said, ...]:
        """Everything that was said."""
        return self.openings[0].said


@dataclass(frozen=True, slots=True)
class Stopped:
    """The report ends here, unsent. `kept` says whether `progress` stays as a draft; `because` is the answer that ended it."""

    kept: bool
    note: str
    progress: Progress
    because: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Stale:
    """A button of an earlier question was pressed: nothing changed, and the open question is asked once more."""

    step: Asking | Reviewing


@dataclass(frozen=True, slots=True)
class ToPerson:
    """The person would rather talk to somebody: nothing changed, and the open question is asked once more."""

    step: Asking | Reviewing


Step = Asking | Reviewing | Finished | Stopped | Stale | ToPerson
