"""The Teams channel: what Teams delivers is kept before it hears so, and what the bot says goes to people's private chats."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channel import ChannelContext, Misconfigured, Receive, SendFailed
from bot.channels.teams.calls import Calls, Gone, WrongCredentials
from bot.channels.teams.chats import Chats
from bot.channels.teams.edge import Door, Refused
from bot.channels.teams.hearing import NAME
from bot.channels.teams.keeping import Keeping
from bot.channels.teams.keys import Keys
from bot.channels.teams.login import Login, Unclear
from bot.channels.teams.places import Place
from bot.channels.teams.saying import messages
from bot.config.teams import SECRET, STEPS, secret_of
from bot.logs import log
from bot.messages import Address, Reply

PATH = "/teams/messages"
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds until signing in is tried again
HALF_SENT = 500  # replies remembered that were sent in part
_RECEIPT, _MESSAGES = "|", ","


def make(context: ChannelContext) -> Teams:
    """The Teams channel for all schools of CONTEXT."""
    return Teams(context)


@dataclass(frozen=True, slots=True)
class _Line:
    """What there is while we are signed in."""

    http: httpx.AsyncClient
    calls: Calls
    chats: Chats
    keeping: Keeping
    door: Door


class Teams:
    """One app in Microsoft 365, for all schools of this Signpost."""

    name = NAME

    def __init__(self, context: ChannelContext) -> None:
        self._context = context
        self._line: _Line | None = None
        self.standing = "retrying"
        self._refused = asyncio.Event()
        self._begun: OrderedDict[str, tuple[str, ...]] = OrderedDict()  # by key: the messages that are there already

    async def run(self, receive: Receive) -> None:
        """Sign in, then take what comes until cancelled, or until Microsoft does not know us any more."""
        teams = self._context.config.teams
        self._refused.clear()
        async with httpx.AsyncClient(follow_redirects=False) as http:
            login = Login(teams, secret_of(self._context.config), http)
            async with Calls.open(login) as calls:
                chats = Chats(calls, teams.service)
                keeping = Keeping(self._context, receive, calls, chats)
                # What people write is kept from the first moment, also while Microsoft does not sign us in.
                self._line = _Line(http, calls, chats, keeping, Door(teams.app_id, teams.tenants, Keys(teams.keys)))
                try:
                    await self._signed_in(login)
                    await self._refused.wait()
                finally:
                    self._line, self.standing = None, "retrying"
                    await keeping.end()
        raise Misconfigured(f"{SECRET}: Microsoft does not accept it any more: {STEPS}.")

    async def send(self, to: Address, reply: Reply, key: str) -> str:
        """Post REPLY, in as many messages as it takes. What of it is there already is not posted again by this process."""
        place, line = self._at(to)
        there = self._begun.pop(key, ())
        with self._judged(line, place):
            chat = await line.chats.of(place)
            try:
                for part in messages(reply, place.school)[len(there) :]:
                    there = (*there, await line.calls.post(chat.service, chat.conversation, part))
            except BaseException:  # a send that is given up after its time is made again, too
                self._remember(key, there)
                raise
        return _receipt(chat.conversation, there)

    async def edit(self, to: Address, card: str, reply: Reply, key: str) -> str:  # noqa: ARG002 - an edit made twice is one edit
        """Put REPLY in the place of what was sent. A card is one message; of something longer only the last stays."""
        place, line = self._at(to)
        conversation, there = _from_receipt(card)
        with self._judged(line, place):
            service = (await line.chats.of(place)).service
            await line.calls.change(service, conversation, there[-1], messages(reply, place.school)[-1])
            for message in there[:-1]:
                await line.calls.take_back(service, conversation, message)
        return _receipt(conversation, there[-1:])

    async def _signed_in(self, login: Login) -> None:
        """Return once we are signed in. Raises Misconfigured when trying again is pointless."""
        wait = FIRST_WAIT
        while True:
            try:
                await login.token()
            except (SendFailed, Unclear) as error:
                log.warning("the bot cannot sign in", channel=NAME, state="retrying", seconds=wait, exc_info=error)
            else:
                self.standing = "up"
                return
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    def private_address(self, sender: str) -> Address:
        return Address(self.name, sender)

    def routes(self) -> Sequence[BaseRoute]:
        return (Route(PATH, self._called, methods=["POST"]),)

    async def _called(self, request: Request) -> Response:
        """One call of Teams': let in, kept, and only then answered."""
        line = self._line
        if line is None:
            return Response(status_code=503)  # it must not pass for received
        try:
            activity = await line.door.let_in(request, line.http)
        except Refused as refused:
            return Response(status_code=refused.status)
        try:
            answer = await line.keeping.take(activity)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, it is not kept, and Teams must not hear that it is
            log.error("a delivery could not be kept", channel=NAME, exc_info=error)
            return Response(status_code=503)
        return Response(status_code=answer.status) if answer.body is None else JSONResponse(answer.body, answer.status)

    def _at(self, to: Address) -> tuple[Place, _Line]:
        """Who is at the place TO, and our line to Teams."""
        place = Place.read(to.place) if to.channel == self.name else None
        if place is None:
            raise SendFailed("This is not an address in Teams.", permanent=True)
        if self._line is None:
            raise SendFailed("Teams is not connected yet.")
        return place, self._line

    @contextmanager
    def _judged(self, line: _Line, place: Place) -> Iterator[None]:
        """Take notice of what a refusal says about the chat with PLACE, or about ourselves."""
        try:
            yield
        except Gone:
            line.chats.forget(place)
            raise
        except WrongCredentials:
            self._refused.set()
            raise
        except Misconfigured:  # met while signing in anew: nothing was sent
            self._refused.set()
            raise WrongCredentials("Microsoft does not sign us in any more.") from None

    def _remember(self, key: str, there: tuple[str, ...]) -> None:
        if there:
            self._begun[key] = there
            if len(self._begun) > HALF_SENT:
                self._begun.popitem(last=False)


def _receipt(conversation: str, there: Sequence[str]) -> str:
    """What stands for messages of CONVERSATION in the outbox."""
    return f"{conversation}{_RECEIPT}{_MESSAGES.join(there)}"


def _from_receipt(written: str) -> tuple[str, tuple[str, ...]]:
    """The conversation and the messages, from a receipt of ours."""
    conversation, _, there = written.partition(_RECEIPT)
    if not conversation or not there:
        raise SendFailed("That is no receipt of this channel.", permanent=True)
    return conversation, tuple(there.split(_MESSAGES))
