"""Two worlds that differ by one case: a school at which it happened, its twin at which it did not, and what somebody reads there.

All of them stand side by side in one real bot, each as a school of its own, so that some hundreds cost seconds.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from httpx import ASGITransport, AsyncClient

from bot import schools
from bot.channel import numbered
from bot.channels.web.session import Session as Browser
from bot.messages import Reply
from bot.pages.making import new_nonce
from bot.record import record
from bot.turn import Outcome
from flows.cases.case import ALPHABET, Case, reference
from flows.cases.routing import HEADTEACHER, LEAD
from storage.kept import Person
from storage.store import Store
from tests.talk import Talk

if TYPE_CHECKING:
    from tests.bot.staging import Stage

HOLD = timedelta(seconds=60)
SHOWN_WITHIN = 30.0  # real seconds until a page that shows nothing is taken for broken
WORDS = "zqx was seen at the window"  # what was written about whoever it is about
CONCERNED, COLLEAGUE, PARENT, WITNESS = "Concerned", "Colleague", "Parent", "Witness"
FAKE, WEB = "fake", "web"
BREAKS = "Break down"  # what is said to a bot whose handler fails over it

# The factors of a world. Each value is a word, so that a failure can be read and made again.
MATTERS = (
    "danger", "disclosure", "staff_conduct", "about_headteacher", "complaint", "new_account", "site_to_block", "bullying_of_pupil",
    "consent_given", "tell_the_lead",
)  # fmt: skip
WHO = (HEADTEACHER, LEAD, "deputy_dsl", "chair", "office", "staff")
SHARED = ("separate", "two in one", "three in one", "all in one", "two holders")
MOMENTS = ("waiting", "held", "handed on", "closed", "opened again", "said later")


@dataclass(frozen=True)
class Setting:
    """What a world is like: at which school, about what, about whom, how roles are shared out, how far it has come."""

    school: str
    matter: str
    who: str
    shared: str
    moment: str


@dataclass
class World:
    """One school in which SETTING holds; in a twin the case is missing, and a reference that never was stands in its place."""

    name: str
    setting: Setting
    stage: Stage
    twin: bool
    talk: Talk
    path: Any = None  # the one of the registry that is walked here
    browser: Browser = field(default_factory=lambda: Browser(secrets.token_urlsafe(32)))
    people: dict[str, Person] = field(default_factory=dict)
    case: Case | None = None
    reference: str = field(default_factory=reference)
    case_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    seen: tuple[Case, ...] = ()  # cases that are not about them: one that waits, one that they have
    read: int = 0  # how much had been said in the bot when they began to look
    extra: list[str] = field(default_factory=list)  # what came back in another way than by a channel

    @property
    def store(self) -> Store:
        """What is kept there."""
        return self.stage.app.stores[self.name]

    @property
    def school(self) -> schools.School:
        """Its policy, routes and roles."""
        return self.stage.app.schools[self.name]

    @property
    def concerned(self) -> Person:
        """Whoever the case is about."""
        return self.people[CONCERNED]

    def place(self, name: str) -> str:
        """Where NAME sits in the channel that all schools share."""
        return f"{name}@{self.name}"

    async def says(self, *texts: str, **more: object) -> None:
        """Whoever it is about types TEXTS, one after the other, without waiting for an answer."""
        for text in texts:
            await self.talk.send(self.place(CONCERNED), text, **more)
        await self.stage.settled()

    async def presses(self, about: str, *values: str) -> None:
        """Whoever it is about presses buttons that mean VALUES, or forges them."""
        await self.says(*values, about=about, pressed=True)

    async def sends(self, name: str, text: str, **more: object) -> None:
        """NAME sends TEXT."""
        await self.talk.send(self.place(name), text, **more)
        await self.stage.settled()

    async def clicks(self, label: str) -> None:
        """Whoever it is about presses the latest button LABEL, if they were shown one."""
        for reply in reversed(self.stage.channel.at(self.place(CONCERNED))):
            for choice in reply.choices:
                if choice.label == label:
                    return await self.presses(reply.about, choice.value)
        self.extra.append(f"no button {label}")
        return None

    async def records(self, outcome: Outcome) -> None:
        """OUTCOME becomes real, as whatever decided it would have it."""
        await record(self.store, outcome, at=self.stage.clock.now(), hold=HOLD)

    async def fetches(self, path: str) -> None:
        """The page at PATH, in their browser."""
        async with self._client() as client:
            answer = await client.get(path)
        headers = sorted(
            f"{name}: {value}" for name, value in answer.headers.items() if name not in ("content-length", "set-cookie")
        )
        self.extra.append("\n".join((str(answer.status_code), *headers, answer.text)))

    async def posts(self, text: str) -> None:
        """TEXT sent by the form of their page."""
        fields = {"csrf": self.browser.csrf, "nonce": new_nonce(), "text": text}
        async with self._client() as client:
            answer = await client.post(f"/chat/{self.name}/say", data=fields, headers={"x-signpost": "1"})
        self.extra.append(f"{answer.status_code} {answer.text}")
        await self.stage.settled()

    async def streams(self) -> None:
        """What the stream of their page brings first, from the beginning."""
        before = -1

        def enough(brought: bytearray) -> bool:
            nonlocal before
            done = b"event: said" in brought and len(brought) <= before
            before = len(brought)
            return done

        cookie = f"signpost={self.browser.id}"
        await self.listens(f"/chat/{self.name}/events", b"after=0.0.0", cookie, enough, SHOWN_WITHIN)

    async def listens(self, path: str, query: bytes, cookie: str, enough: Callable[[bytearray], bool], within: float) -> None:
        """What the stream at PATH brings, until that is ENOUGH. An answer that never is breaks off WITHIN so many seconds."""
        brought = bytearray()
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "root_path": "",
            "path": path, "raw_path": b"", "query_string": query, "client": ("127.0.0.1", 1),
            "server": ("school.example", 80), "headers": [(b"cookie", cookie.encode())],
        }  # fmt: skip

        async def receive() -> dict[str, object]:
            await asyncio.Event().wait()
            return {}

        async def send(message: dict[str, object]) -> None:
            brought.extend(message.get("body", b""))

        streaming = asyncio.create_task(self.stage.app.web(scope, receive, send))
        try:
            async with asyncio.timeout(within):
                while not enough(brought):  # noqa: ASYNC110 - what ends it is in no hand of ours
                    await asyncio.sleep(0.1)
        finally:
            streaming.cancel()
            await asyncio.gather(streaming, return_exceptions=True)
        self.extra.append(brought.decode())

    def _client(self) -> AsyncClient:
        cookies = {"signpost": self.browser.id}
        return AsyncClient(transport=ASGITransport(self.stage.app.web), base_url="http://school.example", cookies=cookies)

    def heard(self) -> list[str]:
        """Everything that reached them since they began to look, in a form in which both worlds can be compared."""
        said = [one.reply for one in self.stage.channel.sent[self.read :] if one.to.place == self.place(CONCERNED)]
        return sorted(self.plain(text) for text in (*map(_whole, said), *self.extra))

    def plain(self, text: str) -> str:
        """TEXT without what is drawn by lot: references, ids, tokens, clocks."""
        text = text.replace(self.name, "SCHOOL").replace(self.browser.id, "BROWSER").replace(self.browser.csrf, "CSRF")
        for found, instead in _RANDOM:
            text = found.sub(instead, text)
        return text


_RANDOM = (
    (re.compile(rf"\bSP-[{ALPHABET}]{{5}}\b"), "SP-*****"),
    (re.compile(rf"\bE-[{ALPHABET}]{{5}}\b"), "E-*****"),
    (re.compile(r'(nonce" value=|data-nonce=|nonce=)"[^"]*"'), r"\1NONCE"),
    (re.compile(r'(data-id="[a-z]|data-after=")[\w-]{16,}"'), r'\1MARK"'),
    (re.compile(r"\b[tw][a-z][0-9a-f]{16}\b"), "MARK"),  # the ids of a line's title and words
    (re.compile(r"\b[0-9a-f]{8,64}\b"), "ID"),
    (re.compile(rf"((?:confirm|not right) [a-z_]+|role:[^:\s]+:[a-z_]+:) ?[{ALPHABET}]{{5}}\b"), r"\1 CODE"),
    (re.compile(rf'name="code" value="[{ALPHABET}]{{5}}"'), 'name="code" value="CODE"'),
    (re.compile(rf"\b[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}\b"), "INVITATION"),
    (re.compile(r"\b\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?\b"), "TIME"),
    (re.compile(r"^id: [\w-]+$", re.MULTILINE), "id: MARK"),
    (re.compile(r'((?:id|value|data-[a-z]+)="[a-z]?)\d+(?:\.\d+)*"'), r'\1N"'),
)  # fmt: skip


def _whole(reply: Reply) -> str:
    """REPLY with its buttons, and what they belong to and mean."""
    return "\n".join((numbered(reply), reply.about, *(f"[{choice.label}] {choice.value}" for choice in reply.choices)))
