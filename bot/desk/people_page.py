"""People and roles at the desk: who holds what, who is away, who is invited; and every change of it, at once and on record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from bot import wording_people as words
from bot.changing_roles import CONFIRM, NOT_RIGHT, STAFF, Staff
from bot.desk import people_shown, people_wishes
from bot.desk.acting import Done, Gone
from bot.desk.door import SignedIn
from bot.desk.people_shown import Room
from bot.desk.people_wishes import Absence, Wishing
from bot.handlers.roles import settle
from bot.messages import Reply
from bot.new_roles import left_empty
from bot.turn import Outcome, Turn
from bot.ways_in import grouped, picture, ways_in
from storage.kept import Person, Unknown
from storage.store.invites import GOOD_FOR, new_code
from storage.store.roles import NotByThem

if TYPE_CHECKING:
    from bot.desk.desk import Desk, Page

Fields = Mapping[str, str]
# What one form about one person asks for, decided on the people as they are at that moment.
Wish = Callable[[Turn, Wishing, Person, Fields], Awaitable[Outcome]]


async def everybody(desk: Desk, who: SignedIn, request: Request) -> Response:
    """Every role with its holders; for whoever leads the school also everybody, and a form to enter somebody new."""
    return await _everybody(desk, who, request)


async def one_person(desk: Desk, who: SignedIn, request: Request) -> Response:
    """One of them, with all that can be changed; for those who do not lead the school, themselves only."""
    return await _one_person(desk, who, request)


async def enter(desk: Desk, who: SignedIn, request: Request) -> Response:
    """Somebody new is entered."""
    fields, form = await desk.fields(who, request)

    async def decide(turn: Turn) -> Outcome:
        return people_wishes.enter(await _wishing(turn), fields.get("name", ""), fields.get("role", ""))

    done = await _done(desk, who, form, decide)
    if done.changed:
        return desk.after(who, done, "/people")
    return await _everybody(desk, who, request, done, fields)


async def invite(desk: Desk, who: SignedIn, request: Request) -> Response:
    """A code by which somebody shows who they are. It is on this page, and never again on any other."""
    fields, form = await desk.fields(who, request)
    code, channel = new_code(), fields.get("channel", "")
    person = request.path_params["person"]

    async def decide(turn: Turn) -> Outcome:
        wishing = await _wishing(turn)
        if channel and channel not in desk.context.config.channels:
            return Outcome((Reply(words.NO_SUCH_CHANNEL),))
        return people_wishes.invite(wishing, _of(wishing, person), code, channel, who.now + GOOD_FOR)

    done = await _done(desk, who, form, decide)
    if not done.changed or not done.said:  # said before: a code is made once for each form, and cannot be shown again
        return await _one_person(desk, who, request, ("invite", done if done.said else Done((Reply(words.MADE_BEFORE),))), fields)
    found = await desk.context.around.stores[who.school.name].people.by_id(person)
    ways = [way for way in ways_in(desk.context.config, who.school.name, code) if channel in ("", way.channel)]
    shown = tuple((way, Markup(picture(way.link))) for way in ways)  # noqa: S704 - made here, of a link of ours
    return desk.page(who, request, "invited.html", said=done, person=found, code=grouped(code), ways=shown)


def _form(name: str, wish: Wish) -> Page:
    """The page that carries out WISH about the person the path names, from the form called NAME."""

    async def taken(desk: Desk, who: SignedIn, request: Request) -> Response:
        fields, form = await desk.fields(who, request)
        person = request.path_params["person"]

        async def decide(turn: Turn) -> Outcome:
            wishing = await _wishing(turn)
            return await wish(turn, wishing, _of(wishing, person), fields)

        done = await _done(desk, who, form, decide)
        if done.changed:
            return desk.after(who, done, f"/people/{person}")
        return await _one_person(desk, who, request, (name, done), fields)

    return taken


async def _give(_turn: Turn, wishing: Wishing, person: Person, fields: Fields) -> Outcome:
    return people_wishes.give(wishing, person, fields.get("role", ""))


async def _take(_turn: Turn, wishing: Wishing, person: Person, fields: Fields) -> Outcome:
    return people_wishes.take(wishing, person, fields.get("role", ""))


async def _settle(turn: Turn, _wishing: Wishing, _person: Person, fields: Fields) -> Outcome:
    wish = CONFIRM if fields.get("wish") == CONFIRM else NOT_RIGHT
    return await settle(turn, wish, fields.get("role", ""), fields.get("code", ""))


async def _away(turn: Turn, wishing: Wishing, person: Person, fields: Fields) -> Outcome:
    held = len(await turn.cases.mine()) if person.id == wishing.me.id else 0
    wish = Absence(fields.get("first", ""), fields.get("last", ""), fields.get("stands_in", ""))
    return people_wishes.away(wishing, person, wish, held)


async def _back(_turn: Turn, wishing: Wishing, person: Person, _fields: Fields) -> Outcome:
    return people_wishes.back(wishing, person)


async def _end_invite(turn: Turn, wishing: Wishing, person: Person, _fields: Fields) -> Outcome:
    waits = any(one.person == person.id for one in await turn.invites.waiting(wishing.now))
    return people_wishes.end_invite(wishing, person, waits=waits)


async def _remove(_turn: Turn, wishing: Wishing, person: Person, fields: Fields) -> Outcome:
    return people_wishes.remove(wishing, person, meant="meant" in fields)


async def _done(desk: Desk, who: SignedIn, form: str, decide: Callable[[Turn], Awaitable[Outcome]]) -> Done:
    try:
        return await desk.acting.on_school(who, form, decide)
    except (NotByThem, Unknown):  # what was right when it was decided is so no longer; the store has the last word
        return Done((Reply(words.CHANGED_MEANWHILE),))


async def _wishing(turn: Turn) -> Wishing:
    people = {one.id: one for one in await turn.people.list()}
    staff = Staff(turn.school, people, await turn.people.holdings(), await turn.people.set_up())
    if turn.person is None or turn.person.id not in people:
        raise Gone
    return Wishing(staff, people[turn.person.id], turn.now)


def _of(wishing: Wishing, person: str) -> Person:
    """The person that the path names; for those who do not lead the school there is nobody but themselves."""
    found = wishing.staff.people.get(person)
    if found is None or not (wishing.leading or found.id == wishing.me.id):
        raise Gone
    return found


async def _room(desk: Desk, who: SignedIn) -> Room:
    turn = desk.acting.turn(who)
    reached, waiting = await turn.people.reached(), await turn.invites.waiting(who.now)
    return Room(await _wishing(turn), reached, waiting, desk.context.config.channels)


async def _everybody(
    desk: Desk, who: SignedIn, request: Request, refused: Done | None = None, typed: Fields | None = None
) -> Response:
    room = await _room(desk, who)
    leading = room.wishing.leading
    return desk.page(
        who,
        request,
        "people.html",
        422 if refused else 200,
        said=refused,
        leading=leading,
        me=room.wishing.me,
        away=people_shown.away(room, room.wishing.me),
        roles=people_shown.roles(room),
        people=people_shown.people(room) if leading else (),
        left=people_shown.left(room) if leading else (),
        see_to=people_shown.gaps_of(room),
        to_give=_to_give(room),
        wrong=_text(refused),
        typed=typed or {},
    )


async def _one_person(
    desk: Desk, who: SignedIn, request: Request, wrong: tuple[str, Done | None] = ("", None), typed: Fields | None = None
) -> Response:
    room = await _room(desk, who)
    person = _of(room.wishing, request.path_params["person"])
    form, refused = wrong
    others = [one for one in room.staff.people.values() if one.roles and one.id not in (person.id, room.wishing.me.id)]
    return desk.page(
        who,
        request,
        "person.html",
        422 if refused else 200,
        said=refused,
        leading=room.wishing.leading,
        person=people_shown.person(room, person, people_shown.gaps_of(room)),
        to_give=[(role, title) for role, title in _to_give(room) if role not in person.roles],
        alone=room.wishing.leading and room.staff.set_up and not room.staff.confirmers(person.id, room.wishing.me.id),
        to_invite=person.id == room.wishing.me.id or not person.places,
        others=others,
        ways=[(name, name.capitalize()) for name in desk.context.config.channels],
        left_empty=left_empty(room.staff, person),
        today=room.wishing.today.isoformat(),
        wrong=form,
        why=_text(refused),
        typed=typed or {},
    )


def _to_give(room: Room) -> list[tuple[str, str]]:
    return [*room.staff.school.roles.items(), (STAFF, "member of staff, to whom no report goes")]


def _text(refused: Done | None) -> str:
    """Why: it stands on top of the page, and once more beside the form, if that is still there."""
    return "" if refused is None else " ".join(reply.text for reply in refused.said)


PAGES: Mapping[str, Page] = MappingProxyType({"/desk/{school}/people": everybody, "/desk/{school}/people/{person}": one_person})
FORMS: Mapping[str, Page] = MappingProxyType(
    {
        "/desk/{school}/people": enter,
        "/desk/{school}/people/{person}/invite": invite,
        "/desk/{school}/people/{person}/end-invite": _form("invite", _end_invite),
        "/desk/{school}/people/{person}/give": _form("give", _give),
        "/desk/{school}/people/{person}/take": _form("take", _take),
        "/desk/{school}/people/{person}/settle": _form("settle", _settle),
        "/desk/{school}/people/{person}/away": _form("away", _away),
        "/desk/{school}/people/{person}/back": _form("back", _back),
        "/desk/{school}/people/{person}/remove": _form("remove", _remove),
    }
)
