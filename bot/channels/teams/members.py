"""Who somebody is in a tenant: a full member or a guest; asked rarely, and never waited for long."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from time import monotonic

from microsoft_teams.api import TeamsChannelAccount

from bot.channel import Misconfigured, SendFailed
from bot.channels.teams.calls import Calls
from bot.channels.teams.hearing import Where
from bot.channels.teams.login import Unclear
from bot.channels.teams.places import Place
from bot.logs import log

KNOWN_FOR = 600.0  # real seconds: whoever becomes a guest, or leaves, is no member after that
REMEMBERED = 2000
WITHIN = 1.0  # whoever wrote waits for nothing longer than this
_GUEST = "#ext#"  # in the name of an account that belongs to another organisation
_NOT_FULL = {"guest", "anonymous", "federated"}


class Members:
    """The people of the tenants that may write."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._known: OrderedDict[str, tuple[float, bool]] = OrderedDict()

    async def full(self, place: Place, where: Where) -> bool:
        """Whether the account at PLACE is no guest. Who cannot be asked about in time is heard like anybody else."""
        kept = self._known.get(place.account)
        if kept is not None and kept[0] > monotonic():
            return kept[1]
        try:
            async with asyncio.timeout(WITHIN):
                found = _full(await self._calls.member(where.service, where.roster, where.account), place)
        except (SendFailed, Unclear, Misconfigured, TimeoutError) as error:
            log.warning("nobody could say whether a sender is a member: taken for a guest", channel="teams", exc_info=error)
            return False
        self._known[place.account] = (monotonic() + KNOWN_FOR, found)
        self._known.move_to_end(place.account)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return found


def _full(member: TeamsChannelAccount, place: Place) -> bool:
    """Whether Teams names MEMBER as the one at PLACE, in that tenant, and as no guest of it."""
    same = (member.tenant_id or "").lower() == place.tenant and (member.aad_object_id or "").lower() == place.user
    guest = (member.user_role or "").lower() in _NOT_FULL or _GUEST in (member.user_principal_name or "").lower()
    return same and not guest
