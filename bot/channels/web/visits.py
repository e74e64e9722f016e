"""Whose page is asked for: which school, which browser, and, in a rehearsal only, which persona."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from bot import wording_web
from bot.channels.web.page import Form
from bot.channels.web.session import Session, session_of
from bot.pages.forms import Refused
from bot.rehearsal import Persona, cast
from bot.schools import School

ROUND = re.compile(r"([0-9a-f]{8})\.([0-9]{1,13})")
ROUND_COOKIE = "rehearsal"
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at one school's chat page. `since` hides what belongs to an earlier round of a rehearsal."""

    school: School
    session: Session
    place: str = field(repr=False)
    sender: str = field(repr=False)
    now: datetime
    persona: Persona | None = None
    since: datetime = BEGINNING

    @property
    def form(self) -> Form:
        key, school = self.persona.key if self.persona else "", self.school
        return Form(school.name, self.session, school.calendar, self.now, key, school.desk)


@dataclass(frozen=True, slots=True)
class Doors:
    """What lets somebody in, and where to: the SCHOOLS, those of them that have a host name of their own, and how it is run."""

    schools: Mapping[str, School]
    hosts: Mapping[str, str]
    secure: bool
    rehearsing: bool

    def fixed(self, request: Request) -> str | None:
        """The one school of the name under which REQUEST came; None where that name is nobody's in particular."""
        host = request.headers.get("host", "").rpartition(":")
        return self.hosts.get((host[0] if host[0] and host[2].isdecimal() else "".join(host)).rstrip(".").lower())

    def school(self, request: Request) -> School:
        """The school that REQUEST names. Under a school's own host name there is no other."""
        name = request.path_params["school"]
        if name not in self.schools or self.fixed(request) not in (None, name):
            raise Refused(404, wording_web.NO_PAGE)
        return self.schools[name]


def visit(request: Request, doors: Doors, now: datetime) -> Visit:
    """The visit that REQUEST is, or a refusal that tells nothing."""
    school = doors.school(request)
    session = session_of(request, secure=doors.secure)
    wish = request.query_params.get("as")
    if wish is None:
        place = session.place(school.name)
        return Visit(school, session, place, place, now)
    # Being somebody by saying so is for rehearsals; anywhere else this page does not exist.
    persona = next((one for one in cast(school) if one.key == wish), None) if doors.rehearsing else None
    if persona is None:
        raise Refused(404, wording_web.NO_PAGE)
    return played(request, school, session, persona, now)


def played(request: Request, school: School, session: Session, persona: Persona, now: datetime) -> Visit:
    """A visit as PERSONA. Those who are pushed to sit at a fixed place; the others begin each round with an empty page."""
    run, since = current_round(request)
    # The clock of a rehearsal that was stopped and started again may have gone back: nothing is hidden for that.
    since = since if since <= now else BEGINNING
    sender = persona.place("web")
    place = sender if persona.receives else f"{sender}-{run}"
    return Visit(school, session, place, sender if persona.roles else place, now, persona, since)


def current_round(request: Request) -> tuple[str, datetime]:
    """Which round of the rehearsal this browser is in, and when it began."""
    known = ROUND.fullmatch(request.cookies.get(ROUND_COOKIE, ""))
    if known is None:
        return "0", BEGINNING
    return known[1], datetime.fromtimestamp(int(known[2]) / 1000, UTC)


def next_round(response: Response, now: datetime) -> None:
    """Begin a new round in this browser."""
    mark = f"{secrets.token_hex(4)}.{int(now.timestamp() * 1000)}"
    response.set_cookie(ROUND_COOKIE, mark, path="/", httponly=True, samesite="lax")
