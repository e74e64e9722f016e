"""Paths by which somebody asks in the chat: lists, pages, references typed, buttons kept or forged, and whatever else is said."""

from __future__ import annotations

from bot import case_buttons, case_form_buttons, concerning, deciding
from bot.case_commands import Act as Command
from bot.case_wishes import Wish
from storage.kept import Code, Recording
from tests.bot.walking import path
from tests.bot.worlds import BREAKS, HOLD, WORDS, World


@path("lists and their counts", "handler cases, read Seen.open, read Seen.mine, read Seen.late")
async def _lists(world: World) -> None:
    await world.says("cases", "my cases", "open cases", "late cases")
    await world.presses("cases:", "mine", "open", "late")
    await world.presses("cases:open", "more:0", f"one:{world.reference}")


@path("the page of a case it belongs with", """
    handler cases, summary line, summary everything, summary places, summary where, summary how_soon
    recording linked, recording unlinked
    read Seen.by_reference, read Seen.by_id, read Seen.linked, read Seen.climbs, read Seen.told, read Seen.due, read Seen.history
    wish link, wish unlink, wish notes
""")  # fmt: skip
async def _page(world: World) -> None:
    one, other = world.seen
    mine, hidden = one.reference, world.reference
    await world.says(mine, f"all of it {mine}", f"notes {mine}", f"link {mine}", "stop")
    await world.says(f"link {mine} {hidden}", f"link {mine} {other.reference}", f"unlink {mine} {hidden}", f"link {mine}")


@path("its secret code, which they found", "handler follow, handler news, read Following.opens, store own, store climbs, store due")
async def _followed(world: World) -> None:
    if world.case is not None:
        await world.store.record(Recording(world.stage.clock.now(), codes=(Code(world.case_id, "BCDFGHJKMN"),)), HOLD)
    await world.says(
        f"follow {world.reference} BCDFG-HJKMN", f"follow {world.reference} BCDFGHJKMP", f"follow {world.reference}",
        "any news", f"status {world.reference}", f"add to {world.reference}: it was me", "news to me@home.example",
    )  # fmt: skip
    await world.presses(f"sent:{world.case_id}", "news", "add", "nothing")


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
    store own, store climbs, store due
""")  # fmt: skip
async def _typed(world: World) -> None:
    await world.says(*(words.format(world.reference) for words in (*TYPED.values(), *SAID_OF_IT)))


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
        await world.presses(about, *buttons())
    for about in ("sent:", "case-form:", "role:", "away:", "flow:", "draft:"):
        await world.presses(f"{about}{world.case_id}", "news")
    await world.says("words below it", about=f"sent:{world.case_id}")


@path("a report of their own, and news of it", """
    handler report, handler after_sending, store own, store climbs, store due, recording state, recording wake_at, recording asked
""")  # fmt: skip
async def _own(world: World) -> None:
    await world.says("any news", "I want to report something", "somebody filmed a pupil and put it online", "carry on", "stop")
    await world.says("nothing has happened")


@path("what is said when something breaks", "recording failed")
async def _broken(world: World) -> None:
    await world.says(f"{BREAKS} {world.reference}")
    await world.says(f"{BREAKS} {world.seen[0].reference}")


@path("questions, files and whatever else is said", """
    handler policy, handler help, handler media, handler edited, handler other_languages, handler drafts, handler absence
    recording asked
""")  # fmt: skip
async def _anything(world: World) -> None:
    await world.says(
        "help", "hello", WORDS, f"Where is {WORDS}?", "Może ktoś mi pomóc?", "is there a report about me?", "log a report"
    )
    await world.says("", attachments=("image",))
    await world.says(f"I meant {world.reference}", edited=True)


@path("being away, and what they are said to hold", "handler absence, recording people, recording to_roles, recording to_people")
async def _away(world: World) -> None:
    await world.says("I am away from 30 November to 4 December")
    await world.clicks("Yes")
    await world.says("I am back")
