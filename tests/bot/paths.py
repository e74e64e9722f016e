"""The registry: every path by which something of a case could reach a person, each walked through the real thing.

A path is walked as the person whom a case is about, in a world in which it happened and in a twin in which it did not. What comes
back must be the same to the letter. `covers` names the code it goes through; `tests/bot/test_paths.py` finds what nobody covers.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot import case_buttons, case_form_buttons, concerning, deciding, drill, summaries
from bot.case_commands import Act as Command
from bot.case_wishes import Wish
from bot.changing_roles import Staff, changed
from bot.messages import Reply
from bot.turn import Outcome
from flows.cases.case import Case, Said, Severity, reference
from flows.cases.clocks import notices
from storage.kept import Act, Addition
from storage.staffing import RoleGiven, WentAway
from tests.bot.worlds import BREAKS, COLLEAGUE, CONCERNED, FAKE, PARENT, WORDS, World
from tests.terminal import signpost

DAY = timedelta(days=1)
LOGGED = re.compile(r"\d{4}-\d\d-\d\dT")
MORE = "more reports since"  # in a message that gathers several
Walk = Callable[[World], Awaitable[None]]


@dataclass(frozen=True)
class Path:
    """One way to hear of a case: BEFORE it happens, MEANWHILE, once it has come so far, and the walk itself, so much LATER.

    All three are done in both worlds.
    """

    name: str
    walk: Walk
    covers: frozenset[str]
    before: Walk | None = None
    meanwhile: Walk | None = None
    later: timedelta = timedelta(minutes=1)
    on_the_page: bool = False  # whoever it is about is reached on the web page before anywhere else


PATHS: dict[str, Path] = {}


def path(name: str, covers: str, **more: object) -> Callable[[Walk], Walk]:
    """Enter what follows in the registry as NAME; COVERS are the pieces of code it goes through, one a line or between commas."""

    def enter(walk: Walk) -> Walk:
        names = frozenset(one.strip() for line in covers.splitlines() for one in line.split(",") if one.strip())
        PATHS[name] = Path(name, walk, names, **more)
        return walk

    return enter


async def reveals(world: World, walked: Path) -> list[str]:
    """Everything that WALKED gives to whoever the case is about."""
    await walked.walk(world)
    return world.heard()


# What comes by itself ------------------------------------------------------------------------------------------------------

BY_ITSELF = """
    loop outbox, loop conversations, work expand, work claim_pushes, work claim_replies, work next_due, work finish
    summary push, summary taken, summary blanked, summary role_words, summary telling, summary in_role, summary by_role
    notice push, notice joined, notice reach, notice phone
    recording opened, recording changed, recording notices, recording replanned, recording settled, recording letters
    store record
"""


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


# What they ask for in the chat ---------------------------------------------------------------------------------------------


@path("lists and their counts", "handler cases, read Seen.open, read Seen.mine, read Seen.late")
async def _lists(world: World) -> None:
    for words in ("cases", "my cases", "open cases", "late cases"):
        await world.says(words)
    for name in ("mine", "open", "late"):
        await world.presses("cases:", name)
    await world.presses("cases:open", "more:0")
    await world.presses("cases:open", f"one:{world.reference}")


@path("the page of a case it belongs with", """
    handler cases, summary line, summary everything, summary places, recording linked, recording unlinked
    read Seen.by_reference, read Seen.by_id, read Seen.linked, read Seen.climbs, read Seen.told, read Seen.due, read Seen.history
    wish link, wish unlink, wish notes
""")  # fmt: skip
async def _page(world: World) -> None:
    one, other = world.seen
    await world.says(one.reference)
    await world.says(f"all of it {one.reference}")
    await world.says(f"notes {one.reference}")
    await world.says(f"link {one.reference}")
    await world.says("stop")
    await world.says(f"link {one.reference} {world.reference}")
    await world.says(f"link {one.reference} {other.reference}")
    await world.says(f"unlink {one.reference} {world.reference}")
    await world.says(f"link {one.reference}")


# How each wish is typed about a case; a wish that is missing here fails.
TYPED = {
    Wish.NOTE: "note {0} they were here",
    Wish.NOTES: "notes {0}",
    Wish.WRITE: "write to {0} we are on it",
    Wish.CLOSE: "close {0}",
    Wish.REOPEN: "reopen {0}",
    Wish.LINK: "link {0}",
    Wish.UNLINK: "unlink {0} {0}",
    Command.TAKE: "take {0}",
    Command.HAND_ON: "hand on {0} to the chair",
    Command.URGENCY: "urgency {0} high: it got worse",
}  # fmt: skip
SAID_OF_IT = (
    "{0}", "open {0}", "acknowledge {0}", "all of it {0}", "status {0}", "any news on {0}", "nothing has happened with {0}",
    "add to {0}: it was me", "{0} concerns the chair", "pass on {0}", "approve {0}", "decline {0}: no", "undo {0}",
    "what does the policy say about {0}", "{0} I am going to kill myself",
)  # fmt: skip


@path("its reference, typed", """
    handler cases, handler case_forms, handler concerning, handler decisions, handler after_sending, read Seen.by_reference
    wish note, wish notes, wish write, wish close, wish reopen, wish link, wish unlink, wish take, wish hand_on, wish urgency
    store own, store climbs
""")  # fmt: skip
async def _typed(world: World) -> None:
    for words in (*TYPED.values(), *SAID_OF_IT):
        await world.says(words.format(world.reference))


def buttons() -> tuple[str, ...]:
    """What a button about a case can mean, found in the modules that make them; some are followed by a name."""
    modules = (case_buttons, case_form_buttons, concerning, deciding)
    plain = {
        value
        for module in modules
        for name, found in vars(module).items()
        if name.isupper() and not name.startswith("_")
        for value in (found if isinstance(found, tuple) else (found,))
        if isinstance(value, str) and " " not in value
    }
    return tuple(sorted(one + ("dsl" if one.endswith(":") else "") for one in {*plain, *Wish}))


@path("its buttons, kept or forged", """
    handler cases, handler case_forms, handler concerning, handler decisions, handler after_sending, handler drafts, handler roles
    handler absence, read Seen.by_id
""")  # fmt: skip
async def _pressed(world: World) -> None:
    for about in (f"case:{world.case_id}", f"case:{world.case_id}:0"):
        for value in buttons():
            await world.presses(about, value)
    for about in ("sent:", "case-form:", "role:", "away:", "flow:", "draft:"):
        await world.presses(f"{about}{world.case_id}", "news")
    await world.says("words below it", about=f"sent:{world.case_id}")


@path("a report of their own, and news of it", """
    handler report, handler after_sending, store own, store climbs, recording state, recording wake_at, recording asked
""")  # fmt: skip
async def _own(world: World) -> None:
    await world.says("any news")
    await world.says("I want to report something")
    await world.says("somebody filmed a pupil and put it online")
    await world.says("carry on")
    await world.says("stop")
    await world.says("nothing has happened")


@path("what is said when something breaks", "recording failed")
async def _broken(world: World) -> None:
    await world.says(f"{BREAKS} {world.reference}")
    await world.says(f"{BREAKS} {world.seen[0].reference}")


async def _invited(world: World) -> None:
    """They are known at one more place from now on, which is told to those who lead."""
    code = await world.store.invites.make(world.concerned.id, at=world.stage.clock.now())
    await world.sends(f"Phone-of-{CONCERNED}", f"join {code}")
    for sent in tuple(world.stage.channel.sent):
        if sent.to.place == world.place(f"Phone-of-{CONCERNED}") and sent.reply.choices:
            await world.sends(f"Phone-of-{CONCERNED}", "join-yes", about=sent.reply.about, pressed=True)


@path("questions, files and whatever else is said", """
    handler policy, handler help, handler media, handler edited, handler other_languages, handler drafts, handler absence
    recording asked
""")  # fmt: skip
async def _anything(world: World) -> None:
    for words in (
        "help",
        "hello",
        WORDS,
        f"Where is {WORDS}?",
        "Może ktoś mi pomóc?",
        "who has a report about me?",
        "log a report",
    ):
        await world.says(words)
    await world.says("", attachments=("image",))
    await world.says(f"I meant {world.reference}", edited=True)


@path("being invited to one more place", "handler invites, command invite, read Invites.make", meanwhile=_invited, later=DAY)
async def _joined(world: World) -> None:
    await world.says("cases")


@path("being away, and what they are said to hold", "handler absence, recording people, recording to_roles, recording to_people")
async def _away(world: World) -> None:
    await world.says("I am away from 30 November to 4 December")
    await world.clicks("Yes")
    await world.says("I am back")


@path("a drill", "command drill, read Figures.drills, read Figures.drill, read Figures.drills_open")
async def _drilled(world: World) -> None:
    await world.records(drill.begin(world.school, world.stage.clock.now()))
    await world.stage.settled()
    await world.clicks("Acknowledge")
    await types(world, "drill", "--list")


# What is written for them --------------------------------------------------------------------------------------------------


async def _digest(world: World) -> None:
    await world.stage.app.digests.look(world.name)
    await world.stage.settled()


@path("the daily digest", "loop digests, read Digests.plan, read Digests.carry_out", before=_digest, later=DAY)
async def _daily(world: World) -> None:
    await _digest(world)


@path("the weekly digest", "loop digests, read Digests.plan, read Digests.carry_out", before=_digest, later=7 * DAY)
async def _weekly(world: World) -> None:
    await _digest(world)


# The command line, as the person themself ----------------------------------------------------------------------------------

_ONE_AT_A_TIME = asyncio.Lock()


async def types(world: World, *args: str) -> None:
    """What a command prints that is typed at their school."""
    folder = world.stage.config.data_folder.parent
    async with _ONE_AT_A_TIME:
        where = ("--school", world.name, "--config", str(folder / "signpost.toml"))
        answer = await asyncio.to_thread(signpost, *args, *where)
    # The bot logs into the same stream meanwhile; that no log tells anything stands in test_log_leak.
    said = [line for line in answer.err.splitlines() if not LOGGED.match(line)]
    world.extra.append("\n".join((f"{args[0]} {answer.code}", answer.out, *said)))


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
    await types(world, "person", "export", "--place", f"{FAKE}:{world.place('Witness')}", *me)


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


# The web page --------------------------------------------------------------------------------------------------------------


@path("the page on the web, loaded and streamed", """
    route /, route /chat/{school}, route /chat/{school}/say, route /chat/{school}/events, route /static/{name}
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
    ):
        await world.fetches(page)
    await world.posts(world.reference)
    await world.fetches(f"/chat/{world.name}")
    await world.streams()
