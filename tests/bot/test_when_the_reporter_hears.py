"""The honest clock of whoever sent a report: by which day the next step or a word to them is due, and what if it does not come."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot import schools, summaries
from bot.reporter_words import problem
from flows.cases.case import Case, Severity, Status
from tests.bot.test_after_sending import worried
from tests.fakes import MONDAY
from tests.talk import Talk, transcript


async def has_it(talk: Talk) -> str:
    """A worried parent's report, which the lead has acknowledged; its reference."""
    mine = await worried(talk)
    await talk["Lead"].reads()
    await talk["Lead"].clicks("Acknowledge")
    return mine


async def test_when_it_is_seen_they_hear_by_which_day_the_next_step_is_due(talk: Talk):
    """What the school has to look at within the hour has its next step within a school day."""
    await has_it(talk)
    (seen,) = await talk["Parent"].reads()
    assert "was seen at 10:00" in seen.text
    assert seen.text.endswith("is due by Tuesday 24 November. If nothing has happened by then, tell me so.")


@pytest.mark.parametrize(
    ("severity", "day"),
    [
        (Severity.IMMEDIATE, "Tuesday 24 November"),
        (Severity.HIGH, "Tuesday 24 November"),
        (Severity.MEDIUM, "Monday 30 November"),
        (Severity.LOW, "Monday 30 November"),
    ],
)
def test_what_is_urgent_is_due_on_the_next_school_day_and_the_rest_within_five(severity: Severity, day: str):
    """Nights and weekends do not count: nobody is told a Saturday."""
    case = Case("1", "SP-7K2M4", "bullying_of_pupil", severity, MONDAY, Status.ACKNOWLEDGED, acknowledged_at=MONDAY)
    assert f"is due by {day}." in summaries.seen(case, schools.load("rosebrook"), ("dsl",)).text


async def test_whoever_asks_hears_the_same_and_a_step_moves_it(talk: Talk):
    """A note by whoever has it is a step: the day moves on with it, and nothing of the note is told."""
    mine = await has_it(talk)
    assert "is due by Tuesday 24 November." in (await talk["Parent"].says(f"status {mine}"))[-1].text
    await talk.passes(hours=23)
    await talk["Lead"].says(f"note {mine} zqx rang home")
    await talk["Lead"].clicks("Save")
    asked = (await talk["Parent"].says("any news?"))[-1].text
    assert "is due by Wednesday 25 November." in asked
    assert "zqx" not in asked


async def test_once_it_is_late_they_are_told_so_and_whoever_has_it_is_reminded(talk: Talk):
    """The day was named: when it has passed the answer says that it has, the lead's list says so, and saying so tells the next."""
    mine = await has_it(talk)
    await talk.passes(days=2)
    asked = transcript(await talk["Parent"].says(f"status {mine}"))
    assert "was due by Tuesday 24 November. If nothing has happened, tell me so: then I tell the next person." in asked
    assert mine in transcript(await talk["Lead"].says("late cases"))
    told = transcript(await talk["Parent"].says("nothing has happened"))
    assert "I am telling the deputy safeguarding lead" in told
    assert mine in transcript(await talk["Deputy"].reads())
    assert "is due" not in transcript(await talk["Parent"].says(f"status {mine}")), "nobody has it now"


async def test_nothing_is_due_once_it_is_closed(talk: Talk):
    """No day is promised for what is over."""
    mine = await has_it(talk)
    store = talk.app.stores[talk.school]
    lead = next(one for one in await store.people.list() if one.name == "Lead")
    case = await store.seen_by(lead).by_reference(mine)
    assert case is not None
    assert case.reporter is not None
    calendar = talk.app.schools[talk.school].calendar
    assert await store.due(case.reporter, case.id, calendar) == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert await store.due("another conversation", case.id, calendar) is None


def test_the_school_words_it_and_cannot_leave_the_day_out():
    """The two sentences are the school's own; one without its day would be no clock."""
    assert problem("update", "Expect to hear by {day}.") == ""
    assert "by when" in problem("update", "Expect to hear soon.")
    assert "{reference}" in problem("overdue", "{reference}: late since {day}.")
