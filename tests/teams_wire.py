"""A strict Teams of our own over real sockets: Microsoft's sign-in and keys, the connector, its signed calls, a screen for each.

It refuses what the real one refuses (a token it did not give, a card it cannot show, a message that is too long, a chat that is not
there), and fails as it is told. Whatever the bot calls that is not here answers 404, and is counted.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx
import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.drivers import BROKEN, HALF, HANGS, RESET, TOO_MANY

APP = "6f1d1c52-0f3f-4a8e-9d5e-0c5b6f0a1b2c"
TENANT = "0d1e2f30-1111-4222-8333-444455556666"
OTHER = "99999999-9999-4999-8999-999999999999"
SECRET = "made~up.client_secret-0123456789"
BOT = f"28:{APP}"
TEAM = "19:team@thread.tacv2"
STAFFROOM = "19:staffroom@thread.tacv2;messageid=1700000000000"
ISSUER = "https://api.botframework.com"
LARGEST = 80_000  # bytes of one message, as UTF-16
CARD = "application/vnd.microsoft.card.adaptive"
MOST_ACTIONS = 6  # Teams shows no more of one set


class Refused(Exception):
    """An error as the connector names it."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status


@cache
def private_key() -> rsa.RSAPrivateKey:
    """The key that this Teams signs with; making one takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Message:
    """One message as it stands in a conversation now. `wrote` is an account."""

    conversation: str
    id: str
    wrote: str
    activity: dict

    @property
    def card(self) -> dict:
        return next((one["content"] for one in self.activity.get("attachments") or () if one["contentType"] == CARD), {})

    @property
    def words(self) -> str:
        """Everything that can be read in it, as a person reads it."""
        return "\n".join(_lines(self.card.get("body", []))) if self.card else self.activity.get("text", "")

    @property
    def buttons(self) -> list[dict]:
        return [action for block in self.card.get("body", []) if block["type"] == "ActionSet" for action in block["actions"]]


@dataclass
class Person:
    """Somebody with an account, at their own screen."""

    name: str
    id: str
    object_id: str
    chat: str
    guest: bool = False
    elsewhere: bool = False  # of another organisation, through a channel that both share
    tenant: str = TENANT
    installed: bool = True  # whether the bot may begin a chat with them
    last: dict = field(default_factory=dict)
    wrote: Message | None = None

    @property
    def place(self) -> str:
        return f"{self.tenant}:{self.object_id}"


@dataclass
class Delivery:
    """How one call to the bot went."""

    status: int
    body: Any = None

    @property
    def received(self) -> bool:
        return 200 <= self.status < 300


class Teams:
    """The platform. `bot` is the address that it calls."""

    def __init__(self) -> None:
        self.address = ""
        self.bot = ""
        self.secret = SECRET
        self.token = ""
        self.people: dict[str, Person] = {}
        self.messages: dict[str, list[Message]] = defaultdict(list)
        self.counted: Counter[str] = Counter()
        self.faults: list[str] = []
        self.down = False  # it takes the call, and hangs up
        self.keys_down = False
        self.slow: dict[str, float] = {}  # what is called -> seconds before it answers
        self.retry_after = "1"
        self.hooks: list[Callable[[str, dict], None]] = []  # (what is called, what came with it)
        self._numbers = itertools.count(1)
        self._http = httpx.AsyncClient(timeout=20)

    @property
    def service(self) -> str:
        return f"{self.address}/uk/"

    # What a test does.

    def person(self, name: str, **more: Any) -> Person:
        """Whoever is called NAME, given an account now if they are new."""
        if name not in self.people:
            number = next(self._numbers)
            ours = {"id": f"29:1{name[:3]}{number:04d}", "object_id": f"aaaaaaaa-0000-4000-8000-{number:012x}"}
            self.people[name] = Person(name, chat=f"a:1chat{number:04d}", **{**ours, **more})
        return self.people[name]

    def screen(self, name: str) -> list[Message]:
        """The private chat of NAME with the bot."""
        return self.messages[self.person(name).chat]

    async def says(self, name: str, text: str, **more: Any) -> Delivery:
        """NAME types TEXT to the bot in private."""
        return await self.sends(name, {"type": "message", "text": text, "textFormat": "plain", **more})

    async def mentions(self, name: str, text: str, **more: Any) -> Delivery:
        """NAME calls the bot by name in a channel of a team."""
        mark = {"type": "mention", "text": "<at>Signpost</at>", "mentioned": {"id": BOT, "name": "Signpost"}}
        said = {"type": "message", "text": f"<at>Signpost</at> {text}", "entities": [mark], "conversation": self.channel(), **more}
        said["channelData"] = {"tenant": {"id": TENANT}, "team": {"id": TEAM, "name": "Rosebrook"}, "channel": {"id": STAFFROOM}}
        return await self.sends(name, said)

    async def edits(self, name: str, text: str, **more: Any) -> Delivery:
        """NAME changes what they typed last to TEXT."""
        wrote = self.person(name).wrote
        assert wrote is not None
        return await self._about(name, wrote, {"type": "messageUpdate", "text": text, **more}, "editMessage")

    async def deletes(self, name: str) -> Delivery:
        """NAME deletes what they typed last."""
        wrote = self.person(name).wrote
        assert wrote is not None
        self.messages[wrote.conversation].remove(wrote)
        return await self._about(name, wrote, {"type": "messageDelete"}, "softDeleteMessage")

    async def presses(self, name: str, label: str, **more: Any) -> Delivery:
        """NAME presses the newest button that says LABEL; the card that comes back stands in its place at once."""
        message, action = next(
            (message, action) for message in reversed(self.screen(name)) for action in message.buttons if action["title"] == label
        )
        return await self.executes(name, message, action, **more)

    async def executes(self, name: str, message: Message, action: dict, **more: Any) -> Delivery:
        """Press ACTION of MESSAGE."""
        value = {"action": {key: action[key] for key in ("type", "title", "verb", "data") if key in action}, "trigger": "manual"}
        invoke = {"type": "invoke", "name": "adaptiveCard/action", "value": value, "replyToId": message.id, **more}
        delivery = await self.sends(name, invoke)
        if delivery.status == 200:
            self._invoked(message, delivery.body)
        return delivery

    async def sends(self, name: str, activity: dict) -> Delivery:
        """Deliver ACTIVITY as from NAME; a message of theirs stands on their screen from then on."""
        person = self.person(name)
        whole = self.activity(person, activity)
        if whole["type"] == "message":
            person.wrote = Message(whole["conversation"]["id"], whole["id"], person.id, whole)
            self.messages[person.wrote.conversation].append(person.wrote)
        person.last = whole
        return await self.deliver(whole)

    async def again(self, name: str) -> Delivery:
        """Deliver what NAME did last once more, as after a lost answer."""
        return await self.deliver(self.person(name).last)

    async def deliver(self, activity: dict) -> Delivery:
        """Call the bot with ACTIVITY, signed as it should be. Nothing is called twice."""
        answer = await self.signed(json.dumps(activity).encode(), serviceurl=activity.get("serviceUrl"))
        body = answer.json() if answer.content else None
        return Delivery(answer.status_code, body)

    async def signed(self, body: bytes, *, header: dict[str, str] | None = None, **claims: Any) -> httpx.Response:
        """Post BODY with a token of CLAIMS; HEADER takes the place of the one with the token."""
        ours = {"authorization": f"Bearer {self.bearer(**claims)}", "content-type": "application/json; charset=utf-8"}
        return await self._http.post(self.bot, content=body, headers=ours if header is None else header)

    def bearer(self, *, key: Any = None, algorithm: str = "RS256", kid: str = "teams-1", **claims: Any) -> str:
        """A token as the connector makes them; a claim that is None is left out."""
        now = int(time.time())
        usual = {"iss": ISSUER, "aud": APP, "nbf": now - 60, "exp": now + 3600, "serviceurl": self.service}
        said = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        return jwt.encode(said, private_key() if key is None else key, algorithm=algorithm, headers={"kid": kid} if kid else {})

    def activity(self, person: Person, said: dict) -> dict:
        """SAID with everything that comes along with what PERSON does."""
        usual = {
            "id": f"17000000{next(self._numbers):05d}",
            "timestamp": f"2026-03-02T09:00:{next(self._numbers) % 60:02d}.1234567Z",
            "channelId": "msteams",
            "serviceUrl": self.service,
            "from": {"id": person.id, "name": person.name, "aadObjectId": person.object_id},
            "recipient": {"id": BOT, "name": "Signpost"},
            "conversation": {"id": person.chat, "conversationType": "personal", "tenantId": person.tenant},
            "channelData": {"tenant": {"id": person.tenant}},
            "entities": [{"type": "clientInfo", "locale": "en-GB", "country": "GB", "platform": "Windows"}],
            "locale": "en-GB",
        }
        return {**usual, **said}

    def channel(self) -> dict:
        """The conversation below one post in a channel."""
        return {"id": STAFFROOM, "conversationType": "channel", "isGroup": True, "tenantId": TENANT}

    async def _about(self, name: str, wrote: Message, activity: dict, event: str) -> Delivery:
        """Something happened to what NAME WROTE: it comes under the number of the message itself."""
        data = {"tenant": {"id": self.person(name).tenant}, "eventType": event}
        where = wrote.activity["conversation"]
        return await self.sends(name, {"id": wrote.id, "conversation": where, "channelData": data, **activity})

    def _invoked(self, message: Message, body: Any) -> None:
        """What Teams does with the answer to a press; one that it cannot use is an error on the screen."""
        assert body["statusCode"] == 200, body
        if body["type"] == CARD:
            fit_card(body["value"])
            message.activity = {**message.activity, "attachments": [{"contentType": CARD, "content": body["value"]}]}
        else:
            assert body["type"] == "application/vnd.microsoft.activity.message", body
            assert isinstance(body["value"], str)

    # What the bot calls.

    async def keys(self, request: web.Request) -> web.StreamResponse:
        """The keys that calls are signed with."""
        self.counted["keys"] += 1
        await asyncio.sleep(self.slow.get("keys", 0))
        if self.keys_down:
            return web.Response(status=503)
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private_key().public_key()))
        ours = {**public, "kid": "teams-1", "use": "sig", "endorsements": ["msteams", "skype"]}
        other = {**public, "kid": "other-channel", "use": "sig", "endorsements": ["facebook"]}
        return web.json_response({"keys": [ours, other]})

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        """A token for an app that knows its secret."""
        self.counted["sign in"] += 1
        await asyncio.sleep(self.slow.get("sign in", 0))
        if self.down:
            request.transport.close()
            return web.Response()
        form = await request.post()
        if request.match_info["tenant"] != TENANT:
            return web.json_response({"error": "invalid_request", "error_codes": [90002]}, status=400)
        if form.get("client_id") != APP:
            return web.json_response({"error": "unauthorized_client", "error_codes": [700016]}, status=400)
        if form.get("client_secret") != self.secret:
            return web.json_response({"error": "invalid_client", "error_codes": [7000215]}, status=401)
        assert form["grant_type"] == "client_credentials"
        assert form["scope"] == "https://api.botframework.com/.default"
        self.token = f"token-{next(self._numbers)}"
        return web.json_response({"token_type": "Bearer", "expires_in": 3599, "access_token": self.token})

    async def sign(self, request: web.Request) -> web.StreamResponse:
        """Hand what a stand-in for Teams says on to the bot, signed: by itself it cannot, without an account at Microsoft's."""
        if request.method != "POST":
            return web.Response()
        raw = await request.read()
        self.counted["signed"] += 1
        answer = await self.signed(raw, serviceurl=json.loads(raw)["serviceUrl"])
        return web.Response(body=answer.content, status=answer.status_code, content_type="application/json")

    async def called(self, request: web.Request) -> web.StreamResponse:
        """One call of the connector."""
        what, handle = self._called(request)
        self.counted[what] += 1
        if self.down:
            request.transport.close()
            return web.Response()
        await asyncio.sleep(self.slow.get(what, 0))
        raw = await request.read()
        given = json.loads(raw) if raw else {}
        if self.faults and what == "post":
            return await self._fails(self.faults.pop(0), request, given, raw)
        try:
            self._check(request)
            for hook in self.hooks:
                hook(what, given)
            return web.json_response(handle(given, raw, request.match_info), status=201 if what in {"post", "create"} else 200)
        except Refused as refused:
            return web.json_response({"error": {"code": str(refused), "message": "refused"}}, status=refused.status)

    def _check(self, request: web.Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise Refused(401, "Unauthorized")

    def _called(self, request: web.Request) -> tuple[str, Callable[[dict, bytes, Any], dict]]:
        tail = request.match_info.get("tail", "").strip("/")
        conversation, _, rest = tail.partition("/")
        known = {
            ("POST", ""): ("create", self._create),
            ("POST", "activities"): ("post", self._post),
            ("PUT", "activities"): ("change", self._change),
            ("DELETE", "activities"): ("delete", self._delete),
            ("GET", "members"): ("member", self._member),
        }
        section, _, number = rest.partition("/")
        request.match_info["conversation"], request.match_info["number"] = conversation, number
        return known.get((request.method, section), ("unknown", self._unknown))

    async def _fails(self, how: str, request: web.Request, given: dict, raw: bytes) -> web.StreamResponse:
        """End one send badly. After a hang, a reset and half an answer the message may stand there all the same: here it does."""
        if how == TOO_MANY:
            return web.json_response({"error": {"code": "Throttled"}}, status=429, headers={"retry-after": self.retry_after})
        if how == BROKEN:
            return web.Response(status=502, text="<html>bad gateway</html>", content_type="text/html")
        self._post(given, raw, request.match_info)
        if how == HANGS:
            await asyncio.sleep(3)
        if how == HALF:
            answer = web.StreamResponse(headers={"content-type": "application/json", "content-length": "400"})
            await answer.prepare(request)
            await answer.write(b'{"id": "17')
        assert how in {HANGS, RESET, HALF}
        request.transport.close()
        return web.Response()

    def _create(self, given: dict, raw: bytes, match: Any) -> dict:
        if match["conversation"] or given.get("tenantId") != TENANT or len(given.get("members", ())) != 1:
            raise Refused(400, "BadSyntax")
        wanted = given["members"][0]["id"]
        person = next((one for one in self.people.values() if wanted in {one.id, one.object_id}), None)
        if person is None or person.tenant != TENANT:
            raise Refused(404, "UserNotFound")
        if not person.installed:
            raise Refused(403, "BotNotInConversationRoster")
        return {"id": person.chat, "serviceUrl": self.service}

    def _post(self, given: dict, raw: bytes, match: Any) -> dict:
        conversation = self._conversation(match)
        if _too_long(raw):
            raise Refused(413, "MessageSizeTooBig")
        fit(given)
        message = Message(conversation, f"18000000{next(self._numbers):05d}", BOT, given)
        self.messages[conversation].append(message)
        return {"id": message.id}

    def _change(self, given: dict, raw: bytes, match: Any) -> dict:
        message = self._ours(match)
        if _too_long(raw):
            raise Refused(413, "MessageSizeTooBig")
        fit(given)
        message.activity = given
        return {"id": message.id}

    def _delete(self, given: dict, raw: bytes, match: Any) -> dict:
        message = self._ours(match)
        self.messages[message.conversation].remove(message)
        return {}

    def _member(self, given: dict, raw: bytes, match: Any) -> dict:
        if match["conversation"] != TEAM and not match["conversation"].startswith("a:"):
            raise Refused(404, "ConversationNotFound")  # a post in a channel has no members; its team has
        person = next((one for one in self.people.values() if one.id == match["number"]), None)
        if person is None:
            raise Refused(404, "MemberNotFoundInConversation")
        name = person.name.lower().replace(" ", ".")
        upn = f"{name}_elsewhere.example#EXT#@school.example" if person.guest else f"{name}@school.example"
        known = {"id": person.id, "name": person.name, "objectId": person.object_id, "userPrincipalName": upn}
        return {**known, "tenantId": OTHER if person.elsewhere else person.tenant, "userRole": "guest" if person.guest else "user"}

    def _unknown(self, given: dict, raw: bytes, match: Any) -> dict:
        raise Refused(404, "NotFound")

    def _conversation(self, match: Any) -> str:
        found = match["conversation"]
        person = next((one for one in self.people.values() if one.chat == found), None)
        if person is None and found != STAFFROOM:
            raise Refused(404, "ConversationNotFound")
        if person is not None and not person.installed:
            raise Refused(403, "BotNotInConversationRoster")
        return found

    def _ours(self, match: Any) -> Message:
        conversation = self._conversation(match)
        message = next((one for one in self.messages[conversation] if one.id == match["number"]), None)
        if message is None:
            raise Refused(404, "ActivityNotFoundInConversation")
        if message.wrote != BOT:
            raise Refused(403, "MessageWritesBlocked")
        return message

    async def close(self) -> None:
        """End what is open."""
        await self._http.aclose()


def fit(activity: dict) -> None:
    """Refuse ACTIVITY unless it is a message that Teams can show."""
    attachments = activity.get("attachments") or []
    if activity.get("type") != "message" or not (activity.get("text") or attachments):
        raise Refused(400, "BadSyntax")
    for each in attachments:
        if each.get("contentType") != CARD:
            raise Refused(415, "BadAttachment")
        fit_card(each["content"])
    if attachments and not activity.get("summary"):
        raise Refused(400, "NothingForTheLockScreen")  # Teams would show "Sent a card", which helps nobody


def _too_long(raw: bytes) -> bool:
    return len(json.dumps(json.loads(raw), ensure_ascii=False).encode("utf-16-le", "surrogatepass")) > LARGEST


def fit_card(card: dict) -> None:
    """Refuse CARD unless Teams can show all of it. A TextBlock is none: what is written in one is read as markup."""
    if card.get("type") != "AdaptiveCard" or card.get("version") not in {"1.4", "1.5"} or not card.get("body"):
        raise Refused(400, "BadCard")
    if unknown := set(card) - {"type", "version", "body", "fallbackText", "msteams"}:
        raise Refused(400, f"BadCard: {sorted(unknown)}")
    if not all(_block_fits(block) for block in card["body"]):
        raise Refused(400, "BadCard")


def _block_fits(block: dict) -> bool:
    match block:
        case {"type": "RichTextBlock", "inlines": [*runs]} if runs:
            return set(block) <= {"type", "inlines", "spacing"} and all(map(_run_fits, runs))
        case {"type": "ActionSet", "actions": [*actions]}:
            return 0 < len(actions) <= MOST_ACTIONS and all(map(_action_fits, actions))
    return False


def _run_fits(run: dict) -> bool:
    match run:
        case {"type": "TextRun", "text": str(text)} if text and "\n" not in text and "{{" not in text:
            link = run.get("selectAction")
            return link is None or (link["type"] == "Action.OpenUrl" and link["url"].startswith(("https://", "http://")))
    return False


def _action_fits(action: dict) -> bool:
    match action:
        case {"type": "Action.Execute", "title": str(title), "verb": str(), "data": dict(data)}:
            return bool(title) and len(title) <= 100 and all(isinstance(each, str) for each in data.values())
    return False


def _lines(blocks: list[dict]) -> Iterator[str]:
    for block in blocks:
        if block["type"] == "RichTextBlock":
            yield "".join(run["text"] for run in block["inlines"])


@asynccontextmanager
async def teams() -> AsyncIterator[Teams]:
    """A Teams that listens."""
    platform = Teams()
    app = web.Application(client_max_size=1 << 22)
    app.router.add_get("/keys", platform.keys)
    app.router.add_post("/login/{tenant}/oauth2/v2.0/token", platform.sign_in)
    app.router.add_route("*", "/sign", platform.sign)
    app.router.add_route("*", "/uk/v3/conversations", platform.called)
    app.router.add_route("*", "/uk/v3/conversations/{tail:.*}", platform.called)
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
