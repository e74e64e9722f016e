"""Who holds a role, who confirms it, who is away and who stands in: talked through with the real bot."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import absences, wording_roles
from bot.record import record
from bot.turn import Outcome
from storage.kept import Person
from storage.staffing import PlaceUnlinked, RoleGiven, WentAway
from tests.talk import Talk, settings, talking, transcript

DANGER = "my son is being bullied and he says he will kill himself tonight"
ABOUT_THE_LEAD = "the safeguarding lead is hitting a child in the hall right now"


async def who(talk: Talk, name: str) -> Person:
    """The person of that name, as the store has them now."""
    people = await talk.app.stores[talk.school].people.list()
    return next(one for one in people if one.name == name)


async def changes(talk: Talk, *wishes) -> None:
    """Make WISHES come true, with nothing said about them."""
    store = talk.app.stores[talk.school]
    await record(store, Outcome(people=wishes), at=talk.clock.now(), hold=timedelta(seconds=60))


async def goes_away(talk: Talk, name: str, instead: str | None = None, days: int = 3) -> None:
    """NAME is away from now on, and INSTEAD stands in."""
    other = (await who(talk, instead)).id if instead else None
    until = talk.clock.now() + timedelta(days=days)
    await changes(talk, WentAway((await who(talk, name)).id, until, talk.clock.now(), other))


def cards(replies) -> list[str]:
    """The texts of the cards among REPLIES."""
    return [reply.text for reply in replies if reply.title.endswith("needs you")]


# --- confirming ---


async def test_while_a_school_is_set_up_nobody_is_asked_and_everybody_is_told(talk: Talk) -> None:
    """Those who lead hear of it, and so does the person: in words that name the role and where it was entered, without buttons."""
    await talk.staffs("Teacher", "dsl")
    for name in ("Lead", "Head", "Chair", "Teacher"):
        (line,) = await talk[name].reads()
        assert "safeguarding lead (DSL)" in line.text
        assert "This was entered at the command line." in line.text
        assert line.choices == ()
    assert await talk["Deputy"].reads() == []


async def test_whoever_gives_a_role_is_not_asked_and_cannot_confirm_it(talk: Talk) -> None:
    """The others are asked; the line names the giver by role and never by name."""
    await talk["Parent"].says(DANGER)
    for name in ("Lead", "Head", "Chair"):
        await talk[name].reads()
    await talk.staffs("Teacher", "deputy_dsl", by="Head")
    (asked,) = await talk["Chair"].reads()
    assert "This was entered by the headteacher." in asked.text
    assert [choice.label for choice in asked.choices] == ["Confirm", "Not right"]
    assert await talk["Head"].reads() == []
    typed = asked.text.partition("type “")[2].partition("”")[0]
    for wish in (typed, typed.replace("confirm", "not right")):
        (line,) = await talk["Head"].says(wish)
        assert line.text == wording_roles.NOT_BY_YOU
    (*_, line) = await talk["Lead"].clicks("Confirm")
    assert line.text.startswith("Thank you.")


@pytest.mark.parametrize("wish", ["confirm", "not right"])
@pytest.mark.parametrize("name", ["Parent", "Teacher", "Deputy", "Newcomer"])
async def test_who_does_not_lead_cannot_tell_what_there_is_to_confirm(talk: Talk, name: str, wish: str) -> None:
    """A code that is right and one that was made up are answered alike; so is whoever is new and leads unconfirmed."""
    await talk["Lead"].says(DANGER)
    store = talk.app.stores[talk.school]
    await store.people.add("Newcomer", ("headteacher",), (("fake", "Newcomer"),), at=talk.clock.now())
    await talk.staffs("Teacher", "dsl")
    asked = (await talk["Chair"].reads())[-1]
    code = asked.text.partition("confirm dsl ")[2][:5]
    for given in (code, "BBBBB"):
        (*_, line) = await talk[name].says(f"{wish} dsl {given}")
        assert line.text == wording_roles.NOTHING_TO_CONFIRM
    assert "dsl" in (await who(talk, "Teacher")).unconfirmed


async def test_two_who_answer_at_once_settle_it_once(talk: Talk) -> None:
    """One is thanked; the other hears that it was settled; pressed twice it stays so; and a restart changes nothing."""
    await talk["Parent"].says(DANGER)
    await talk.staffs("Teacher", "dsl")
    await talk.settled()
    (reply, choice), (other, refuse) = talk["Chair"].button("Confirm"), talk["Head"].button("Not right")
    await talk.send("Chair", choice.value, about=reply.about, pressed=True)
    await talk.send("Head", refuse.value, about=other.about, pressed=True)
    await talk.settled()
    heard = transcript(talk.channel.at("Chair")[-2:] + talk.channel.at("Head")[-2:])
    assert heard.count("Thank you. Teacher") == 1
    assert heard.count(wording_roles.SETTLED) == 1
    await talk.restarts()
    assert (await talk["Chair"].clicks("Confirm"))[-1].text == wording_roles.SETTLED


async def test_a_button_under_an_earlier_giving_does_nothing(talk: Talk) -> None:
    """Taken and given again, the role is to be confirmed anew: the code is another."""
    await talk["Parent"].says(DANGER)
    await talk.staffs("Teacher", "dsl")
    await talk.settled()
    reply, choice = talk["Chair"].button("Confirm")
    await talk.staffs("Teacher", "dsl", take=True)
    talk.clock.tick(minutes=1)
    await talk.staffs("Teacher", "dsl")
    await talk["Chair"].reads()
    await talk.send("Chair", choice.value, about=reply.about, pressed=True)
    assert (await talk["Chair"].reads())[-1].text == wording_roles.SETTLED
    assert "dsl" in (await who(talk, "Teacher")).unconfirmed


async def test_a_confirmed_role_tells_nobody_whom_a_case_concerns(talk: Talk) -> None:
    """A report about the headteacher: a second headteacher, once confirmed, is not told of it, nor that it exists."""
    (*_, receipt) = await talk["Parent"].says("the headteacher has a knife and says he will kill a child now")
    assert "Question" in transcript([receipt]) or receipt.text
    await talk.staffs("Teacher", "headteacher")
    await talk["Chair"].reads()
    await talk["Chair"].clicks("Confirm")
    heard = await talk["Teacher"].reads()
    assert cards(heard) == []
    assert "No open reports" in transcript(await talk["Teacher"].says("cases"))


async def test_a_code_is_no_worry(talk: Talk) -> None:
    """“Not right” is said of a role, and not of a child."""
    await talk["Parent"].says(DANGER)
    await talk.staffs("Teacher", "headteacher")
    asked = (await talk["Lead"].reads())[-1]
    code = asked.text.partition("confirm headteacher ")[2][:5]
    (line,) = await talk["Lead"].says(f"not right headteacher {code}")
    assert line.text.startswith("Thank you.")


async def test_whom_only_the_lead_entered_is_no_answer_to_a_report_about_the_lead(talk: Talk) -> None:
    """They may be the lead: they are not told, and the reporter is not told that they are. Of anybody else they are."""
    await talk["Parent"].says(DANGER)
    for name in ("Head", "Chair", "Deputy"):
        await goes_away(talk, name)
    await changes(talk, RoleGiven((await who(talk, "Teacher")).id, "headteacher", by=(await who(talk, "Lead")).id))
    talk.clock.tick(minutes=1)
    said = transcript(await talk["Other"].says(ABOUT_THE_LEAD))
    assert "I am telling" not in said
    assert "nobody at the school whom I could tell is there" in said
    assert cards(await talk["Teacher"].reads()) == []
    assert "I am telling" in transcript(await talk["Third"].says(DANGER))
    assert cards(await talk["Teacher"].reads())


async def test_nor_are_they_told_in_the_place_of_somebody_else(talk: Talk) -> None:
    """The lead marks the head as away and has their newcomer stand in: a report about the lead reaches neither."""
    await talk["Parent"].says(DANGER)
    store = talk.app.stores[talk.school]
    lead = await who(talk, "Lead")
    newcomer = await store.people.add("Newcomer", ("staff",), (("web", "newcomer"),), at=talk.clock.now(), by=lead.id)
    for name in ("Chair", "Deputy"):
        await goes_away(talk, name)
    until = talk.clock.now() + timedelta(days=3)
    await changes(talk, WentAway((await who(talk, "Head")).id, until, talk.clock.now(), newcomer.id, by=lead.id))
    talk.clock.tick(minutes=1)
    said = transcript(await talk["Other"].says(ABOUT_THE_LEAD))
    assert "nobody at the school whom I could tell is there" in said
    assert not await store.seen_by(newcomer).open()


# --- away ---


async def test_who_stands_in_is_told_why_and_sees_that_case_alone(talk: Talk) -> None:
    """With a card that says so; not what came before or comes after."""
    await talk["Parent"].says(DANGER)
    await goes_away(talk, "Lead", "Teacher", days=1)
    talk.clock.tick(minutes=1)
    await talk["Grandma"].says("there is a man at the school gate and he has a knife")
    (card,) = cards(await talk["Teacher"].reads())
    assert card.startswith(wording_roles.CARD_STANDS_IN)
    talk.clock.tick(days=2)
    await talk["Neighbour"].says("a boy on the bridge says he is going to jump now")
    assert cards(await talk["Teacher"].reads()) == []
    assert len(await talk.app.stores[talk.school].seen_by(await who(talk, "Teacher")).open()) == 1


@pytest.mark.parametrize("about", ["whoever stands in", "whoever is away"])
async def test_nobody_is_told_in_anothers_place_of_what_is_about_either(talk: Talk, about: str) -> None:
    """Whom the lead chose to stand in for them is not told of a report about the lead; nor of one about themselves."""
    away, instead = ("Lead", "Teacher") if about == "whoever is away" else ("Deputy", "Lead")
    await goes_away(talk, away, instead)
    await talk["Parent"].says(ABOUT_THE_LEAD)
    assert cards(await talk["Head"].reads())
    assert cards(await talk[instead].reads()) == []


async def test_everybody_is_away_and_the_reporter_hears_the_truth_at_once(talk: Talk) -> None:
    """Not that somebody is told: that nobody is there, and whom to ring; and so it stands when they ask for news."""
    for name in ("Lead", "Deputy", "Head", "Chair"):
        await goes_away(talk, name)
    said = transcript(await talk["Parent"].says(DANGER))
    assert "I am telling" not in said
    assert "nobody at the school whom I could tell is there" in said
    assert "ring the school office" in said
    assert "Nobody has opened your report" in said
    for name in ("Lead", "Deputy", "Head", "Chair"):
        assert cards(await talk[name].reads()) == []
    reference = said.partition("I have kept your report, ")[2][:8]
    news = transcript(await talk["Parent"].says(f"status {reference}"))
    assert "So far I told" not in news
    talk.clock.tick(days=4)
    for name in ("Lead", "Deputy", "Head"):
        assert len(cards(await talk[name].reads())) == 1, name


async def test_who_cannot_be_reached_is_not_said_to_be_told(talk: Talk) -> None:
    """A lead without a place is told nothing, and the reporter is not told otherwise."""
    lead = await who(talk, "Lead")
    await changes(talk, PlaceUnlinked(lead.id, "fake", "Lead"))
    said = transcript(await talk["Parent"].says(DANGER))
    assert "I am telling the deputy safeguarding lead and the headteacher now" in said


async def test_an_absence_that_was_not_confirmed_changes_nothing(talk: Talk) -> None:
    """Read back, refused, asked twice, or the days gone by meanwhile: only a yes to the last question counts."""
    await talk["Lead"].says("I am away tomorrow")
    assert transcript(await talk["Lead"].clicks("No")) == wording_roles.AWAY_LEFT
    await talk["Lead"].says("I am away tomorrow")
    old, yes = talk["Lead"].button("Yes, I am away")
    await talk["Lead"].says("I am away on Friday")
    await talk.send("Lead", yes.value, about=old.about, pressed=True)
    assert transcript(await talk["Lead"].reads()) == wording_roles.SETTLED
    talk.clock.tick(days=30)
    assert transcript(await talk["Lead"].clicks("Yes, I am away")) == wording_roles.AWAY_PAST
    assert (await who(talk, "Lead")).away_until is None


@pytest.mark.parametrize("said", ["I am away", "I'm off sick", "I am away from 3 to 1000 March", "I am away on 31 June"])
async def test_days_that_are_none_are_asked_for(talk: Talk, said: str) -> None:
    """Nothing is guessed: somebody passed over for the wrong days would be told nothing on the right ones."""
    assert wording_roles.AWAY_WHEN in transcript(await talk["Lead"].says(said))


async def test_who_has_reports_is_reminded_before_they_go(talk: Talk) -> None:
    """By number only."""
    await talk["Parent"].says(DANGER)
    await talk["Lead"].clicks("Acknowledge")
    await talk["Lead"].says("I am away tomorrow")
    assert "You have 1 report still open." in transcript(await talk["Lead"].clicks("Yes, I am away"))


async def test_days_are_whole_days_by_the_schools_clock(tmp_path: Path) -> None:
    """Also those on which the clocks change: from midnight to midnight in London, whatever that is elsewhere."""
    async with talking(settings(tmp_path)) as talk:
        school = talk.app.schools["rosebrook"]
    wish = absences.away("x", date(2027, 3, 27), date(2027, 3, 28), school)
    assert wish.since is not None
    assert (wish.since.isoformat(), wish.until.isoformat()) == ("2027-03-27T00:00:00+00:00", "2027-03-28T23:00:00+00:00")
    assert absences.days(wish, school) == "from Saturday 27 March to Sunday 28 March"
    assert absences.back_on(wish, school) == "Monday 29 March"
    one = absences.away("x", date(2026, 10, 25), date(2026, 10, 25), school)
    assert one.since is not None
    assert one.until - one.since == timedelta(hours=25)
    assert absences.days(one, school) == "on Sunday 25 October"
