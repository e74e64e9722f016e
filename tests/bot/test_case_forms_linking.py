"""Two reports that belong together: linked and unlinked by whoever may see both, and no trace of a link to one that is hidden."""

from __future__ import annotations

import pytest

from bot import wording, wording_case_forms
from flows.cases.acts import Doing
from tests.bot.desk import Desk, at_work, sent, text
from tests.talk import Talk


@pytest.fixture
async def desk(talk: Talk) -> Desk:
    """A report that the lead has."""
    return await at_work(talk)


async def test_two_reports_are_linked_and_each_page_shows_the_other(desk):
    """By the button and a typed reference; the record of both says so."""
    lead = desk.talk["Lead"]
    other = await sent(desk.talk, story="the same chat again")
    await lead.says(desk.reference)
    await lead.clicks("Link a report")
    assert "belong together" in text(await lead.says(f"it is {other.lower()}"))
    assert other in text(await lead.says(desk.reference))
    assert desk.reference in text(await lead.says(other))
    assert await desk.acts(Doing.LINKED) == [{"With": other}]
    assert await Desk(desk.talk, other).acts(Doing.LINKED) == [{"With": desk.reference}]


async def test_a_link_is_typed_and_undone_by_its_button(desk):
    """Twice is said to be twice; what was taken away is gone from the page."""
    lead = desk.talk["Lead"]
    other = await sent(desk.talk)
    await lead.says(f"link {desk.reference} {other}")
    assert "linked already" in text(await lead.says(f"link {other} with {desk.reference}"))
    assert "no longer linked" in text(await lead.clicks(f"Unlink {desk.reference}"))
    assert "not linked" in text(await lead.says(f"unlink {desk.reference} {other}"))
    assert other not in text(await lead.says(desk.reference))
    assert await desk.acts(Doing.UNLINKED) == [{"With": other}]


async def test_the_form_shows_what_is_linked_and_takes_it_away(desk):
    """Its button stands below the question; words without a reference are asked for again, and itself is refused."""
    lead = desk.talk["Lead"]
    other = await sent(desk.talk)
    await lead.says(f"link {desk.reference} {other}")
    assert f"linked with {other}" in text(await lead.says(f"link {desk.reference}"))
    assert wording_case_forms.LINK_WHICH in text(await lead.says("the other one"))
    assert "is SP-" in text(
        await lead.says(desk.reference.lower().replace("sp-", "sp")) + await lead.says(f"link {desk.reference}")
    )
    assert "no longer linked" in text(await lead.clicks(f"Unlink {other}"))


async def test_a_link_to_a_hidden_report_is_refused_as_one_to_none(desk):
    """The chair's report is none that the lead was told of."""
    hidden = await sent(desk.talk, story="it is about the head", to="The chair of governors")
    lead = desk.talk["Lead"]
    for wish in ("link {} {}", "unlink {} {}"):
        answers = [text(await lead.says(wish.format(desk.reference, other))) for other in (hidden, "SP-22222")]
        assert answers == [wording.NOT_YOURS] * 2
    await lead.says(f"link {desk.reference}")
    assert text(await lead.says(hidden)) == wording.NOT_YOURS
    assert await desk.acts(Doing.LINKED) == []


async def test_whoever_may_see_one_of_the_two_learns_nothing_of_the_other(talk):
    """The head was handed the first and never told of the second: page, notes and record show no link."""
    desk = await at_work(talk)
    other = await sent(talk)
    await talk["Lead"].says(f"link {desk.reference} {other}")
    await talk["Lead"].says(f"hand on {desk.reference} to the headteacher")
    await talk["Head"].clicks("Acknowledge")
    page = text(await talk["Head"].says(desk.reference))
    assert desk.reference in page
    assert other not in page
    record = await desk.record("Head")
    assert record
    assert not [one for one in record if one.act == Doing.LINKED or other in str(one.words)]
    assert text(await talk["Head"].says(f"unlink {desk.reference} {other}")) == wording.NOT_YOURS
