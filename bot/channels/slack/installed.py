"""Our app in one workspace: knows who it is there, takes what Slack delivers, keeps it, and only then says so."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.channel import ChannelContext, Misconfigured, Receive, SendFailed
from bot.channels.slack import socket
from bot.channels.slack.calls import Calls, Unclear, WrongCredentials
from bot.channels.slack.hearing import Heard, Press, Unreadable, heard, is_known, mentioned, place_of, team_of, who
from bot.channels.slack.members import Members
from bot.channels.slack.saying import CARD, Said, pressed
from bot.channels.slack.schools import Schools
from bot.config.slack import STEPS, TOKEN, Workspace
from bot.logs import log
from bot.wording_slack import IN_PRIVATE, NEWS, SOMEBODY

MOST_NAMES = 5  # people pointed at in one message who are looked up; whoever points at more names nobody


class Installed:
    """One workspace. `team` is empty until Slack has said who we are."""

    def __init__(self, workspace: Workspace, api: str, context: ChannelContext, receive: Receive) -> None:
        self._workspace = workspace
        self._context = context
        self._receive = receive
        self._refused = asyncio.Event()
        self._beside: set[asyncio.Task[None]] = set()
        self.calls = Calls(workspace, api)
        self.team = ""
        self.ended = False  # Slack does not know our token: nothing is sent there any more
        self._members = Members(self.calls.user)
        self._schools = Schools(workspace.schools, context)
        self._bolt = self._app(api)

    async def run(self) -> None:
        """Stay connected until cancelled. Raises Misconfigured when Slack does not know our token, now or later."""
        async with self.calls.open():
            try:
                self.team = await self.calls.who_we_are()
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._until_refused())
                    if self._workspace.socket:
                        tasks.create_task(socket.listen(self.calls, self._from_line))
            finally:
                self.ended = True
                for task in self._beside:
                    task.cancel()
                await asyncio.gather(*self._beside, return_exceptions=True)

    def refused(self) -> None:
        """A call came back with the word that our token is no good: nothing more will come of this connection."""
        self._refused.set()

    async def take(self, body: str | dict[str, Any], headers: Mapping[str, str], mode: str = "http") -> BoltResponse:
        """What Slack is answered for BODY: 200 once it is kept, or is not for us."""
        try:
            request = AsyncBoltRequest(mode=mode, body=body, headers=dict(headers))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            log.error("a delivery could not be read and was set aside", channel="slack", exc_info=error)
            return _nothing()
        if not is_known(request.body):
            return _nothing()  # bolt would answer 404, and Slack count a failure
        return await self._bolt.async_dispatch(request)

    async def _from_line(self, payload: Mapping[str, Any]) -> BoltResponse:
        return await self.take(dict(payload), {}, "socket_mode")

    async def _until_refused(self) -> None:
        await self._refused.wait()
        raise Misconfigured(f"{self._workspace.variable(TOKEN)}: Slack does not accept it any more: {STEPS}.")

    def _app(self, api: str) -> AsyncApp:
        """Bolt checks the signature once more, answers Slack's own questions, drops our own echo; the rest ends in `_keep`.

        It is given no token and makes no call: who we are is asked once, above, and not with the first message.
        """

        # Bolt hands over what a function names: a method would be asked for its `self`.
        async def authorize(team_id: str | None) -> AuthorizeResult:
            return AuthorizeResult(enterprise_id=None, team_id=self.team or team_id)

        async def keep(body: dict[str, Any]) -> BoltResponse:
            return await self._keep(body)

        client = AsyncWebClient(base_url=f"{api}/")
        app = AsyncApp(client=client, signing_secret=self._workspace.signing, authorize=authorize)
        app.use(keep)
        return app

    async def _keep(self, body: dict[str, Any]) -> BoltResponse:
        """Make what was said durable, then say so. Raising makes bolt answer 500, and Slack come again."""
        try:
            found = await self._heard(body)
        except Unreadable as error:
            # It would come again and again, and hold up whoever waits behind it.
            log.error("a delivery could not be read and was set aside", channel="slack", exc_info=error)
            return _nothing()
        if found.message is None:
            return _nothing()
        team, user = self.team or team_of(body), who(body)
        account = place_of(team, user)
        school = await self._schools.meant(found, account)
        if school is None:
            await self._ask(found, user)
            self._afterwards(found)
        elif await self._receive(school, self._schools.addressed(found, account, school)):
            self._afterwards(found)
        if found.command:
            return BoltResponse(status=200, body={"response_type": "ephemeral", "text": IN_PRIVATE})
        return _nothing()

    async def _ask(self, found: Heard, user: str) -> None:
        """Ask which school is meant, before Slack hears that we have it: the words stay with Slack until somebody has picked."""
        assert found.message is not None  # noqa: S101 - the caller has just looked; said for the type checker
        if not (found.message.edited or found.message.pressed):
            await self.calls.post(user, self._schools.question(found.message.text), found.message.id)

    async def _heard(self, body: dict[str, Any]) -> Heard:
        team, user, now = self.team or team_of(body), who(body), self._context.clock.now()
        found = heard(body, team, now)
        if found.message is None:
            return found
        pointed_at = mentioned(body)[:MOST_NAMES]
        # Side by side: Slack gives us three seconds, and each of these waits for one at most.
        naming = asyncio.gather(*(self._name(one, team) for one in pointed_at))
        sender, called = await asyncio.gather(self._members.who(user, team), naming)
        names = dict(zip(pointed_at, called, strict=True))
        return heard(body, team, now, lambda one: names.get(one, SOMEBODY), staff=sender.full)

    async def _name(self, user: str, team: str) -> str:
        """Who USER is: as the school calls them, so that a report that points at somebody is kept from them; or as Slack does."""
        return await self._schools.name(place_of(team, user)) or (await self._members.who(user, team)).name or SOMEBODY

    def _afterwards(self, found: Heard) -> None:
        """What only makes it nicer, and must not hold up the answer to Slack."""
        if found.press is not None and not found.press.about.startswith(CARD):
            self._do(self._disarm(found.press))
        if found.public is not None:
            channel, user = found.public
            self._do(self.calls.whisper(channel, user, IN_PRIVATE))

    async def _disarm(self, press: Press) -> None:
        await self.calls.change(press.channel, press.stamp, Said(NEWS, pressed(press.blocks, press.label)))

    def _do(self, doing: Coroutine[Any, Any, None]) -> None:
        async def quietly() -> None:
            try:
                await doing
            except WrongCredentials:
                self.refused()
            except (SendFailed, Unclear) as error:
                log.warning("a message could not be changed after it was answered", channel="slack", exc_info=error)

        task = asyncio.create_task(quietly(), name="beside")
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)


def _nothing() -> BoltResponse:
    """Received, and no more to say."""
    return BoltResponse(status=200, body="")
