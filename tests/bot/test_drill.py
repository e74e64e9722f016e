"""A drill goes the real way to the real people, says everywhere that it is one, and is in no figure but its own."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import drill, schools, summaries
from bot.commands import drill as commands
from bot.commands._shared import Refused
from bot.messages import Reply
from bot.record import record
from bot.wording_digests import DRILL_MARK
from flows.cases.case import Case, NotPossible, Severity, Status
from flows.cases.figures import Drill, Trial
from flows.cases.notice import NoticeKind
from tests.fakes import MONDAY
from tests.storage.conftest import HOLD
from tests.talk import Talk, settings, talking, transcript
from tests.terminal import done

EVERYBODY = ("Lead", "Deputy", "Head", "Chair", "Teacher", "Parent")


async def drills(talk: Talk, **how: object) -> Case:
    """Begin a drill, as the command does."""
    outcome = drill.begin(talk.app.schools[talk.school], talk.clock.now(), **how)
    await record(talk.app.stores[talk.school], outcome, at=talk.clock.now(), hold=HOLD)
    await talk.settled()
    return outcome.opened[0]


async def found(talk: Talk, case: Case) -> Drill:
    """How the drill CASE stands."""
    one = await talk.app.stores[talk.school].figures.drill(case.reference)
    assert one is not None
    return one


async def acts(talk: Talk, case: Case) -> list[str]:
    """What was done about CASE."""
    return [link.act for link in await talk.app.stores[talk.school].audit.links(limit=1000) if link.case == case.id]


async def test_everybody_on_the_way_is_told_the_last_one_too(talk: Talk):
    """Each place is tried at once: the route of a worry ends with the headteacher, and nobody before them has to stay silent."""
    case = await drills(talk)
    told = [name for name in EVERYBODY if talk.channel.at(name)]
    assert told == ["Lead", "Deputy", "Head"]
    assert list(case.rungs) == [("dsl",), ("deputy_dsl",), ("headteacher",)]


async def test_step_by_step_it_climbs_as_a_report_does_and_stops_when_somebody_has_it(talk: Talk):
    """The clocks of a real report: the next is told when its time is over, and not once it is acknowledged."""
    await drills(talk, severity=Severity.IMMEDIATE, climb=True)
    assert [name for name in EVERYBODY if talk.channel.at(name)] == ["Lead"]
    await talk.passes(minutes=5)
    assert [name for name in EVERYBODY if talk.channel.at(name)] == ["Lead", "Deputy"]
    await talk["Deputy"].clicks("Acknowledge")
    await talk.passes(minutes=30)
    assert talk.channel.at("Head") == []


async def test_it_is_said_to_be_a_drill_wherever_it_is_shown(talk: Talk):
    """On the card, after Acknowledge, on the page, in each list, on the card that somebody else has, and when it is over."""
    case = await drills(talk)
    lead, deputy = talk["Lead"], talk["Deputy"]
    (card,) = await lead.reads()
    assert card.title.startswith(DRILL_MARK)
    await deputy.reads()
    for wish in ("cases", "open cases", case.reference, f"acknowledge {case.reference}", "my cases", case.reference):
        replies = await lead.says(wish)
        for one in replies:
            said = f"{one.title}\n{one.text}"
            for line in said.splitlines():
                if case.reference in line:
                    assert "DRILL" in said, (wish, line)
    for one in await deputy.reads():
        assert "DRILL" in f"{one.title}{one.text}"
    closing = drill.over((await found(talk, case)).case, talk.clock.now())
    await record(talk.app.stores[talk.school], closing, at=talk.clock.now(), hold=HOLD)
    assert "DRILL" in transcript(await lead.says(case.reference))


async def test_asking_whom_it_is_about_says_that_it_is_a_drill(talk: Talk):
    """Nobody is to keep a colleague from a report that is none: each question and each answer of it carries the mark."""
    case = await drills(talk)
    lead = talk["Lead"]
    wishes = (
        f"{case.reference} concerns nobody at all",
        f"acknowledge {case.reference}",
        f"{case.reference} concerns nobody at all",
    )
    for wish in (*wishes, f"{case.reference} concerns the headteacher"):
        assert all("DRILL" in f"{one.title}{one.text}" for one in await lead.says(wish)), wish
    assert "DRILL" in transcript(await lead.clicks("No"))
    await lead.says(case.reference)
    for label in ("It is about somebody here", "Not for me"):
        await lead.says(case.reference)
        assert "DRILL" in transcript(await lead.clicks(label)), label


async def test_it_is_timed_for_each_person(talk: Talk):
    """Queued, sent, seen, acknowledged: what it came to is kept in the audit as numbers."""
    case = await drills(talk)
    await talk.passes(minutes=4)
    await talk["Deputy"].clicks("Acknowledge")
    await talk.passes(minutes=1)
    await talk["Lead"].says(case.reference)
    one = await found(talk, case)
    people = {person.id: person.roles for person in await talk.app.stores[talk.school].people.list()}
    by_role = {people[trial.person][0]: trial for trial in one.trials}
    assert by_role.keys() == {"dsl", "deputy_dsl", "headteacher"}
    assert all(trial.sent == MONDAY for trial in one.trials)
    assert by_role["deputy_dsl"].acknowledged == MONDAY + timedelta(minutes=4)
    assert by_role["dsl"].acknowledged is None
    assert by_role["dsl"].seen == MONDAY + timedelta(minutes=5)
    assert (one.unreached, one.answered) == (0, timedelta(minutes=4))
    numbers = json.loads(drill.found(one, talk.clock.now()).details)
    assert numbers["told"] == 3
    assert numbers["answered_seconds"] == 240.0
    assert not {"person", "name"} & numbers.keys()


async def test_a_drill_writes_to_nobody_outside_and_asks_nobody_to_phone(talk: Talk):
    """Nobody sent it, so its way has no last notice; and one that is handed on, and so gets one, says nothing with it."""
    case = await drills(talk, severity=Severity.IMMEDIATE, climb=True)
    planned = drill.begin(talk.app.schools[talk.school], talk.clock.now())
    assert {one.kind for one in planned.notices} == {NoticeKind.PUSH}
    assert (case.reporter, planned.to_reporter) == (None, ())
    await talk.passes(hours=3)
    assert talk.channel.at("Parent") == talk.channel.at("Teacher") == []
    await talk["Lead"].says(f"hand on {case.reference} to the headteacher")
    await talk.passes(hours=3)
    assert "reporter told to phone" not in await acts(talk, case)
    assert talk.channel.at("Parent") == []


async def test_a_drill_that_nobody_takes_leaves_the_health_page_green(talk: Talk):
    """Everybody was told, nobody has it: that is what the table of the drill is for, and no alarm."""
    await drills(talk, severity=Severity.IMMEDIATE)
    await talk.passes(hours=5)
    waits = await talk.app.work.waits(talk.clock.now())
    assert (waits.used_up, waits.waiting_since) == (0, None)
    assert waits.last_drill == MONDAY


async def test_it_is_over_by_itself_after_a_day(talk: Talk):
    """Cards still open are changed, the lists are empty again, and it is no report that was dealt with."""
    case = await drills(talk)
    await talk.passes(hours=23)
    await talk.app.digests.look(talk.school)
    assert (await found(talk, case)).case.status is Status.OPEN
    await talk.passes(hours=2)
    await talk.app.digests.look(talk.school)
    await talk.settled()
    assert (await found(talk, case)).case.status is Status.CLOSED
    assert drill.ENDED in await acts(talk, case)
    (lead,) = await talk.app.stores[talk.school].people.holders("dsl")
    assert await talk.app.stores[talk.school].seen_by(lead).open() == ()
    assert "DRILL" in talk.channel.at("Lead")[-1].text
    before = len(await acts(talk, case))
    await talk.app.digests.look(talk.school)
    assert len(await acts(talk, case)) == before


async def test_a_school_in_which_nobody_can_be_told_is_told_so():
    """A route that ends before it begins cannot be tried out."""
    school = schools.load("rosebrook")
    nobody = replace(school, routes={**school.routes, "tell_the_lead": replace(school.routes["tell_the_lead"], to=(), climb=())})
    with pytest.raises(NotPossible, match="nothing to try out"):
        drill.begin(nobody, MONDAY)


def test_a_request_is_not_tried_out():
    """Somebody would approve it, and somebody else would open the website."""
    with pytest.raises(NotPossible, match="asks for a decision"):
        drill.begin(schools.load("rosebrook"), MONDAY, matter="site_to_unblock")


def test_only_a_drill_is_marked_and_only_once():
    """A real card must never look like a drill."""
    real = Case("c", "SP-2222", "tell_the_lead", Severity.HIGH, MONDAY)
    trial = replace(real, drill=True)
    assert drill.mark(real, "x") == "x"
    assert drill.mark(trial, drill.mark(trial, "x")) == "DRILL: x"
    assert drill.marked(trial, Reply("text", title="title")).title == "DRILL: title"
    assert drill.marked(trial, Reply("text")).text == "DRILL: text"
    assert drill.marked(real, Reply("text")).text == "text"
    assert "DRILL" not in summaries.push(real, schools.load("rosebrook")).title


def test_how_long_it_took_is_known_once_the_last_one_has_it():
    """What was only sent may lie on a page that nobody opens; until everybody is reached there is no time."""
    case = Case("c", "SP-2222", "tell_the_lead", Severity.HIGH, MONDAY, drill=True)
    minute = timedelta(minutes=1)
    one = Trial("a", MONDAY, sent=MONDAY + minute, seen=MONDAY + 2 * minute)
    two = Trial("b", MONDAY, sent=MONDAY + minute, delivered=MONDAY + 4 * minute)
    assert Drill(case, (one, two)).took == 4 * minute
    assert Drill(case, (one, two, Trial("c", MONDAY, sent=MONDAY + minute))).took is None
    assert Drill(case, (one, two, Trial("c", MONDAY))).unreached == 1
    assert Drill(case, ()).took is None


@pytest.mark.parametrize(("given", "seconds"), [("90s", 90), ("10m", 600), (" 2h ", 7200), ("0s", 0)])
def test_how_long_to_watch_is_said_as_people_say_it(given, seconds):
    """Anything else is refused with an example."""
    assert commands._span(given) == timedelta(seconds=seconds)
    for wrong in ("5x", "", "-3m", "ten minutes"):
        with pytest.raises(Refused, match="Write 90s, 10m or 2h"):
            commands._span(wrong)


async def test_the_command_watches_until_somebody_has_it(tmp_path, capsys):
    """It ends by itself once all are reached and one has answered, writes down what it came to, and names roles only."""
    async with talking(settings(tmp_path)) as talk:
        talk.clock.tick(seconds=(datetime.now(UTC) - talk.clock.now()).total_seconds())
        store, school = talk.app.stores[talk.school], talk.app.schools[talk.school]
        begun = await commands._begin(store, school, "tell_the_lead", Severity.HIGH, climb=False)
        await talk.passes(minutes=1)
        await talk["Lead"].clicks("Acknowledge")
        watching = commands._Watching(store, school, begun.case.reference, timedelta(minutes=1), commands.Console(width=200))
        async with asyncio.timeout(10):
            await watching.to_the_end()
        assert drill.FOUND in await acts(talk, begun.case)
        with pytest.raises(Refused, match="Did you mean danger"):
            await commands._begin(store, school, "dangr", Severity.HIGH, climb=False)
    said = capsys.readouterr().out
    assert "safeguarding lead (DSL)" in said
    assert "All 3 people who were told were reached within 1 min." in said
    assert re.search(r"Acknowledged", said)
    assert "Lead " not in said.replace("safeguarding lead", "")


def test_from_nothing_to_a_list_at_the_command_line(site):
    """No bot runs, so nobody is told: that is said, and the drill stands in the list."""
    done("people", "add", "Lead", "--role", "dsl", "--place", "web:lead")
    said = done("drill", "--wait", "0s")
    assert "Nobody has been told yet." in said
    assert "Not told" in said
    listed = done("drill", "--list")
    assert re.search(r"SP-\w{5} .* A worry for the safeguarding lead +0", listed)
