"""What is remembered while somebody fills in a form about a case: which form, about which case, what was said so far."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from bot.memory import ADDING

KEY = "case_form"  # memory: the form that is open, if one is
ABOUT = "form:"  # about: the buttons of a form, followed by the token of what they were shown with
WORDS, SURE = "words", "sure"  # the step at which words are wanted, and the one at which all is said and only a yes is wanted
FRESH = timedelta(minutes=30)  # after that the next message is about something else


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A form that is open: at `step` of `form` about the case with the id `case`. Only the newest `token` has live buttons."""

    form: str
    case: str
    step: str
    at: datetime
    token: str = ""
    said: dict[str, str] = field(default_factory=dict, repr=False)

    def fresh(self, now: datetime) -> bool:
        """Whether words that come NOW still belong to it."""
        return timedelta(0) <= now - self.at <= FRESH

    def onward(self, step: str, now: datetime, **said: str) -> CaseDraft:
        """The same form at its next STEP, with what was SAID."""
        return replace(self, step=step, at=now, token=_token(), said={**self.said, **said})

    @property
    def about(self) -> str:
        """What its buttons belong to."""
        return f"{ABOUT}{self.token}"


def begun(form: str, case: str, step: str, now: datetime, **said: str) -> CaseDraft:
    """FORM about CASE, at its first STEP."""
    return CaseDraft(form, case, step, now, _token(), dict(said))


def recall(memory: dict[str, str]) -> CaseDraft | None:
    """The form that MEMORY holds, if any."""
    if KEY not in memory:
        return None
    kept = json.loads(memory[KEY])
    return CaseDraft(**{**kept, "at": datetime.fromisoformat(kept["at"])})


def remember(memory: dict[str, str], draft: CaseDraft) -> dict[str, str]:
    """MEMORY with DRAFT as the one thing that waits for words."""
    kept = {**asdict(draft), "at": draft.at.isoformat()}
    left = {key: value for key, value in memory.items() if key != ADDING}
    return {**left, KEY: json.dumps(kept, ensure_ascii=False)}


def forget(memory: dict[str, str]) -> dict[str, str]:
    """MEMORY with no form open."""
    return {key: value for key, value in memory.items() if key != KEY}


def _token() -> str:
    return uuid.uuid4().hex[:8]
