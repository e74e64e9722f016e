"""Our calls to Teams, and what each of its refusals means: wait, never again, a wrong setting, or nobody can say if it arrived."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import httpx
from microsoft_teams.api import Account, TeamsChannelAccount
from microsoft_teams.api.activities.message.message import MessageActivityInput
from microsoft_teams.api.clients.conversation import ConversationClient, CreateConversationParams
from microsoft_teams.api.models.attachment import Attachment
from microsoft_teams.common import Client, ClientOptions

from bot.channel import SendFailed
from bot.channels.teams.login import Login, Unclear
from bot.channels.teams.places import fit_to_be_called
from bot.channels.teams.saying import Said
from bot.config.addresses import fit_to_call

ANSWER_WITHIN = 10.0  # seconds for any call; below what the outbox gives a send
TOO_MANY, TROUBLE = 429, 500
REFUSED = 401
GONE = {404, 410}
# Nobody is there, the app was taken away, the person shut us out, or what we say does not fit.
FOR_GOOD = {400, 403, 405, 413, 415, 422}
_CARD = "application/vnd.microsoft.card.adaptive"
_NO_ID = "DO_NOT_USE_PLACEHOLDER_ID"  # what the SDK puts where an answer names no message

T = TypeVar("T")


class WrongCredentials(SendFailed):
    """Teams does not accept our token, although it is new."""


class Gone(SendFailed):
    """What was to be changed is not there any more."""


class Calls:
    """Our line to the addresses that Teams gave us."""

    def __init__(self, login: Login, client: Client) -> None:
        self._login = login
        self._client = client

    @classmethod
    @asynccontextmanager
    async def open(cls, login: Login) -> AsyncIterator[Calls]:
        """Hold the line open: every call goes over the same few connections, and none outlives it."""
        client = Client(ClientOptions(timeout=ANSWER_WITHIN, token=login.token))
        try:
            yield cls(login, client)
        finally:
            await client.http.aclose()

    async def create(self, service: str, tenant: str, user: str) -> tuple[str, str]:
        """The private chat of USER with us, begun now if there was none: the address to write to, and its ID there."""
        where = {"tenant": {"id": tenant}}
        params = CreateConversationParams(members=[Account(id=user)], tenant_id=tenant, channel_data=where)
        made = await self._call(lambda: ConversationClient(service, self._client).create(params))
        if not fit_to_be_called(made.id):
            raise Unclear("Teams did not say which chat it is.")
        # Where it names another address, that is where this chat is; never one that somebody could listen to.
        return (made.service_url if made.service_url and fit_to_call(made.service_url) else service), made.id

    async def post(self, service: str, conversation: str, said: Said) -> str:
        """Send SAID; the ID that the message got."""
        activity = _activity(said)
        sent = await self._call(lambda: ConversationClient(service, self._client).create_activity(conversation, activity))
        if not sent.id or sent.id == _NO_ID:
            raise Unclear("Teams did not say which message it is.")
        return sent.id

    async def change(self, service: str, conversation: str, message: str, said: Said) -> None:
        """Put SAID in the place of MESSAGE."""
        activity = _activity(said)
        activity.id = message
        await self._call(lambda: ConversationClient(service, self._client).update_activity(conversation, message, activity))

    async def take_back(self, service: str, conversation: str, message: str) -> None:
        """Remove MESSAGE of ours; one that is gone already is no failure."""
        client = ConversationClient(service, self._client)
        try:
            await self._call(lambda: client.delete_activity(conversation, message))
        except Gone:
            return

    async def member(self, service: str, roster: str, user: str) -> TeamsChannelAccount:
        """What Teams knows of USER among the members of a chat or a team, its ROSTER."""
        members = ConversationClient(service, self._client).members_client
        return await self._call(lambda: members.get_by_id(roster, user))

    async def _call(self, call: Callable[[], Awaitable[T]]) -> T:
        """CALL, once more with a new token where ours is refused. Teams' own words are left behind: they may quote ours."""
        again = False
        while True:
            token = await self._login.token()
            try:
                return await call()
            except httpx.HTTPStatusError as error:
                status, wait = error.response.status_code, error.response.headers.get("Retry-After", "")
            except httpx.ConnectError:
                raise SendFailed("Teams cannot be reached.") from None
            except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
                raise Unclear("Teams did not answer to the end.") from None
            if status != REFUSED or again:
                raise _meant(status, wait)
            self._login.refused(token)
            again = True


def _activity(said: Said) -> MessageActivityInput:
    card = said.card.model_dump(by_alias=True, exclude_none=True)
    return MessageActivityInput(summary=said.notice, attachments=[Attachment(content_type=_CARD, content=card)])


def _meant(status: int, wait: str) -> Exception:
    if status == REFUSED:
        return WrongCredentials("Teams refuses our token.")
    if status == TOO_MANY:
        return SendFailed("Teams asks us to wait.", retry_after=_seconds(wait))
    if status in GONE:
        return Gone("Teams knows nobody, or no message, there.", permanent=True)
    if status in FOR_GOOD:
        return SendFailed("Teams does not take it, or we may not write there.", permanent=True)
    if status < TROUBLE:
        return SendFailed("Teams did not take it this time.")
    return Unclear("Teams is in trouble.")


def _seconds(wait: str) -> float:
    """How long Teams asks us to wait; a few seconds where it does not say."""
    try:
        return max(0.0, float(wait))
    except ValueError:
        return 5.0
