"""Figures for those who answer for the school: what the reader may see, and for the governors nothing small enough to point."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.figures import Period, as_markdown, as_plain, figures
from flows.cases.calendar import Calendar
from flows.cases.case import Case, Severity, Status, reference
from flows.cases.figures import FEW, Need, Standing, Tally, by_matter, need, suppressed, typical_wait
from flows.cases.notice import Notice, NoticeKind
from flows.matters import MATTERS
from storage.kept import Recording
from storage.store import Store
from storage.work import Work
from tests.bot.test_case_commands import at_the_site
from tests.fakes import MONDAY
from tests.storage.conftest import HOLD, tell_all
from tests.terminal import done, signpost

AUTUMN = Period(date(2026, 9, 1), date(2026, 12, 18))
SOME = sorted(MATTERS)[:6]
LEAD, HEAD = "A. Lead", "B. Head"
TERM = ("--since", "2026-09-01", "--until", "2026-12-18")


def tally(matter: str = "tell_the_lead", waited: timedelta | None = None, severity: Severity = Severity.MEDIUM) -> Tally:
    """One case."""
    taken = None if waited is None else MONDAY + waited
    return Tally(matter, severity, Status.OPEN if waited is None else Status.ACKNOWLEDGED, MONDAY, taken)


many = st.lists(st.sampled_from(SOME), max_size=60).map(lambda names: [tally(name, timedelta(minutes=len(name))) for name in names])


@given(many)
def test_for_the_governors_no_small_number_can_be_read_or_worked_out(tallies):
    """No cell is below five, there is no total and nothing else that adds up to one: what is left out stays unknown."""
    told = figures("A School", AUTUMN, tallies, 0, (), governors=True)
    assert all(number >= FEW for _, number in told.kinds)
    assert (told.total, told.waiting, told.urgencies, told.longest) == (None, None, (), None)
    counts = dict(by_matter(tallies))
    assert sorted(told.few) == sorted(MATTERS[name].title for name, number in counts.items() if number < FEW)
    plain = as_plain(told)
    assert {"reports", "not_acknowledged", "urgencies", "longest_wait_seconds"}.isdisjoint(plain)
    hidden = {str(number) for number in counts.values() if number < FEW}
    rows = [line for line in as_markdown(told).splitlines() if line.startswith("| ") and "Kind" not in line]
    assert all(row.split("|")[2].strip() not in hidden for row in rows)
    if len(tallies) < FEW:
        assert told.typical is None


@given(many)
def test_for_those_who_see_the_cases_everything_adds_up(tallies):
    """Kinds, urgencies and the total are the same cases."""
    told = figures("A School", AUTUMN, tallies, 0, (), governors=False)
    assert sum(number for _, number in told.kinds) == told.total == len(tallies) == sum(number for _, number in told.urgencies)
    assert told.few == ()


def test_the_typical_wait_is_of_those_that_somebody_has():
    """One that nobody has yet would have no time at all; it is counted by itself."""
    waits = [tally(waited=timedelta(minutes=minutes)) for minutes in (1, 3, 50)]
    assert typical_wait([*waits, tally()]) == timedelta(minutes=3)
    assert typical_wait([tally()]) is None
    told = figures("A School", AUTUMN, [*waits, tally()], 2, (), governors=False)
    assert (told.waiting, told.longest) == (1, timedelta(minutes=50))
    page = as_markdown(told)
    assert "within 3 min, the last of them within 50 min" in page
    assert "Not acknowledged: 1." in page


def test_five_stand_and_four_do_not():
    """The border itself."""
    assert suppressed((("a", 5), ("b", 4), ("c", 1))) == ((("a", 5),), ("b", "c"))


@pytest.mark.parametrize(
    ("status", "hours", "why"),
    [
        (Status.OPEN, 1, Need.WAITING),
        (Status.OPEN, 24, Need.LATE),
        (Status.ACKNOWLEDGED, 24, None),
        (Status.TAKEN, 24 * 8, Need.UPDATE),
        (Status.CLOSED, 24 * 30, None),
    ],
)
def test_why_somebody_should_look_at_it(status, hours, why):
    """Nobody has it, nobody had it in time, or whoever has it has left it alone: by the school's own days."""
    case = Case("c", "SP-2222", "tell_the_lead", Severity.MEDIUM, MONDAY, status=status, holder="p")
    assert need(Standing(case, MONDAY), Calendar(), MONDAY + timedelta(hours=hours)) is why


async def _six(store: Store, work: Work) -> None:
    """Six worries that the lead was told of, one of them about the headteacher, and a drill."""
    people = {person.name: person for person in await store.people.list()}
    for number in range(7):
        case = Case(
            id=uuid.uuid4().hex,
            reference=reference(),
            matter="tell_the_lead",
            severity=Severity.HIGH,
            opened_at=MONDAY,
            rungs=(("dsl", "headteacher"),),
            concerns=frozenset({people[HEAD].id}) if number == 0 else frozenset(),
        )
        case = replace(case, drill=number == 6)
        due = (Notice(case.id, 0, NoticeKind.PUSH, MONDAY),)
        await store.record(Recording(MONDAY, opened=(case,), notices=due), HOLD)
    await work.expand(MONDAY, 50, tell_all)


@pytest.fixture
def filled(site):
    """A site with six reports and a drill."""
    done("people", "add", LEAD, "--role", "dsl", "--place", "web:lead")
    done("people", "add", HEAD, "--role", "headteacher", "--place", "web:head")
    done("people", "add", "D. Nobody")
    at_the_site(site, _six)
    return site


def test_each_counts_what_they_may_see(filled):
    """The headteacher's six are five, and nothing says that there is another; the drill is none."""
    assert "| **All** | **6** |" in done("figures", "--as", LEAD, *TERM)
    theirs = json.loads(done("figures", "--as", HEAD, *TERM, "--format", "json"))
    assert theirs["reports"] == 5
    assert theirs["drills"] == 1
    assert theirs["kinds"] == [{"kind": "A worry for the safeguarding lead", "reports": 5}]


def test_the_last_day_is_counted_in_and_the_day_after_is_not(filled):
    """By the school's own midnight."""
    day = MONDAY.date().isoformat()
    assert "| **All** | **6** |" in done("figures", "--as", LEAD, "--since", day, "--until", day)
    before = (MONDAY.date() - timedelta(days=1)).isoformat()
    assert "No report came in." in done("figures", "--as", LEAD, "--since", before, "--until", before)


def test_the_governors_page_is_written_once_and_holds_no_small_number(filled):
    """Five are told to them, none of it by name; the file is not written over."""
    page = filled / "autumn.md"
    done("figures", "--as", HEAD, *TERM, "--for", "governors", "--out", str(page))
    assert "| A worry for the safeguarding lead | 5 |" in page.read_text()
    assert "**All**" not in page.read_text()
    again = signpost("figures", "--as", HEAD, *TERM, "--for", "governors", "--out", str(page))
    assert again.code != 0
    assert "is there already" in again.err


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--as", "D. Nobody", *TERM), "They hold no role"),
        (("--as", "Stranger", *TERM), "Nobody goes by that"),
        (("--as", LEAD, "--since", "2026-12-18", "--until", "2026-09-01"), "is before"),
        (("--as", LEAD, "--since", "2026-11-20", "--until", "2026-11-25", "--for", "governors"), "at least 28 days"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_the_remedy(filled, asked, said):
    """Who has no role, who is nobody, days the wrong way round, and a few days for the governors."""
    answer = signpost("figures", *asked)
    assert answer.code != 0
    assert said in answer.err


def test_whoever_takes_figures_leaves_a_link(filled):
    """Who, which days, for whom."""
    done("figures", "--as", LEAD, *TERM)
    log = done("audit", "log", "--limit", "1000")
    assert "figures taken" in log
