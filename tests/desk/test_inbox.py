"""The list of cases at the desk: what it shows, in which order, and what nobody finds out from it."""

from __future__ import annotations

import re
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot import schools
from bot.desk.inbox_rows import PAGE, Filter, address, inbox
from flows.cases.case import Severity, Status
from flows.cases.clocks import due
from storage.kept import Person
from storage.store.listing import Listed
from tests.desk_site import DESK, AtTheDesk, a_case, at_the_desk
from tests.fakes import MONDAY
from tests.site import Site

ROSEBROOK = schools.load("rosebrook")
READER = Person("me", "Reader", ("dsl",))
HOUR = timedelta(hours=1)


def references(desk: AtTheDesk) -> list[str]:
    """The cases that the page lists, in its order."""
    return re.findall(r"case/(SP-\w{5})", desk.page.text)


async def test_the_most_overdue_stands_first_with_its_clock_its_holder_and_its_age(site: Site):
    """Not the newest and not the most urgent: what has waited longest beyond its time."""
    now = site.app.clock.now()
    fresh = await a_case(site, severity=Severity.IMMEDIATE, opened_at=now)
    old = await a_case(site, severity=Severity.LOW, opened_at=now - timedelta(days=30), matter="bullying_of_pupil")
    late = await a_case(site, severity=Severity.HIGH, opened_at=now - 3 * HOUR)
    desk = await at_the_desk(site)
    await desk.opens(DESK)
    assert references(desk) == [old.reference, late.reference, fresh.reference]
    assert "Late by 2 hours" in desk.shows
    assert "30 days old" in desk.shows
    assert "Nobody yet" in desk.shows
    assert "3 cases" in desk.shows


async def test_the_views_and_the_search_narrow_it(site: Site):
    """Mine, late, by urgency, by event, by reference; what does not exist says so."""
    now = site.app.clock.now()
    urgent = await a_case(site, severity=Severity.HIGH, opened_at=now - 3 * HOUR)
    calm = await a_case(site, severity=Severity.LOW, opened_at=now, matter="bullying_of_pupil")
    desk = await at_the_desk(site)
    for query, found in (
        ("?show=late", [urgent]),
        ("?show=mine", []),
        ("?urgency=low", [calm]),
        ("?event=bullying_of_pupil", [calm]),
        ("?show=nobody&urgency=high", [urgent]),
        ("?show=closed", []),
        ("?show=nonsense&from=-5&urgency=x", [urgent, calm]),
    ):
        await desk.opens(DESK + query)
        assert references(desk) == [one.reference for one in found], query
    await desk.opens(f"{DESK}?reference=SP-XXXXX")
    assert "no report “SP-XXXXX” that is yours to see" in desk.shows


async def test_whoever_a_case_is_about_finds_no_trace_of_it(site: Site):
    """Not in the list, not in a count, not among the events to choose from, not by its reference."""
    store = site.app.stores["rosebrook"]
    head = await store.people.by_place("web", "rehearsal-headteacher")
    assert head is not None
    hidden = await a_case(site, tell=("dsl", "headteacher"), concerns=frozenset({head.id}), matter="bullying_of_pupil")
    seen = await at_the_desk(site)
    assert hidden.reference in (await seen.opens(DESK)).text
    theirs = await at_the_desk(site, "headteacher")
    empty = re.sub(r'(nonce|csrf)" value="[^"]*"', "", (await theirs.opens(DESK)).text)
    assert hidden.reference not in empty
    assert "bullying" not in empty.casefold()
    assert "0 cases" not in theirs.shows
    await theirs.opens(f"{DESK}?reference={hidden.reference}")
    hidden_answer = theirs.page.text.replace(hidden.reference, "SP-*****")
    await theirs.opens(f"{DESK}?reference=SP-ZZZZZ")
    plain = theirs.page.text.replace("SP-ZZZZZ", "SP-*****")
    nonces = re.compile(r'nonce" value="[^"]*"')
    assert nonces.sub("", hidden_answer) == nonces.sub("", plain)


async def test_what_is_typed_into_the_search_comes_back_escaped(site: Site):
    """A reference is no place for a script."""
    desk = await at_the_desk(site)
    await desk.opens(f"{DESK}?reference=%3Cscript%3Ealert(1)%3C/script%3E&event=%22%3E%3Cimg%20src=x%3E&show=%3Cb%3E")
    assert "<script>alert" not in desk.page.text
    assert "<img" not in desk.page.text.replace('<img src="/desk-files', "")


LISTED = st.builds(
    Listed,
    id=st.uuids().map(str),
    reference=st.just("SP-XXXXX"),
    matter=st.sampled_from(["danger", "bullying_of_pupil", "staff_conduct"]),
    severity=st.sampled_from(Severity),
    status=st.sampled_from([Status.OPEN, Status.ACKNOWLEDGED, Status.TAKEN]),
    holder=st.sampled_from([None, "me", "you"]),
    opened_at=st.just(MONDAY),
    since=st.integers(0, 60 * 24 * 20).map(lambda minutes: MONDAY - timedelta(minutes=minutes)),
    version=st.just(0),
)


@given(st.lists(LISTED, max_size=120), st.sampled_from(["open", "nobody", "mine", "late"]))
def test_the_order_and_the_counts_are_those_of_the_clock(cases: list[Listed], show: str):
    """Whatever the cases: every page together is each wanted case once, by its due moment; the counts are what one would count."""
    clock = ROSEBROOK.calendar
    moments = {one.id: due(one, one.since, clock) for one in cases}
    late = {one.id for one in cases if moments[one.id] <= MONDAY}
    wanted = {
        "open": {one.id for one in cases},
        "nobody": {one.id for one in cases if one.waiting},
        "mine": {one.id for one in cases if one.holder == "me"},
        "late": late,
    }
    found, start = [], 0
    while start is not None:
        page = inbox(cases, Filter(show, start=start), READER, ROSEBROOK, MONDAY)
        found += page.entries
        assert page.number == len(wanted[show])
        assert len(page.entries) <= PAGE
        start = page.following
    assert page.counts == {name: len(those) for name, those in wanted.items()}
    assert sorted(one.case.id for one in found) == sorted(wanted[show])
    assert [one.due for one in found] == sorted(moments[one.case.id] for one in found)


@given(st.dictionaries(st.sampled_from(["show", "urgency", "event", "from", "x"]), st.text(max_size=20)))
def test_any_address_is_a_wish_that_can_be_met(query: dict[str, str]):
    """Whatever is typed behind the question mark, a page comes, and its own addresses lead to the same wish."""
    wish = Filter.of(query)
    assert inbox((), wish, READER, ROSEBROOK, MONDAY).entries == ()
    assert address("rosebrook")(wish).startswith("/desk/rosebrook?")
