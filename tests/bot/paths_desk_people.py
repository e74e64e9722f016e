"""Paths at the desk: people and roles, and pictures, in the browser of whoever the case is about."""

from __future__ import annotations

from tests.bot.paths_desk import AtDesk, signed_in
from tests.bot.walking import path
from tests.bot.worlds import COLLEAGUE, CONCERNED, World

PERIODS = ("12-weeks", "term", "year")


@path("the desk: people and roles, also by forged forms", """
    route /desk/{school}/people, route /desk/{school}/people/{person}, route /desk/{school}/people/{person}/give
    route /desk/{school}/people/{person}/take, route /desk/{school}/people/{person}/settle
    route /desk/{school}/people/{person}/away, route /desk/{school}/people/{person}/back
    route /desk/{school}/people/{person}/invite, route /desk/{school}/people/{person}/end-invite
    route /desk/{school}/people/{person}/remove, read People.reached, read Invites.waiting
""")  # fmt: skip
async def _people(world: World) -> None:
    people = {one.name: f"/people/{one.id}" for one in await world.store.people.list()}
    mine, theirs = people[CONCERNED], people[COLLEAGUE]
    async with signed_in(world) as desk:
        await desk.opens("/people", mine, theirs, "/people/nobody")
        await _changed(desk, mine)
        await desk.sends("/people", name="E. Newcomer", role="slt")
        await _changed(desk, theirs)
        await desk.opens("/people", mine, theirs)


async def _changed(desk: AtDesk, page: str) -> None:
    """Every form about the person of PAGE; removed last, if that is allowed at all."""
    await desk.sends(f"{page}/give", role="slt")
    await desk.sends(f"{page}/settle", wish="confirm", role="slt", code="BCDFG")
    await desk.sends(f"{page}/take", role="slt")
    await desk.sends(f"{page}/away", first="2999-03-01", last="2999-03-11")
    await desk.sends(f"{page}/away", first="2026-11-23", last="2026-11-24")
    await desk.sends(f"{page}/back")
    await desk.sends(f"{page}/invite", channel="web")
    await desk.sends(f"{page}/end-invite")
    await desk.sends(f"{page}/remove", meant="yes")


@path("the desk: pictures, their files, and what governors are told", """
    route /desk/{school}/pictures, route /desk/{school}/pictures/governors, route /desk/{school}/pictures/{table}.csv
    read Figures.asked_in_vain
""")  # fmt: skip
async def _pictures(world: World) -> None:
    async with signed_in(world) as desk:
        for period in PERIODS:
            await desk.opens(f"/pictures?period={period}", f"/pictures/governors?period={period}")
            for name in ("reports", "waits", "ages", "questions", "governors"):
                await desk.opens(f"/pictures/{name}.csv?period={period}")
