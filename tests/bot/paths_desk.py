"""Paths at the desk: its pages and forms, in the browser of whoever the case is about, signed in by a link of their own."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from httpx import ASGITransport, AsyncClient

from bot.desk import door
from bot.pages.making import new_nonce
from tests.bot.walking import path
from tests.bot.worlds import World

LISTENS_FOR = 3.0  # real seconds: a stream looks every two


@asynccontextmanager
async def signed_in(world: World) -> AsyncIterator[AtDesk]:
    """Whoever it is about, at the desk of their school."""
    code = await world.store.sign_ins.make(world.concerned.id, world.stage.clock.real_now())
    async with AsyncClient(transport=ASGITransport(world.stage.app.web), base_url="http://school.example") as client:
        await client.post(f"/desk/{world.name}/in", data={"code": code})
        yield AtDesk(world, client)


class AtDesk:
    """Their browser. Everything that comes back is kept for the comparison."""

    def __init__(self, world: World, client: AsyncClient) -> None:
        self._world, self._client = world, client
        self._token = client.cookies[door._name(world.name, secure=False)]

    async def opens(self, *paths: str) -> None:
        """The pages at PATHS, below their school's desk."""
        for one in paths:
            answer = await self._client.get(f"/desk/{self._world.name}{one}", follow_redirects=True)
            self._keep(f"{answer.status_code} {answer.text}")

    async def sends(self, end: str, **fields: str) -> None:
        """A form that goes to END, given to them or forged."""
        mine = door.SignedIn(self._world.school, self._world.concerned, self._token, self._world.stage.clock.now())
        both = {"csrf": mine.csrf, "nonce": new_nonce(), **fields}
        answer = await self._client.post(f"/desk/{self._world.name}{end}", data=both, follow_redirects=True)
        self._keep(f"{answer.status_code} {answer.text}")

    async def listens(self, query: str = "") -> None:
        """What the stream of an open page brings while nothing happens that is theirs to know."""
        until = time.monotonic() + LISTENS_FOR
        cookie = f"{door._name(self._world.name, secure=False)}={self._token}"
        where = f"/desk/{self._world.name}/events"
        await self._world.listens(where, query.encode(), cookie, lambda _: time.monotonic() > until, 2 * LISTENS_FOR)

    def _keep(self, text: str) -> None:
        self._world.extra.append(text.replace(self._token, "TOKEN"))


@path("the desk: the way in, the list of cases, its search", """
    handler desk, read SignIns.make, read SignIns.use, read SignIns.signed_in, read SignIns.sign_out
    route /desk, route /desk-files/{name}, route /desk/{school}, route /desk/{school}/in
    route /desk/{school}/as/{persona}, route /desk/{school}/link, route /desk/{school}/out
    read Seen.listed, read Seen.some, recording sign_ins, recording once
""")  # fmt: skip
async def _desk(world: World) -> None:
    await world.says("desk")
    async with signed_in(world) as desk:
        await desk.opens("", *(f"?show={one}" for one in ("nobody", "mine", "late", "closed")))
        await desk.opens(f"?event={world.setting.matter}", "?urgency=high", f"?reference={world.reference}", "?from=1")
        await desk.opens("/in?code=x", "/nowhere", "/as/dsl")
        await desk.sends("/link", address="lead@school.example")
        await desk.sends("/out")
        await desk.opens("")


@path("the desk: what an open page is told", "route /desk/{school}/events")
async def _streamed(world: World) -> None:
    async with signed_in(world) as desk:
        await desk.listens()
        await desk.listens(f"case={world.reference}")
