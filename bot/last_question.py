"""What the bot remembers of the last question, so that a follow-up, a rating or "none of these" has something to belong to."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from knowledge.search import Sure

KEY = "question"  # in the conversation's memory
# After this long somebody who writes "and what about parents?" has begun to speak of something else.
FRESH = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class LastQuestion:
    """The question asked last and what was shown for it.

    `text` is the whole of it where only half was typed, and `said` is what was typed. `quoted` is the rule quoted last, to this
    question or the one before it. `meant` is the question with its spelling put right, where that was offered.
    """

    id: str
    text: str = field(repr=False)
    said: str = field(repr=False)
    sure: Sure
    at: datetime
    refs: tuple[str, ...] = ()
    quoted: str | None = None
    meant: str | None = field(default=None, repr=False)
    version: int | None = None  # of the policy, where one was published

    def fresh(self, now: datetime) -> bool:
        """Whether what is said at NOW may still be about it."""
        return timedelta(0) <= now - self.at <= FRESH

    def having_shown(self, *refs: str, quoted: str | None = None) -> LastQuestion:
        """The same after REFS were shown too."""
        return replace(self, refs=tuple(dict.fromkeys((*self.refs, *refs))), quoted=quoted or self.quoted)


def recall(memory: dict[str, str]) -> LastQuestion | None:
    """The question that MEMORY holds, if any."""
    if KEY not in memory:
        return None
    kept = json.loads(memory[KEY])
    refs, at = tuple(kept.pop("refs")), datetime.fromisoformat(kept.pop("at"))
    return LastQuestion(sure=Sure(kept.pop("sure")), at=at, refs=refs, **kept)


def remember(memory: dict[str, str], last: LastQuestion) -> dict[str, str]:
    """MEMORY with LAST in it."""
    return {**memory, KEY: json.dumps({**asdict(last), "at": last.at.isoformat()}, ensure_ascii=False)}
