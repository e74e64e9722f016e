"""The first page of the desk: the open cases somebody may see, the most overdue first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot import wording_cases
from bot.case_list import Reader
from bot.desk import inbox_rows
from bot.desk.door import SignedIn
from bot.desk.inbox_rows import CLOSED, PAGE, SHOWS, Filter, inbox, shown
from flows.cases.case import ALPHABET, Severity

if TYPE_CHECKING:
    from bot.desk.desk import Desk, Page

REFERENCE = re.compile(rf"(?:SP-?)?([{ALPHABET}]{{5}})", re.IGNORECASE)


async def page(desk: Desk, who: SignedIn, request: Request) -> Response:
    """The list, as the address asks for it; or the case whose reference was typed."""
    named = request.query_params.get("reference", "").strip()
    cases = desk.acting.turn(who).cases
    if (typed := REFERENCE.fullmatch(named)) is not None:
        reference = f"SP-{typed[1].upper()}"
        if await cases.some({reference}):
            return RedirectResponse(f"/desk/{who.school.name}/case/{reference}", 303, headers=desk.pages.headers)
    wish = Filter.of(request.query_params)
    listed = await cases.listed(closed=wish.show == CLOSED)
    found = inbox(listed, wish, who.person, who.school, who.now)
    by_reference = {case.reference: case for case in await cases.some({one.case.reference for one in found.entries})}
    people = {one.id: one for one in await desk.context.around.stores[who.school.name].people.list()}
    reader = Reader(who.person, who.school, who.now, people)
    # Between the two readings a case may have been taken from their sight: then it is not there.
    rows = [shown(one, by_reference[one.case.reference], reader) for one in found.entries if one.case.reference in by_reference]
    return desk.page(
        who,
        request,
        "inbox.html",
        rows=rows,
        found=found,
        wish=wish,
        named=named,
        shows=tuple((name, title, found.counts.get(name) if wish.show != CLOSED else None) for name, title in SHOWS.items()),
        urgencies=tuple((one.value, wording_cases.URGENT[one.value]) for one in Severity),
        here=inbox_rows.address(who.school.name),
        page_size=PAGE,
    )


PAGES: Mapping[str, Page] = MappingProxyType({"/desk/{school}": page})
FORMS: Mapping[str, Page] = MappingProxyType({})
