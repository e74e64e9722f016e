"""The rehearsal's stage: the same chat page three times side by side, whoever is told in the third, and a clock to play with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.channel import ChannelContext
from bot.channels.web.history import History
from bot.channels.web.page import Pages
from bot.channels.web.session import Session, remember, session_of
from bot.channels.web.visits import next_round, played
from bot.clock import RehearsalClock
from bot.pages.forms import Refused, form
from bot.rehearsal import RATES, Persona, Rehearsal, receivers, start_again
from bot.schools import School
from storage.work import Work

LABELS = {1: "Real time", 60: "1 min = 1 s", 600: "10 min = 1 s"}
OLD = "This page has become too old. Please load it again."


class Stage:
    """Its routes exist in a rehearsal only: nowhere else may a page move the clock or be somebody by saying so."""

    def __init__(self, context: ChannelContext, pages: Pages) -> None:
        assert isinstance(context.clock, RehearsalClock)  # noqa: S101 - the channel asked before it made a stage
        self._context = context
        self._pages = pages
        self._rehearsal = Rehearsal(context.clock, Work(context.database), context.config.channels)

    async def page(self, request: Request) -> Response:
        """The stage itself."""
        school = self._school(request.query_params.get("school"))
        session = session_of(request, secure=False)
        answer = self._pages.page(
            "rehearsal.html",
            school=school,
            csrf=session.csrf,
            state=await self._state(request, school, session),
            rates=tuple((rate, LABELS[rate]) for rate in RATES),
            receivers=receivers(school),
            third=_receiver(school, request.query_params.get("third")),
        )
        # Before the panels ask for theirs, or each of them would be given a session of its own.
        remember(answer, session, secure=False)
        return answer

    async def state(self, request: Request) -> Response:
        """What the stage shows besides the panels: the time, what is due next, and how much has reached whom."""
        school = self._school(request.query_params.get("school"))
        state = await self._state(request, school, session_of(request, secure=False))
        return JSONResponse(state, headers={**self._pages.headers, "cache-control": "no-store"})

    async def clock(self, request: Request) -> Response:
        """Run the clock faster or slower, or move it to what is due next."""
        fields = await self._fields(request)
        if "skip" in fields:
            await self._rehearsal.skip()
        else:
            rate = fields.get("rate", "")
            if rate not in {str(known) for known in RATES}:
                raise Refused(400, "The clock does not run at that speed.")
            self._rehearsal.pace(int(rate))
        if "x-signpost" in request.headers:
            return Response(status_code=204, headers=self._pages.headers)
        school = self._school(fields.get("school"))
        return self._back(f"/?school={school.name}&third={_receiver(school, fields.get('third')).key}")

    async def again(self, request: Request) -> Response:
        """Close what is open and begin a new round, with empty panels."""
        fields = await self._fields(request)
        school = self._school(fields.get("school"))
        now = self._context.clock.now()
        await start_again(self._context.store(school.name), now)
        answer = self._back(f"/?school={school.name}")
        next_round(answer, now)
        return answer

    async def _fields(self, request: Request) -> dict[str, str]:
        fields = await form(request)
        session = session_of(request, secure=False)
        if session.fresh or not session.sent_this_form(fields.get("csrf", "")):
            raise Refused(403, OLD)
        return fields

    async def _state(self, request: Request, school: School, session: Session) -> dict[str, Any]:
        now = self._context.clock.now()
        told = {}
        for one in receivers(school):
            lines, _ = await (await History.of(self._context, played(request, school, session, one, now))).page()
            told[one.key] = sum(line.who != "me" for line in lines)
        return {
            "at": int(now.timestamp() * 1000),
            "says": _says(now, school),
            "zone": school.calendar.timezone,
            "rate": int(self._rehearsal.clock.rate),
            "next": _next(await self._rehearsal.next_due(), now, school),
            "told": told,
        }

    def _school(self, name: str | None) -> School:
        schools = self._context.schools
        if name is None:
            return next(iter(schools.values()))
        if name not in schools:
            raise Refused(404, "There is no such page.")
        return schools[name]

    def _back(self, to: str) -> Response:
        return RedirectResponse(to, 303, headers=self._pages.headers)


def _receiver(school: School, key: str | None) -> Persona:
    known = receivers(school)
    return next((one for one in known if one.key == key), known[0])


def _next(due: datetime | None, now: datetime, school: School) -> str:
    if due is None:
        return "Nothing is waiting to happen."
    if due <= now:
        return "Something is happening now."
    return f"Next, if nobody acts: {school.calendar.local(due):%a %H:%M}"


def _says(moment: datetime, school: School) -> str:
    local = school.calendar.local(moment)
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M:%S}"
