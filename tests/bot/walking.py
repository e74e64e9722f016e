"""What a path is, and how one is entered in the registry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.bot.worlds import World

DAY = timedelta(days=1)
Walk = Callable[[World], Awaitable[None]]


@dataclass(frozen=True)
class Path:
    """One way to hear of a case: BEFORE it happens, MEANWHILE, once it has come so far, and the walk itself, so much LATER.

    All three are done in both worlds.
    """

    name: str
    walk: Walk
    covers: frozenset[str]
    before: Walk | None = None
    meanwhile: Walk | None = None
    later: timedelta = timedelta(minutes=1)
    on_the_page: bool = False  # whoever it is about is reached on the web page before anywhere else


ENTERED: dict[str, Path] = {}


def path(name: str, covers: str, **more: object) -> Callable[[Walk], Walk]:
    """Enter what follows in the registry as NAME; COVERS are the pieces of code it goes through, one a line or between commas."""

    def enter(walk: Walk) -> Walk:
        names = frozenset(one.strip() for line in covers.splitlines() for one in line.split(",") if one.strip())
        ENTERED[name] = Path(name, walk, names, **more)
        return walk

    return enter


BY_ITSELF = """
    loop outbox, loop conversations, work expand, work claim_pushes, work claim_replies, work next_due, work finish
    summary push, summary taken, summary held, summary blanked
    summary role_words, summary telling, summary in_role, summary by_role
    notice push, notice joined, notice reach, notice phone
    recording opened, recording changed, recording notices, recording replanned, recording settled, recording letters
    store record
"""
