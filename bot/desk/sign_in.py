"""Signing in to the desk: a link that only a press uses up, so that a preview of it burns nothing; and signing out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot import wording_desk
from bot.desk import door
from bot.desk.door import NOT_THERE
from bot.mail_address import mail_address
from bot.messages import Address, Reply
from bot.pages.forms import Refused, form
from bot.people import is_reached
from bot.rehearsal import receivers
from bot.schools import School
from bot.turn import Outcome
from bot.verifying import CHANNEL as EMAIL
from storage.kept import SignIn
from storage.store.signing_in import GOOD_FOR, new_code

if TYPE_CHECKING:
    from bot.desk.desk import Desk


def how(desk: Desk, request: Request, status: int = 200, *, used: bool = False, words: Sequence[str] = ()) -> Response:
    """How one gets in, for whoever is not signed in. `used`: their link did not work. WORDS are theirs, and went nowhere."""
    school = desk.school_of(request)
    return desk.pages.page(
        "sign_in.html",
        status,
        school=school,
        used=used,
        words=words,
        by_mail=_by_mail(desk, school),
        played=receivers(school) if desk.rehearsing else (),
    )


async def out_of_time(desk: Desk, request: Request) -> Response:
    """A form that came when its sender was signed in no longer: nothing is done, and what they had written is theirs to copy."""
    fields = await form(request)
    return how(desk, request, 403, words=[value for value in fields.values() if len(value.split()) > 1])


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


async def by_mail(desk: Desk, request: Request) -> Response:
    """Somebody asks for a link by e-mail. They are told the same at once, known here or not."""
    school, fields = desk.school_of(request), await form(request)
    if not _by_mail(desk, school):
        raise Refused(404, NOT_THERE)
    if not desk.asking.takes(request.client.host if request.client else ""):
        raise Refused(429, "That was asked for many times from here. Please try again in an hour, or write “desk” in your chat.")
    address = mail_address(fields.get("address", ""))
    if address is None:
        raise Refused(400, "That is no whole e-mail address, such as office@school.example. Please go back and correct it.")
    answer = desk.pages.page("link_sent.html", school=school, minutes=int(GOOD_FOR.total_seconds()) // 60)
    # After the answer: how long it takes would tell whether somebody is known.
    answer.background = BackgroundTask(_send, desk, school, address)
    return answer


async def _send(desk: Desk, school: School, address: str) -> None:
    around = desk.context.around
    person = await around.stores[school.name].people.by_place(EMAIL, address)
    if person is None or not is_reached(person, school.roles) or not desk.asking.takes(f"to {person.id}"):
        return
    code = new_code()
    reply = Reply(f"{school.desk}/in?code={code}", about=wording_desk.ABOUT)
    outcome = Outcome(to_places=((Address(EMAIL, address), reply),), sign_ins=(SignIn(person.id, code, around.clock.real_now()),))
    await desk.acting.write(school.name, outcome)


def _by_mail(desk: Desk, school: School) -> bool:
    """Whether a link can be sent by e-mail at all."""
    return EMAIL in desk.context.config.channels and bool(school.desk)


async def rehearsed(desk: Desk, request: Request) -> Response:
    """A new link for the demo person that the path names: in a rehearsal only, where nobody is anybody."""
    school = desk.school_of(request)
    played = next((one for one in receivers(school) if one.key == request.path_params["persona"]), None)
    if not desk.rehearsing or played is None:
        raise Refused(404, NOT_THERE)
    store = desk.context.around.stores[school.name]
    person = await store.people.by_place("web", played.place("web"))
    if person is None:
        raise Refused(404, NOT_THERE)
    code = await store.sign_ins.make(person.id, desk.context.around.clock.real_now())
    return RedirectResponse(f"/desk/{school.name}/in?code={code}", 303, headers=desk.pages.headers)


Open = Callable[["Desk", Request], Awaitable[Response]]
OPEN: Mapping[str, Open] = MappingProxyType({"/desk/{school}/in": link, "/desk/{school}/as/{persona}": rehearsed})
FORMS: Mapping[str, Open] = MappingProxyType(
    {"/desk/{school}/in": enter, "/desk/{school}/link": by_mail, "/desk/{school}/out": leave}
)
