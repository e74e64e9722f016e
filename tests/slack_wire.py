"""A strict Slack of our own over real sockets: its Web API, its signed calls to us, its Socket Mode, and a screen for each person.

It refuses what the real one refuses (a method we have no scope for, a block over a limit, a message that is not ours to change),
and fails as it is told. Whatever the bot calls that is not here answers `unknown_method`, and is counted.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from aiohttp import WSMsgType, web

from tests.drivers import BROKEN, HALF, HANGS, RESET, TOO_MANY

TEAM, APP, BOT_USER, BOT_ID = "T0SCHOOL1", "A0SIGNPOST", "U0SIGNPOST", "B0SIGNPOST"
TOKEN, SOCKET_TOKEN, SIGNING = "xoxb-test-1234567890", "xapp-test-1234567890", "0123456789abcdef0123456789abcdef"
PUBLIC = "C0STAFFROOM"
# What the manifest asks for, and the scope each method needs.
SCOPES = {"chat:write", "im:history", "app_mentions:read", "commands", "users:read"}
NEEDS = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "users.info": "users:read",
    "files.info": "files:read",
    "conversations.open": "im:write",
    "conversations.history": "im:history",
}
RETRIES = 3  # how often Slack calls again where it has not heard 200
SECTION, HEADER, LABEL, VALUE, ELEMENTS, BLOCKS, TOGETHER = 3000, 150, 75, 2000, 25, 50, 13_200


class Refused(Exception):
    """An error as Slack names it."""


@dataclass
class Message:
    """One message as it stands in a channel now. `wrote` is a user id."""

    channel: str
    ts: str
    wrote: str
    text: str
    blocks: list[dict] = field(default_factory=list)
    metadata: dict = field(default_factory=dict)
    files: list[dict] = field(default_factory=list)
    seen_by: str = ""  # an ephemeral one: only this user sees it

    @property
    def words(self) -> str:
        """Everything that can be read in it, as a person reads it."""
        return "\n".join(unescaped(text) for text in _texts(self.blocks)) if self.blocks else unescaped(self.text)

    @property
    def buttons(self) -> list[dict]:
        return [element for block in self.blocks if block["type"] == "actions" for element in block["elements"]]


@dataclass
class Person:
    """Somebody in the workspace, at their own screen."""

    id: str
    name: str
    guest: bool = False
    elsewhere: bool = False  # of another workspace, through a shared channel
    last: dict = field(default_factory=dict)
    wrote: Message | None = None


@dataclass
class Delivery:
    """How one delivery went: every status that the bot answered with, and its last body. An acknowledged envelope counts as 200."""

    statuses: list[int] = field(default_factory=list)
    body: str = ""

    @property
    def received(self) -> bool:
        return self.statuses[-1:] == [200]


class Slack:
    """The platform. `bot` is the address that it calls; without one it talks over the socket that the bot holds open."""

    def __init__(self) -> None:
        self.address = ""
        self.bot = ""
        self.token, self.socket_token, self.signing = TOKEN, SOCKET_TOKEN, SIGNING
        self.people: dict[str, Person] = {}
        self.messages: dict[str, list[Message]] = defaultdict(list)
        self.counted: Counter[str] = Counter()
        self.faults: list[str] = []
        self.error = ""  # every call answers with this error
        self.slow: dict[str, float] = {}  # method -> seconds before it answers
        self.down = False
        self.retry_after = 1
        self.lines: list[web.WebSocketResponse] = []
        self.acks: dict[str, asyncio.Future[dict]] = {}
        self.hooks: list[Callable[[str, dict], None]] = []
        self._numbers = itertools.count(1)
        self._http = httpx.AsyncClient(timeout=5)

    # What a test does.

    def person(self, name: str, *, guest: bool = False, elsewhere: bool = False) -> Person:
        """Whoever is called NAME, let into the workspace now if they are new."""
        if name not in self.people:
            number = f"U{next(self._numbers):07d}{name[:1].upper()}"
            self.people[name] = Person(number, name, guest, elsewhere)
        return self.people[name]

    def screen(self, name: str) -> list[Message]:
        """The direct messages between NAME and the bot, as they stand now."""
        return self.messages[self.dm(self.person(name).id)]

    def from_bot(self, channel: str) -> list[Message]:
        """What the bot has said in CHANNEL."""
        return [message for message in self.messages[channel] if message.wrote == BOT_USER]

    @staticmethod
    def dm(user: str) -> str:
        return f"D{user[1:]}"

    async def says(self, name: str, text: str, *, files: list[dict] | None = None, **more: Any) -> Delivery:
        """NAME types TEXT to the bot in a direct message, as Slack writes it: escaped, with its marks."""
        person = self.person(name)
        person.wrote = self._put(self.dm(person.id), person.id, text, files=files or [])
        event = {"type": "message", "channel_type": "im", **self._shown(person.wrote), **more}
        if files:
            event |= {"subtype": "file_share", "files": files}
        return await self.event(person, event)

    async def mentions(self, name: str, text: str) -> Delivery:
        """NAME calls the bot by its name where others read along."""
        person = self.person(name)
        person.wrote = self._put(PUBLIC, person.id, f"<@{BOT_USER}> {text}")
        return await self.event(person, {"type": "app_mention", **self._shown(person.wrote)})

    async def edits(self, name: str, text: str) -> Delivery:
        """NAME changes what they wrote last."""
        person = self.person(name)
        assert person.wrote is not None
        before = self._shown(person.wrote)
        person.wrote.text = text
        after = {**self._shown(person.wrote), "type": "message", "edited": {"user": person.id, "ts": self._stamp()}}
        return await self.event(person, self._hidden("message_changed", person.wrote, message=after, previous_message=before))

    async def deletes(self, name: str) -> Delivery:
        """NAME deletes what they wrote last."""
        person = self.person(name)
        assert person.wrote is not None
        self.messages[person.wrote.channel].remove(person.wrote)
        before = {**self._shown(person.wrote), "type": "message"}
        gone = self._hidden("message_deleted", person.wrote, previous_message=before, deleted_ts=person.wrote.ts)
        return await self.event(person, gone)

    async def presses(self, name: str, label: str) -> Delivery:
        """NAME presses the newest button LABEL that they see."""
        for message in reversed(self.screen(name)):
            for button in message.buttons:
                if unescaped(button["text"]["text"]) == label:
                    return await self.press(name, message, button)
        seen = [button["text"]["text"] for message in self.screen(name) for button in message.buttons]
        raise AssertionError(f"{name} sees no button {label!r}; there were {seen}")

    async def press(self, name: str, message: Message, button: dict) -> Delivery:
        """NAME presses BUTTON of MESSAGE, which may be gone from the screen by now."""
        person = self.person(name)
        action = {**button, "block_id": "b", "action_ts": self._stamp()}
        return await self.interaction(
            person,
            {
                "type": "block_actions",
                "trigger_id": f"{self._stamp()}.{TEAM}",
                "container": {"type": "message", "message_ts": message.ts, "channel_id": message.channel},
                "channel": {"id": message.channel},
                "message": {"type": "message", **self._shown(message), "blocks": message.blocks, "bot_id": BOT_ID},
                "actions": [action],
                "response_url": f"{self.address}/respond",
            },
        )

    async def shortcut(self, name: str, message: Message, callback: str = "report_message") -> Delivery:
        """NAME picks "Report this message" from the menu of MESSAGE."""
        quoted = {"type": "message", **self._shown(message), **({"files": message.files} if message.files else {})}
        ticket = {"trigger_id": f"{self._stamp()}.{TEAM}", "action_ts": self._stamp(), "message_ts": message.ts}
        body = {"type": "message_action", "callback_id": callback, "message": quoted, "channel": {"id": message.channel}, **ticket}
        return await self.interaction(self.person(name), body)

    async def command(self, name: str, text: str = "", command: str = "/signpost") -> Delivery:
        """NAME types the slash command."""
        person = self.person(name)
        fields = {"command": command, "text": text, "user_id": person.id, "team_id": TEAM, "channel_id": PUBLIC}
        fields |= {"trigger_id": f"{self._stamp()}.{TEAM}", "api_app_id": APP, "response_url": f"{self.address}/respond"}
        person.last = {"kind": "slash_commands", "payload": fields}
        return await self.deliver(person.last)

    async def event(self, person: Person, event: dict, **more: Any) -> Delivery:
        """Deliver EVENT, as from PERSON."""
        payload = {
            "type": "event_callback",
            "event_id": f"Ev{next(self._numbers):08d}",
            "event_time": int(time.time()),
            "team_id": TEAM,
            "api_app_id": APP,
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True, "enterprise_id": None}],
            "event": event,
            **more,
        }
        person.last = {"kind": "events_api", "payload": payload}
        return await self.deliver(person.last)

    async def interaction(self, person: Person, body: dict) -> Delivery:
        """Deliver a press or a shortcut of PERSON."""
        who = {"id": person.id, "team_id": TEAM, "name": person.name}
        person.last = {"kind": "interactive", "payload": {"user": who, "team": {"id": TEAM}, "api_app_id": APP, **body}}
        return await self.deliver(person.last)

    async def again(self, name: str) -> Delivery:
        """Deliver what NAME did last once more, as after a lost answer."""
        return await self.deliver(self.person(name).last, again=True)

    async def deliver(self, what: dict, *, again: bool = False) -> Delivery:
        """Call the bot, or talk over its line, until it says that it has it. Only events are repeated, three times."""
        delivery = Delivery()
        for attempt in range(1 + (RETRIES if what["kind"] == "events_api" else 0)):
            await (self._call if self.bot else self._talk)(what, delivery, attempt + int(again))
            if delivery.received:
                break
        return delivery

    async def signed(
        self, body: bytes, kind: str = "application/json", *, at: float | None = None, **headers: str
    ) -> httpx.Response:
        """Post BODY as Slack would have signed it AT that time; HEADERS take the place of its own."""
        stamp = str(int(at or time.time()))
        mark = hmac.new(self.signing.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        ours = {"content-type": kind, "x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={mark}"}
        return await self._http.post(self.bot, content=body, headers={**ours, **headers})

    # How it delivers.

    async def _call(self, what: dict, delivery: Delivery, attempt: int) -> None:
        payload, headers = what["payload"], {}
        if what["kind"] == "events_api":
            body, kind = json.dumps(payload).encode(), "application/json"
            if attempt:
                headers = {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": "http_error"}
        else:
            fields = {"payload": json.dumps(payload)} if what["kind"] == "interactive" else payload
            body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        answer = await self.signed(body, kind, **headers)
        delivery.statuses.append(answer.status_code)
        delivery.body = answer.text

    async def _talk(self, what: dict, delivery: Delivery, attempt: int) -> None:
        number = f"env-{next(self._numbers)}"
        heard = self.acks[number] = asyncio.get_running_loop().create_future()
        envelope = {"envelope_id": number, "type": what["kind"], "payload": what["payload"]}
        if what["kind"] == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else "", "accepts_response_payload": False}
        else:
            envelope["accepts_response_payload"] = True
        await self.lines[-1].send_json(envelope)
        try:
            async with asyncio.timeout(0.5):
                delivery.body = json.dumps((await heard).get("payload", ""))
            delivery.statuses.append(200)
        except TimeoutError:
            delivery.statuses.append(0)

    # What the bot calls.

    async def called(self, request: web.Request) -> web.StreamResponse:
        """One call of the Web API."""
        method = request.match_info["method"]
        self.counted[method] += 1
        if self.down:
            request.transport.close()
            return web.Response()
        await asyncio.sleep(self.slow.get(method, 0))
        arguments = {**request.query, **(await self._arguments(request))}
        if self.faults and method.startswith("chat.post"):
            return await self._fails(self.faults.pop(0), request, method, arguments)
        try:
            for hook in self.hooks:
                hook(method, arguments)
            return web.json_response({"ok": True, **self._answer(method, arguments, request.headers.get("authorization", ""))})
        except Refused as refused:
            return web.json_response({"ok": False, "error": str(refused)})

    @staticmethod
    async def _arguments(request: web.Request) -> dict:
        if request.content_type == "application/json":
            return await request.json()
        fields = dict(await request.post())
        return {key: json.loads(value) if key in {"blocks", "metadata"} else value for key, value in fields.items()}

    async def _fails(self, how: str, request: web.Request, method: str, arguments: dict) -> web.StreamResponse:
        """End one call badly. After a hang, a reset and half an answer the message may stand there all the same: here it does."""
        if how == TOO_MANY:
            wait = {"retry-after": str(self.retry_after)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=wait)
        if how == BROKEN:
            return web.Response(status=502, text="<html>bad gateway</html>", content_type="text/html")
        self._answer(method, arguments, request.headers.get("authorization", ""))
        if how == HANGS:
            await asyncio.sleep(3)
        if how == HALF:
            answer = web.StreamResponse(headers={"content-type": "application/json", "content-length": "400"})
            await answer.prepare(request)
            await answer.write(b'{"ok": true, "chan')
        assert how in {HANGS, RESET, HALF}
        request.transport.close()
        return web.Response()

    def _answer(self, method: str, given: dict, authorization: str) -> dict:
        if self.error:
            raise Refused(self.error)
        if method == "apps.connections.open":
            if authorization != f"Bearer {self.socket_token}":
                raise Refused("invalid_auth")
            return {"url": f"{self.address.replace('http', 'ws', 1)}/link"}
        if authorization != f"Bearer {self.token}":
            raise Refused("invalid_auth")
        if method == "auth.test":
            return {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID, "team": "School", "user": "signpost"}
        if method not in NEEDS:
            raise Refused("unknown_method")
        if NEEDS[method] not in SCOPES:
            raise Refused("missing_scope")
        handle = getattr(self, "_" + method.replace(".", "_"))
        return handle(given)

    def _chat_postMessage(self, given: dict) -> dict:  # noqa: N802 - called by Slack's own name
        channel = given["channel"]
        if channel in {person.id for person in self.people.values()}:
            channel = self.dm(channel)
        elif not self.messages.get(channel):
            raise Refused("channel_not_found")
        message = self._put(channel, BOT_USER, given.get("text", ""), blocks=_fit(given), metadata=given.get("metadata") or {})
        return {"channel": channel, "ts": message.ts, "message": self._shown(message)}

    def _chat_postEphemeral(self, given: dict) -> dict:  # noqa: N802 - called by Slack's own name
        if given["user"] not in {person.id for person in self.people.values()}:
            raise Refused("user_not_in_channel")
        message = self._put(given["channel"], BOT_USER, given.get("text", ""), blocks=_fit(given))
        message.seen_by = given["user"]
        return {"message_ts": message.ts}

    def _chat_update(self, given: dict) -> dict:
        message = self._ours(given)
        blocks = _fit(given)
        message.text, message.blocks = given.get("text", ""), blocks
        return {"channel": message.channel, "ts": message.ts, "text": message.text}

    def _chat_delete(self, given: dict) -> dict:
        message = self._ours(given)
        self.messages[message.channel].remove(message)
        return {"channel": message.channel, "ts": message.ts}

    def _users_info(self, given: dict) -> dict:
        person = next((one for one in self.people.values() if one.id == given["user"]), None)
        if person is None:
            raise Refused("user_not_found")
        known = {"id": person.id, "team_id": "T0ELSEWHERE" if person.elsewhere else TEAM, "real_name": person.name}
        known |= {"profile": {"real_name": person.name}, "is_restricted": person.guest, "is_ultra_restricted": False}
        return {"user": {**known, "is_bot": False, "deleted": False, "is_stranger": person.elsewhere}}

    def _ours(self, given: dict) -> Message:
        if given["channel"].startswith("U"):
            raise Refused("channel_not_found")
        message = next((one for one in self.messages.get(given["channel"], []) if one.ts == given["ts"]), None)
        if message is None or message.seen_by:
            raise Refused("message_not_found")
        if message.wrote != BOT_USER:
            raise Refused("cant_update_message")
        return message

    # Socket Mode.

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        """The line that the bot holds open."""
        line = web.WebSocketResponse()
        await line.prepare(request)
        self.lines.append(line)
        await line.send_json({"type": "hello", "num_connections": 1})
        async for said in line:
            if said.type is WSMsgType.TEXT:
                answer = json.loads(said.data)
                if (waiting := self.acks.pop(answer["envelope_id"], None)) is not None and not waiting.done():
                    waiting.set_result(answer)
        self.lines.remove(line)
        return line

    async def connected(self) -> None:
        """Wait until the bot has a line open."""
        async with asyncio.timeout(5):
            while not self.lines:  # noqa: ASYNC110 - the line is opened by the platform's server, in its own time
                await asyncio.sleep(0.01)

    # What stands in the channels.

    def _put(self, channel: str, who: str, text: str, **more: Any) -> Message:
        message = Message(channel, self._stamp(), who, text, **more)
        self.messages[channel].append(message)
        return message

    def _shown(self, message: Message) -> dict:
        shown = {"user": message.wrote, "text": message.text, "ts": message.ts, "channel": message.channel, "team": TEAM}
        return {**shown, "bot_id": BOT_ID} if message.wrote == BOT_USER else shown

    def _hidden(self, subtype: str, about: Message, **more: Any) -> dict:
        event = {"type": "message", "subtype": subtype, "hidden": True, "channel": about.channel, "channel_type": "im"}
        return {**event, "ts": self._stamp(), **more}

    def _stamp(self) -> str:
        return f"1795600000.{next(self._numbers):06d}"

    async def close(self) -> None:
        """End what is open."""
        await self._http.aclose()
        for line in list(self.lines):
            await line.close()


def unescaped(text: str) -> str:
    """TEXT as Slack shows it: its own marks for links gone, entities as signs."""
    text = re.sub(r"<(https?://[^<>]*)>", r"\1", text)
    return re.sub(r"&(lt|gt|amp);", lambda found: {"lt": "<", "gt": ">", "amp": "&"}[found[1]], text)


def _fit(given: dict) -> list[dict]:
    """The blocks of a message that Slack takes; it refuses the others."""
    blocks = given.get("blocks") or []
    if not blocks and not given.get("text"):
        raise Refused("no_text")
    if len(given.get("text", "")) > 40_000:
        raise Refused("msg_too_long")
    if len(blocks) > BLOCKS:
        raise Refused("invalid_blocks")
    if sum(_units(text) for text in _texts(blocks)) > TOGETHER:
        raise Refused("msg_blocks_too_long")
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)) or not all(_fits(block) for block in blocks):
        raise Refused("invalid_blocks")
    return blocks


def _fits(block: dict) -> bool:
    match block:
        case {"type": "section", "text": {"type": "mrkdwn", "text": text}}:
            return 0 < _units(text) <= SECTION and not _unescaped(text)
        case {"type": "header", "text": {"type": "plain_text", "text": text}}:
            return 0 < _units(text) <= HEADER
        case {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}:
            return 0 < _units(text) <= SECTION and not _unescaped(text)
        case {"type": "actions", "elements": elements}:
            ids = [each.get("action_id") for each in elements]
            return 0 < len(elements) <= ELEMENTS and len(ids) == len(set(ids)) and all(map(_is_button, elements))
    return False


def _is_button(element: dict) -> bool:
    match element:
        case {"type": "button", "action_id": str(id_), "text": {"type": "plain_text", "text": text}, "value": str(value)}:
            return 0 < _units(text) <= LABEL and _units(value) <= VALUE and len(id_) <= 255
    return False


def _unescaped(text: str) -> bool:
    """Whether Slack would read a name, a call to everybody or a tag into TEXT: the real one shows it, a strict one refuses."""
    return any(mark in text for mark in ("<@", "<!", "<#", "<script", "< "))


def _texts(blocks: list[dict]) -> list[str]:
    found = []
    for block in blocks:
        holders = block.get("elements", []) if block["type"] == "context" else [block]
        found += [each["text"]["text"] if isinstance(each["text"], dict) else each["text"] for each in holders if "text" in each]
    return found


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@asynccontextmanager
async def slack() -> AsyncIterator[Slack]:
    """A Slack that listens."""
    platform = Slack()
    app = web.Application(client_max_size=1 << 22)
    app.router.add_route("*", "/api/{method}", platform.called)
    app.router.add_get("/link", platform.link)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    platform.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield platform
    finally:
        await platform.close()
        await runner.cleanup()
