"""One case at the desk, and everything that can be done about it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from bot.case_forms import MOST, words_of
from bot.desk import case_print
from bot.desk.acting import Done, Gone
from bot.desk.case_acts import DEEDS
from bot.desk.case_filled import Amiss, Fields, Filled, Sent, shown
from bot.desk.case_offered import offered
from bot.desk.case_reading import read
from bot.desk.case_view import view
from bot.desk.door import SignedIn
from bot.handlers.case_forms import write
from bot.turn import Outcome, Turn
from flows.cases.acts import Doing
from flows.cases.case import Case
from storage.kept import Act, Person

if TYPE_CHECKING:
    from bot.desk.desk import Desk, Page

PATH = "/desk/{school}/case/{reference}"
SEND = "send"  # the step of a message at which it goes; before that it is written and read over


async def page(desk: Desk, who: SignedIn, request: Request) -> Response:
    """The case, as it stands."""
    return await _page(desk, who, request, Filled())


async def _page(desk: Desk, who: SignedIn, request: Request, filled: Filled, status: int = 200) -> Response:
    """The case, with FILLED in the form that came back. Every look at what was written is put on record before it is shown."""
    turn = desk.acting.turn(who)
    reading = await read(turn, who.person, request.path_params["reference"])
    if reading is None:
        raise Gone
    await desk.acting.look(who, Outcome(audit=(Act(Doing.VIEWED, reading.case.id, who.person.id),)))
    return desk.page(
        who,
        request,
        "case.html",
        status,
        case=view(reading),
        may=offered(reading),
        filled=filled,
        shown=shown(reading.case),
        here=f"/desk/{who.school.name}/case/{reading.case.reference}",
        stub=reading.case.purged_at is not None,
        held=reading.case.held_at is not None,
        recorded_as=reading.case.recorded_as or "",
        record_system=who.school.record_system,
        most=MOST,
    )


async def _sent(name: str, desk: Desk, who: SignedIn, request: Request) -> Response:
    """The form NAME of the page: it is carried out, or stands there again with every word that was in it."""
    return await _carried_out(Sent(name, *await desk.fields(who, request)), desk, who, request)


async def _carried_out(sent: Sent, desk: Desk, who: SignedIn, request: Request) -> Response:
    deed, fields, reference = DEEDS[sent.form], sent.fields, request.path_params["reference"]

    async def decide(turn: Turn, case: Case, person: Person) -> Outcome:
        return await deed.decide(turn, case, person, fields)

    words = "\n".join(fields.get(one, "") for one in deed.words).strip()
    try:
        done = await desk.acting.on_case(who, reference, sent.number, decide, words)
    except Amiss as amiss:
        filled = Filled(sent.back_in, fields, amiss.words, amiss.name, danger=await desk.acting.danger(words))
        return await _page(desk, who, request, filled, 422)
    if not done.changed:
        problem = "\n".join(reply.text for reply in done.said)
        return await _page(desk, who, request, Filled(sent.back_in, fields, problem, danger=done.danger), 409)
    return await _after(desk, who, done, reference)


async def _after(desk: Desk, who: SignedIn, done: Done, reference: str) -> Response:
    """Back to the case; or to the list, where what was done has taken it from their sight."""
    still = await desk.acting.turn(who).cases.by_reference(reference)
    return desk.after(who, done, f"/case/{reference}" if still is not None else "")


async def _message(desk: Desk, who: SignedIn, request: Request) -> Response:
    """A message to whoever sent the report: written, read over exactly as they will read it, and only then sent."""
    fields, number = await desk.fields(who, request)
    step = fields.get("step", "")
    if step == SEND:
        return await _carried_out(Sent("write", fields, number), desk, who, request)
    turn = desk.acting.turn(who)
    case = await turn.cases.by_reference(request.path_params["reference"])
    if case is None:
        raise Gone
    filled = _read_over(turn, case, who.person, fields, step)
    return await _page(desk, who, request, filled, 422 if filled.problem else 200)


def _read_over(turn: Turn, case: Case, person: Person, fields: Fields, step: str) -> Filled:
    """The form of a message after one of its steps: a ready reply put in, what they will read shown, or back to change it."""
    if step.startswith("reply-"):
        number = step.removeprefix("reply-")
        ready = dict(enumerate(turn.school.reporter_words.replies, 1)).get(int(number) if number in {"1", "2"} else 0, "")
        # After what they had written, and never in its place.
        text = "\n\n".join(part for part in (fields.get("text", "").rstrip(), ready) if part)
        return Filled("write", {**fields, "text": text})
    if step != "look":
        return Filled("write", fields)
    if (why_not := write.refused(turn, case, person)) is not None:
        return Filled("write", fields, why_not.replies[0].text)
    words, problem = words_of(fields.get("text", ""))
    if problem:
        return Filled("write", fields, problem, "text")
    message = write.message(turn, case, person, words)
    return Filled("write", {**fields, "text": words}, preview=message.text, warning=write.names_another(case, words))


def _form(name: str) -> Page:
    return functools.partial(_sent, name)


PAGES: Mapping[str, Page] = MappingProxyType({PATH: page, **case_print.PAGES})
FORMS: Mapping[str, Page] = MappingProxyType(
    {**{f"{PATH}/{name}": _form(name) for name in DEEDS}, f"{PATH}/write": _message, **case_print.FORMS}
)
