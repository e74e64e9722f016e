"""Reports that look like the same event: offered on the page with the reason, of what the reader may see and no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from flows.cases.alike import Like, Reason, like
from flows.cases.case import Case, Said, Severity
from tests.desk.test_case_acts import on
from tests.desk_site import DESK, a_case
from tests.site import Site

AT = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


def case(number: int, words: str, *, after: timedelta = timedelta(), name: str = "happened", **more: object) -> Case:
    """A report of WORDS, given as the answer to the question NAME."""
    what: dict = {"matter": "bullying_of_pupil", "severity": Severity.HIGH, **more}
    return Case(str(number), f"SP-{number}", opened_at=AT + after, said=(Said("What?", words, name),), **what)


def found(one: Case, *others: Case) -> list[Like]:
    """Those of OTHERS that look like ONE."""
    return list(like(one, others, UTC))


@pytest.mark.parametrize(
    ("words", "more", "reasons"),
    [
        ("nothing in common", {}, {Reason.MATTER, Reason.HOUR}),
        ("nothing in common", {"after": timedelta(hours=5)}, {Reason.MATTER, Reason.DAY}),
        ("on whatsapp too", {"matter": "grooming", "after": timedelta(hours=5)}, {Reason.PLATFORM, Reason.DAY}),
        ("I heard that Tyler does it", {"matter": "grooming", "after": timedelta(days=2)}, {Reason.NAMES, Reason.DAYS}),
        ("WhatsApp again", {"after": timedelta(days=2)}, {Reason.MATTER, Reason.PLATFORM, Reason.DAYS}),
        ("somebody called max_2016", {"matter": "grooming", "after": timedelta(days=1)}, {Reason.NAMES, Reason.DAYS}),
    ],
)
def test_it_is_offered_with_what_both_have_in_common(words: str, more: dict, reasons: set):
    """The kind, the hour or the day, the place online, a name or an account: each is said."""
    first = case(1, "Yesterday Tyler, who is max_2016, wrote in the WhatsApp chat")
    (one,) = found(first, case(2, words, **more))
    assert set(one.reasons) == reasons


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("nothing in common", {"after": timedelta(days=1)}),
        ("WhatsApp", {"matter": "grooming", "after": timedelta(days=1)}),
        ("nothing in common", {"matter": "grooming"}),
        ("about Tyler", {"after": timedelta(days=4)}),
        ("about Tyler", {"drill": True}),
        ("ask for Tyler", {"matter": "grooming", "name": "contact"}),
        ("It was On Monday In December at School with Mum", {"matter": "grooming"}),
    ],
)
def test_what_has_too_little_in_common_is_not(words: str, more: dict):
    """Another day, another kind, days apart, a drill; and who sent it is nobody's likeness."""
    first = case(1, "Then Tyler wrote in the WhatsApp chat on Monday In December at School")
    assert found(first, case(2, words, **more)) == []


async def test_it_is_offered_on_the_page_and_linked_by_its_button(site: Site):
    """With the reason beside it; linked, it is offered no longer; one that is hidden from this reader never was."""
    said = (Said("What happened?", "They say that Tyler did it", "happened"),)
    mine = await a_case(site, matter="bullying_of_pupil", said=said)
    other = await a_case(site, matter="grooming", said=said)
    (lead,) = await site.app.stores["rosebrook"].people.holders("dsl")
    hidden = await a_case(site, tell=("dsl", "headteacher"), matter="bullying_of_pupil", said=said, concerns=frozenset({lead.id}))
    desk = await on(site, mine)
    offered = desk.page.text.partition('id="alike"')[2].partition("</section>")[0]
    assert f"{DESK}/case/{other.reference}" in offered
    assert "both name Tyler" in offered
    assert hidden.reference not in desk.page.text
    button = next(form for form in desk.forms() if form.action.endswith("/link") and form.fields.get("other") == other.reference)
    await desk.sends(button)
    assert 'id="alike"' not in desk.page.text
    assert f"Belongs with {other.reference}" in desk.shows
