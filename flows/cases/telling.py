"""Who has been told of a case, in which role, and how far that went: from a row that waits to somebody who says “I have it”."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Reached(StrEnum):
    """How far a card has come, as far as anything proves it. Each includes those before it."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    SEEN = "seen"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class Told:
    """One person was told in one lap of a case: in which `roles` they held by then, and since when it stands as it does."""

    person: str
    roles: tuple[str, ...]
    at: datetime
    reached: Reached
    since: datetime
    lap: int = 0
