"""Everybody's private chat with us: remembered from what they wrote, and otherwise asked of Teams, which begins it if need be."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from bot.channels.teams.calls import Calls
from bot.channels.teams.hearing import Where
from bot.channels.teams.places import Place

REMEMBERED = 5000


@dataclass(frozen=True, slots=True)
class Chat:
    """One private chat: the address to call, and its ID there."""

    service: str
    conversation: str = field(repr=False)


class Chats:
    """The private chats of this process. Teams gives the same one each time it is asked, so none has to outlive a restart."""

    def __init__(self, calls: Calls, service: str) -> None:
        self._calls = calls
        self._service = service
        self._known: OrderedDict[str, Chat] = OrderedDict()
        self._services: OrderedDict[str, str] = OrderedDict()  # by tenant: where it was last heard from

    def heard(self, place: Place, where: Where) -> None:
        """Remember where PLACE has just written."""
        self._services[place.tenant] = where.service
        if where.private:
            self._keep(place, Chat(where.service, where.conversation))

    async def of(self, place: Place) -> Chat:
        """The chat with PLACE."""
        known = self._known.get(place.account)
        if known is None:
            service = self._services.get(place.tenant, self._service)
            known = Chat(*await self._calls.create(service, place.tenant, place.user))
            self._keep(place, known)
        return known

    def forget(self, place: Place) -> None:
        """Ask again next time: what was remembered led nowhere."""
        self._known.pop(place.account, None)

    def _keep(self, place: Place, chat: Chat) -> None:
        self._known[place.account] = chat
        self._known.move_to_end(place.account)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
