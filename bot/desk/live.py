"""What keeps an open page of the desk true: it is told when something that it may show has changed, and loads it again.

Nothing of a case goes through here: a mark that changes, and only when what this very person may see has changed.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.desk.door import SignedIn
from flows.cases.acts import Doing

if TYPE_CHECKING:
    from bot.desk.desk import Desk, Page

CHANGED = "changed"  # a browser passes no event on that carries nothing
LOOK_EVERY = 2.0  # real seconds


async def mark(desk: Desk, who: SignedIn, reference: str) -> str:
    """What changes when the list of WHO changes, or the case with REFERENCE does."""
    cases = desk.acting.turn(who).cases
    if not reference:
        state: object = [(one.id, one.version, one.since.isoformat()) for one in await cases.listed()]
    else:
        past = await cases.history(reference)
        told = await cases.told(past.case.id) if past is not None else ()
        # That somebody looks changes nothing for those who look too.
        done = [one.seq for one in past.happened if one.act != Doing.VIEWED] if past is not None else []
        state = (len(past.case.said) if past is not None else 0, done, [(one.person, one.reached, one.lap) for one in told])
    # Sealed with what this browser holds: two people cannot compare what changed for them.
    return hashlib.sha256(f"{who.token} {state!r}".encode()).hexdigest()[:20]


async def events(desk: Desk, who: SignedIn, request: Request) -> Response:
    """The stream behind an open page."""
    reference = request.query_params.get("case", "")
    chain = desk.context.around.stores[who.school.name].audit
    # The head first: what changes between the two is looked at once more, and never missed.
    seen, _ = await chain.head()
    known = await mark(desk, who, reference)

    async def news(before: str) -> tuple[str, Sequence[tuple[str, str]]]:
        # Whoever was signed out, or left the school, is told nothing more: the page asks again, and is shown the door.
        if await desk.who_asks(request, quiet=True) is None:
            return "out", (("out", CHANGED),) if before != "out" else ()
        nonlocal seen, known
        head, _ = await chain.head()
        if head != seen:
            seen, known = head, await mark(desk, who, reference)
        return known, ((known, CHANGED),) if known != before else ()

    async def wait(seconds: float) -> bool:
        await asyncio.sleep(max(seconds, LOOK_EVERY))
        return True

    desk.streams.check(who.token)
    before = request.headers.get("last-event-id") or request.query_params.get("after", "") or known
    headers = {**desk.pages.headers, "cache-control": "no-store", "x-accel-buffering": "no"}
    stream = desk.streams.events(who.token, before, news, wait)
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


PAGES: Mapping[str, Page] = MappingProxyType({"/desk/{school}/events": events})
FORMS: Mapping[str, Page] = MappingProxyType({})
