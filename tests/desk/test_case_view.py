"""The page of a case, as it is read: in 90 seconds on top, then all of it; and nothing of anybody's name."""

from __future__ import annotations

import json
import re

from bot.record import record
from bot.turn import Outcome
from flows.cases.acts import Doing
from flows.cases.case import Said, Severity
from storage.kept import Act, Addition
from tests.desk_site import DESK, a_case, at_the_desk
from tests.site import Site
from tests.storage.conftest import HOLD

SAID = (
    Said("Is anyone in danger right now?", "No", "danger"),
    Said("Tell us what happened, in your own words.", "zqx they left her out\nof the class chat", "happened"),
    Said("Where is it happening?", "WhatsApp", "platform"),
    Said("When was it, roughly?", "Left out", "when"),
    Said("Have you already told someone at the school in person?", "I am not sure", "told"),
)


async def test_the_first_screen_says_what_counts(site: Site):
    """Event, urgency, who has it, the clock; what is known, what is not and why; who was told, in which role, how far it came."""
    case = await a_case(site, tell=("dsl", "headteacher"), matter="bullying_of_pupil", severity=Severity.HIGH, said=SAID)
    desk = await at_the_desk(site)
    await desk.opens(f"{DESK}/case/{case.reference}")
    first = desk.shows.partition("The report, as asked")[0]
    for words in (
        "A pupil may be being bullied online",
        case.reference,
        "High",
        "nobody has it yet",
        "What is known Tell us what happened, in your own words: zqx they left her out of the class chat",
        "When was it, roughly? (left out)",
        "Have you already told someone at the school in person? (they were not sure)",
        "you, as the safeguarding lead (DSL)",
        "the headteacher",
        "If nobody takes it",
    ):
        assert words in first, words
    assert desk.page.text.count("<h1") == 1


async def test_the_report_stands_there_as_asked_and_as_answered_with_what_came_later(site: Site):
    """Every question, also the ones that were left out, line by line; an addition under its day and hour."""
    case = await a_case(site, said=SAID)
    store, now = site.app.stores["rosebrook"], site.app.clock.now()
    more = Addition(case.id, (Said("What they added", "it goes on", "words"),))
    await record(store, Outcome(added=(more,), audit=(Act(Doing.ADDED, case.id),)), at=now, hold=HOLD)
    desk = await at_the_desk(site)
    await desk.opens(f"{DESK}/case/{case.reference}")
    report = desk.page.text.partition('id="report-title"')[2].partition("</section>")[0]
    assert re.findall(r"<dt>(.*?)</dt>", report) == [*(one.question for one in SAID), "What they added"]
    assert "zqx they left her out\nof the class chat" in report
    assert "Added on Monday 23 November at" in report


async def test_the_chronology_says_who_was_told_when_and_what_was_done_by_role_and_never_by_name(site: Site):
    """Told, card sent or arrived, acknowledged; the demo names of nobody stand on the page."""
    case = await a_case(site, tell=("dsl", "headteacher"))
    desk = await at_the_desk(site)
    await desk.opens(f"{DESK}/case/{case.reference}")
    await desk.sends("/acknowledge")
    chronology = desk.shows.partition("What was done, and when")[2]
    for words in ("Sent the report", "Was told of the report", "the headteacher", "Acknowledged it"):
        assert words in chronology, words
    assert all(one.name not in desk.shows for one in await site.app.stores["rosebrook"].people.list())


async def test_every_look_is_put_on_record_once_a_day_for_each(site: Site):
    """Opened three times: three acts in the chain, and one line on the page that says so."""
    case = await a_case(site)
    desk = await at_the_desk(site)
    for _ in range(3):
        await desk.opens(f"{DESK}/case/{case.reference}")
    looks = [one for one in await site.app.stores["rosebrook"].audit.links(limit=1000) if one.act == Doing.VIEWED]
    assert [one.case for one in looks] == [case.id] * 3
    assert "Read the report, 2 times that day" in desk.shows


async def test_a_drill_says_so(site: Site):
    """Nobody takes it for real."""
    case = await a_case(site, drill=True)
    desk = await at_the_desk(site)
    await desk.opens(f"{DESK}/case/{case.reference}")
    assert f"{case.reference} ● Medium drill" in desk.shows or "drill" in desk.shows.partition("Stands")[0]


async def test_whoever_it_concerns_is_nowhere_in_who_was_told(site: Site):
    """The headteacher was told, and then it turned out to be about them: the lead's page names them nowhere among the told."""
    case = await a_case(site, tell=("dsl", "headteacher"))
    desk = await at_the_desk(site)
    await desk.opens(f"{DESK}/case/{case.reference}")
    await desk.sends("/acknowledge")
    await desk.sends("/concerns", role="headteacher", sure="yes")
    told = desk.shows.partition("Who has been told")[2].partition("What you can do")[0]
    assert "headteacher" not in told


async def test_the_chain_holds_what_the_page_did(site: Site):
    """A tick, its taking back and a note: acts with their words, by whoever did them."""
    case = await a_case(site, steps=("Speak to the family.",))
    desk = await at_the_desk(site)
    await desk.opens(f"{DESK}/case/{case.reference}")
    await desk.sends("/step")
    assert "done by the safeguarding lead (DSL), ticked at" in desk.shows
    await desk.sends("/step")
    assert "ticked at" not in desk.shows
    links = await site.app.stores["rosebrook"].audit.links(limit=1000)
    steps = [(one.act, json.loads(one.details)["step"]) for one in links if one.act.startswith("step")]
    assert steps == [(Doing.STEP_DONE, "Speak to the family."), (Doing.STEP_UNDONE, "Speak to the family.")]
    assert "Took the tick from a step of the policy" in desk.shows
