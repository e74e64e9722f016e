"""Hands what was heard to the right school's inbox: asks once which school it is, and finds what an old button meant."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from bot.channel import ChannelContext, Receive, SendFailed
from bot.channels.telegram.buttons import FORGOTTEN, pick, picked, recognised, school_of
from bot.channels.telegram.calls import Calls
from bot.channels.telegram.hearing import NAME, Heard
from bot.channels.telegram.lines import Served
from bot.channels.telegram.places import Place
from bot.channels.telegram.saying import Part
from bot.messages import REPLY, Address, IncomingMessage
from bot.wording_telegram import WHICH_SCHOOL

SAID = 100  # lines looked through for a button that carries only its mark
REMEMBERED = 10_000  # people whose school is known without looking
BEGIN, OTHER_SCHOOL = "/start", "/school"


class Keeping:
    """For one bot. Who has picked a school is known by the conversation they have there, so that a restart asks nobody again."""

    def __init__(self, context: ChannelContext, served: Served, calls: Calls) -> None:
        self._context = context
        self._schools = served.schools
        self._calls = calls
        self._picked: OrderedDict[str, str] = OrderedDict()

    @property
    def shared(self) -> bool:
        """Whether the bot serves several schools."""
        return len(self._schools) > 1

    async def keep(self, found: Heard, receive: Receive) -> None:
        """Keep what was FOUND where it belongs. Once this returns it is durable, or there was nothing to keep."""
        message = found.message
        if message is None:
            return
        if not self.shared:
            await receive(self._schools[0], await self._meant(found, message, self._schools[0]))
        elif found.button is not None:
            await self._pressed(found, message, receive)
        else:
            await self._said(found, message, receive)

    async def _pressed(self, found: Heard, message: IncomingMessage, receive: Receive) -> None:
        """A button leads to the school that showed it, whichever was picked meanwhile; or it picks one."""
        assert found.button is not None  # noqa: S101 - the caller asked; said for the type checker
        if school := picked(found.button.carried, self._schools):
            self._remember(message.sender, school)
            # What was written before the question is what the question replies to: Telegram keeps it for us.
            first = found.button.behind or replace(message, text=BEGIN, about="", pressed=False)
            await receive(school, _at(school, first))
        elif school := school_of(found.button.carried, self._schools):
            await receive(school, await self._meant(found, _at(school, message), school))

    async def _said(self, found: Heard, message: IncomingMessage, receive: Receive) -> None:
        word, _, rest = message.text.partition(" ")
        # A link may say which school is meant, and after that bring the code of an invitation.
        named, _, code = rest.partition("_")
        school = named if word == BEGIN and named in self._schools else await self._known(message.sender)
        if named and named == school and word == BEGIN:
            self._remember(message.sender, school)
            message = replace(message, text=f"{BEGIN} {code}" if code else BEGIN)
        if not school or message.text == OTHER_SCHOOL:
            await self._ask(message, found.number if message.private and message.text != OTHER_SCHOOL else 0)
            return
        await receive(school, _at(school, message))

    async def _known(self, sender: str) -> str:
        """The school that SENDER last talked with; empty when there is none."""
        if sender in self._picked:
            return self._picked[sender]
        last = []
        for school in self._schools:
            place = f"{sender}:{school}"
            lines = await self._context.store(school).conversations.transcript(NAME, place, place, 1)
            last += [(line.at, school) for line in lines]
        if not last:
            return ""
        _, school = max(last)
        self._remember(sender, school)
        return school

    def _remember(self, sender: str, school: str) -> None:
        self._picked[sender] = school
        while len(self._picked) > REMEMBERED:
            self._picked.popitem(last=False)

    async def _ask(self, message: IncomingMessage, number: int) -> None:
        """Ask which school it is, as a reply to message NUMBER. Raises when it could not be asked: then it comes again."""
        place = Place.read(message.sender)
        assert place is not None  # noqa: S101 - made by `hearing`
        titles = [(self._context.schools[school].title, pick(school)) for school in self._schools]
        try:
            await self._calls.show(place.chat, Part(WHICH_SCHOOL, rows=tuple((each,) for each in titles)), reply_to=number)
        except SendFailed as failed:
            if not failed.permanent:
                raise

    async def _meant(self, found: Heard, message: IncomingMessage, school: str) -> IncomingMessage:
        """MESSAGE with what its button means, from what was said there: a mark alone cannot say it."""
        if found.button is None or message.about != FORGOTTEN.about:
            return message
        conversations = self._context.store(school).conversations
        said = await conversations.transcript(NAME, message.address.place, message.sender, SAID)
        replies = [REPLY.validate_json(line.body) for line in said if line.kind == "said"]
        meant = recognised(found.button.carried, replies, school if self.shared else "")
        return message if meant is None else replace(message, about=meant.about, text=meant.value)


def _at(school: str, message: IncomingMessage) -> IncomingMessage:
    """MESSAGE as said at SCHOOL: somebody who writes to two schools is somebody else at each."""
    where = f"{message.sender}:{school}"
    return replace(message, sender=where, address=Address(NAME, where))
