"""The reports that one conversation may ask about: those sent from there, and those whose secret code was shown there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.turn import Followed
from flows.cases.calendar import Calendar
from storage.kept import Lease
from storage.store import Store


def readers(store: Store, calendar: Calendar, lease: Lease, opened: frozenset[str], key: str = "") -> Followed:
    """What may be read from the conversation of LEASE, with the reports that the keys OPENED."""
    here, whose = lease.conversation, _person(lease)
    return Followed(
        key,
        own=lambda: store.own(here, opened, whose),
        climbs=lambda case: store.climbs(here, case, opened, whose),
        due=lambda case: store.due(here, case, calendar, opened, whose),
    )


def opener(
    store: Store, calendar: Calendar, lease: Lease, opened: frozenset[str]
) -> Callable[[str, str], Awaitable[Followed | None]]:
    """How one more is opened there, by its reference and its code."""

    async def follow(reference: str, code: str) -> Followed | None:
        key = await store.following.opens(reference, code, _person(lease))
        return None if key is None else readers(store, calendar, lease, opened | {key}, key)

    return follow


def _person(lease: Lease) -> str | None:
    return lease.person.id if lease.person is not None else None
