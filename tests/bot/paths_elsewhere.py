"""Paths outside the chat: the command line, as the person themself, and the page on the web."""

from __future__ import annotations

import asyncio
import re

from bot import drill
from tests.bot.walking import path
from tests.bot.worlds import CONCERNED, FAKE, PARENT, WITNESS, World
from tests.terminal import signpost

LOGGED = re.compile(r"\d{4}-\d\d-\d\dT")


async def types(world: World, *args: str) -> None:
    """What a command prints that is typed at their school."""
    folder = world.stage.config.data_folder.parent
    async with world.stage.typing:
        where = ("--school", world.name, "--config", str(folder / "signpost.toml"))
        answer = await asyncio.to_thread(signpost, *args, *where)
    # The bot logs into the same stream meanwhile; that no log tells anything stands in test_log_leak.
    said = [line for line in answer.err.splitlines() if not LOGGED.match(line)]
    # What happened at the same moment stands in any order.
    world.extra.append("\n".join((f"{args[0]} {answer.code}", *sorted(world.plain(answer.out).splitlines()), *said)))


@path("the commands about one case", """
    command case export, command case close, command case hold, command case transfer, command case erase
    read Seen.history, read Keeping.erase
""")  # fmt: skip
async def _case_commands(world: World) -> None:
    me = ("--as", CONCERNED)
    await types(world, "case", "export", world.reference, *me)
    await types(world, "case", "close", world.reference, *me, "--outcome", "dealt_with", "--reason", "because")
    await types(world, "case", "hold", world.reference, *me, "--reason", "because")
    await types(world, "case", "transfer", world.reference, *me, "--recorded-as", "CPOMS 7")
    await types(world, "case", "erase", world.reference, *me, "--reason", "because", "--confirm", world.reference)
    await types(world, "case", "export", world.seen[0].reference, *me)


async def _parent_wrote(world: World) -> None:
    await world.sends(PARENT, "hello")


@path("what is held on somebody who wrote", """
    command person export, store subjects, read Subjects.who_sent, read Subjects.who_writes
""", before=_parent_wrote)  # fmt: skip
async def _subject(world: World) -> None:
    me = ("--as", CONCERNED)
    await types(world, "person", "export", "--case", world.reference, *me)
    await types(world, "person", "export", "--case", world.seen[0].reference, *me)
    await types(world, "person", "export", "--place", f"{FAKE}:{world.place(PARENT)}", *me)
    await types(world, "person", "export", "--place", f"{FAKE}:{world.place(WITNESS)}", *me)


@path("figures", "command figures, read Figures.opened, read Figures.in_vain, read Figures.drills")
async def _figures(world: World) -> None:
    span = ("--since", "2026-09-01", "--until", "2026-12-18", "--as", CONCERNED)
    await types(world, "figures", *span)
    await types(world, "figures", *span, "--for", "governors", "--format", "json")


@path("who is who, and whether everything is in place", """
    command people list, command people show, command people role, command people away, command policy unanswered
    read People.list, read People.by_id, read People.holders, read People.held, read People.holdings, read People.set_up
""")  # fmt: skip
async def _people(world: World) -> None:
    await types(world, "people", "list")
    await types(world, "people", "show", CONCERNED)
    await types(world, "people", "role", CONCERNED, "slt", "--yes")
    await types(world, "people", "away", CONCERNED, "--until", "2999-03-11")
    await types(world, "people", "role", CONCERNED, "slt", "--take")
    await types(world, "policy", "unanswered")


@path("a drill", "command drill, read Figures.drills, read Figures.drill, read Figures.drills_open")
async def _drilled(world: World) -> None:
    await world.records(drill.begin(world.school, world.stage.clock.now()))
    await world.stage.settled()
    await world.clicks("Acknowledge")
    await types(world, "drill", "--list")


@path("the page on the web, loaded and streamed", """
    route /, route /chat/{school}, route /chat/{school}/say, route /chat/{school}/events, route /static/{name}
    route /chat/{school}/look, route /chat/{school}/forget, route web/channel.py TABLES_AT
    route /healthz, route /readyz, read Cards.shown_to, read Cards.taken_from, read Cards.gathered, read Cards.arrived
    read Conversations.transcript, read Conversations.said_since, read Conversations.reached
""", on_the_page=True)  # fmt: skip
async def _web(world: World) -> None:
    for page in (
        "/healthz",
        "/readyz",
        f"/chat/{world.name}",
        f"/chat/{world.name}?as=dsl",
        f"/chat/{world.name}/{world.reference}",
        f"/chat/{world.name}/look",
        f"/chat/{world.name}/forget",
        "/times-tables",
    ):
        await world.fetches(page)
    await world.posts(world.reference)
    await world.fetches(f"/chat/{world.name}")
    await world.streams()
