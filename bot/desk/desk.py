"""The desk as a part of the site: its routes, and what every page of it has in common."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot import wording
from bot.config import Config
from bot.conversation import Surroundings, error_reference
from bot.desk import case_page, door, flash, inbox, live, people_page, pictures, sign_in
from bot.desk.acting import Acting, Done, Gone
from bot.desk.door import NOT_THERE, SignedIn, same_site
from bot.logs import log
from bot.pages.crowding import Crowding
from bot.pages.forms import Refused, form
from bot.pages.making import Pages
from bot.pages.static import Files
from bot.pages.stream import Streams
from bot.people import is_reached
from bot.schools import School
from storage.kept import Due

HERE = Path(__file__).parent
FAILED = (
    "Something went wrong on our side, and nothing was changed. Please try again. "
    "If it goes on, give this code to whoever looks after Signpost: {reference}."
)

# What is shown to whoever is signed in; each names its own pages and forms.
MODULES = (inbox, case_page, people_page, pictures, live)

Endpoint = Callable[[Request], Awaitable[Response]]
Page = Callable[["Desk", SignedIn, Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class DeskContext:
    """What the desk stands on."""

    config: Config
    around: Surroundings
    dispatch: Callable[[Sequence[Due]], Awaitable[None]]
    stopping: asyncio.Event


class Desk:
    """The pages for those whom reports reach. A page is a function of the desk, of who is signed in, and of the request."""

    def __init__(self, context: DeskContext) -> None:
        self.context = context
        self.secure = context.config.base_url.startswith("https://")
        self.rehearsing = context.config.rehearsal
        self.acting = Acting(context.around, context.dispatch)
        self.files = Files("/desk-files", HERE / "static")
        self.pages = Pages(HERE / "templates", self.files)
        # Five links an hour for each mailbox, and for each address from which they are asked for.
        self.asking = Crowding(5, 5 / 3600)
        self.streams = Streams(context.stopping, "changed")

    @property
    def schools(self) -> Mapping[str, School]:
        return self.context.around.schools

    def routes(self) -> Sequence[BaseRoute]:
        """Every route of the desk; each page module names its own in PAGES and FORMS."""
        routes: list[BaseRoute] = [self.files.route, Route("/desk", self._front)]
        for path, open_page in sign_in.OPEN.items():
            routes.append(Route(path, self._guarded(functools.partial(open_page, self))))
        for path, taken in sign_in.FORMS.items():
            routes.append(Route(path, self._guarded(functools.partial(taken, self)), methods=["POST"]))
        for module in MODULES:
            for path, page in module.PAGES.items():
                routes.append(Route(path, self._guarded(self._signed_in(page))))
            for path, page in module.FORMS.items():
                routes.append(Route(path, self._guarded(self._signed_in(page)), methods=["POST"]))
        return routes

    def page(self, who: SignedIn, request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """A page for WHO, with what the last form had to say."""
        said = values.pop("said", None)
        shown = said if said is not None else flash.taken(self, who, request)
        answer = self.pages.page(template, status, who=who, school=who.school, said=shown, danger=wording.NINE_NINE_NINE, **values)
        flash.forget(answer, request)
        return answer

    def after(self, who: SignedIn, done: Done, path: str = "") -> Response:
        """Back to the page at PATH of this school's desk, which shows what was DONE."""
        answer = RedirectResponse(f"/desk/{who.school.name}{path}", 303, headers=self.pages.headers)
        flash.keep(self, who, answer, done)
        return answer

    async def fields(self, who: SignedIn, request: Request) -> tuple[dict[str, str], str]:
        """The fields of the form that came in, and its number; Refused unless it was given to this very browser."""
        fields = await form(request)
        return fields, who.form(fields)

    def school_of(self, request: Request) -> School:
        """The school that the path names."""
        school = self.schools.get(request.path_params["school"])
        if school is None:
            raise Refused(404, NOT_THERE)
        return school

    async def who_asks(self, request: Request, *, quiet: bool = False) -> SignedIn | None:
        """Whoever is signed in with the browser that sends REQUEST. QUIET: a page asks by itself, which shows nobody there."""
        school = self.school_of(request)
        token = door.token_of(request, school.name, secure=self.secure)
        if not token:
            return None
        clock = self.context.around.clock
        person = await self.context.around.stores[school.name].sign_ins.signed_in(token, clock.real_now(), quiet=quiet)
        if person is None or not is_reached(person, school.roles):
            return None  # signed out, or no report reaches them any more
        return SignedIn(school, person, token, clock.now())

    async def _front(self, request: Request) -> Response:  # noqa: ARG002 - every endpoint takes the request
        if len(self.schools) == 1:
            return RedirectResponse(f"/desk/{next(iter(self.schools))}", 303, headers=self.pages.headers)
        return self.pages.page("schools_of_the_desk.html", schools=tuple(self.schools.values()))

    def _signed_in(self, page: Page) -> Endpoint:
        async def answer(request: Request) -> Response:
            who = await self.who_asks(request)
            if who is None:
                return sign_in.how(self, request) if request.method == "GET" else await sign_in.out_of_time(self, request)
            try:
                return await page(self, who, request)
            except Gone:
                raise Refused(404, NOT_THERE) from None

        return answer

    def _guarded(self, endpoint: Endpoint) -> Endpoint:
        """ENDPOINT, with every refusal shown as a page that says what to do and repeats nothing that was sent."""

        @functools.wraps(endpoint)
        async def answer(request: Request) -> Response:
            try:
                if request.method == "POST":
                    same_site(request)
                return await endpoint(request)
            except Refused as refused:
                return self.pages.page("refused.html", refused.status, why=str(refused))
            except Exception as error:  # noqa: BLE001 - whatever it was, they are told so by a page; the log has its type and place
                code = error_reference()
                log.error("a page of the desk failed", reference=code, exc_info=error)
                return self.pages.page("refused.html", 500, why=FAILED.format(reference=code))

        return answer
