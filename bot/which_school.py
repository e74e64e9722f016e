"""Which school somebody means where several share one workspace: known by their role or their last words; else asked, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot import wording
from bot.channel import ChannelContext
from bot.messages import Address, IncomingMessage

PICK = "school"  # about: the question itself
ASK = "school"  # what somebody types to be asked again
HELP = "help"  # what picking a school without having said anything means
CARRIED = 1500  # letters of what was said that the buttons of the question carry along, so that it need not be said twice


class WhichSchool:
    """The schools that share one workspace of CHANNEL. Where there are several, each account is somebody else at each of them."""

    def __init__(self, channel: str, schools: Sequence[str], context: ChannelContext) -> None:
        self._channel = channel
        self._schools = tuple(schools)
        self._context = context

    @property
    def titles(self) -> Mapping[str, str]:
        """What the schools are called."""
        return {school: self._context.schools[school].title for school in self._schools}

    def place(self, account: str, school: str) -> str:
        """Where ACCOUNT is written to about SCHOOL."""
        return f"{account}/{school}" if len(self._schools) > 1 else account

    async def meant(self, message: IncomingMessage, account: str, pressed: str = "") -> str | None:
        """The school that MESSAGE is for, PRESSED being the one whose button it is; None when nobody can know but the person."""
        if len(self._schools) == 1:
            return self._schools[0]
        if message.pressed:
            return pressed if pressed in self._schools else None
        if message.text.casefold() == ASK:
            return None
        places = {school: self.place(account, school) for school in self._schools}
        held = [
            school
            for school, at in places.items()
            if await self._context.store(school).people.by_place(self._channel, at) is not None
        ]
        if len(held) == 1:
            return held[0]
        talked = [(at, school) for school in held or self._schools if (at := await self._last(school, places[school])) is not None]
        return max(talked)[1] if talked else None

    def addressed(self, message: IncomingMessage, account: str, school: str) -> IncomingMessage:
        """MESSAGE as SCHOOL gets it: in the person's place there; a picked school gets what was said before."""
        at = self.place(account, school)
        message = replace(message, sender=at, address=Address(self._channel, at))
        if message.pressed and message.about == PICK:
            return replace(message, text=message.text or HELP, about="", pressed=False)
        return message

    def question(self, words: str, which: str, again: str) -> tuple[str, str]:
        """(what is asked of somebody whose school nobody knows, what goes along with each button of the WORDS they began with)."""
        anew = words.casefold() == ASK
        kept = words if len(words) <= CARRIED and not anew else ""
        return f"{wording.NINE_NINE_NINE_SHORT} {which}" + ("" if kept or anew else f" {again}"), kept

    async def name(self, account: str) -> str:
        """How a school here calls ACCOUNT; empty when none knows them."""
        for school in self._schools:
            known = await self._context.store(school).people.by_place(self._channel, self.place(account, school))
            if known is not None:
                return known.name
        return ""

    async def _last(self, school: str, place: str) -> datetime | None:
        """When something was last said between PLACE and SCHOOL."""
        lines = await self._context.store(school).conversations.transcript(self._channel, place, place, 1)
        return lines[-1].at if lines else None
