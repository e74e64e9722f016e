"""The web channel: pages and forms in, the stored replies out. What is stored is the delivery; sending only wakes the page."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot import coming_back, wording, wording_web
from bot.channel import ChannelContext, Receive, SendFailed, Unproved
from bot.channels.web.front import Front
from bot.channels.web.history import History, wake
from bot.channels.web.lines import Line
from bot.channels.web.marks import Marks
from bot.channels.web.neutral import ROWS, SIZES, TABLES_AT, text_size
from bot.channels.web.page import Pages
from bot.channels.web.session import NONCE, remember
from bot.channels.web.stage import Stage
from bot.channels.web.visits import Doors, Visit, visit
from bot.clock import RehearsalClock
from bot.messages import Address, IncomingMessage, Reply
from bot.pages.crowding import Crowding
from bot.pages.forms import Refused, form
from bot.pages.static import Files
from bot.pages.stream import Streams
from bot.ways_in import grouped
from knowledge.risk import Triage
from storage.store.invites import SPELT

ANSWER_WITHIN = 2.0  # real seconds that a page without JavaScript waits for the answer before it is shown without one
LONGEST_ABOUT = 200
# What one address may do at once, and how much more each second. After an incident hundreds of parents write within minutes, and
# the school's own network is one address: a limit that a crowd could reach would take reports away for nothing.
PAGES = (6000, 100.0)
MESSAGES = (3000, 40.0)
# A browser has five tries an hour (bot/handlers/follow.py). Those behind one address have these together: enough for a staff room
# that mistypes, and nothing against 25 to the power of 10.
WRONG_CODES = (30, 30 / 3600)
AGAIN_AFTER = "60"  # seconds

Endpoint = Callable[[Request], Awaitable[Response]]


def make(context: ChannelContext) -> Web:
    """The web channel for all schools of CONTEXT."""
    return Web(context)


class Web:
    """One chat page for each school; and, in a rehearsal, the stage on which one person plays everybody."""

    name = "web"

    def __init__(self, context: ChannelContext) -> None:
        self._context = context
        rehearsing = context.config.rehearsal and isinstance(context.clock, RehearsalClock)
        secure = context.config.base_url.startswith("https://")
        self._doors = Doors(context.schools, context.config.web.hosts, secure, rehearsing)
        self._files = Files("/static", Path(__file__).parent / "static")
        self._pages = Pages(self._files, framed=rehearsing)
        self._front = Front(self._doors, self._pages, context.clock)
        self._streams = Streams(context.stopping)
        self._reading, self._guessing = Crowding(*PAGES), Crowding(*WRONG_CODES)
        self._writing, self._pressing = Crowding(*MESSAGES), Crowding(*MESSAGES)
        self._triage = Triage.load()
        self._receive: Receive | None = None

    async def run(self, receive: Receive) -> None:
        """Take messages until cancelled; the pages themselves are served by the one web host."""
        self._receive = receive
        try:
            await asyncio.Event().wait()
        finally:
            self._receive = None

    async def send(self, to: Address, reply: Reply, key: str) -> str:  # noqa: ARG002 - the words are already where the page reads them
        """Wake the page that shows this place. An unopened page loses nothing: it reads the same rows when it is opened."""
        if to.channel != self.name:
            raise SendFailed("This is not an address of the web page.", permanent=True)
        wake(self._context, to.place)
        return Unproved(key)  # the page that reads it is the proof

    async def edit(self, to: Address, card: str, reply: Reply, key: str) -> str:
        """The page shows what the store holds: waking it changes the card."""
        await self.send(to, reply, key)
        return card

    def private_address(self, sender: str) -> Address:
        return Address(self.name, sender)

    def routes(self) -> Sequence[BaseRoute]:
        routes = [
            Route("/", self._guarded(self._front.first)),
            Route("/chat/{school}", self._guarded(self._chat)),
            Route("/chat/{school}/say", self._guarded(self._say), methods=["POST"]),
            Route("/chat/{school}/events", self._guarded(self._events)),
            Route("/chat/{school}/look", self._guarded(self._front.look), methods=["POST"]),
            Route("/chat/{school}/forget", self._guarded(self._front.forget), methods=["POST"]),
            Route(TABLES_AT, self._front.tables),  # never refused: somebody may have to hide at once
            self._files.route,
        ]
        if self._doors.rehearsing:
            stage = Stage(self._context, self._pages)
            routes[0] = Route("/", self._guarded(stage.page))
            routes += [
                Route("/rehearsal/state", self._guarded(stage.state)),
                Route("/rehearsal/clock", self._guarded(stage.clock), methods=["POST"]),
                Route("/rehearsal/again", self._guarded(stage.again), methods=["POST"]),
            ]
        return routes

    def _guarded(self, endpoint: Endpoint) -> Endpoint:
        """ENDPOINT, with every refusal shown as a page that says what to do and repeats nothing that was sent."""

        @functools.wraps(endpoint)
        async def answer(request: Request) -> Response:
            if request.method == "GET" and not self._reading.takes(_address(request)):
                return self._refusal(Refused(429, wording_web.CROWDED))
            try:
                return await endpoint(request)
            except Refused as refused:
                return self._refusal(refused)

        return answer

    def _refusal(self, refused: Refused) -> Response:
        crowded = refused.status == 429
        help_now = wording.NINE_NINE_NINE if crowded else ""
        answer = self._pages.page("refused.html", refused.status, why=str(refused), help_now=help_now)
        if crowded:
            answer.headers["retry-after"] = AGAIN_AFTER
        return answer

    async def _chat(self, request: Request) -> Response:
        here = self._visit(request)
        lines, mark = await (await History.of(self._context, here)).page()
        marks = self._marks(here)
        answer = self._pages.page(
            "chat.html",
            school=here.school,
            form=here.form,
            lines=[replace(line, id=marks.line(line.id)) for line in lines],
            after=marks.written(mark),
            persona=here.persona,
            emergency=wording.NINE_NINE_NINE,
            invite=_invited(request),
            size=text_size(request),
            sizes=SIZES,
            hide=TABLES_AT,
            mails="email" in self._context.config.channels and bool(here.school.page),
            rows=ROWS,
        )
        remember(answer, here.session, secure=self._doors.secure)
        return answer

    async def _say(self, request: Request) -> Response:
        fields = await form(request)
        here = self._visit(request)
        if here.session.fresh or not here.session.sent_this_form(fields.get("csrf", "")):
            raise Refused(403, wording_web.TOO_OLD)
        if self._receive is None:
            raise Refused(503, wording_web.STARTING)
        message = self._message(here, fields)
        if not self._writing.takes(_address(request)) and not await self._gets_through(request, message):
            raise Refused(429, wording_web.CROWDED)
        await self._no_guessing(request, here, message)
        if "x-signpost" in request.headers:
            await self._receive(here.school.name, message)
            return Response(status_code=204, headers=self._pages.headers)
        history = await History.of(self._context, here)
        _, mark = await history.page()
        if await self._receive(here.school.name, message):  # a second tap brings no second answer to wait for
            await history.answered(mark, ANSWER_WITHIN)
        return RedirectResponse(f"{here.form.here}#latest", 303, headers=self._pages.headers)

    def _message(self, here: Visit, fields: dict[str, str]) -> IncomingMessage:
        nonce, about = fields.get("nonce", ""), fields.get("about", "")
        pressed = "value" in fields
        text = fields["value"] if pressed else _typed(fields)
        if not NONCE.fullmatch(nonce) or len(about) > LONGEST_ABOUT:
            raise Refused(400, wording_web.NOT_READ)
        if not text.strip():
            raise Refused(400, wording_web.NO_WORDS)
        return IncomingMessage(
            # Together with the place, so that nobody can use up the number of somebody else's form.
            id=f"{here.place}:{nonce}",
            sender=here.sender,
            address=Address(self.name, here.place),
            received_at=self._context.clock.now(),
            text=text,
            about=about,
            pressed=pressed,
        )

    async def _no_guessing(self, request: Request, here: Visit, message: IncomingMessage) -> None:
        """Count the secret codes that do not work by address, too: a cookie thrown away must not buy further tries."""
        wish = None if message.pressed else coming_back.wish(message.text)
        if wish is None or not wish.code:
            return
        address = _address(request)
        if not self._guessing.has_room(address):
            raise Refused(429, wording_web.CROWDED_CODES)
        if await self._context.store(here.school.name).following.opens(wish.reference, wish.code) is None:
            self._guessing.takes(address)

    async def _gets_through(self, request: Request, message: IncomingMessage) -> bool:
        """Whether MESSAGE is taken although very many came from its address: if it may be about danger, always.

        A button says no words that could be weighed, and "yes, somebody is in danger" is one: buttons have as much room again.
        """
        if message.pressed:
            return self._pressing.takes(_address(request))
        return (await asyncio.to_thread(self._triage.weigh, message.text)).level != "none"

    async def _events(self, request: Request) -> Response:
        here = self._visit(request)
        if here.session.fresh:
            raise Refused(403, wording_web.TOO_OLD)
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        history, marks = await History.of(self._context, here), self._marks(here)

        async def news(mark: str) -> tuple[str, Sequence[tuple[str, str]]]:
            known = marks.read(mark)
            further, lines = await history.since(known)
            shown = [(marks.written(at), self._fragment(here, replace(line, id=marks.line(line.id)))) for at, line in lines]
            return mark if further == known else marks.written(further), shown

        line = self._reading.digest(_address(request))
        self._streams.check(here.place, line)
        events = self._streams.events(here.place, after, news, history.wait, line)
        headers = {**self._pages.headers, "cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(events, media_type="text/event-stream", headers=headers)

    def _fragment(self, here: Visit, line: Line) -> str:
        return self._pages.fragment(line, here.form, rehearsal=here.persona is not None)

    def _visit(self, request: Request) -> Visit:
        return visit(request, self._doors, self._context.clock.now())

    def _marks(self, here: Visit) -> Marks:
        return Marks(self._context.database.vault, here.place)


def _invited(request: Request) -> str:
    """The code that the link of an invitation brought. Opening the page does nothing with it: previews of links do too."""
    code = request.query_params.get("invite", "").upper()
    return grouped(code) if SPELT.fullmatch(code) else ""


def _typed(fields: dict[str, str]) -> str:
    """What somebody says by a form of FIELDS: the small forms say what could be typed just as well."""
    if "code" in fields:
        return f"follow {fields.get('reference', '').strip()} {fields['code'].strip()}"
    if "news_to" in fields:
        return f"news to {fields['news_to'].strip()}"
    return fields.get("text", "")


def _address(request: Request) -> str:
    """Where REQUEST comes from. Behind a web server of one's own that is what it says: docs/chat-page.md has the setting."""
    return request.client.host if request.client is not None else ""
