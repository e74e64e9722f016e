"""How a world comes about: who is there, what everybody knows of, and the case itself, as far as it has come."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot import case_closing
from bot.case_closing import How
from bot.turn import Outcome
from flows.cases.case import Case, Ending, Said, Severity, acknowledge, reference
from flows.cases.clocks import notices
from flows.cases.past import Clock, past
from flows.cases.routing import HEADTEACHER, LEAD, entangled, rungs
from flows.cases.working import hand_on
from flows.matters import matter
from storage.kept import Act
from storage.store.scope import Scope
from tests.bot.worlds import COLLEAGUE, CONCERNED, FAKE, PARENT, WEB, WITNESS, WORDS, Setting, World


async def peopled(world: World, *, on_the_page: bool = False) -> None:
    """Everybody with their roles; whoever it is about sits ON THE PAGE of the web, where their path goes there."""
    roles = tuple(world.school.roles)
    theirs = _theirs(world.setting, roles)
    web, chat = (WEB, world.browser.place(world.name)), (FAKE, world.place(CONCERNED))
    add = world.store.people.add
    world.people[CONCERNED] = await add(CONCERNED, theirs, (web, chat) if on_the_page else (chat, web))
    world.people[COLLEAGUE] = await add(
        COLLEAGUE, ("staff", *(() if world.setting.shared == "all in one" else ("slt",))), _at(world, COLLEAGUE)
    )
    for role in roles:
        if role not in theirs or world.setting.shared == "two holders":
            world.people[role] = await add(f"The {role}", (role,), _at(world, f"The-{role}"))


def _at(world: World, name: str) -> tuple[tuple[str, str], ...]:
    return ((FAKE, world.place(name)),)


def _theirs(setting: Setting, roles: Sequence[str]) -> tuple[str, ...]:
    """The roles of whoever it is about."""
    also = {"two in one": (LEAD, HEADTEACHER), "three in one": (LEAD, HEADTEACHER, "slt"), "all in one": roles}
    first = (setting.who,)
    size = {"two in one": 2, "three in one": 3, "all in one": len(roles) + 1}.get(setting.shared, 1)
    return tuple(dict.fromkeys((*first, *also.get(setting.shared, ()))))[:size]


async def lived_in(world: World) -> None:
    """What is there in both worlds: a report that everybody knows of, and one that whoever it is about has."""
    everybody = (tuple({role for person in world.people.values() for role in person.roles}),)
    now = world.stage.clock.now()
    events = (("bullying_of_pupil", None), (world.setting.matter, world.concerned.id))
    for minutes, (event, holder) in enumerate(events, 1):
        # Not at the same moment: what is equally old stands in any order.
        since = now - timedelta(minutes=minutes)
        case = Case(
            uuid.uuid4().hex, reference(), event, Severity.MEDIUM, since, rungs=everybody,
            said=(Said("What happened?", "Something else."),), reporter=await _conversation(world, PARENT),
        )  # fmt: skip
        due = notices(case, world.school.calendar, now)
        await world.records(Outcome(opened=(case,), notices=due, audit=(Act("case opened", case.id),)))
        if holder is not None:
            await world.stage.settled()
            case = acknowledge(case, holder, now)
            act = Act("case acknowledged", case.id, holder)
            await world.records(Outcome(changed=(case,), settled=(case.id,), audit=(act,)))
            case = replace(case, version=1)
        world.seen = (*world.seen, case)


async def _conversation(world: World, name: str) -> str:
    """The conversation of NAME, from which a report comes."""
    place = world.place(name)

    def read(session) -> str:
        return Scope.of(session, world.stage.app.database.vault, world.name).conversation(FAKE, place, place)

    return await world.stage.app.database.read(read)


async def happens(world: World) -> None:
    """The case is opened, and belongs together with one that they know of. In a twin nothing happens."""
    if world.twin:
        return
    later = world.setting.moment == "said later"
    part = entangled((), await world.store.people.held(), frozenset() if later else {world.concerned.id})
    now, route = world.stage.clock.now(), world.school.routes[world.setting.matter]
    case = Case(
        world.case_id, world.reference, world.setting.matter, matter(world.setting.matter).severity, now,
        rungs=rungs(route, part.roles), refs=route.ref, steps=route.steps, said=(Said("What happened?", WORDS),),
        reporter=await _conversation(world, WITNESS), concerns=part.people,
    )  # fmt: skip
    due = notices(case, world.school.calendar, now)
    linked = ((case.id, world.seen[0].id),)
    await world.records(Outcome(opened=(case,), notices=due, linked=linked, audit=(Act("case opened", case.id),)))
    world.case = case


async def comes_so_far(world: World) -> None:
    """The case gets to the moment of the setting, by the hands of a colleague who is no part of it."""
    if world.case is None or world.setting.moment == "waiting":
        return
    case = await _now(world)
    if world.setting.moment == "said later":
        await _said_later(world, case)
        return
    by, now = world.people[COLLEAGUE].id, world.stage.clock.now()
    await world.records(
        Outcome(changed=(acknowledge(case, by, now),), settled=(case.id,), audit=(Act("case acknowledged", case.id, by),))
    )
    if world.setting.moment == "handed on":
        gone = hand_on(await _now(world), "slt", Clock(await _climbs(world), world.school.calendar, now))
        act = Act("case handed on", case.id, by)
        await world.records(Outcome(changed=(gone.case,), notices=gone.notices, replanned=(case.id,), audit=(act,)))
    if world.setting.moment in ("closed", "opened again"):
        done = case_closing.closed(await _now(world), by, How(Ending.DEALT_WITH, WORDS), now)
        await world.records(Outcome(changed=(done.case,), settled=(case.id,), audit=(done.act,)))
    if world.setting.moment == "opened again":
        again = case_closing.opened_again(await _now(world), by, WORDS, now)
        await world.records(Outcome(changed=(again.case,), audit=(again.act,)))


async def _said_later(world: World, case: Case) -> None:
    """Whom it is about turns out only now: they may have had a card, and have read it."""
    now = world.stage.clock.now()
    part = entangled((), await world.store.people.held(), case.concerns | {world.concerned.id})
    gone = past(case, part, world.school.routes[case.matter], Clock(await _climbs(world), world.school.calendar, now))
    act = Act("case concerns", case.id)
    waits = (case.id,) if gone.case.waiting else ()
    await world.records(Outcome(changed=(gone.case,), notices=gone.notices, replanned=waits, audit=(act,)))


async def _now(world: World) -> Case:
    """The case as it stands, which only somebody who may see it can read: here the whole school's clerk of the tests."""
    assert world.case is not None
    found = [one for one in await world.store.own(await _conversation(world, WITNESS)) if one.id == world.case_id]
    return replace(found[0], said=world.case.said)


async def _climbs(world: World):
    return await world.store.climbs(await _conversation(world, WITNESS), world.case_id)
