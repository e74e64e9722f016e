"""What one form is: how it begins, what it does with words, what it does on a yes, and how it is filled in once more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.case_drafts import CaseDraft
from bot.case_wishes import Typed
from bot.turn import Outcome, Turn
from flows.cases.case import Case
from storage.kept import Person


@dataclass(frozen=True, slots=True)
class Form:
    """One form about a case that PERSON can see. Each function decides and changes nothing; `done` runs on what was read back."""

    begun: Callable[[Turn, Case, Person, Typed], Awaitable[Outcome]]
    heard: Callable[[Turn, Case, Person, CaseDraft], Awaitable[Outcome]]
    done: Callable[[Turn, Case, Person, CaseDraft], Awaitable[Outcome]]
    again: Callable[[Turn, Case, CaseDraft], Outcome]
