"""Paths on the pages of a case at the desk: of the one that is about them, and from another that they may see."""

from __future__ import annotations

from bot.desk.case_acts import DEEDS
from tests.bot.paths_desk import signed_in
from tests.bot.walking import path
from tests.bot.worlds import World

CASE = "/desk/{school}/case/{reference}"
FILLED = {
    "shown": "0-1", "text": "words", "reason": "because", "role": "chair", "urgency": "high", "ending": "no_action", "number": "1",
    "done": "yes", "decision": "approve", "recorded_as": "CPOMS 7", "sure": "yes",
}  # fmt: skip


def in_any_order(world: World, pages: int) -> None:
    """The lines of the last PAGES, sorted: cards that are sent at one moment arrive in any order, and a chronology shows it."""
    for number in range(1, pages + 1):
        world.extra[-number] = "\n".join(sorted(line.strip() for line in world.extra[-number].splitlines()))


@path("the desk: the page of a case, and what is done there", "\n".join((
    *(f"route {CASE}{more}" for more in ("", *(f"/{name}" for name in DEEDS))),
    "read Seen.around, read Seen.sent, read SignIns.carried_out",
)))  # fmt: skip
async def _case(world: World) -> None:
    theirs = world.seen[0].reference
    async with signed_in(world) as desk:
        await desk.opens(f"/case/{world.reference}", f"/case/{theirs}")
        in_any_order(world, 1)
        for name in DEEDS:
            await desk.sends(f"/case/{world.reference}/{name}", **FILLED)
        await desk.sends(f"/case/{world.reference}/write", text="words", step="look")
        await desk.sends(f"/case/{theirs}/link", other=world.reference)
        await desk.sends(f"/case/{theirs}/unlink", other=world.reference)
        await desk.sends(f"/case/{theirs}/write", text=f"It is like {world.reference}", step="look", shown="0-1")
        in_any_order(world, 3)
        await desk.opens("")


@path("the desk: the papers of a case", f"route {CASE}/record, route {CASE}/referral")
async def _papers(world: World) -> None:
    async with signed_in(world) as desk:
        for reference in (world.reference, world.seen[0].reference):
            await desk.opens(f"/case/{reference}/record", f"/case/{reference}/referral")
            await desk.sends(f"/case/{reference}/record")
            await desk.sends(f"/case/{reference}/referral", recipient="police")
            in_any_order(world, 4)
