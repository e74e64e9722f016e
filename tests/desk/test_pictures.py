"""Pictures at the desk: they count what whoever looks may see, and nothing else, on the page, in the file and for governors."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import schools
from bot.desk import counting
from bot.desk.counting import PERIODS, period, slots, third, thirds_over
from flows.cases.case import Severity, Status
from flows.cases.figures import Tally
from storage.kept import Asked, Recording
from tests.desk_site import DESK, AtTheDesk, a_case, at_the_desk
from tests.fakes import MONDAY
from tests.site import Site
from tests.storage.conftest import HOLD

PICTURES = f"{DESK}/pictures"
ROSEBROOK = schools.load("rosebrook")
DAY = timedelta(days=1)
DAYS = st.dates(date(2025, 1, 1), date(2030, 12, 31))
MATTERS = sorted(ROSEBROOK.routes)
PAGES = ("/pictures", "/pictures?period=term", "/pictures?period=year", "/pictures/governors?period=year")


async def asks(site: Site, *asked: Asked) -> None:
    """Questions that were asked in vain."""
    for one in asked:
        await site.app.stores["rosebrook"].record(Recording(site.app.clock.now(), asked=one), HOLD)


async def table(desk: AtTheDesk, name: str) -> list[list[str]]:
    """The table called NAME, as the file that can be downloaded."""
    answer = await desk.opens(f"{PICTURES}/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def test_every_picture_is_a_chart_with_the_same_figures_as_a_table(site: Site):
    """By week and kind, how soon somebody had it, how old the open ones are, and what the policy did not answer."""
    now = site.app.clock.now()
    await a_case(site, matter="bullying_of_pupil", opened_at=now - 6 * DAY, severity=Severity.HIGH)
    await a_case(site, matter="bullying_of_pupil", opened_at=now - 6 * DAY)
    await a_case(site, matter="contact_pupil_to_staff", opened_at=now)
    await asks(site, Asked("parent", "no"), Asked("parent", "yes", helpful=True), Asked("staff", "yes", helpful=False))
    desk = await at_the_desk(site)
    await desk.opens(PICTURES)
    assert desk.page.text.count('<svg class="chart"') == 4
    assert "Week of 16 November 2 0 2" in desk.shows
    assert "Week of 23 November 0 1 1" in desk.shows
    assert "3 in all; the most, 2: Week of 16 November." in desk.shows
    assert "3 reports came in. Nobody has acknowledged 3 of them." in desk.shows
    assert "Nobody yet 0 1 2 0 3" in desk.shows
    assert "Up to a week 2 0 2" in desk.shows
    assert "Week of 23 November 2" in desk.shows
    for key in ("reports", "waits", "ages", "questions"):
        assert f"{key}.csv?period=12-weeks" in desk.page.text
        assert f'aria-labelledby="{key}-title {key}-desc"' in desk.page.text


async def test_the_file_says_what_the_page_says_and_leaves_a_trace(site: Site):
    """It can be opened by any spreadsheet, and the record says who took which."""
    await a_case(site, matter="bullying_of_pupil")
    desk = await at_the_desk(site)
    lines = await table(desk, "reports.csv?period=12-weeks")
    assert len(lines) == 1 + 12
    assert lines[0][0] == "Week"
    assert lines[0][-1] == "All"
    assert lines[-1] == ["Week of 23 November", "1", "1"]
    links = await site.app.stores["rosebrook"].audit.links(limit=1000)
    taken = [json.loads(one.details) for one in links if one.act == "figures taken"]
    assert taken == [{"since": "2026-09-07", "until": "2026-11-23", "for": "reports"}]
    for gone in ("nothing.csv", "..%2Fpictures.csv"):
        assert (await desk.opens(f"{PICTURES}/{gone}")).status_code == 404


@pytest.mark.parametrize("who", ["headteacher", "dsl"])
async def test_whoever_a_case_is_about_sees_the_pictures_of_a_world_without_it(site: Site, who: str):
    """To the byte, on every page and in every file; whoever may see it counts it."""
    desk, chair = await at_the_desk(site, who), await at_the_desk(site, "chair")
    me = next(one for one in await site.app.stores["rosebrook"].people.list() if who in one.roles)
    await a_case(site, tell=("dsl", "headteacher"))
    files = [f"/pictures/{name}.csv?period=year" for name in ("reports", "waits", "ages", "questions", "governors")]

    async def seen() -> list[str]:
        # What the browser sends back with a form is new on every page.
        pages = [(await desk.opens(f"{DESK}{path}")).text for path in (*PAGES, *files)]
        return ["".join(line for line in one.splitlines() if 'name="nonce"' not in line) for one in pages]

    before, counted = await seen(), (await table(chair, "ages.csv"))[1]
    for number in range(6):  # enough of them to be told to governors
        await a_case(site, tell=("chair",), concerns=frozenset({me.id}), opened_at=MONDAY - number * 30 * DAY)
    assert await seen() == before
    assert (await table(chair, "ages.csv"))[1] != counted


async def test_a_drill_is_counted_nowhere(site: Site):
    """Not by week, not by age, not by how soon somebody had it, not for governors."""
    desk = await at_the_desk(site)
    await a_case(site, drill=True)
    for name in ("reports", "waits", "ages"):
        lines = await table(desk, f"{name}.csv")
        assert all(int(line[-1]) == 0 for line in lines[1:] if line[-1].isdecimal())


async def test_governors_are_told_no_small_number_and_only_of_terms_that_are_over(site: Site):
    """Five of a kind are told, four are named as few; no total stands beside them, and nothing of the term that runs."""
    last = datetime(2026, 6, 1, 12, tzinfo=UTC)
    for number in range(5):
        await a_case(site, matter="bullying_of_pupil", opened_at=last + number * DAY)
    for number in range(4):
        await a_case(site, matter="contact_pupil_to_staff", opened_at=last + number * DAY)
    for _ in range(6):
        await a_case(site, matter="content_met_by_pupil", opened_at=MONDAY)
    desk = await at_the_desk(site)
    await desk.opens(f"{PICTURES}/governors")
    assert "1 April 2026 to 31 August 2026" in desk.shows
    assert "the next is on 1 January 2027" in desk.shows
    (lines,) = [await table(desk, "governors.csv")]
    assert [line[2:] for line in lines[1:]] == [[lines[1][2], "5"], [lines[2][2], "fewer than 5"]]
    await desk.opens(f"{PICTURES}/governors?period=year")
    assert desk.shows.count("No report came in.") == 2
    assert " 9 " not in desk.shows.partition("Only terms")[2]
    assert "4" not in desk.shows.partition("31 August 2026")[2].split()


async def test_questions_are_read_by_those_who_lead_and_never_by_whoever_they_name(site: Site):
    """Only where the words were passed on, as they were written; others are counted."""
    await asks(
        site,
        Asked("parent", "no", words="May <b>grandparents</b> film sports day?"),
        Asked("parent", "no", words="Is the head allowed to follow pupils?"),
        Asked("staff", "no"),
    )
    lead, head, deputy = [await at_the_desk(site, who) for who in ("dsl", "headteacher", "deputy_dsl")]
    for desk in (lead, head, deputy):
        await desk.opens(PICTURES)
        assert "Week of 23 November 3" in desk.shows
    assert "May <b>grandparents</b> film sports day?" in lead.shows
    assert "<b>grandparents" not in lead.page.text
    assert "follow pupils" in lead.shows
    assert "grandparents" in head.shows
    assert "follow pupils" not in head.shows
    assert "In their words" not in deputy.shows


async def test_nobody_sees_a_picture_who_is_not_signed_in(site: Site):
    """Nor at a school that is not there, nor of another one."""
    stranger = AtTheDesk(site.browser().client)
    for path in ("/pictures", "/pictures/governors", "/pictures/reports.csv"):
        await stranger.opens(f"{DESK}{path}")
        assert "write desk" in stranger.shows
        assert "csv" not in stranger.page.headers["content-type"]


@given(DAYS, st.sampled_from(sorted(PERIODS)))
def test_the_columns_are_whole_weeks_or_months_without_a_gap(today: date, name: str):
    """They reach from before the first day to beyond the last, and there are never too many to read."""
    days = period(name, ROSEBROOK, today)
    every = slots(days)
    assert days.until == today
    assert every[0].first <= days.since
    assert every[-1].first <= today <= every[-1].last
    assert 1 <= len(every) <= counting.MOST_WEEKS
    assert all(one.last + DAY == two.first for one, two in pairwise(every))


@given(DAYS)
def test_terms_for_governors_never_overlap_and_are_over(today: date):
    """Whenever they are asked for, the same days belong together: no paper differs from another by a few days."""
    terms = thirds_over(today, 3)
    assert terms[0].until < today
    assert third(today).since == terms[0].until + DAY
    for late, early in pairwise(terms):
        assert early.until + DAY == late.since
    assert all(third(day) == one for one in terms for day in (one.since, one.until))
    assert all(one.length >= timedelta(days=28) for one in terms)


@st.composite
def tallies(draw) -> list[Tally]:
    """Reports of twelve weeks, as they are counted."""
    found = []
    for _ in range(draw(st.integers(0, 40))):
        opened = MONDAY - timedelta(minutes=draw(st.integers(0, 11 * 7 * 24 * 60)))
        taken = draw(st.none() | st.integers(0, 10_000).map(lambda minutes, opened=opened: opened + timedelta(minutes=minutes)))
        matter, severity = draw(st.sampled_from(MATTERS)), draw(st.sampled_from(list(Severity)))
        closed = draw(st.none() | st.just(MONDAY))
        found.append(Tally(matter, severity, Status.OPEN, opened, taken, closed))
    return found


@given(tallies())
def test_every_report_is_counted_once_in_each_picture(found: list[Tally]):
    """Also where more kinds came in than can be told apart."""
    days = period("12-weeks", ROSEBROOK, MONDAY.date())
    assert counting.by_week(found, days, ROSEBROOK).total == len(found)
    assert counting.by_wait(found).total == len(found)
