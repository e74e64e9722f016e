"""The pages around a conversation: the way in, what hides it, how large its words are, and how a browser forgets it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot import wording_web
from bot.channels.web.neutral import KEPT_FOR, ROWS, SIZE_COOKIE, SIZES, TABLES_AT, keep_size
from bot.channels.web.page import Pages
from bot.channels.web.session import forget
from bot.channels.web.visits import Doors, Visit, visit
from bot.clock import Clock
from bot.pages.forms import Refused, form

# What a browser keeps of us beside our cookies. Those are taken back one by one: the header would also take the cookies of every
# neighbour below the same domain, and sign the person out of the school's other pages.
EVERYTHING = '"cache", "storage"'


class Front:
    """Everything on the site that is about the page itself and not about what is said on it."""

    def __init__(self, doors: Doors, pages: Pages, clock: Clock) -> None:
        self._doors = doors
        self._pages = pages
        self._clock = clock

    async def first(self, request: Request) -> Response:
        """The school of this host name, the only school there is, or the list to choose from."""
        schools = self._doors.schools
        fixed = self._doors.fixed(request) or (next(iter(schools)) if len(schools) == 1 else None)
        if fixed is not None:
            return RedirectResponse(f"/chat/{fixed}", 303, headers=self._pages.headers)
        return self._pages.page("schools.html", schools=tuple(schools.values()))

    async def tables(self, request: Request) -> Response:  # noqa: ARG002 - every endpoint takes the request
        """What stands in the place of a hidden page. It looks like nothing of ours, and is the same for everybody."""
        answer = self._pages.page("tables.html", rows=ROWS)
        answer.headers["cache-control"] = f"private, max-age={KEPT_FOR}"
        return answer

    async def look(self, request: Request) -> Response:
        """Choose how large the words are."""
        here, fields = await self._asked(request)
        size = fields.get("size", "")
        if size not in SIZES:
            raise Refused(400, wording_web.NOT_READ)
        answer: Response
        if "x-signpost" in request.headers:
            answer = Response(status_code=204, headers=self._pages.headers)
        else:
            answer = RedirectResponse(here.form.here, 303, headers=self._pages.headers)
        keep_size(answer, size, secure=self._doors.secure)
        return answer

    async def forget(self, request: Request) -> Response:
        """Let this browser forget the conversation, and show what hides it. What was sent is with the school all the same."""
        await self._asked(request)
        answer = RedirectResponse(TABLES_AT, 303, headers={**self._pages.headers, "clear-site-data": EVERYTHING})
        forget(answer, secure=self._doors.secure)
        answer.delete_cookie(SIZE_COOKIE, path="/")
        return answer

    async def _asked(self, request: Request) -> tuple[Visit, dict[str, str]]:
        """The visit and the fields of a form that came from a page of this very browser."""
        fields = await form(request)
        here = visit(request, self._doors, self._clock.now())
        if here.session.fresh or not here.session.sent_this_form(fields.get("csrf", "")):
            raise Refused(403, wording_web.TOO_OLD)
        return here, fields
