"""“This is about somebody here”, and “I know them”: said later, by whoever has the case, in a chat."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import concerning
from flows.cases.case import Case, Said, Severity, Status, reference
from flows.cases.clocks import notices
from flows.cases.routing import rungs
from storage.kept import Recording
from tests.bot.test_after_sending import worried
from tests.talk import Talk

HOLD = timedelta(seconds=60)
WORDS = "zqx wrote something in the evening"


async def opens(talk: Talk, matter: str = "bullying_of_pupil") -> Case:
    """A report on MATTER that has been pushed to its first rung."""
    store, school = talk.app.stores[talk.school], talk.app.schools[talk.school]
    case = Case(
        id=f"case-{reference('X')}", reference=reference(), matter=matter, severity=Severity.HIGH, opened_at=talk.clock.now(),
        rungs=rungs(school.routes[matter], frozenset()), said=(Said("What happened?", WORDS, "happened"),),
    )  # fmt: skip
    made = notices(case, school.calendar, talk.clock.now())
    await store.record(Recording(talk.clock.now(), opened=(case,), notices=made), HOLD)
    await talk.settled()
    return case


def told(talk: Talk, name: str) -> list[str]:
    """What NAME has read so far, titles too."""
    return [f"{reply.title} {reply.text}" for reply in talk.channel.at(name)]


async def sees(talk: Talk, name: str, case: Case) -> bool:
    """Whether NAME is shown anything of CASE when they ask for it, by reference and in the list."""
    await talk[name].reads()
    named = await talk[name].says(case.reference)
    listed = await talk[name].says("cases")
    return any(WORDS in reply.text or case.reference in f"{reply.title}{reply.text}" for reply in (*named, *listed))


async def has_it(talk: Talk, name: str) -> None:
    """NAME acknowledges the case and reads it."""
    await talk[name].clicks("Acknowledge")
    await talk[name].clicks("Open")


async def test_whoever_it_is_about_loses_it_at_once_and_it_goes_on_past_them(talk):
    """The lead has a report and learns that it is about the headteacher, who was told of it too: the card is blanked.

    The chair has to have it, since everybody else works for the headteacher.
    """
    case = await opens(talk)
    assert await sees(talk, "Head", case)
    await has_it(talk, "Lead")
    await talk["Lead"].clicks(concerning.CONCERNS_BUTTON)
    asked = await talk["Lead"].clicks("Headteacher")
    assert "Shall I keep" in asked[0].text
    said = await talk["Lead"].clicks(concerning.SURE_YES)
    assert "From now on I keep" in said[0].text
    assert "Chair of the Local Academy Committee now" in said[0].text
    assert "This message was withdrawn." in told(talk, "Head")[-1]
    assert case.reference not in told(talk, "Head")[-1]
    assert not await sees(talk, "Head", case)
    assert f"Signpost: {case.reference} needs you" in told(talk, "Chair")[-1]
    assert await sees(talk, "Chair", case)
    assert await sees(talk, "Lead", case), "what somebody knows already cannot be unsaid"


async def test_whoever_holds_it_and_is_the_one_has_it_no_longer(talk):
    """The headteacher sees on the lead's case that it is about the lead. The lead loses it; the clock starts again."""
    case = await opens(talk)
    await has_it(talk, "Lead")
    await talk["Head"].says(f"{case.reference} concerns the safeguarding lead (DSL)")
    await talk["Head"].clicks(concerning.SURE_YES)
    assert not await sees(talk, "Lead", case)
    assert await sees(talk, "Head", case)
    assert [one for one in told(talk, "Deputy") if case.reference in one] == [], "who works to the lead is passed over"


WORKED = (
    "note {0}: he says he will kill himself tonight", "save", "notes {0}", "note {0} 9 again", "change urgency {0}",
    "write {0}: we look into it", "send", "hand on {0}",
    "close {0}", "dealt with", "he says he will kill himself tonight", "cancel",
    "{0} concerns nobody whom anybody knows", "take {0}", "acknowledge {0}", "reopen {0}", "approve {0}",
    "my cases", "cases", "{0}",
)  # fmt: skip


async def test_nothing_that_was_answered_while_it_was_worked_on_is_left_in_their_chat(talk):
    """The lead has done everything with it that can be typed, and then it is about the lead: no line there names it any more."""
    case = await opens(talk)
    await has_it(talk, "Lead")
    for typed in WORKED:
        await talk["Lead"].says(typed.format(case.reference))
    store = talk.app.stores[talk.school]
    lead = next(one for one in await store.people.list() if one.name == "Lead")
    (before,) = await store.seen_by(lead).some({case.reference})
    about = replace(before, concerns=before.concerns | {lead.id}, status=Status.OPEN, holder=None)
    await store.record(Recording(talk.clock.now(), changed=(about,)), HOLD)
    ((channel, place),) = lead.places
    left = await store.conversations.transcript(channel, place, place, 500)
    assert left
    assert [one.body for one in left if one.kind == "said" and (case.reference in one.body or case.id in one.body)] == []


async def test_a_name_is_asked_about_and_tells_nothing(talk):
    """A name that nobody has, that is not whole, and a right one: all are answered without a word of who knows what."""
    case = await opens(talk)
    await has_it(talk, "Lead")
    for name in ("Mrs Nobody", "Dep", "x" * 500):
        (reply,) = await talk["Lead"].says(f"{case.reference} concerns {name}")
        assert reply.text.startswith("I cannot tell whom you mean")
    (reply,) = await talk["Lead"].says(f"{case.reference} is about Deputy")
    assert reply.text.startswith(f"Shall I keep {case.reference} from Deputy?")
    (reply,) = await talk["Lead"].clicks(concerning.SURE_NO)
    assert reply.text == concerning.LEFT.format(reference=case.reference)
    await talk.passes(hours=3)
    assert await sees(talk, "Lead", case)


@pytest.mark.parametrize("name", ["Teacher", "Parent", "Chair"])
async def test_who_may_not_see_it_learns_nothing_by_saying_whom_it_is_about(talk, name):
    """For a case that is there and for one that is not, the answer is the same."""
    case = await opens(talk)
    there = await talk[name].says(f"{case.reference} concerns the headteacher")
    nowhere = await talk[name].says("SP-22222 concerns the headteacher")
    assert [one.text for one in there] == [one.text for one in nowhere]
    assert case.reference not in " ".join(one.text for one in there)
    assert await sees(talk, "Head", case)


async def test_who_was_told_and_does_not_have_it_acknowledges_first(talk):
    """The one who has it knows what is in it; the headteacher and the chair may always say."""
    case = await opens(talk)
    await talk["Lead"].clicks("Open")
    (reply,) = await talk["Lead"].clicks(concerning.CONCERNS_BUTTON)
    assert reply.text.startswith(f"Acknowledge {case.reference} first")
    said = await talk["Head"].says(f"{case.reference} concerns nobody there is")
    assert said[-1].text.startswith("I cannot tell whom you mean")


async def test_an_old_yes_does_nothing(talk):
    """The button belongs to the person asked about last."""
    case = await opens(talk)
    await has_it(talk, "Lead")
    await talk["Lead"].says(f"{case.reference} concerns the headteacher")
    old, choice = talk["Lead"].button(concerning.SURE_YES)
    await talk["Lead"].says(f"{case.reference} concerns Deputy")
    await talk.send("Lead", choice.value, about=old.about, pressed=True)
    assert "earlier" in (await talk["Lead"].reads())[-1].text
    assert await sees(talk, "Head", case)


async def test_stepping_aside_needs_no_reason_and_the_next_is_told_now(talk):
    """A holder who knows the family hands it on in one step; the log has who and when, and no why."""
    case = await opens(talk)
    await has_it(talk, "Lead")
    reply, *_ = await talk["Lead"].clicks(concerning.ASIDE_BUTTON)
    assert reply.text == concerning.PASSED_ON.format(reference=case.reference)
    assert not await sees(talk, "Lead", case)
    assert f"Signpost: {case.reference} needs you" in told(talk, "Deputy")[-1]
    (link,) = [one for one in await talk.app.stores[talk.school].audit.links() if one.act == "person stepped aside"]
    assert link.case == case.id
    assert not link.details


async def test_stepping_aside_can_be_typed_and_twice_is_harmless(talk):
    """The second time there is nothing there for them any more."""
    case = await opens(talk)
    await talk["Lead"].says(f"pass on {case.reference}")
    assert f"Signpost: {case.reference} needs you" in told(talk, "Deputy")[-1]
    (reply,) = await talk["Lead"].says(f"pass on {case.reference}")
    assert reply.text == "I cannot show you a case with that reference."
    assert len([one for one in told(talk, "Deputy") if case.reference in one]) == 1


async def test_when_everybody_has_stepped_aside_whoever_sent_it_is_asked_to_phone(talk):
    """The ladder is used up by people who all know the family: nobody pretends that somebody will come."""
    mine = await worried(talk)
    for name in ("Lead", "Deputy", "Head"):
        await talk[name].says(f"pass on {mine}")
    await talk.passes(hours=4)
    assert [one for one in told(talk, "Parent") if "there is nobody left whom I could tell" in one and mine in one]
    assert "reporter told to phone" in [one.act for one in await talk.app.stores[talk.school].audit.links()]
