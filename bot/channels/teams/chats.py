"""Everybody's private chat with us: remembered from what they wrote, and otherwise asked of Teams, which begins it if need be."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace

from bot.channels.teams.calls import Calls
from bot.channels.teams.hearing import Where
from bot.channels.teams.places import Place

REMEMBERED = 5000


@dataclass(frozen=True, slots=True)
class Chat:
    """One private chat: the address to call, and its ID there. `account` is what Teams calls the person towards us."""

    service: str
    conversation: str = field(default="", repr=False)  # empty: they have written to us before others only
    account: str = field(default="", repr=False)


class Chats:
    """The private chats of this process. Teams gives the same one each time it is asked, so none has to outlive a restart."""

    def __init__(self, calls: Calls, service: str) -> None:
        self._calls = calls
        self._service = service
        self._known: OrderedDict[str, Chat] = OrderedDict()

    def heard(self, place: Place, where: Where) -> None:
        """Remember where PLACE has just written."""
        before = self._known.get(place.account)
        conversation = where.conversation if where.private else before.conversation if before is not None else ""
        self._keep(place, Chat(where.service, conversation, where.account))

    async def of(self, place: Place) -> Chat:
        """The chat with PLACE."""
        known = self._known.get(place.account, Chat(self._service))
        if not known.conversation:
            # Both are names that Teams knows them by; the account is what it has called them itself.
            service, conversation = await self._calls.create(known.service, place.tenant, known.account or place.user)
            known = replace(known, service=service, conversation=conversation)
            self._keep(place, known)
        return known

    def forget(self, place: Place) -> None:
        """Ask again next time: what was remembered led nowhere."""
        if known := self._known.get(place.account):
            self._known[place.account] = replace(known, conversation="")

    def _keep(self, place: Place, chat: Chat) -> None:
        self._known[place.account] = chat
        self._known.move_to_end(place.account)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
