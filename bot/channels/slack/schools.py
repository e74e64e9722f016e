"""Which school somebody means in a workspace that several share, as Slack asks it and as its buttons say it."""

from __future__ import annotations

from bot.channel import ChannelContext
from bot.channels.slack.hearing import NAME, Heard
from bot.channels.slack.saying import Said, asked
from bot.messages import IncomingMessage
from bot.which_school import PICK, WhichSchool
from bot.wording_slack import AGAIN, WHICH_SCHOOL


class Schools:
    """The schools of one workspace. Where there are several, each person is somebody else at each of them."""

    def __init__(self, schools: tuple[str, ...], context: ChannelContext) -> None:
        self._which = WhichSchool(NAME, schools, context)

    async def meant(self, found: Heard, account: str) -> str | None:
        """The school that FOUND is for; None when nobody can know but the person."""
        if found.message is None:
            return None
        return await self._which.meant(found.message, account, found.press.school if found.press is not None else "")

    def addressed(self, found: Heard, account: str, school: str) -> IncomingMessage:
        """The message of FOUND as SCHOOL gets it."""
        assert found.message is not None  # noqa: S101 - the caller has just looked; said for the type checker
        return self._which.addressed(found.message, account, school)

    def question(self, words: str) -> Said:
        """What is asked of somebody whose school nobody knows; the WORDS they began with go along with each button."""
        text, kept = self._which.question(words, WHICH_SCHOOL, AGAIN)
        return asked(text, PICK, kept, self._which.titles)

    async def name(self, account: str) -> str:
        """How a school here calls ACCOUNT; empty when none knows them."""
        return await self._which.name(account)
