"""The web channel: pages and forms in, the stored replies out. What is stored is the delivery; sending only wakes the page."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot import wording
from bot.channel import ChannelContext, Receive, SendFailed, Unproved
from bot.channels.web.history import History, Mark, wake
from bot.channels.web.lines import Line
from bot.channels.web.page import Pages
from bot.channels.web.session import NONCE, remember
from bot.channels.web.stage import Stage
from bot.channels.web.stream import Streams
from bot.channels.web.visits import Visit, visit
from bot.clock import RehearsalClock
from bot.messages import Address, IncomingMessage, Reply
from bot.pages.forms import Refused, form
from bot.pages.static import Files
from bot.ways_in import grouped
from storage.store.invites import SPELT

ANSWER_WITHIN = 2.0  # real seconds that a page without JavaScript waits for the answer before it is shown without one
LONGEST_ABOUT = 200

Endpoint = Callable[[Request], Awaitable[Response]]


def make(context: ChannelContext) -> Web:
    """The web channel for all schools of CONTEXT."""
    return Web(context)


class Web:
    """One chat page for each school; and, in a rehearsal, the stage on which one person plays everybody."""

    name = "web"

    def __init__(self, context: ChannelContext) -> None:
        self._context = context
        self._secure = context.config.base_url.startswith("https://")
        self._rehearsing = context.config.rehearsal and isinstance(context.clock, RehearsalClock)
        self._files = Files("/static", Path(__file__).parent / "static")
        self._pages = Pages(self._files, framed=self._rehearsing)
        self._streams = Streams(context.stopping)
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
            Route("/", self._guarded(self._front)),
            Route("/chat/{school}", self._guarded(self._chat)),
            Route("/chat/{school}/say", self._guarded(self._say), methods=["POST"]),
            Route("/chat/{school}/events", self._guarded(self._events)),
            self._files.route,
        ]
        if self._rehearsing:
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
            try:
                return await endpoint(request)
            except Refused as refused:
                return self._pages.page("refused.html", refused.status, why=str(refused))

        return answer

    async def _front(self, request: Request) -> Response:  # noqa: ARG002 - every endpoint takes the request
        schools = tuple(self._context.schools.values())
        if len(schools) == 1:
            return RedirectResponse(f"/chat/{schools[0].name}", 303, headers=self._pages.headers)
        return self._pages.page("schools.html", schools=schools)

    async def _chat(self, request: Request) -> Response:
        here = self._visit(request)
        lines, mark = await (await History.of(self._context, here)).page()
        answer = self._pages.page(
            "chat.html",
            school=here.school,
            form=here.form,
            lines=lines,
            after=mark,
            persona=here.persona,
            emergency=wording.NINE_NINE_NINE,
            invite=_invited(request),
        )
        remember(answer, here.session, secure=self._secure)
        return answer

    async def _say(self, request: Request) -> Response:
        fields = await form(request)
        here = self._visit(request)
        if here.session.fresh or not here.session.sent_this_form(fields.get("csrf", "")):
            raise Refused(403, "This page has become too old. Please go back, load it again and send your words once more.")
        if self._receive is None:
            raise Refused(503, "Signpost is just starting. Please send your words again in a moment.")
        message = self._message(here, fields)
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
        text = fields["value"] if pressed else fields.get("text", "")
        if not NONCE.fullmatch(nonce) or len(about) > LONGEST_ABOUT:
            raise Refused(400, "That form could not be read. Please go back and try again.")
        if not text.strip():
            raise Refused(400, "There were no words in that message.")
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

    async def _events(self, request: Request) -> Response:
        here = self._visit(request)
        if here.session.fresh:
            raise Refused(403, "This page has become too old. Please load it again.")
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        history = await History.of(self._context, here)

        async def news(mark: str) -> tuple[str, Sequence[tuple[str, str]]]:
            further, lines = await history.since(Mark.parse(mark))
            return str(further), [(str(at), self._fragment(here, line)) for at, line in lines]

        self._streams.check(here.place)
        events = self._streams.events(here.place, after, news, history.wait)
        headers = {**self._pages.headers, "cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(events, media_type="text/event-stream", headers=headers)

    def _fragment(self, here: Visit, line: Line) -> str:
        return self._pages.fragment(line, here.form, rehearsal=here.persona is not None)

    def _visit(self, request: Request) -> Visit:
        now = self._context.clock.now()
        return visit(request, self._context.schools, now, secure=self._secure, rehearsing=self._rehearsing)


def _invited(request: Request) -> str:
    """The code that the link of an invitation brought. Opening the page does nothing with it: previews of links do too."""
    code = request.query_params.get("invite", "").upper()
    return grouped(code) if SPELT.fullmatch(code) else ""
