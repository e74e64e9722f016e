"""Paths by which a case comes to somebody who asked for nothing: cards, lines, digests, new roles, drills."""

from __future__ import annotations

import uuid
from datetime import timedelta

from bot import summaries
from bot.changing_roles import Staff, changed
from bot.messages import Reply
from bot.turn import Outcome
from flows.cases.case import Case, Said, Severity, reference
from flows.cases.clocks import notices
from storage.kept import Act, Addition
from storage.staffing import RoleGiven, WentAway
from tests.bot.walking import BY_ITSELF, DAY, path
from tests.bot.worlds import COLLEAGUE, CONCERNED, WORDS, World

MORE = "more reports since"  # in a message that gathers several


@path("what is pushed at once", BY_ITSELF)
async def _pushed(world: World) -> None:
    """Nothing is asked: cards, edits and lines come by themselves, or do not."""


@path("what climbs to them", BY_ITSELF + "recording to_reporters, loop idle, work claim_idle", later=9 * DAY)
async def _climbs(world: World) -> None:
    """Nobody took it for nine days: every rung of it, and every time it comes back, has passed."""
    await world.says("late cases")


async def _many(world: World) -> None:
    """A lot is sent at once, so that cards are gathered."""
    now = world.stage.clock.now()
    everybody = (tuple({role for person in world.people.values() for role in person.roles}),)
    for number in range(6):
        since = now - timedelta(seconds=number)
        case = Case(uuid.uuid4().hex, reference(), world.setting.matter, Severity.MEDIUM, since, rungs=everybody)
        due = notices(case, world.school.calendar, now)
        await world.records(Outcome(opened=(case,), notices=due, audit=(Act("case opened", case.id),)))
        await world.stage.settled()


@path("the one message that gathers several", BY_ITSELF, before=_many, meanwhile=_many, later=timedelta(minutes=5))
async def _gathered(world: World) -> None:
    """Only the last word counts: how many messages lead up to it depends on who is quicker."""
    gathered = [one.reply for one in world.stage.channel.sent if one.to.place == world.place(CONCERNED) and MORE in one.reply.text]
    world.extra += [one.text for one in gathered[-1:]]
    world.read = len(world.stage.channel.sent)
    await world.says("cases")


async def _stands_in(world: World) -> None:
    """Whoever it will be about stands in for everybody else who is away."""
    until = world.stage.clock.now() + timedelta(days=30)
    for name, person in world.people.items():
        if name not in (CONCERNED, COLLEAGUE):
            wish = WentAway(person.id, until, stands_in=world.concerned.id)
            await world.records(Outcome(people=(wish,)))


@path("standing in for whoever is away", BY_ITSELF + "recording people", before=_stands_in, later=2 * DAY)
async def _standing_in(world: World) -> None:
    await world.says("open cases")


async def _given_a_role(world: World) -> None:
    """They are given a role that would have been told, and somebody who may confirms it."""
    people = {one.id: one for one in await world.store.people.list()}
    staff = Staff(world.school, people, await world.store.people.holdings(), await world.store.people.set_up())
    role = next((one for one in ("deputy_dsl", "dsl", "slt") if one not in people[world.concerned.id].roles), None)
    if role is None:
        return
    await world.records(changed(RoleGiven(world.concerned.id, role, not staff.set_up), staff, world.stage.clock.now()))
    await world.stage.settled()
    for sent in tuple(world.stage.channel.sent):
        name, _, school = sent.to.place.partition("@")
        if sent.reply.about.startswith(f"role:{world.concerned.id}") and school == world.name and name != CONCERNED:
            await world.sends(name, sent.reply.choices[0].value, about=sent.reply.about, pressed=True)


@path(
    "a new role, and its confirmation",
    BY_ITSELF + "handler roles, recording people, recording to_roles, recording to_people",
    meanwhile=_given_a_role,
    later=DAY,
)
async def _new_role(world: World) -> None:
    """The role opens what was told to its holders, less what is about them."""
    await world.says("cases")
    await world.presses(f"role:{world.case_id}:dsl:2222", "confirm")


@path("lines about a case to whoever has it or knows of it", """
    recording added, recording to_holders, recording to_informed, summary added, summary nudged
""")  # fmt: skip
async def _lines(world: World) -> None:
    """What is said to the holder, and to somebody by name, although that is the very person it is about."""
    if world.case is None:
        return
    said = (Said("What else?", WORDS),)
    await world.records(
        Outcome(
            added=(Addition(world.case.id, said),),
            to_holder=((world.case, summaries.added(world.case)), (world.case, summaries.nudged(world.case))),
            to_informed=((world.case, world.concerned.id, Reply(f"{world.reference} goes on")),),
        )
    )
    await world.stage.settled()


async def _invited(world: World) -> None:
    """They are known at one more place from now on, which is told to those who lead."""
    code = await world.store.invites.make(world.concerned.id, at=world.stage.clock.now())
    await world.sends(f"Phone-of-{CONCERNED}", f"join {code}")
    for sent in tuple(world.stage.channel.sent):
        if sent.to.place == world.place(f"Phone-of-{CONCERNED}") and sent.reply.choices:
            await world.sends(f"Phone-of-{CONCERNED}", "join-yes", about=sent.reply.about, pressed=True)


@path("being invited to one more place", "handler invites, command invite, read Invites.make", meanwhile=_invited, later=DAY)
async def _joined(world: World) -> None:
    await world.says("cases")


async def _digest(world: World) -> None:
    await world.stage.app.digests.look(world.name)
    await world.stage.settled()


@path("the daily digest", "loop digests, read Digests.plan, read Digests.carry_out", before=_digest, later=DAY)
async def _daily(world: World) -> None:
    await _digest(world)


@path("the weekly digest", "loop digests, read Digests.plan, read Digests.carry_out", before=_digest, later=7 * DAY)
async def _weekly(world: World) -> None:
    await _digest(world)
