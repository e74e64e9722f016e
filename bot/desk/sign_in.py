"""Signing in to the desk: a link that only a press uses up, so that a preview of it burns nothing; and signing out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.desk import door
from bot.pages.forms import form

if TYPE_CHECKING:
    from bot.desk.desk import Desk


def how(desk: Desk, request: Request, status: int = 200, *, used: bool = False) -> Response:
    """How one gets in, for whoever is not signed in. `used`: their link did not work."""
    school = desk.school_of(request)
    return desk.pages.page("sign_in.html", status, school=school, used=used)


async def link(desk: Desk, request: Request) -> Response:
    """The page behind a link. Opening it changes nothing: whoever previews a link must not use it up."""
    school, code = desk.school_of(request), request.query_params.get("code", "")
    return desk.pages.page("way_in.html", school=school, code=code if door.TOKEN.fullmatch(code) else "")


async def enter(desk: Desk, request: Request) -> Response:
    """The button on that page: the link is used up, and the browser is signed in with something new."""
    school, fields = desk.school_of(request), await form(request)
    sign_ins, at = desk.context.around.stores[school.name].sign_ins, desk.context.around.clock.real_now()
    code = fields.get("code", "")
    used = await sign_ins.use(code, at) if door.TOKEN.fullmatch(code) else None
    if used is None:
        return how(desk, request, 403, used=True)
    before = door.token_of(request, school.name, secure=desk.secure)
    if before:
        await sign_ins.sign_out(before, at)
    answer = RedirectResponse(f"/desk/{school.name}", 303, headers=desk.pages.headers)
    door.remember(answer, school.name, used[0], secure=desk.secure)
    return answer


async def leave(desk: Desk, request: Request) -> Response:
    """Sign out, on every page of this browser."""
    school = desk.school_of(request)
    who, fields = await desk.who_asks(request), await form(request)
    answer = RedirectResponse(f"/desk/{school.name}", 303, headers=desk.pages.headers)
    if who is not None:
        who.form(fields)
        await desk.context.around.stores[school.name].sign_ins.sign_out(who.token, desk.context.around.clock.real_now())
    door.forget(answer, school.name, secure=desk.secure)
    return answer


Open = Callable[["Desk", Request], Awaitable[Response]]
OPEN: Mapping[str, Open] = MappingProxyType({"/desk/{school}/in": link})
FORMS: Mapping[str, Open] = MappingProxyType({"/desk/{school}/in": enter, "/desk/{school}/out": leave})
