"""The first page of the desk: the open cases somebody may see, the most overdue first."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from bot.desk.door import SignedIn

if TYPE_CHECKING:
    from bot.desk.desk import Desk, Page


async def page(desk: Desk, who: SignedIn, request: Request) -> Response:
    """The inbox."""
    cases = await desk.acting.turn(who).cases.open()
    return desk.page(who, request, "inbox.html", cases=cases)


PAGES: Mapping[str, Page] = MappingProxyType({"/desk/{school}": page})
FORMS: Mapping[str, Page] = MappingProxyType({})
