"""A notice: one thing that must be said about a case at one moment, to whoever holds the roles of one rung by then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoticeKind(StrEnum):
    """What a due notice does."""

    PUSH = "push"  # tell the people of this rung
    JOINED = "joined"  # somebody joined this rung, or is back: tell whoever of it was not told, and hurry nobody
    REACH = "reach"  # look whether anybody who was told has really got it: if not, their next place, or the next rung
    PHONE = "phone"  # nobody took it: tell the reporter to phone


@dataclass(frozen=True, slots=True)
class Notice:
    """Stored with case and rung only: the person is resolved, and conflicts are checked, when it falls due."""

    case: str
    rung: int
    kind: NoticeKind
    due_at: datetime
