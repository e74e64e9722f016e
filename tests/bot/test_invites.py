"""Invitations, talked through with the real bot: who becomes whom, what does not work, and who hears of it."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot import wording_invites as words
from bot.handlers.invites import _TYPED
from bot.ways_in import grouped
from storage.store.invites import GOOD_FOR
from tests.talk import Talk

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


async def test_the_code_is_nowhere_in_what_is_remembered(talk: Talk) -> None:
    """What the conversation keeps until the yes is the digest; a copy of it opens nothing."""
    code = await code_for(talk, "Lead")
    (asked,) = await talk["Phone"].says(f"join {code}")
    assert code.replace("-", "") not in json.dumps([asked.text, asked.about, repr(asked)])


@pytest.mark.parametrize(
    "text",
    ["join basketball", "join the staff group", "join after-clubs", "/start", "/start rosebrook", "join", "joining BCDFGHJKMN"],
)
def test_words_are_no_codes(text: str) -> None:
    """A parent who wants to join a club is not told about codes."""
    assert _TYPED.fullmatch(text) is None
