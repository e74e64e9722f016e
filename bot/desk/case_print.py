"""A case on paper: its record for the school's file, and the sheet for somebody outside. Nothing leaves without standing in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from bot import reaching, wording_case_desk, wording_case_forms
from bot.casefile import Document, Maker, called, document, referral
from bot.casefile.plain import plain
from bot.desk.acting import Gone
from bot.desk.case_filled import Amiss, Fields, Filled, needed
from bot.desk.door import SignedIn
from bot.messages import Reply
from bot.schools import School
from bot.summaries import role_words
from bot.turn import Outcome, Turn
from flows.cases.acts import Doing, told
from flows.cases.case import Case
from flows.cases.chronology import Happened, History
from storage.kept import Act, Person

if TYPE_CHECKING:
    from bot.desk.desk import Desk, Page

PATH = "/desk/{school}/case/{reference}"
OPEN_FOR = timedelta(minutes=30)  # a copy that was taken stays on the screen that long; after that it is taken anew
RECORD, SHEET = "the whole record", "the referral sheet"
SHEET_WITHOUT = "the referral sheet, without the name and contact details of whoever sent the report"
FORM = "on the desk, to print or to copy"
KCSIE = 5  # sections of the record that another record system asks for, from the summary to the outcome
OF_THE_SENDER = frozenset({"name", "contact"})  # questions about whoever sent it
OTHER = "other"

Make = Callable[[History, School, Mapping[str, str], Maker, datetime], Document]


@dataclass(frozen=True, slots=True)
class Given:
    """Somebody outside the school who may be given a sheet, and the contact of theirs that a school keeps."""

    words: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The case that a paper is of: where its page is, and whether its words are gone."""

    reference: str
    here: str
    stub: bool


RECIPIENTS: Mapping[str, Given] = MappingProxyType(
    {
        "designated_officer": Given("the local authority's designated officer (LADO)", "designated_officer"),
        "social_care": Given("children's social care", "social_care_day"),
        "police": Given("the police"),
    }
)


async def record(desk: Desk, who: SignedIn, request: Request) -> Response:
    """The whole record, for whoever has just taken a copy of it; before that, what taking one means."""
    history = await _history(desk, who, request)
    taken = _fresh(history, who, Doing.EXPORTED)
    made = _made(document, await _names(desk, who), history, who) if taken is not None else None
    text = plain(made, made.sections[:KCSIE]) if made is not None else ""
    return desk.page(who, request, "case_record.html", document=made, text=text, of=_place(history, who))


async def take(desk: Desk, who: SignedIn, request: Request) -> Response:
    """A copy of the record is taken: written down first."""
    _, number = await desk.fields(who, request)

    async def decide(turn: Turn, case: Case, person: Person) -> Outcome:  # noqa: ARG001 - as every act
        act = Act(Doing.EXPORTED, case.id, person.id, told(what=RECORD, form=FORM))
        return Outcome((Reply(wording_case_desk.COPIED.format(reference=case.reference)),), audit=(act,))

    reference = request.path_params["reference"]
    return desk.after(who, await desk.acting.on_case(who, reference, number, decide), f"/case/{reference}/record")


async def sheet(desk: Desk, who: SignedIn, request: Request) -> Response:
    """The referral sheet, for whoever has just said whom they give it to; and the form in which they say so."""
    return await _sheet(desk, who, request, Filled())


async def give(desk: Desk, who: SignedIn, request: Request) -> Response:
    """Somebody outside is given the sheet: written down first, with who they are."""
    fields, number = await desk.fields(who, request)

    async def decide(turn: Turn, case: Case, person: Person) -> Outcome:  # noqa: ARG001 - as every act
        if case.purged_at is not None:
            return Outcome((Reply(wording_case_forms.GONE_WORDS.format(reference=case.reference)),))
        what = SHEET_WITHOUT if fields.get("without") else SHEET
        to = _to(fields)
        act = Act(Doing.DISCLOSED, case.id, person.id, told(what=what, to=to, form=FORM))
        return Outcome((Reply(wording_case_desk.GIVEN.format(reference=case.reference, to=to)),), audit=(act,))

    reference = request.path_params["reference"]
    try:
        done = await desk.acting.on_case(who, reference, number, decide)
    except Amiss as amiss:
        return await _sheet(desk, who, request, Filled("give", fields, amiss.words, amiss.name), 422)
    if not done.changed:
        problem = "\n".join(reply.text for reply in done.said)
        return await _sheet(desk, who, request, Filled("give", fields, problem), 409)
    return desk.after(who, done, f"/case/{reference}/referral")


async def _sheet(desk: Desk, who: SignedIn, request: Request, filled: Filled, status: int = 200) -> Response:
    history = await _history(desk, who, request)
    given = _fresh(history, who, Doing.DISCLOSED)
    made, to = None, ""
    if given is not None and given.details is not None:
        to, without = str(given.details.get("to", "")), given.details.get("what") == SHEET_WITHOUT
        made = _made(referral, await _names(desk, who), history, who, OF_THE_SENDER if without else frozenset())
    contact = next((one.contact for one in RECIPIENTS.values() if one.words == to and one.contact), "")
    return desk.page(
        who,
        request,
        "case_referral.html",
        status,
        document=made,
        to=to,
        reach=reaching.outside(who.school, who.now, contact) if contact else "",
        recipients=tuple((name, one.words) for name, one in RECIPIENTS.items()),
        other=OTHER,
        filled=filled,
        of=_place(history, who),
    )


def _to(fields: Fields) -> str:
    """Who is given it, as it stands in the record from then on."""
    chosen = fields.get("recipient", "")
    if chosen in RECIPIENTS:
        return RECIPIENTS[chosen].words
    if chosen != OTHER:
        raise Amiss("recipient", wording_case_desk.WHO_IS_GIVEN)
    return " ".join(needed(fields, "to", wording_case_desk.WHO_IS_GIVEN).split())


async def _history(desk: Desk, who: SignedIn, request: Request) -> History:
    """The history of the case, for whoever may see it. That they looked at it is written down."""
    history = await desk.acting.turn(who).cases.history(request.path_params["reference"])
    if history is None:
        raise Gone
    await desk.acting.look(who, Outcome(audit=(Act(Doing.VIEWED, history.case.id, who.person.id),)))
    return history


async def _names(desk: Desk, who: SignedIn) -> Mapping[str, str]:
    """The people of the school by their names: a record for the file says who did what."""
    return {one.id: one.name for one in await desk.acting.turn(who).people.list()}


def _fresh(history: History, who: SignedIn, act: Doing) -> Happened | None:
    """The last such act of theirs, if it was just now: what it let them see is shown, and loading the page again adds nothing."""
    mine = [one for one in history.happened if one.act == act and one.person == who.person.id and _here(one)]
    return mine[-1] if mine and timedelta(0) <= who.now - mine[-1].at <= OPEN_FOR else None


def _here(one: Happened) -> bool:
    """Whether it was done here: what was taken at the command line opens nothing."""
    return (one.details or {}).get("form") == FORM


def _made(make: Make, names: Mapping[str, str], history: History, who: SignedIn, without: frozenset[str] = frozenset()) -> Document:
    person, school = who.person, who.school
    maker = Maker(person.id, called(person.name, role_words(school, person.roles)))
    case = history.case
    kept = replace(case, said=tuple(one for one in case.said if one.name not in without))
    return make(replace(history, case=kept), school, names, maker, who.now)


def _place(history: History, who: SignedIn) -> Place:
    reference = history.case.reference
    return Place(reference, f"/desk/{who.school.name}/case/{reference}", history.case.purged_at is not None)


PAGES: Mapping[str, Page] = MappingProxyType({f"{PATH}/record": record, f"{PATH}/referral": sheet})
FORMS: Mapping[str, Page] = MappingProxyType({f"{PATH}/record": take, f"{PATH}/referral": give})
