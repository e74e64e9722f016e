"""Who somebody is in a workspace: a full member or a guest, and by which name; asked rarely, and never waited for long."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from bot.channel import SendFailed
from bot.channels.slack.calls import Unclear
from bot.logs import log

KNOWN_FOR = 600.0  # real seconds: whoever becomes a guest, or leaves, is no member after that
REMEMBERED = 2000
WITHIN = 1.0  # Slack gives us three seconds for everything, keeping the message included
NOT_FULL = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted", "is_invited_user")

Ask = Callable[[str], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Member:
    """What matters of somebody."""

    name: str = field(default="", repr=False)
    full: bool = False


UNKNOWN = Member()


class Members:
    """The people of one workspace."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._known: OrderedDict[str, tuple[float, Member]] = OrderedDict()

    async def who(self, user: str, team: str) -> Member:
        """USER of TEAM. Whoever cannot be asked about in time is nobody's staff: they are heard like anybody else."""
        kept = self._known.get(user)
        if kept is not None and kept[0] > monotonic():
            return kept[1]
        try:
            async with asyncio.timeout(WITHIN):
                member = _member(await self._ask(user), team)
        except (SendFailed, Unclear, TimeoutError, KeyError, TypeError, AttributeError) as error:
            log.warning("nobody could say whether a sender is a member: taken for a guest", channel="slack", exc_info=error)
            return UNKNOWN
        self._known[user] = (monotonic() + KNOWN_FOR, member)
        self._known.move_to_end(user)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return member


def _member(known: Mapping[str, Any], team: str) -> Member:
    profile = known.get("profile") or {}
    name = profile.get("real_name") or known.get("real_name") or profile.get("display_name") or ""
    at_home = not team or known.get("team_id", team) == team
    return Member(str(name), at_home and not any(known.get(mark) for mark in NOT_FULL))
