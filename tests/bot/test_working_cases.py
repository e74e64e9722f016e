"""A case is worked on in chat: the lists, “it is mine”, handing it on, how urgent it is, and what Open shows in 90 seconds."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from bot import case_list, wording, wording_cases, wording_sent
from bot.paging import MOST
from flows.cases.acts import Doing
from flows.cases.case import Case, Said, Severity, Status, reference
from flows.cases.clocks import notices
from flows.cases.routing import rungs
from flows.cases.telling import Reached
from storage.kept import Act, Recording
from tests.talk import Talk, transcript

HOLD = timedelta(seconds=60)
WORDS = "zqx wrote something in the evening"
SAID = (
    Said("Is anyone in danger right now?", "No", "danger"),
    Said("What happened?", WORDS, "happened"),
    Said("Where is it happening?", "Left out", "where"),
    Said("Is it still happening?", "Not sure", "still"),
)
# What people do; what the platforms prove of each card stands in the chronology, too.
DONE = {Doing.OPENED, Doing.TOLD, Doing.VIEWED, Doing.ACKNOWLEDGED, Doing.TAKEN, Doing.HANDED_ON, Doing.URGENCY}
VIEW = f"""What is known
• What happened? {WORDS}
• Is anyone in danger right now? No

What is not known
• Where is it happening? (left out)
• Is it still happening? (they were not sure)

Who has been told
• you, as the safeguarding lead (DSL): told at 10:00, delivered at 10:00
• the headteacher: told at 10:00, delivered at 10:00

The clock
If nobody takes it, the deputy safeguarding lead will be told at 11:00.
After that the Senior Leadership Team, at 12:00.

What to do next (the school's policy, section 11)
1. Speak to the class teacher."""


async def opens(
    talk: Talk,
    matter: str = "bullying_of_pupil",
    *,
    severity: Severity = Severity.HIGH,
    said: tuple[Said, ...] = SAID,
    concerns: tuple[str, ...] = (),
    drill: bool = False,
    reporter: str | None = None,
) -> Case:
    """A report on MATTER that has been pushed to its first rung; CONCERNS are people by name."""
    store, school = talk.app.stores[talk.school], talk.app.schools[talk.school]
    people = {one.name: one.id for one in await store.people.list()}
    case = Case(
        id=f"case-{reference('X')}", reference=reference(), matter=matter, severity=severity, opened_at=talk.clock.now(),
        rungs=rungs(school.routes[matter], frozenset()), said=said, drill=drill, reporter=reporter,
        concerns=frozenset(people[name] for name in concerns), steps=("Speak to the class teacher.",), refs=("11",),
    )  # fmt: skip
    made = notices(case, school.calendar, talk.clock.now())
    await store.record(Recording(talk.clock.now(), opened=(case,), notices=made, acts=(Act(Doing.OPENED, case.id),)), HOLD)
    await talk.settled()
    for name in ("Lead", "Head", "Deputy", "Chair"):
        await talk[name].reads()
    return case


async def now(talk: Talk, case: Case, name: str = "Lead") -> Case | None:
    """CASE as NAME may see it at this moment."""
    store = talk.app.stores[talk.school]
    person = next(one for one in await store.people.list() if one.name == name)
    return await store.seen_by(person).by_id(case.id)


async def acts(talk: Talk, case: Case) -> list[str]:
    """Everything that was done about CASE, in order."""
    links = await talk.app.stores[talk.school].audit.links(limit=1000)
    return [link.act for link in links if link.case == case.id and link.act in DONE]


async def person(talk: Talk, name: str):
    """Whoever is called NAME."""
    return next(one for one in await talk.app.stores[talk.school].people.list() if one.name == name)


async def says(talk: Talk, name: str, words: str):
    """What NAME is answered to WORDS, after whatever had come before, and after a word on danger where theirs sound like it."""
    await talk[name].reads()
    *_, reply = await talk[name].says(words)
    return reply


async def clicks(talk: Talk, name: str, label: str):
    """The same for the button LABEL; their card, which may change by it, is beside the point."""
    await talk[name].reads()
    (reply,) = [one for one in await talk[name].clicks(label) if not one.text.startswith("You have")]
    return reply


def labels(replies) -> list[str]:
    """Every button of REPLIES."""
    return [choice.label for reply in replies for choice in reply.choices]


# Lists


async def test_cases_is_a_menu_that_says_how_many_there_are(talk):
    """One that the lead has, two that wait, one of them late."""
    first = await opens(talk)
    await talk["Lead"].says(f"take {first.reference}")
    await opens(talk)
    await talk.passes(hours=2)
    await opens(talk)
    menu = await says(talk, "Lead", "cases")
    assert labels([menu])[:3] == ["Mine (1)", "Open (2)", "Late (1)"]
    mine = await clicks(talk, "Lead", "Mine (1)")
    assert mine.text == f"1. {first.reference}: A pupil may be being bullied online. High, 2 hours old, you have it."
    page = await clicks(talk, "Lead", f"Open {first.reference}")
    assert WORDS in page.text


async def test_a_list_says_who_has_it_by_role_and_no_word_of_what_was_written(talk):
    """Neither a name nor an answer stands in a list."""
    case = await opens(talk)
    await talk["Head"].says(f"take {case.reference}")
    await talk.passes(days=2)
    late = await says(talk, "Lead", "late cases")
    assert f"1. {case.reference}: A pupil may be being bullied online. High, 2 days old, with the headteacher." in late.text
    assert WORDS not in transcript([late])
    assert "1 school day (urgent) or 5 school days (the rest)" in late.text


async def test_a_long_list_comes_in_pages_and_every_case_stands_once(talk):
    """Twelve reports are three pages; “more” is a button, and can be typed."""
    cases = [await opens(talk) for _ in range(12)]
    page = await says(talk, "Lead", "open cases")
    assert page.title == "Reports nobody has yet (1 to 5 of 12)"
    seen = [label.removeprefix("Open ") for label in labels([page]) if label != "More"]
    for title in ("(6 to 10 of 12)", "(11 to 12 of 12)"):
        page = await says(talk, "Lead", "more")
        assert title in page.title
        seen += [label.removeprefix("Open ") for label in labels([page]) if label != "More"]
    assert sorted(seen) == sorted(case.reference for case in cases)
    assert "More" not in labels([page])
    back = await says(talk, "Lead", "11")
    assert back.text, "a number that is no button there is a message like any other"


async def test_a_page_that_is_not_there_any_more_begins_anew(talk):
    """Somebody took the rest meanwhile: the button shows what is left."""
    cases = [await opens(talk) for _ in range(6)]
    await talk["Lead"].says("open cases")
    for case in cases[1:]:
        await talk["Head"].says(f"take {case.reference}")
    page = await clicks(talk, "Lead", "More")
    assert page.text.startswith(f"1. {cases[0].reference}")


async def test_lists_are_for_role_holders_and_empty_ones_say_so(talk):
    """A teacher and a parent are answered as before; a lead without a report hears that."""
    assert wording.NO_CASES in transcript(await talk["Lead"].says("cases"))
    for name in ("my cases", "open cases", "late cases"):
        reply = await says(talk, "Lead", name)
        assert reply.text == wording_cases.NONE[case_list.wish(name)]
    case = await opens(talk)
    assert case.reference not in transcript(await talk["Parent"].says("cases"))
    assert [one.text for one in await talk["Teacher"].says("cases")] == [wording.NO_CASES]


async def test_whoever_it_is_about_is_not_even_counted_a_case(talk):
    """The headteacher is told of one report; the other, which is about them, is in none of their numbers."""
    await opens(talk, concerns=("Head",))
    seen = await opens(talk)
    await talk.passes(hours=5)
    menu = await says(talk, "Head", "cases")
    assert labels([menu])[:3] == ["Mine (0)", "Open (1)", "Late (1)"]
    page = await clicks(talk, "Head", "Late (1)")
    assert [label for label in labels([page]) if "SP-" in label] == [f"Open {seen.reference}"]


# Who has it


async def test_take_stops_the_clock_and_tells_the_reporter_once(talk):
    """From the card, without acknowledging first; the others' cards say that somebody has it."""
    case = await opens(talk)
    said = await clicks(talk, "Lead", "Take")
    assert said.text == wording_cases.TAKEN.format(reference=case.reference)
    stands = await now(talk, case)
    assert (stands.status, stands.holder) == (Status.TAKEN, (await person(talk, "Lead")).id)
    assert "already been acknowledged" in transcript(await talk["Head"].reads())
    await talk.passes(days=3)
    assert talk["Deputy"].talk.channel.at("Deputy") == []
    assert await acts(talk, case) == [Doing.OPENED, Doing.TOLD, Doing.TOLD, Doing.TAKEN]


async def test_pressed_twice_says_since_when_it_is_theirs(talk):
    """Acknowledge twice, take twice: nothing is written the second time."""
    case = await opens(talk)
    await talk["Lead"].clicks("Acknowledge")
    await talk.passes(minutes=3)
    again = await says(talk, "Lead", f"acknowledge {case.reference}")
    assert again.text == f"{case.reference} is yours already, since 10:00. Press Open to read it."
    await talk["Lead"].says(f"take {case.reference}")
    before = await acts(talk, case)
    again = await says(talk, "Lead", f"take {case.reference}")
    assert "is yours already" in again.text
    assert await acts(talk, case) == before


async def test_somebody_was_faster_by_role_and_when(talk):
    """Whoever comes second hears who has it, as a role."""
    case = await opens(talk)
    await talk["Lead"].clicks("Acknowledge")
    late = await says(talk, "Head", f"acknowledge {case.reference}")
    assert late.text.endswith("Nothing more is needed from you. (10:00, by the safeguarding lead (DSL))")
    assert "Lead" not in late.text.replace("lead", "")


async def test_taking_over_is_asked_once_and_the_former_holder_hears_of_it(talk):
    """It changes hands only after a yes; whoever had it can still read it."""
    case = await opens(talk)
    await talk["Lead"].clicks("Take")
    asked = await clicks(talk, "Head", "Take")
    assert asked.text == f"{case.reference} is with the safeguarding lead (DSL) since 10:00. Shall I give it to you? They are told."
    assert (await now(talk, case)).holder == (await person(talk, "Lead")).id
    left = await clicks(talk, "Head", wording_cases.LEAVE_IT)
    assert left.text == wording_cases.LEFT.format(reference=case.reference)
    await talk["Lead"].reads()
    await talk["Head"].says(f"take over {case.reference}")
    await talk["Head"].clicks(wording_cases.SURE_TAKE_YES)
    assert (await now(talk, case)).holder == (await person(talk, "Head")).id
    told = [one.text for one in await talk["Lead"].reads()]
    assert f"{case.reference}, which you had, is with the headteacher now. You can still read it." in told
    assert WORDS in transcript(await talk["Lead"].says(case.reference))


async def test_two_who_take_it_at_once_do_not_both_have_it(talk):
    """The second is asked whether to take it from the first."""
    case = await opens(talk)
    presses = []
    for name in ("Lead", "Head"):
        reply, choice = talk[name].button("Take")
        presses.append(talk.send(name, choice.value, about=reply.about, pressed=True))
    await asyncio.gather(*presses)
    said = [transcript(await talk[name].reads()) for name in ("Lead", "Head")]
    assert sum("You are seeing to" in one for one in said) == 1
    assert sum("Shall I give it to you?" in one for one in said) == 1
    assert (await acts(talk, case)).count(Doing.TAKEN) == 1


# Handing it on


async def test_handed_on_by_button_the_role_is_told_now_and_the_hander_keeps_sight(talk):
    """The card says that it was handed on, and nothing of what was written."""
    case = await opens(talk)
    await talk["Lead"].clicks("Take")
    asked = await clicks(talk, "Lead", "Hand on")
    assert labels([asked]) == ["Deputy safeguarding lead", "Headteacher", "Chair of governors", wording_cases.LEAVE_IT]
    await talk["Lead"].clicks("Chair of governors")
    (card,) = await talk["Chair"].reads()
    assert card.title == f"Signpost: {case.reference} needs you"
    assert card.text.startswith(wording_cases.HANDED_ON_CARD)
    assert WORDS not in transcript([card])
    assert labels([card]) == ["Acknowledge", "Take", "Hand on", "Open"]
    assert WORDS in transcript(await talk["Lead"].says(case.reference))
    assert (await now(talk, case)).status is Status.OPEN
    history = await talk.app.stores[talk.school].seen_by(await person(talk, "Lead")).history(case.reference)
    (handed,) = [one for one in history.happened if one.act == Doing.HANDED_ON]
    assert handed.details == {"to": "the Chair of the Local Academy Committee"}


async def test_whoever_was_told_before_is_told_again_when_it_is_handed_to_them(talk):
    """The headteacher's first card said that somebody had it; the new one has its buttons again."""
    case = await opens(talk)
    await talk["Lead"].clicks("Acknowledge")
    await talk["Head"].reads()
    await talk["Lead"].says(f"hand on {case.reference} to the headteacher")
    (card,) = await talk["Head"].reads()
    assert card.title == f"Signpost: {case.reference} needs you"
    await talk["Head"].clicks("Acknowledge")
    assert (await now(talk, case)).holder == (await person(talk, "Head")).id


async def test_if_nobody_takes_what_was_handed_on_it_climbs_and_comes_back(talk):
    """To the chair, then the deputy, who had not been told, then to lead and headteacher once more."""
    case = await opens(talk)
    await talk["Lead"].clicks("Take")
    await talk["Head"].reads()
    await talk["Lead"].says(f"hand {case.reference} on to chair")
    await talk["Lead"].reads()
    came = []
    for _ in range(4):
        for name in ("Chair", "Deputy", "Lead", "Head"):
            came += [name for one in await talk[name].reads() if "needs you" in one.title]
        await talk.passes(hours=1)
    assert came == ["Chair", "Deputy", "Lead", "Head"]


@pytest.mark.parametrize(
    "words",
    [
        "hand on {} to the chair of governors",
        "hand {} on to the chair",
        "Hand over {} to Chair of the Local Academy Committee.",
        "please hand on {} to chair",
        "hand on {}",
    ],
)
async def test_the_same_wish_typed(talk, words):
    """By our word for the role, by the school's, and with the role as the next message."""
    case = await opens(talk)
    said = await talk["Lead"].says(words.format(case.reference))
    if words.endswith("{}"):
        said = await talk["Lead"].says("the chair")
    assert "I am telling the Chair of the Local Academy Committee about" in transcript(said)
    assert "needs you" in transcript(await talk["Chair"].reads())


async def test_who_is_part_of_it_and_who_is_not_there_cannot_be_told_apart(talk):
    """The headteacher is part of one case; at another time they are away. The words are the same, and name the role only."""
    school = talk.app.schools[talk.school]
    about = await opens(talk, concerns=("Deputy",))
    refused = await says(talk, "Lead", f"hand on {about.reference} to the deputy safeguarding lead")
    assert refused.text.startswith(f"{about.reference} cannot be handed to the {school.roles['deputy_dsl']} through Signpost.")
    assert "Deputy safeguarding lead" not in labels([refused])
    other = await opens(talk)
    deputy = await person(talk, "Deputy")
    await talk.app.stores[talk.school].people.away(deputy.id, talk.clock.now() + timedelta(days=3))
    away = await says(talk, "Lead", f"hand on {other.reference} to the deputy safeguarding lead")
    assert away.text.replace(other.reference, "") == refused.text.replace(about.reference, "")
    assert labels([away]) == labels([refused])
    assert (await now(talk, about)).lap == (await now(talk, other)).lap == 0
    assert about.reference not in transcript(await talk["Deputy"].says("cases"))


async def test_a_role_nobody_has_is_refused_in_the_same_words(talk):
    """And so is one's own, and a word that is no role."""
    case = await opens(talk)
    for role in ("IT provider", "dsl", "data protection officer"):
        refused = await says(talk, "Lead", f"hand on {case.reference} to the {role}")
        assert "cannot be handed to" in refused.text
    unknown = await says(talk, "Lead", f"hand on {case.reference} to the caretaker's cat")
    assert unknown.text.startswith(wording_cases.CANNOT_HAND_WORDS)
    assert wording_cases.LEAVE_IT in labels([unknown])


async def test_only_whoever_has_it_hands_it_on(talk):
    """Anybody who sees it may while nobody has it; then the others are told who decides that."""
    case = await opens(talk)
    await talk["Lead"].clicks("Take")
    refused = await says(talk, "Head", f"hand on {case.reference} to the chair")
    assert f"{case.reference} is with the safeguarding lead (DSL), who decides that." in refused.text
    assert labels([refused]) == [wording_cases.TAKE_OVER, "Open"]
    refused = await says(talk, "Head", f"urgency {case.reference} low because I say so")
    assert "who decides that" in refused.text
    assert await talk["Chair"].reads() == []


async def test_whoever_acknowledged_before_their_card_came_keeps_sight_after_handing_on(talk):
    """Their card was still on its way, and is withdrawn: what they have read cannot be unread."""
    store = talk.app.stores[talk.school]
    lead = await person(talk, "Lead")
    case = await opens(talk)
    await talk["Lead"].says(f"take {case.reference}")
    await talk["Lead"].says(f"hand on {case.reference} to the chair")
    assert await store.seen_by(lead).by_id(case.id) is not None


async def test_old_buttons_change_nothing(talk):
    """A role is pressed twice, and once more after somebody else took it: each time the truth is told."""
    case = await opens(talk)
    await talk["Lead"].clicks("Hand on")
    reply, choice = talk["Lead"].button("Chair of governors")
    await talk["Lead"].clicks("Chair of governors")
    before = await acts(talk, case)
    await talk.send("Lead", choice.value, about=reply.about, pressed=True)
    (again,) = await talk["Lead"].reads()
    assert again.text == f"{case.reference} has changed since that button was shown. Now: nobody has it yet."
    await talk["Chair"].clicks("Take")
    await talk.send("Lead", choice.value, about=reply.about, pressed=True)
    assert "Now: with the Chair of the Local Academy Committee; first seen at 10:00." in transcript(await talk["Lead"].reads())
    assert (await acts(talk, case))[: len(before)] == before
    assert (await acts(talk, case)).count(Doing.HANDED_ON) == 1


async def test_a_forged_button_for_a_role_that_is_not_offered_hands_on_nothing(talk):
    """What a button says is checked like what is typed."""
    case = await opens(talk, concerns=("Deputy",))
    for role in ("deputy_dsl", "nobody", "", "it", "class_teacher"):
        await talk.send("Lead", f"hand-on:{role}", about=f"case:{case.id}:0", pressed=True)
        await talk["Lead"].reads()
    assert (await now(talk, case)).lap == 0


# How urgent


async def test_more_urgent_with_a_reason_as_the_next_message(talk):
    """Nobody had it: the deputy is told after five minutes instead of a school day; the record has before, after and why."""
    case = await opens(talk, severity=Severity.MEDIUM)
    await talk["Lead"].clicks("Open")
    how = await clicks(talk, "Lead", "How urgent")
    assert labels([how]) == ["Immediate", "High", "Low", wording_cases.LEAVE_IT]
    why = await clicks(talk, "Lead", "Immediate")
    assert "Your next message is kept as the reason" in why.text
    done = await says(talk, "Lead", "The class teacher rang about it twice")
    assert "is “Immediate” from now on, and not “Medium”. Kept as the reason: “The class teacher rang about it twice”" in done.text
    assert "the deputy safeguarding lead will be told at 10:05" in done.text
    await talk.passes(minutes=5)
    assert "needs you" in transcript(await talk["Deputy"].reads())
    history = await talk.app.stores[talk.school].seen_by(await person(talk, "Lead")).history(case.reference)
    (changed,) = [one for one in history.happened if one.act == Doing.URGENCY]
    assert changed.details == {"before": "medium", "severity": "immediate", "reason": "The class teacher rang about it twice"}


@pytest.mark.parametrize(
    "words",
    ["urgency {} low because it is settled", "urgency of {} to low: it is settled", "change the urgency {} low it is settled"],
)
async def test_the_urgency_typed_with_its_reason(talk, words):
    """In one message, without a question."""
    case = await opens(talk)
    done = await says(talk, "Lead", words.format(case.reference))
    assert "Kept as the reason: “it is settled”" in done.text
    assert (await now(talk, case)).severity is Severity.LOW


async def test_a_restart_between_the_question_and_the_reason_loses_nothing(talk):
    """What was asked stands with the conversation."""
    case = await opens(talk)
    await talk["Lead"].says(f"urgency {case.reference} low")
    await talk.restarts()
    done = await says(talk, "Lead", "it is settled")
    assert "from now on" in done.text
    assert (await now(talk, case)).severity is Severity.LOW


@pytest.mark.parametrize("words", ["cancel", "never mind", "Leave it as it is", "1"])
async def test_the_reason_can_be_refused(talk, words):
    """By a word, by the button, by its number."""
    case = await opens(talk)
    await talk["Lead"].says(f"urgency {case.reference} low")
    left = await says(talk, "Lead", words)
    assert left.text == wording_cases.LEFT.format(reference=case.reference)
    assert (await now(talk, case)).severity is Severity.HIGH


async def test_another_wish_gives_the_question_for_a_reason_up_and_says_so(talk):
    """A list, a reference, another act: it is done, and the urgency stays; the next words are no reason any more."""
    case, other = await opens(talk), await opens(talk)
    for wish in ("cases", other.reference, f"take {other.reference}"):
        await talk["Lead"].says(f"urgency {case.reference} low")
        first, *_ = await talk["Lead"].says(wish)
        assert first.text == wording_cases.URGENCY_LEFT
        await talk["Lead"].says("it is settled by now and I said why")
        assert (await now(talk, case)).severity is Severity.HIGH
    await talk["Lead"].says(f"urgency {case.reference} low")
    answered = await talk["Lead"].says("what does the policy say about phones?")
    assert "Kept as the reason" not in transcript(answered)
    await talk["Lead"].says(f"urgency {case.reference} low")
    await talk["Lead"].clicks("Leave it as it is")
    assert (await now(talk, case)).severity is Severity.HIGH


async def test_a_reason_that_is_too_long_is_asked_for_again_and_never_cut(talk):
    """Nothing changes before it fits."""
    case = await opens(talk)
    await talk["Lead"].says(f"urgency {case.reference} low")
    again = await says(talk, "Lead", "word " * 200)
    assert "longer than I can keep" in again.text
    assert (await now(talk, case)).severity is Severity.HIGH
    await talk["Lead"].says("short enough")
    assert (await now(talk, case)).severity is Severity.LOW


# The 90-second view


async def test_open_shows_what_is_known_what_is_not_who_was_told_the_clock_and_what_to_do(talk):
    """On one screen, for somebody between two lessons."""
    case = await opens(talk)
    page = await clicks(talk, "Lead", "Open")
    assert page.title == f"Report {case.reference}"
    assert page.text == VIEW
    assert (await acts(talk, case))[-1] == Doing.VIEWED


async def test_a_short_report_says_what_it_never_asked(talk):
    """“Just tell us” has its words and no answers: whoever reads it is told what is still to be found out."""
    await opens(talk, "tell_the_lead", said=(Said("What they wrote:", WORDS, "happened"),))
    page = await clicks(talk, "Lead", "Open")
    for missing in wording_cases.ESSENTIAL.values():
        assert f"\n• {missing}" in page.text.partition(wording_cases.NOT_ASKED)[2]


async def test_an_emergency_and_the_report_it_began_in_are_shown_as_one(talk):
    """The words stand there once, as they came first; what the report answered and left out is known and not known."""
    parent = talk["Parent"]
    await parent.says("report something")
    await parent.clicks("Just tell us")
    await parent.says("he is going to kill her now")
    for words in ("not sure", "send"):
        await parent.says(words)
    page = transcript(await talk["Lead"].clicks("Open"))
    assert page.count("he is going to kill her now") == 1
    assert "• What they wrote: he is going to kill her now\n" in page
    assert "• Who should know? (they were not sure)" in page
    assert wording_cases.ESSENTIAL["danger"] not in page


async def test_who_was_told_never_shows_whoever_it_is_about(talk):
    """The headteacher had the card before it came out; nothing of them is left in anybody's view."""
    case = await opens(talk)
    await talk["Lead"].clicks("Take")
    assert "the headteacher: told" in transcript(await talk["Lead"].clicks("Open"))
    await talk["Lead"].says(f"{case.reference} concerns the deputy safeguarding lead")
    await talk["Lead"].clicks("Yes, keep it from them")
    store = talk.app.stores[talk.school]
    await talk["Lead"].says(f"{case.reference} concerns Head")
    await talk["Lead"].clicks("Yes, keep it from them")
    page = transcript(await talk["Lead"].says(case.reference))
    assert "the headteacher" not in page.split("Who has been told")[1].split("The clock")[0]
    told = await store.seen_by(await person(talk, "Lead")).told(case.id)
    assert (await person(talk, "Head")).id not in {one.person for one in told}
    assert await store.seen_by(await person(talk, "Head")).told(case.id) == ()


async def test_how_far_each_card_came_is_told_by_its_proof(talk):
    """Delivered, then read, then acknowledged; and in which role, as it was when they were told."""
    case = await opens(talk)
    store = talk.app.stores[talk.school]
    head = await person(talk, "Head")
    found = {}
    for step in ("", "Open", "Acknowledge"):
        if step:
            await talk.passes(minutes=1)
            await talk["Head"].clicks(step)
        found[step] = {one.person: one for one in await store.seen_by(head).told(case.id)}[head.id]
    assert [one.reached for one in found.values()] == [Reached.DELIVERED, Reached.SEEN, Reached.ACKNOWLEDGED]
    assert all(one.since < two.since for one, two in pairwise(found.values()))
    await store.people.give_role(head.id, "dpo", at=talk.clock.now())
    (one,) = [one for one in await store.seen_by(head).told(case.id) if one.person == head.id]
    assert one.roles == ("headteacher",)


async def test_where_it_is_not_safe_to_write_nobody_is_offered_to(talk):
    """The view says why, and has no reply ready."""
    said = (*SAID, Said("Is it safe for us to write to you here?", "No", "safe"))
    await opens(talk, said=said)
    page = await clicks(talk, "Lead", "Open")
    assert wording_cases.NOT_SAFE in page.text
    assert wording_cases.REPLIES not in page.text
    assert "Reply 1" not in labels([page])


async def test_all_of_it_is_every_word_in_pieces_that_every_platform_takes(talk):
    """A long report is shortened in the view, and whole behind the button; each look is in the record."""
    long = " ".join(f"word{number}" for number in range(1500))
    case = await opens(talk, said=(*SAID[:1], Said("What happened?", long, "happened")))
    page = await clicks(talk, "Lead", "Open")
    assert "word1499" not in page.text
    assert len(page.text) <= MOST
    every = await talk["Lead"].clicks(wording_cases.ALL_OF_IT)
    assert all(len(one.text) <= MOST for one in every)
    assert all(f"word{number}" in " ".join(one.text for one in every).split() for number in range(1500))
    assert labels(every) == ["Open"]
    typed = await talk["Lead"].says(f"all of {case.reference}")
    assert [one.text for one in typed] == [one.text for one in every]
    assert (await acts(talk, case)).count(Doing.VIEWED) == 3


async def test_a_drill_says_so_wherever_it_is_shown(talk):
    """On the card, in the list, in the view, and in all that is answered about it."""
    case = await opens(talk, drill=True)
    card = talk.channel.at("Lead")[-1]
    shown = [card, *await talk["Lead"].says("open cases"), *await talk["Lead"].says(case.reference)]
    shown += [*await talk["Lead"].clicks("Take"), *await talk["Lead"].clicks("Hand on")]
    for reply in shown:
        assert wording_cases.DRILL in f"{reply.title}{reply.text}".upper()


# Whoever may not see it


@pytest.mark.parametrize("name", ["Head", "Teacher", "Parent"])
async def test_nobody_learns_by_any_wish_that_a_case_is_there(talk, name):
    """For a case that is about them, or not theirs, the words are those for a reference that never was."""
    case = await opens(talk, concerns=("Head",))
    wishes = ("{}", "take {}", "hand on {} to the chair", "urgency {} low", "all of {}", "acknowledge {}", "open {}")
    for wish in wishes:
        there = [one.text for one in await talk[name].says(wish.format(case.reference))]
        nowhere = [one.text for one in await talk[name].says(wish.format("SP-22222"))]
        assert there == nowhere == [wording_sent.NO_SUCH_REPORT]
    buttons = ("take", "hand-on", "urgency", "all", "open", "acknowledge", "take-over", "hand-on:chair", "urgency:low", "leave-it")
    for value in buttons:
        said = []
        for about in (case.id, f"{case.id}:0", "case-nowhere"):
            await talk.send(name, value, about=f"case:{about}", pressed=True)
            said.append([one.text for one in await talk[name].reads()])
        assert said == [[wording.NOT_YOURS]] * 3
    await talk.send(name, f"one:{case.reference}", about="cases:open", pressed=True)
    assert [one.text for one in await talk[name].reads()] == [wording.NOT_YOURS]
