"""The Slack channel: what Slack delivers is kept before it hears so, and what the bot says goes to people's direct messages."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.channel import ChannelContext, Misconfigured, Receive, SendFailed
from bot.channels.slack import edge
from bot.channels.slack.calls import WrongCredentials, from_receipt, receipt
from bot.channels.slack.hearing import NAME, parts_of
from bot.channels.slack.installed import Installed
from bot.channels.slack.saying import messages
from bot.config.slack import Workspace, workspaces
from bot.logs import log
from bot.messages import Address, Reply

PATH = "/slack/events"
HALF_SENT = 500  # replies remembered that were sent in part


def make(context: ChannelContext) -> Slack:
    """The Slack channel for all schools of CONTEXT."""
    return Slack(context)


class Slack:
    """All workspaces of this Signpost. Each has its own token, and is told apart by whose secret signed, or whose line it is."""

    name = NAME

    def __init__(self, context: ChannelContext) -> None:
        self._context = context
        self._installed: dict[Workspace, Installed] = {}
        self._begun: OrderedDict[str, tuple[str, tuple[str, ...]]] = OrderedDict()  # by key: the channel, and what is there

    async def run(self, receive: Receive) -> None:
        """Know every workspace, then listen until cancelled, or until none of them knows us any more."""
        api = self._context.config.slack.api
        self._installed = {one: Installed(one, api, self._context, receive) for one in workspaces(self._context.config)}
        try:
            async with asyncio.TaskGroup() as tasks:
                ends = [tasks.create_task(self._one(*each), name="workspace") for each in self._installed.items()]
        except BaseExceptionGroup as group:
            raise _first(group) from None
        except asyncio.CancelledError:
            self._installed = {}
            raise
        raise ends[0].result()

    async def _one(self, workspace: Workspace, installed: Installed) -> Misconfigured:
        """Stay in WORKSPACE until it does not know us any more; why. A wrong token there is the trouble of its own schools."""
        try:
            await installed.run()
        except (Misconfigured, ExceptionGroup) as error:
            wrong = error.subgroup(Misconfigured) if isinstance(error, ExceptionGroup) else error
            if wrong is None:
                raise
            found = _first(wrong)
            assert isinstance(found, Misconfigured)  # noqa: S101 - chosen by its kind; said for the type checker
            for school in workspace.schools:
                log.error("a school's workspace is misconfigured: its settings must be changed", school=school, exc_info=found)
            return found
        raise AssertionError("A workspace is left only by an exception.")

    def standing_at(self, school: str) -> str:
        """How the workspace of SCHOOL stands."""
        ended = any(one.ended for workspace, one in self._installed.items() if school in workspace.schools)
        return "misconfigured" if ended else "up"

    async def send(self, to: Address, reply: Reply, key: str) -> str:
        """Post REPLY, in as many messages as it takes. What of it is there already is not posted again by this process."""
        one, user, school = self._at(to)
        channel, stamps = self._begun.pop(key, ("", ()))
        try:
            for part in messages(reply, school)[len(stamps) :]:
                channel, stamp = await one.calls.post(user, part, key)
                stamps = (*stamps, stamp)
        except WrongCredentials:
            one.refused()
            raise
        except BaseException:  # a send that is given up after its time is made again, too
            self._remember(key, channel, stamps)
            raise
        return receipt(channel, stamps)

    async def edit(self, to: Address, card: str, reply: Reply, key: str) -> str:  # noqa: ARG002 - an edit made twice is one edit
        """Put REPLY in the place of what was sent. A card is one message; of something longer only the last stays."""
        one, _, school = self._at(to)
        channel, stamps = from_receipt(card)
        try:
            await one.calls.change(channel, stamps[-1], messages(reply, school)[-1])
            await one.calls.take_back(channel, stamps[:-1])
        except WrongCredentials:
            one.refused()
            raise
        return receipt(channel, stamps[-1:])

    def private_address(self, sender: str) -> Address:
        return Address(self.name, sender)

    def routes(self) -> Sequence[BaseRoute]:
        return (Route(PATH, self._called, methods=["POST"]),)

    async def _called(self, request: Request) -> Response:
        """One call of Slack's: let in, kept, and only then answered."""
        if not self._installed:
            return Response(status_code=503)  # Slack comes again
        try:
            workspace, body = await edge.let_in(request, tuple(self._installed))
        except edge.Refused as refused:
            return Response(status_code=refused.status)
        answer = await self._installed[workspace].take(body, request.headers)
        return Response(answer.body, answer.status, answer.first_headers_without_set_cookie())

    def _at(self, to: Address) -> tuple[Installed, str, str]:
        """The workspace of the place TO, the user there, and the school where several share the workspace."""
        team, user, school = parts_of(to.place)
        if to.channel != self.name or not user:
            raise SendFailed("This is not an address in Slack.", permanent=True)
        found = next((one for one in self._installed.values() if one.team == team and not one.ended), None)
        if found is None:
            raise SendFailed("No workspace that is connected now has this address.")
        return found, user, school

    def _remember(self, key: str, channel: str, stamps: tuple[str, ...]) -> None:
        if stamps:
            self._begun[key] = (channel, stamps)
            if len(self._begun) > HALF_SENT:
                self._begun.popitem(last=False)


def _first(error: BaseException) -> BaseException:
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error
