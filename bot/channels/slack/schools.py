"""Which school somebody means in a workspace that several share: known by their role or their last words; else asked, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot import wording
from bot.channel import ChannelContext
from bot.channels.slack.hearing import HELP, NAME, Heard, place_of
from bot.channels.slack.saying import Said, asked
from bot.messages import Address, IncomingMessage
from bot.wording_slack import AGAIN, WHICH_SCHOOL

PICK = "school"  # about: the question itself
ASK = "school"  # what somebody types to be asked again
CARRIED = 1500  # letters of what was said that the buttons of the question carry along, so that it need not be said twice


class Schools:
    """The schools of one workspace. Where there are several, each person is somebody else at each of them."""

    def __init__(self, schools: tuple[str, ...], context: ChannelContext) -> None:
        self._schools = schools
        self._context = context

    def place(self, team: str, user: str, school: str) -> str:
        """Where USER is written to about SCHOOL."""
        return place_of(team, user, school if len(self._schools) > 1 else "")

    async def meant(self, found: Heard, team: str, user: str) -> str | None:
        """The school that FOUND is for; None when nobody can know but the person."""
        if len(self._schools) == 1:
            return self._schools[0]
        if found.press is not None:
            return found.press.school if found.press.school in self._schools else None
        if found.message is not None and found.message.text.casefold() == ASK:
            return None
        places = {school: self.place(team, user, school) for school in self._schools}
        held = [school for school, at in places.items() if await self._context.store(school).people.by_place(NAME, at)]
        if len(held) == 1:
            return held[0]
        talked = [(at, school) for school in held or self._schools if (at := await self._last(school, places[school])) is not None]
        return max(talked)[1] if talked else None

    def addressed(self, found: Heard, team: str, user: str, school: str) -> IncomingMessage:
        """The message of FOUND as SCHOOL gets it: in the person's place there; a picked school gets what was said before."""
        assert found.message is not None  # noqa: S101 - the caller has just looked; said for the type checker
        at = self.place(team, user, school)
        message = replace(found.message, sender=at, address=Address(NAME, at))
        if message.pressed and message.about == PICK:
            return replace(message, text=message.text or HELP, about="", pressed=False)
        return message

    def question(self, words: str) -> Said:
        """What is asked of somebody whose school nobody knows; the WORDS they began with go along with each button."""
        kept = words if len(words) <= CARRIED and words.casefold() != ASK else ""
        text = f"{wording.NINE_NINE_NINE_SHORT} {WHICH_SCHOOL}" + ("" if kept or words.casefold() == ASK else f" {AGAIN}")
        titles = {school: self._context.schools[school].title for school in self._schools}
        return asked(text, PICK, kept, titles)

    async def name(self, team: str, user: str) -> str:
        """How a school here calls USER; empty when none knows them."""
        for school in self._schools:
            known = await self._context.store(school).people.by_place(NAME, self.place(team, user, school))
            if known is not None:
                return known.name
        return ""

    async def _last(self, school: str, place: str) -> datetime | None:
        """When something was last said between PLACE and SCHOOL."""
        lines = await self._context.store(school).conversations.transcript(NAME, place, place, 1)
        return lines[-1].at if lines else None
