"""Takes what Teams delivers, keeps it, and only then says so; what only makes it nicer comes afterwards, and waits for nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any

from microsoft_teams.api.models.adaptive_card import AdaptiveCardActionCardResponse, AdaptiveCardActionMessageResponse
from microsoft_teams.cards import AdaptiveCard

from bot.channel import ChannelContext, Misconfigured, Receive, SendFailed
from bot.channels.teams.calls import Calls
from bot.channels.teams.chats import Chats
from bot.channels.teams.edge import Activity
from bot.channels.teams.hearing import NAME, Heard, Unreadable, heard, is_press
from bot.channels.teams.login import Unclear
from bot.channels.teams.members import Members
from bot.channels.teams.places import Place
from bot.channels.teams.saying import CARD, asked, plain, pressed
from bot.logs import log
from bot.messages import REPLY, IncomingMessage, Reply
from bot.which_school import PICK, WhichSchool
from bot.wording_teams import AGAIN, TAKEN, WHICH_SCHOOL, WRITE_IN_PRIVATE

SAID = 60  # lines back in which the question of a button is looked for
NOT_OURS = 501  # what Teams wants to hear of an invoke that nobody here knows


@dataclass(frozen=True, slots=True)
class Answer:
    """What Teams hears."""

    status: int = 200
    body: dict[str, Any] | None = None


class Keeping:
    """One line to Teams, while it is open."""

    def __init__(self, context: ChannelContext, receive: Receive, calls: Calls, chats: Chats) -> None:
        self._context = context
        self._receive = receive
        self._calls = calls
        self._chats = chats
        self._members = Members(calls)
        self._schools = WhichSchool(NAME, context.config.schools, context)
        self._beside: set[asyncio.Task[None]] = set()

    async def take(self, activity: Activity) -> Answer:
        """Keep what ACTIVITY says. Raising means that Teams is told to come again."""
        try:
            found = heard(activity, self._context.clock.now())
        except Unreadable as error:
            # It would come again and again, and nobody could read it then either.
            log.error("a delivery could not be read and was set aside", channel=NAME, exc_info=error)
            return Answer(400 if is_press(activity) else 200)
        if found is None:
            return Answer(NOT_OURS if activity.get("type") == "invoke" else 200)
        place = _place(found.message)
        self._chats.heard(place, found.where)
        staff = self._context.config.teams.staff and await self._members.full(place, found.where)
        found = replace(found, message=replace(found.message, staff=staff))
        school = await self._schools.meant(found.message, place.account, found.school)
        if school is None:
            await self._ask(found, place)
            return self._answered(found)
        new = await self._receive(school, self._schools.addressed(found.message, place.account, school))
        if new and not found.message.private:
            self._do(self._in_private(found, place))
        return self._answered(found, await self._disarmed(found.message, place, school))

    async def end(self) -> None:
        """Stop what is still being made nicer."""
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)

    async def _ask(self, found: Heard, place: Place) -> None:
        """Ask which school is meant, before Teams hears that we have it: the words stay with Teams until somebody has picked."""
        if found.message.edited or found.message.pressed:
            return
        text, kept = self._schools.question(found.message.text, WHICH_SCHOOL, AGAIN)
        try:
            chat = await self._chats.of(place)
            await self._calls.post(chat.service, chat.conversation, asked(text, PICK, kept, self._schools.titles))
        except SendFailed as failed:
            if not failed.permanent or found.message.private:
                raise
            await self._say_how(found)

    async def _disarmed(self, message: IncomingMessage, place: Place, school: str) -> AdaptiveCard | None:
        """The card that takes the place of the pressed one; None where it stays as it is until the outbox changes it."""
        if not message.pressed or message.about.startswith(CARD) or message.about == PICK:
            return None
        at = self._schools.place(place.account, school)
        lines = await self._context.store(school).conversations.transcript(NAME, at, at, SAID)
        said = (REPLY.validate_json(line.body) for line in reversed(lines) if line.kind == "said")
        question = next((reply for reply in said if _asks(reply, message)), None)
        return pressed(question, message.text) if question is not None else None

    def _answered(self, found: Heard, card: AdaptiveCard | None = None) -> Answer:
        """What Teams is told of FOUND: for a button, what is to be shown at once."""
        if not found.message.pressed:
            return Answer()
        if found.message.about == PICK and found.school:
            card = plain(f"✓ {self._schools.titles.get(found.school, '')}").card
        said: AdaptiveCardActionMessageResponse | AdaptiveCardActionCardResponse
        said = AdaptiveCardActionMessageResponse(value=TAKEN) if card is None else AdaptiveCardActionCardResponse(value=card)
        return Answer(200, said.model_dump(by_alias=True, exclude_none=True))

    async def _in_private(self, found: Heard, place: Place) -> None:
        """Begin the private chat with somebody who called us before others; where Teams does not allow it, say so there."""
        try:
            await self._chats.of(place)
        except SendFailed as failed:
            if not failed.permanent:
                raise
            await self._say_how(found)

    async def _say_how(self, found: Heard) -> None:
        """Tell whoever called us before others how to write in private, there, and nothing of what was said."""
        await self._calls.post(found.where.service, found.where.conversation, plain(WRITE_IN_PRIVATE))

    def _do(self, doing: Coroutine[Any, Any, None]) -> None:
        async def quietly() -> None:
            try:
                await doing
            except (SendFailed, Unclear, Misconfigured) as error:
                log.warning("somebody could not be told how to write in private", channel=NAME, exc_info=error)

        task = asyncio.create_task(quietly(), name="beside")
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)


def _asks(reply: Reply, message: IncomingMessage) -> bool:
    """Whether REPLY is the question that MESSAGE, a button, answers."""
    return reply.about == message.about and any(choice.value == message.text for choice in reply.choices)


def _place(message: IncomingMessage) -> Place:
    place = Place.read(message.sender)
    assert place is not None  # noqa: S101 - made by `hearing`
    return place
