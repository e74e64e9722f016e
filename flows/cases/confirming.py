"""Who may say that somebody's new role is right: one of those who lead, and neither whoever holds it nor whoever gave it. Pure."""

from __future__ import annotations

from collections.abc import Collection

from flows.cases.routing import CHAIR, HEADTEACHER, LEAD

# They hear of every change of a role, and any of them can confirm one.
LEADING = (HEADTEACHER, LEAD, CHAIR)


def leads(confirmed: Collection[str]) -> bool:
    """Whether somebody leads the school, by the roles of theirs that are CONFIRMED."""
    return not set(LEADING).isdisjoint(confirmed)


def may_confirm(one: str, confirmed: Collection[str], *, holder: str, given_by: str | None) -> bool:
    """Whether ONE, by the roles of theirs that are CONFIRMED, may confirm what GIVEN_BY gave to HOLDER."""
    return one not in (holder, given_by) and leads(confirmed)
