"""A report that came by phone or in person: a role holder writes it down, and it goes the way of every report."""

from __future__ import annotations

import pytest

from bot import wording_case_forms
from bot.logged import may_log
from bot.schools import load
from flows.cases.acts import Doing
from flows.cases.case import Case, Severity, Status
from storage.kept import Person
from tests.bot.desk import REFERENCE, Desk, text
from tests.talk import Talk, settings, talking

STORY = "qwv a mother rang and said that her son is called names in a chat"
CALM = ("No", "Parent or carer", "By phone", "Skip", "Bullying or threats")
REST = ("Skip", STORY, "Skip", "Skip", "Skip")


async def answers(talk: Talk, name: str, *said: str) -> str:
    """NAME presses or types each of what is SAID; the last thing that they read."""
    heard = ""
    for one in said:
        shown = [choice.label for reply in talk.channel.at(name)[-1:] for choice in reply.choices]
        heard = text(await (talk[name].clicks(one) if one in shown else talk[name].says(one)))
    return heard


async def logs(talk: Talk, name: str, *adult: str, rest: tuple[str, ...] = REST, calm: tuple[str, ...] = CALM) -> Desk:
    """NAME writes down a report with the answers ADULT to who is part of it, and sends it."""
    await talk[name].says("log a report")
    back = await answers(talk, name, *calm, *(adult or ("No",)), *rest)
    assert "Before it is sent" in back
    return Desk(talk, REFERENCE.findall(await answers(talk, name, "Send"))[0])


async def case_of(desk: Desk) -> Case:
    """The case as it stands, whoever may see it."""
    for name in ("Lead", "Head", "Chair", "Deputy"):
        if (found := await desk.case(name)) is not None:
            return found
    raise AssertionError("nobody sees it")


async def acts(desk: Desk) -> list[tuple[str, str | None]]:
    """Everything in the chain about the case, with who did it."""
    case = await case_of(desk)
    return [(one.act, one.person) for one in await desk.talk.app.stores[desk.talk.school].audit.links() if one.case == case.id]


async def test_it_opens_a_case_on_the_way_of_every_report(talk):
    """Pushed to whom the school's route says, with everything that was said; who wrote it down stands in the record."""
    desk = await logs(talk, "Lead")
    case = await case_of(desk)
    assert (case.matter, case.severity, case.status) == ("bullying_of_pupil", Severity.MEDIUM, Status.OPEN)
    assert case.reporter is None
    assert [one.answer for one in case.said if one.name in ("told_by", "how", "happened")] == ["Parent or carer", "By phone", STORY]
    lead = await desk.person("Lead")
    assert (Doing.LOGGED, lead.id) in await acts(desk)
    assert Doing.OPENED not in [act for act, _ in await acts(desk)]
    entry = next(one for one in await desk.record() if one.act == Doing.LOGGED)
    assert (entry.person, entry.roles) == (lead.id, ("dsl",))


async def test_nobody_is_written_to_about_it(talk):
    """Neither whoever rang, whom no chat knows, nor whoever wrote it down: they did not send it for themselves."""
    desk = await logs(talk, "Chair")
    await talk["Chair"].reads()
    await talk["Lead"].clicks("Acknowledge")
    await talk["Lead"].says(f"close {desk.reference} settled")
    await answers(talk, "Lead", "No action needed", "Nothing to add", "Close it")
    assert desk.reference not in text(await talk["Chair"].reads())
    assert "cannot show" in text(await talk["Chair"].says(f"status {desk.reference}"))


async def test_whoever_it_is_about_sees_no_trace_of_it_though_they_wrote_it_down(talk):
    """The head takes a call about the head: it goes to the chair, and is gone for the head from that moment."""
    desk = await logs(talk, "Head", "Yes", "Headteacher")
    assert "I am telling the Chair" in text(talk.channel.at("Head")[-2:])
    case = await case_of(desk)
    assert case.matter == "about_headteacher"
    assert case.rungs == (("chair",),)
    assert case.concerns == {(await desk.person("Head")).id}
    assert await desk.case("Head") is None
    assert await desk.case("Lead") is None
    hidden, nothing = [text(await talk["Head"].says(f"note {ref} x")) for ref in (desk.reference, "SP-22222")]
    assert hidden == nothing
    assert desk.reference not in text(await talk["Head"].says("cases"))


async def test_a_complaint_never_goes_to_whoever_dealt_with_it(talk):
    """The question says that whoever dealt with it counts: a complaint about the lead's handling passes the lead and the deputy."""
    desk = await logs(talk, "Head", "Yes", "Safeguarding lead", calm=(*CALM[:4], "A complaint"))
    case = await case_of(desk)
    assert case.matter == "complaint"
    told = {role for rung in case.rungs for role in rung}
    assert not told & {"dsl", "deputy_dsl"}
    assert await desk.case("Lead") is None


async def test_an_adult_nobody_names_goes_by_one_of_two_doors(talk):
    """The chair's, unless the usual one was chosen."""
    desk = await logs(talk, "Head", "Rather not say", rest=(*REST, "Chair of governors"))
    assert (await case_of(desk)).rungs == (("chair",),)


async def test_a_sexual_picture_stops_the_questions_here_too(talk):
    """Only who must not be told is still asked; then it is sent."""
    await talk["Head"].says("log a report")
    await answers(talk, "Head", *CALM[:4], "A sexual picture, maybe")
    said = await answers(talk, "Head", "No")
    desk = Desk(talk, REFERENCE.findall(said)[0])
    case = await case_of(desk)
    assert (case.matter, case.severity, case.reporter) == ("image_by_pupil", Severity.IMMEDIATE, None)
    assert (Doing.LOGGED, (await desk.person("Head")).id) in await acts(desk)


async def test_danger_in_what_was_told_opens_its_emergency_and_joins_it(talk):
    """Help first, a case at once; what is written down afterwards is added to that very case, with who wrote it."""
    await talk["Head"].says("log a report")
    await answers(talk, "Head", *CALM, "No", "Skip")
    said = text(await talk["Head"].says("her son says he will kill himself tonight, he has taken pills"))
    assert "999" in said
    reference = REFERENCE.findall(said)[0]
    await answers(talk, "Head", "Skip", "Skip", "Skip", "Send")
    desk = Desk(talk, reference)
    assert (Doing.LOGGED, (await desk.person("Head")).id) in await acts(desk)


@pytest.mark.parametrize("words", ["log a report", "Please log a call", "log report", "log a new report", "log a phone call"])
async def test_it_is_begun_by_words(talk, words):
    """Typed as people say it."""
    assert "somebody else" in text(await talk["Deputy"].says(words))


@pytest.mark.parametrize("name", ["Parent", "Teacher"])
async def test_nobody_else_is_offered_it(talk, name):
    """Whoever is sent no reports tells the school in the usual way."""
    assert "You write this down" not in text(await talk[name].says("log a report"))
    assert wording_case_forms.LOG not in text(await talk[name].says("report"))
    reply = talk.channel.at(name)[-1]
    await talk.send(name, "log-a-report", about=reply.about, pressed=True)
    assert "You write this down" not in text(await talk[name].reads())


async def test_a_button_begins_it_where_reports_are_listed(talk):
    """For those who may."""
    await talk["Lead"].says("report")
    assert "You write this down" in text(await talk["Lead"].clicks(wording_case_forms.LOG))


async def test_a_report_that_is_open_is_finished_first(talk):
    """Typed, the words answer its question; the button says what to do."""
    await talk["Lead"].says("report")
    reply, choice = talk["Lead"].button(wording_case_forms.LOG)
    await talk["Lead"].says("just tell somebody")
    await talk.send("Lead", choice.value, about=reply.about, pressed=True)
    assert wording_case_forms.LOG_FINISH_FIRST in text(await talk["Lead"].reads())


async def test_a_restart_in_the_middle_loses_nothing(tmp_path):
    """The open question is answered after it, and it is still nobody's own report."""
    async with talking(settings(tmp_path)) as talk:
        await talk["Lead"].says("log a report")
        await answers(talk, "Lead", *CALM, "No", "Skip")
        await talk.restarts()
        await answers(talk, "Lead", STORY, "Skip", "Skip", "Skip")
        desk = Desk(talk, REFERENCE.findall(await answers(talk, "Lead", "Send"))[0])
        assert (await case_of(desk)).reporter is None


async def test_sending_twice_opens_one_case(talk):
    """A phone without signal sends it again."""
    desk = await logs(talk, "Lead")
    last = talk.last["Lead"]
    await talk.send("Lead", last.text, message_id=last.id, about=last.about, pressed=last.pressed)
    await talk.settled()
    links = await talk.app.stores[talk.school].audit.links()
    assert [one.act for one in links].count(Doing.LOGGED) == 1
    assert await desk.case() is not None


@pytest.mark.parametrize("school", ["rosebrook", "trent", "mosaic", "congerstone", "edith-cavell"])
def test_at_every_school_those_who_are_sent_reports_may_log_one(school):
    """Any role that a report can reach; not staff as such, and nobody without a role."""
    known = load(school)
    for role in ("dsl", "headteacher", "chair"):
        assert may_log(Person("p", "", (role,)), known)
    assert not may_log(Person("p", "", ("staff",)), known)
    assert not may_log(Person("p", ""), known)
    assert not may_log(None, known)


async def test_whoever_wrote_it_down_hears_that_nobody_took_it(talk):
    """The mother who rang reads nothing here: whoever took her call is the one who can still go and speak to somebody."""
    desk = await logs(talk, "Deputy")
    await talk["Deputy"].reads()
    await talk.passes(days=14)
    said = [one.text for one in await talk["Deputy"].reads() if "which you wrote down" in one.text]
    assert len(said) == 1
    assert desk.reference in said[0]
    assert "ring 999" in said[0]
    assert "qwv" not in said[0]
    deputy = await desk.person("Deputy")
    assert ("whoever wrote it down told to phone", deputy.id) in await acts(desk)


async def test_whoever_wrote_it_down_and_is_part_of_it_hears_nothing_more(talk):
    """They said themselves that it must not reach them: that nobody took it is no word for them either."""
    await logs(talk, "Deputy", "Yes", "Deputy safeguarding lead")
    await talk["Deputy"].reads()
    await talk.passes(days=14)
    assert await talk["Deputy"].reads() == []


async def test_once_somebody_has_it_whoever_wrote_it_down_is_left_in_peace(talk):
    """The end of the road does not come."""
    await logs(talk, "Deputy")
    await talk["Lead"].reads()
    await talk["Lead"].clicks("Acknowledge")
    await talk["Deputy"].reads()
    await talk.passes(days=14)
    assert not [one for one in await talk["Deputy"].reads() if "which you wrote down" in one.text]
