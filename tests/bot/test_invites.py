"""Invitations, talked through with the real bot: who becomes whom, what does not work, and who hears of it."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest
import segno
from pydantic import SecretStr

from bot import wording_invites as words
from bot.changing_roles import Staff
from bot.clock import SystemClock
from bot.config.model import Telegram, Web
from bot.handlers.invites import _TYPED
from bot.joining import removed
from bot.record import record
from bot.ways_in import grouped, in_the_terminal, ways_in
from bot.wording import BLANKED
from storage.staffing import Removed
from storage.store.invites import GOOD_FOR, SPELT
from tests.plain_browser import listening
from tests.site import CHAT, for_real, serving
from tests.talk import Talk, settings
from tests.terminal import done, signpost

DANGER = "my son is being bullied and he says he will kill himself tonight"


async def who(talk: Talk, name: str):
    """The person of that name, as the store has them now."""
    return next(one for one in await talk.app.stores[talk.school].people.list() if one.name == name)


async def code_for(talk: Talk, name: str, **more: object) -> str:
    """A code for NAME, as `signpost invite` prints it."""
    store = talk.app.stores[talk.school]
    return grouped(await store.invites.make((await who(talk, name)).id, at=talk.clock.now(), **more))


async def places(talk: Talk, name: str) -> list[str]:
    """Where NAME is recognised, first place first."""
    return [place for _, place in (await who(talk, name)).places]


@pytest.mark.parametrize("typed", ["join {}", "/start {}", "Join: {}", "JOIN {}."])
async def test_whoever_has_the_code_is_shown_who_they_become_and_becomes_it(talk: Talk, typed: str) -> None:
    """By name and role; nothing is linked before they say yes, and from then on reports reach them there."""
    code = await code_for(talk, "Lead")
    (asked,) = await talk["Phone"].says(typed.format(code))
    assert "Lead, the safeguarding lead (DSL) of Rosebrook Primary School" in asked.text
    assert await places(talk, "Lead") == ["Lead"]
    (said,) = await talk["Phone"].clicks(words.YES)
    assert said.text.startswith("Thank you. You are known here as Lead, the safeguarding lead (DSL)")
    assert await places(talk, "Lead") == ["Lead", "Phone"]
    assert (talk.channel.name, "Phone") in await talk.app.stores[talk.school].invites.verified((await who(talk, "Lead")).id)


async def test_head_lead_and_chair_hear_of_it_and_so_does_the_person_where_they_were(talk: Talk) -> None:
    """A code in wrong hands must not stay unnoticed: who leads is told, and the person at the place they had before."""
    code = await code_for(talk, "Deputy", by=(await who(talk, "Head")).id)
    await talk["Phone"].says(f"join {code}")
    await talk["Phone"].clicks(words.YES)
    for name in ("Head", "Lead", "Chair"):
        (line,) = await talk[name].reads()
        assert "Deputy, who holds the role of deputy safeguarding lead, can now also be reached" in line.text
        assert "an invitation that was made by the headteacher" in line.text
    (own,) = await talk["Deputy"].reads()
    assert "If that was not you" in own.text
    acts = [link for link in await talk.app.stores[talk.school].audit.links() if link.act in ("person invited", "place linked")]
    assert [link.act for link in acts] == ["person invited", "place linked"]
    assert not any(code in (link.details or "") or "Phone" in (link.details or "") for link in acts)


async def test_a_code_works_once(talk: Talk) -> None:
    """Shown again, by the same or by somebody else, it is answered as one that never was."""
    code = await code_for(talk, "Teacher")
    await talk["Phone"].says(f"join {code}")
    await talk["Phone"].clicks(words.YES)
    for name in ("Phone", "Stranger"):
        (said,) = await talk[name].says(f"join {code}")
        assert said.text == words.DOES_NOT_WORK
    (said,) = await talk["Phone"].clicks(words.YES)
    assert said.text == words.SETTLED


async def test_of_two_who_were_asked_with_one_code_one_becomes_the_person(talk: Talk) -> None:
    """Both press yes at the same moment."""
    code = await code_for(talk, "Lead")
    for name in ("One", "Two"):
        await talk[name].says(f"join {code}")
    await asyncio.gather(
        *(
            talk.send(name, choice.value, about=reply.about, pressed=True)
            for name in ("One", "Two")
            for reply, choice in [talk[name].button(words.YES)]
        )
    )
    said = [reply.text for name in ("One", "Two") for reply in await talk[name].reads()]
    assert sum(one == words.DOES_NOT_WORK for one in said) == 1
    assert len(await places(talk, "Lead")) == 2


async def test_unknown_used_up_run_out_and_for_elsewhere_are_answered_alike(talk: Talk) -> None:
    """Nobody finds out which it was."""
    run_out = await code_for(talk, "Teacher")
    talk.clock.tick(seconds=GOOD_FOR.total_seconds())
    elsewhere = await code_for(talk, "Lead", channel="slack")
    replaced = await code_for(talk, "Head")
    await code_for(talk, "Head")
    for code in (run_out, elsewhere, replaced, "BCDFG-HJKMN"):
        (said,) = await talk["Stranger"].says(f"join {code}")
        assert said.text == words.DOES_NOT_WORK


async def test_after_five_wrong_codes_not_even_the_right_one_is_looked_at_for_an_hour(talk: Talk) -> None:
    """By person: somebody else's tries do not count, and an hour later one try is free again."""
    code = await code_for(talk, "Lead")
    for _ in range(5):
        (said,) = await talk["Stranger"].says("join BCDFG-HJKMN")
        assert said.text == words.DOES_NOT_WORK
    (said,) = await talk["Stranger"].says(f"join {code}")
    assert said.text.startswith("You have tried five codes")
    (asked,) = await talk["Phone"].says(f"join {code}")
    assert asked.choices
    await talk.passes(minutes=61)
    (asked,) = await talk["Stranger"].says(f"join {code}")
    assert asked.choices


async def test_a_no_changes_nothing_and_the_code_still_works(talk: Talk) -> None:
    """It may have come to the wrong person first."""
    code = await code_for(talk, "Lead")
    await talk["Stranger"].says(f"join {code}")
    (said,) = await talk["Stranger"].clicks(words.NO)
    assert said.text == words.LEFT
    assert (await talk["Phone"].says(f"join {code}"))[0].choices


async def test_nobody_becomes_two_people_in_one_chat(talk: Talk) -> None:
    """Known already, as that person or as another: they are told so, and the code can still be used elsewhere."""
    code = await code_for(talk, "Lead")
    (said,) = await talk["Lead"].says(f"join {code}")
    assert said.text.startswith("You are known here already as Lead")
    (said,) = await talk["Deputy"].says(f"join {code}")
    assert said.text == words.SOMEBODY_ELSE
    assert (await talk["Phone"].says(f"join {code}"))[0].choices


async def test_what_was_said_in_a_group_is_not_used(talk: Talk) -> None:
    """Others have read the code there."""
    code = await code_for(talk, "Lead")
    await talk.send("Phone", f"join {code}", private=False)
    (said,) = await talk["Phone"].reads()
    assert said.text == words.IN_PRIVATE
    assert await places(talk, "Lead") == ["Lead"]


async def test_in_the_middle_of_a_report_the_question_stays_open(talk: Talk) -> None:
    """The answer is given, and the question asked once more."""
    code = await code_for(talk, "Lead")
    first = await talk["Phone"].says("a pupil has just followed me")
    said = await talk["Phone"].says(f"join {code}")
    assert "You will be known here" in said[0].text
    assert said[-1].choices == first[-1].choices


async def test_a_role_holder_who_could_not_be_reached_is_told_what_still_waits(talk: Talk) -> None:
    """The deputy has no place when the report comes; as soon as they have joined, its card is there."""
    store = talk.app.stores[talk.school]
    deputy = await who(talk, "Deputy")
    await store.people.unlink(deputy.id, *deputy.places[0], at=talk.clock.now())
    await talk["Parent"].says(DANGER)
    code = await code_for(talk, "Deputy")
    await talk["Phone"].says(f"join {code}")
    said = await talk["Phone"].clicks(words.YES)
    assert any(reply.title.endswith("needs you") for reply in said)


@pytest.mark.parametrize(
    "text",
    ["join basketball", "join the staff group", "join after-clubs", "/start", "/start rosebrook", "join", "joining BCDFGHJKMN"],
)
def test_words_are_no_codes(text: str) -> None:
    """A parent who wants to join a club is not told about codes."""
    assert _TYPED.fullmatch(text) is None


# --- whoever leaves ---


async def leaves(talk: Talk, name: str, by: str | None = None) -> None:
    """NAME is taken out, as `signpost people remove` does it."""
    store, school = talk.app.stores[talk.school], talk.app.schools[talk.school]
    people = {one.id: one for one in await store.people.list()}
    ids = {one.name: one.id for one in people.values()}
    wish = Removed(ids[name], ids[by] if by else None, school.calendar)
    outcome = removed(wish, Staff(school, people, await store.people.holdings()))
    await record(store, outcome, at=talk.clock.now(), hold=timedelta(seconds=60))


async def test_whoever_leaves_loses_every_channel_at_once_and_what_they_had_goes_on(talk: Talk) -> None:
    """Their card is blank, they are a stranger in the chat, and the next in line is told of what they had taken."""
    await talk["Parent"].says(DANGER)
    await talk["Lead"].reads()
    await talk["Lead"].clicks("Acknowledge")
    for name in ("Head", "Deputy", "Chair"):
        await talk[name].reads()
    await leaves(talk, "Lead")
    await talk.settled()
    (case,) = await talk.app.stores[talk.school].seen_by(await who(talk, "Head")).open()
    assert case.holder is None
    told = [reply.text for reply in await talk["Head"].reads()]
    assert any("Lead, who held the role of safeguarding lead (DSL), was taken out of Signpost" in text for text in told)
    assert any(case.reference in reply.title for reply in talk.channel.at("Head"))
    # Their card, and what they were answered when they took it.
    assert [(reply.text, reply.title, reply.choices) for reply in await talk["Lead"].reads()] == [(BLANKED, "", ())] * 2
    said = await talk["Lead"].says(f"show {case.reference}")
    assert not any(case.reference in reply.text or DANGER in reply.text for reply in said)


async def test_whoever_did_it_and_whoever_leaves_hear_nothing_of_it(talk: Talk) -> None:
    """The others who lead read who did it, by role."""
    await leaves(talk, "Lead", by="Head")
    assert await talk["Lead"].reads() == []
    assert await talk["Head"].reads() == []
    (line,) = await talk["Chair"].reads()
    assert line.text.endswith("This was entered by the headteacher.")


async def test_a_teacher_who_leaves_is_nobodys_business(talk: Talk) -> None:
    """No report could reach them: nobody is told, and they are a parent to the bot from then on."""
    await leaves(talk, "Teacher")
    for name in ("Lead", "Head", "Chair"):
        assert await talk[name].reads() == []
    assert (await who(talk, "Teacher")).places == ()


# --- the links ---


def test_each_channel_has_its_link_and_a_shared_bot_says_the_school(tmp_path) -> None:
    """What stands behind start= keeps within the signs that Telegram allows."""
    more = {"channels": ("web", "telegram"), "web": Web(base_url="https://ask.example"), "telegram": Telegram(names=("ABot",))}
    one = settings(tmp_path).model_copy(update=more)
    assert [way.link for way in ways_in(one, "rosebrook", "BCDFGHJKMN")] == [
        "https://ask.example/chat/rosebrook?invite=BCDFGHJKMN",
        "https://t.me/ABot?start=BCDFGHJKMN",
    ]
    two = one.model_copy(update={"schools": ("edith-cavell", "rosebrook")})
    assert [way.link for way in ways_in(two, "edith-cavell", "BCDFGHJKMN")][1] == "https://t.me/ABot?start=edith-cavell_BCDFGHJKMN"
    assert ways_in(two, "rosebrook")[1].link == "https://t.me/ABot?start=rosebrook"
    own = {"telegram": {"token_rosebrook": SecretStr("1:x")}}
    each = two.model_copy(update={"telegram": two.telegram.model_copy(update={"names": ("ABot", "BBot")})})
    each = each.model_copy(update={"secrets": each.secrets.model_copy(update={"channels": own})})
    assert ways_in(each, "rosebrook", "BCDFGHJKMN")[1].link == "https://t.me/BBot?start=BCDFGHJKMN"


def test_the_code_in_the_terminal_has_the_squares_of_the_link() -> None:
    """Read back square by square: a light one is drawn."""
    link = "https://ask.example/chat/rosebrook?invite=BCDFGHJKMN"
    halves = {"█": (0, 0), "▀": (0, 1), "▄": (1, 0), " ": (1, 1)}
    rows = [[halves[sign][half] for sign in line] for line in in_the_terminal(link).split("\n") for half in (0, 1)]
    wanted = [list(row) for row in segno.make(link, error="l", micro=False).matrix_iter(border=2)]
    assert rows[: len(wanted)] == wanted


async def test_opening_the_link_on_the_web_burns_nothing_and_its_button_uses_it(tmp_path) -> None:
    """A preview, a second look and another browser find it as it was; pressed, it asks, and a yes links this browser."""
    async with serving(for_real(tmp_path / "data"), SystemClock()) as site:
        store = site.app.stores["rosebrook"]
        person = await store.people.add("Lead", ("dsl",))
        code = await store.invites.make(person.id, at=SystemClock().now())
        path = f"{CHAT}?invite={code}"
        preview, browser = site.browser(path), site.browser(path)
        await preview.loads()
        await browser.loads()
        await browser.loads()
        assert await store.invites.find(code, "web", SystemClock().now()) is not None
        lines = await browser.clicks("Use my invitation")
        assert "You will be known here as Lead" in lines[-1].text
        assert "invite" not in str(browser.answer.url)
        lines = await browser.clicks(words.YES)
        assert "Thank you. You are known here as Lead" in lines[-1].text
        assert len((await store.people.by_id(person.id)).places) == 1
        await preview.clicks("Use my invitation")
        assert words.DOES_NOT_WORK in (await preview.loads())[-1].text


async def test_a_page_that_is_open_gets_cards_from_the_moment_somebody_joined_there(tmp_path) -> None:
    """On the very stream that was open before, without a reload."""
    async with serving(for_real(tmp_path / "data"), SystemClock()) as site:
        store = site.app.stores["rosebrook"]
        person = await store.people.add("Lead", ("dsl",))
        browser, parent = site.browser(), site.browser()
        await browser.loads()
        await browser.says(f"join {await store.invites.make(person.id, at=SystemClock().now())}")
        async with asyncio.timeout(20), listening(browser.client, browser.page.marks["data-events"]) as events:
            await browser.clicks(words.YES)
            await parent.loads()
            await parent.says(DANGER)
            assert await met(events)


async def met(events) -> bool:
    """Whether a card comes along."""
    async for event in events:
        if "needs you" in event.get("data", ""):
            return True
    return False


async def test_what_is_no_code_is_not_shown_on_the_page(tmp_path) -> None:
    """Nobody can put words on the school's page by a link."""
    async with serving(for_real(tmp_path / "data"), SystemClock()) as site:
        for wrong in ("<script>", "BCDFG", "YOUWEREHACKED", "BCDFGHJKMA"):
            browser = site.browser(f"{CHAT}?invite={wrong}")
            await browser.loads()
            assert "Use my invitation" not in browser.answer.text
            assert wrong not in browser.answer.text


# --- the commands ---


def test_the_command_prints_the_code_the_links_and_a_picture(site) -> None:
    """And who they will be, until when, and what to do with it; the code is the one that works."""
    toml = site / "signpost.toml"
    toml.write_text(re.sub(r"# ?base_url = .*", 'base_url = "https://ask.school.example"', toml.read_text(encoding="utf-8")))
    done("people", "add", "A. Lead", "--role", "dsl")
    told = done("invite", "--role", "dsl")
    code = re.search(r"join (\w{5})-(\w{5})", told)
    assert code is not None
    assert SPELT.fullmatch(code[1] + code[2])
    assert f"https://ask.school.example/chat/rosebrook?invite={code[1]}{code[2]}" in told
    assert "A. Lead, the safeguarding lead (DSL) of Rosebrook Primary School" in told
    assert "Good once, until" in told
    assert "█" in told
    assert "█" not in done("invite", "A. Lead", "--no-qr")


@pytest.mark.parametrize(
    ("args", "why"),
    [
        ((), "either who is invited"),
        (("A. Lead", "--role", "dsl"), "either who is invited"),
        (("--role", "chair"), "signpost people add NAME --role chair"),
        (("--role", "deputy_dsl"), "2 people hold the role"),
        (("A. Lead", "--channel", "pigeon"), "not among the channels"),
        (("E. Unknown",), "Nobody goes by that"),
    ],
)
def test_an_invitation_for_nobody_or_for_several_is_refused(site, args, why) -> None:
    """With what to do instead."""
    done("people", "add", "A. Lead", "--role", "dsl")
    for name in ("B. Deputy", "C. Deputy"):
        done("people", "add", name, "--role", "deputy_dsl")
    told = signpost("invite", *args)
    assert told.code == 2
    assert why in told.err


def test_somebody_is_removed_with_one_command_and_what_is_left_without_anybody_is_said_first(site) -> None:
    """A no changes nothing; a yes leaves a name without role and place; a second time is refused."""
    done("people", "add", "A. Lead", "--role", "dsl", "--place", "web:lead")
    told = signpost("people", "remove", "A. Lead", typed="n")
    assert told.code == 2
    assert "Nobody else who can be reached holds the role of safeguarding lead (DSL)" in told.out
    assert "dsl" in done("people", "list")
    assert "recognised nowhere any more" in done("people", "remove", "A. Lead", typed="y")
    listed = done("people", "list")
    assert "A. Lead" in listed
    assert "dsl" not in listed
    assert "Nothing was changed" in signpost("people", "remove", "A. Lead").err
    assert "whole" in done("audit", "verify")
