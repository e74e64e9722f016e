"""What may be decided about the people of a school at the desk: whatever is wished for, nobody does themselves a favour."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot import schools
from bot.changing_roles import STAFF, Staff, sure
from bot.desk import people_wishes
from bot.desk.people_wishes import Absence, Wishing
from bot.turn import Outcome
from flows.cases.confirming import LEADING, leads
from storage.kept import Person
from storage.staffing import CameBack, Entered, Holding, Invited, Removed, RoleGiven, WentAway
from tests.fakes import MONDAY

SCHOOL = schools.load("rosebrook")
ROLES = (*SCHOOL.roles, STAFF)
NAMES = ("A. One", "B. Two", "C. Three", "D. Four")
DAYS = st.dates(date(2026, 11, 1), date(2028, 3, 1)).map(str) | st.sampled_from(["", "soon", "2026-02-30", "2026-1-1"])


@st.composite
def staffs(draw) -> Staff:
    """Four people with any roles, confirmed or not, here or away."""
    people = {}
    for name in NAMES:
        roles = tuple(draw(st.lists(st.sampled_from(ROLES), unique=True, max_size=3)))
        unconfirmed = frozenset(draw(st.lists(st.sampled_from(roles), unique=True))) if roles else frozenset[str]()
        places = (("web", name),) if draw(st.booleans()) else ()
        until = draw(st.none() | st.integers(-3, 9).map(lambda days: MONDAY + timedelta(days=days)))
        people[name] = Person(name, name, roles, places, unconfirmed=unconfirmed, away_until=until)
    holdings = tuple(
        Holding(one.id, role, MONDAY, confirmed_at=None if role in one.unconfirmed else MONDAY)
        for one in people.values()
        for role in one.roles
    )
    return Staff(SCHOOL, people, holdings, draw(st.booleans()))


@st.composite
def wished(draw) -> tuple[Wishing, Person, Outcome]:
    """Anybody wishes for anything about anybody: who, about whom, and what is decided."""
    staff = draw(staffs())
    me, person = staff.people[draw(st.sampled_from(NAMES))], staff.people[draw(st.sampled_from(NAMES))]
    wishing, role = Wishing(staff, me, MONDAY), draw(st.sampled_from((*ROLES, "king")))
    other = draw(st.sampled_from(("", *NAMES, "nobody")))
    decisions = {
        "give": lambda: people_wishes.give(wishing, person, role),
        "take": lambda: people_wishes.take(wishing, person, role),
        "enter": lambda: people_wishes.enter(wishing, draw(st.sampled_from((*NAMES, "a.  one", "New", "", "\x00\x01"))), role),
        "invite": lambda: people_wishes.invite(wishing, person, "B" * 10, "", MONDAY),
        "end": lambda: people_wishes.end_invite(wishing, person, waits=draw(st.booleans())),
        "away": lambda: people_wishes.away(wishing, person, Absence(draw(DAYS), draw(DAYS), other)),
        "back": lambda: people_wishes.back(wishing, person),
        "remove": lambda: people_wishes.remove(wishing, person, meant=draw(st.booleans())),
    }
    return wishing, person, decisions[draw(st.sampled_from(sorted(decisions)))]()


@given(wished())
def test_whatever_is_wished_for_is_answered_in_words(case: tuple[Wishing, Person, Outcome]):
    """Done or not, and every change says by whom it was made."""
    wishing, _, outcome = case
    assert len(outcome.replies) == 1
    assert outcome.replies[0].text.strip()
    assert all(change.by == wishing.me.id for change in outcome.people)


@given(wished())
def test_only_whoever_leads_the_school_changes_anybody_else(case: tuple[Wishing, Person, Outcome]):
    """By a role that was confirmed; everybody else changes their own absence, and nothing more."""
    wishing, _, outcome = case
    if not leads(sure(wishing.me)):
        for change in outcome.people:
            assert isinstance(change, WentAway | CameBack)
            assert change.person == wishing.me.id


@given(wished())
def test_nobody_gives_anything_to_themselves(case: tuple[Wishing, Person, Outcome]):
    """No role, no second self, no place as a colleague who is known, and not the reports of somebody whom they marked as away."""
    wishing, _, outcome = case
    for change in outcome.people:
        if isinstance(change, RoleGiven):
            assert change.person != wishing.me.id
        if isinstance(change, Invited) and change.person != wishing.me.id:
            assert not wishing.staff.people[change.person].places
        if isinstance(change, Removed):  # without a word to them; whoever loses a role is told
            assert not leads(wishing.staff.people[change.person].roles)
        if isinstance(change, Entered):
            assert change.name.casefold() not in {name.casefold() for name in NAMES}
        if isinstance(change, WentAway):
            assert change.stands_in not in {wishing.me.id, change.person}


@given(wished())
def test_a_change_about_others_is_told_to_those_who_lead_the_school(case: tuple[Wishing, Person, Outcome]):
    """As from the command line; whoever did it has the answer on the page, and whoever it is about is written to themselves."""
    wishing, person, outcome = case
    reached = any(role in SCHOOL.roles for role in person.roles)
    for change in outcome.people:
        if isinstance(change, RoleGiven) and change.role in SCHOOL.roles:
            ((roles, _, without),) = outcome.to_roles
            assert (roles, without) == (LEADING, {person.id, wishing.me.id})
            assert [who for who, _ in outcome.to_person] == [person.id]
        if isinstance(change, WentAway) and reached:
            assert outcome.to_roles[0][0] == LEADING
        if isinstance(change, Entered) and set(change.roles) & SCHOOL.roles.keys():
            assert wishing.me.id in outcome.to_roles[0][2]
        if isinstance(change, Invited):
            assert not outcome.to_roles  # it is told once the code is used


@given(wished())
def test_an_absence_is_whole_days_that_are_still_to_come(case: tuple[Wishing, Person, Outcome]):
    """Never one that is over, turned round, or longer than a year."""
    _, _, outcome = case
    for change in outcome.people:
        if isinstance(change, WentAway):
            assert change.since is not None
            assert change.since < change.until
            assert change.until > MONDAY
            assert change.until - max(change.since, MONDAY) <= timedelta(days=368)
