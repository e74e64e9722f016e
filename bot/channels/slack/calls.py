"""Our calls to Slack, and what each of its refusals means: wait, never again, change a setting, or nobody can say if it arrived."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channel import Misconfigured, SendFailed
from bot.channels.slack.saying import Block, Said
from bot.config.slack import SOCKET, STEPS, TOKEN, Workspace

ANSWER_WITHIN = 10  # seconds for any call; below what the outbox gives a send
TOO_MANY, TROUBLE = 429, 500
_RECEIPT, _STAMPS = ":", ","

# What only somebody who looks after the installation can mend.
CREDENTIALS = {
    *("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "user_removed_from_team"),
    *(
        "missing_scope",
        "not_allowed_token_type",
        "no_permission",
        "org_login_required",
        "team_access_not_granted",
        "ekm_access_denied",
    ),
}
# What trying again cannot change: nobody is there, or what we say does not fit.
FOR_GOOD = {
    *("channel_not_found", "user_not_found", "user_disabled", "is_archived", "is_inactive", "not_in_channel", "cannot_dm_bot"),
    *("messages_tab_disabled", "restricted_action", "restricted_action_read_only_channel", "team_not_found", "user_not_visible"),
    *("no_text", "msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "invalid_arguments"),
    *("message_not_found", "cant_update_message", "edit_window_closed", "cant_delete_message"),
}
_GONE = {"message_not_found", "cant_delete_message"}


class Unclear(Exception):
    """Slack may have taken it or not: it broke off, or answered what is no answer."""


class WrongCredentials(SendFailed):
    """Slack does not know our token any more, or it may not do what is needed."""


class Calls:
    """One workspace's line to Slack, open while it is used in `open`."""

    def __init__(self, workspace: Workspace, api: str) -> None:
        self._workspace = workspace
        self._api = api
        self._client: AsyncWebClient | None = None
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Hold the line open: every call goes over the same few connections, and none outlives it."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN)) as session:
            # No retries of the SDK's own: a repeated post would be shown twice, and the outbox knows better when to try again.
            self._client = AsyncWebClient(
                self._workspace.token, base_url=f"{self._api}/", session=session, timeout=ANSWER_WITHIN, retry_handlers=[]
            )
            self._session = session
            try:
                yield
            finally:
                self._client = self._session = None

    async def who_we_are(self) -> str:
        """The team we are installed in. Raises Misconfigured where the token is refused."""
        with self._settings(TOKEN):
            answer = await self._line().auth_test()
            return str(answer["team_id"])

    async def post(self, user: str, said: Said, key: str) -> tuple[str, str]:
        """Send SAID to USER's direct messages; the channel and the stamp it got. KEY is in it, so that a repeat shows."""
        with _refusals():
            answer = await self._line().chat_postMessage(
                channel=user,
                text=said.text,
                blocks=_plain(said.blocks),
                metadata={"event_type": "signpost_said", "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
            )
            return str(answer["channel"]), str(answer["ts"])

    async def change(self, channel: str, stamp: str, said: Said) -> None:
        """Put SAID in the place of a message."""
        with _refusals():
            await self._line().chat_update(channel=channel, ts=stamp, text=said.text, blocks=_plain(said.blocks))

    async def take_back(self, channel: str, stamps: Sequence[str]) -> None:
        """Remove messages of ours; what is gone already is no failure."""
        for stamp in stamps:
            with _refusals(but=_GONE):
                await self._line().chat_delete(channel=channel, ts=stamp)

    async def whisper(self, channel: str, user: str, text: str) -> None:
        """Say TEXT in CHANNEL so that only USER sees it."""
        with _refusals():
            await self._line().chat_postEphemeral(channel=channel, user=user, text=text)

    async def user(self, user: str) -> Mapping[str, Any]:
        """What Slack knows of USER."""
        with _refusals():
            answer = await self._line().users_info(user=user)
            known: Mapping[str, Any] = answer["user"]
            return known

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """A line that Slack talks over. Raises Misconfigured where the app's token is refused."""
        line = self._line()
        assert self._session is not None  # noqa: S101 - `_line` has just looked; said for the type checker
        with self._settings(SOCKET):
            opened = await line.apps_connections_open(app_token=self._workspace.socket)
            address = str(opened["url"])
        timeout = aiohttp.ClientWSTimeout(ws_close=1)
        async with self._session.ws_connect(address, heartbeat=20, timeout=timeout, max_msg_size=1 << 20) as socket:
            yield socket

    def _line(self) -> AsyncWebClient:
        if self._client is None:
            raise SendFailed("Slack is not connected yet.")
        return self._client

    @contextmanager
    def _settings(self, key: str) -> Iterator[None]:
        """Tell a wrong setting, that of KEY, from an outage: the first is said aloud and not tried again."""
        try:
            yield
        except SlackApiError as error:
            why = _why(error)
            if why not in CREDENTIALS:
                raise Unclear("Slack did not let us in, and gave no reason that is ours to mend.") from None
            raise Misconfigured(
                f"{self._workspace.variable(key)}: Slack refuses it ({why}). Install the app again and set what it shows: {STEPS}."
            ) from None


def receipt(channel: str, stamps: Sequence[str]) -> str:
    """What stands for messages of CHANNEL in the outbox."""
    return f"{channel}{_RECEIPT}{_STAMPS.join(stamps)}"


def from_receipt(written: str) -> tuple[str, tuple[str, ...]]:
    """The channel and the stamps, from a receipt of ours."""
    channel, _, stamps = written.partition(_RECEIPT)
    if not channel or not stamps:
        raise SendFailed("That is no receipt of this channel.", permanent=True)
    return channel, tuple(stamps.split(_STAMPS))


def _plain(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    return [dict(block) for block in blocks]


def _why(error: SlackApiError) -> str:
    response: Any = error.response
    try:
        return str(response["error"])
    except (KeyError, TypeError, ValueError, AttributeError):  # not an answer of Slack's: a proxy, or half of one
        return ""


def _status(error: SlackApiError) -> int:
    response: Any = error.response
    status: int = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    return status


@contextmanager
def _refusals(but: set[str] | frozenset[str] = frozenset()) -> Iterator[None]:
    """Turn what Slack refuses into a SendFailed, save for BUT. Its own words are left behind: they may quote ours."""
    try:
        yield
    except SlackApiError as error:
        if (why := _why(error)) in but:
            return
        raise _meant(error, why) from None
    except aiohttp.ClientConnectorError:
        raise SendFailed("Slack cannot be reached.") from None
    except (aiohttp.ClientError, TimeoutError, ValueError):
        raise Unclear("Slack did not answer to the end.") from None


def _meant(error: SlackApiError, why: str) -> Exception:
    if why in CREDENTIALS:
        return WrongCredentials("Slack refuses our token.")
    if why in FOR_GOOD:
        return SendFailed("Slack does not take it, or knows nobody there.", permanent=True)
    if why == "ratelimited" or _status(error) == TOO_MANY:
        return SendFailed("Slack asks us to wait.", retry_after=_wait(error))
    if why and _status(error) < TROUBLE:
        return SendFailed("Slack did not take it this time.")
    return Unclear("Slack is in trouble.")


def _wait(error: SlackApiError) -> float:
    """How long Slack asks us to wait; half a minute where it does not say, which is what it usually means."""
    response: Any = error.response
    try:
        return float(response.headers.get("Retry-After", ""))
    except (AttributeError, ValueError):
        return 30.0
