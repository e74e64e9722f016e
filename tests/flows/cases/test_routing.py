"""Who is told, and who never is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.cases.routing import UNNAMED_ADULT, Involved, Route, ask_two_doors, entangled, rungs

ROLES = ("dsl", "deputy_dsl", "headteacher", "chair", "slt", "it", "office")
CLIMB = (("deputy_dsl",), ("headteacher",), ("chair",))
USUAL = Route("contact_pupil_to_staff", to=("headteacher", "dsl"), also=("slt",), climb=(("deputy_dsl",), ("chair",)))
TO_LEAD = Route("tell_the_lead", to=("dsl",), climb=CLIMB)
EMERGENCY = Route("danger", to=("dsl", "deputy_dsl", "headteacher"), climb=(("chair",),))

roles = st.lists(st.sampled_from(ROLES), max_size=4).map(tuple)
routes = st.builds(
    Route,
    matter=st.sampled_from(("danger", "tell_the_lead", "contact_staff_to_pupil")),
    to=roles,
    also=roles,
    climb=st.lists(roles, max_size=4).map(tuple),
)
left_out = st.frozensets(st.sampled_from((*ROLES, UNNAMED_ADULT)))


def test_the_first_rung_holds_everybody_the_route_tells_at_once():
    """Those who must act and those who are also informed hear of it together; the rest climbs in the route's order."""
    assert rungs(USUAL, frozenset()) == (("headteacher", "dsl", "slt"), ("deputy_dsl",), ("chair",))


def test_about_the_headteacher_goes_to_the_chair_alone():
    """Nobody who works for the headteacher is told, on no rung, however the route is written."""
    assert rungs(USUAL, frozenset({"headteacher"})) == (("chair",),)
    assert rungs(Route("tell_the_lead", to=("dsl",), climb=()), frozenset({"headteacher"})) == (("chair",),)


def test_about_the_headteacher_and_the_chair_leaves_nobody():
    """Then the ladder is empty, which the bot must say aloud instead of telling somebody involved."""
    assert rungs(USUAL, frozenset({"headteacher", "chair"})) == ()


def test_an_adult_nobody_named_may_be_the_headteacher():
    """Until the person chose a door, a report about an unnamed adult takes the chair's."""
    assert rungs(USUAL, frozenset({UNNAMED_ADULT})) == (("chair",),)


@pytest.mark.parametrize(
    ("concerned", "doors"),
    [((), False), (("dsl",), False), ((UNNAMED_ADULT,), True), ((UNNAMED_ADULT, "headteacher"), False)],
)
def test_two_doors_are_offered_only_when_nobody_said_who(concerned, doors):
    """Naming the headteacher, or nobody being part of it, leaves nothing to choose."""
    assert ask_two_doors(concerned) is doors


def test_about_the_lead_passes_over_the_deputy_who_works_to_them():
    """A report about the safeguarding lead starts with the headteacher, not with the lead's deputy."""
    assert rungs(TO_LEAD, frozenset({"dsl"})) == (("headteacher",), ("chair",))


def test_about_the_deputy_keeps_the_lead_and_tells_the_headteacher_too():
    """A concern about an adult of the school is never without the headteacher, wherever the route begins."""
    assert rungs(TO_LEAD, frozenset({"deputy_dsl"})) == (("headteacher", "dsl"), ("chair",))


@pytest.mark.parametrize("role", ["it", "computing_lead", "office"])
@pytest.mark.parametrize("route", [USUAL, TO_LEAD])
def test_about_whoever_looks_after_machines_or_paper_is_the_headteachers_alone(role, route):
    """Only the chair comes after the headteacher, and nobody else hears of it."""
    assert rungs(route, frozenset({role})) == (("headteacher",), ("chair",))


def test_whoever_mends_a_machine_is_told_of_no_adult():
    """A site to block goes to the IT provider as ever: it says nothing of anybody, and the headteacher has the report itself."""
    site = Route("site_to_block", to=("it",), climb=(("dsl",), ("headteacher",)))
    assert rungs(site, frozenset({"slt"})) == (("it",), ("dsl",), ("headteacher",))


def test_about_the_chair_goes_to_nobody_at_the_school():
    """Everybody there answers to the chair; an emergency still reaches all who can act."""
    assert rungs(USUAL, frozenset({"chair"})) == ()
    assert rungs(EMERGENCY, frozenset({"chair"})) == (("dsl", "deputy_dsl", "headteacher"),)


def test_whoever_it_is_about_takes_their_other_roles_with_them():
    """One person is headteacher, safeguarding lead and e-safety officer: about any of the three is about the headteacher."""
    held = {"headteacher": frozenset("h"), "dsl": frozenset("h"), "eso": frozenset("h"), "deputy_dsl": frozenset("d")}
    for named in ("headteacher", "dsl", "eso"):
        part = entangled({named}, held)
        assert part == Involved(frozenset({"headteacher", "dsl", "eso"}), frozenset("h"))
        assert rungs(TO_LEAD, part.roles) == (("chair",),)


def test_a_role_that_others_hold_too_goes_on_without_whoever_is_involved():
    """One of three senior leaders is the lead: the other two may be told, and the one is left out by person."""
    held = {"dsl": frozenset("a"), "slt": frozenset("abc")}
    assert entangled({"dsl"}, held) == Involved(frozenset({"dsl"}), frozenset("a"))
    assert entangled({"slt"}, held) == Involved(frozenset({"slt", "dsl"}), frozenset("abc"))


def test_one_of_two_leads_named_by_person_takes_the_leads_part_with_them():
    """Leads answer for each other, so that a concern about one of them is the headteacher's, and the other keeps sight of hers."""
    held = {"dsl": frozenset("ab"), "headteacher": frozenset("h")}
    assert entangled((), held, frozenset("a")) == Involved(frozenset({"dsl"}), frozenset("a"))


@given(
    st.dictionaries(st.sampled_from(ROLES), st.frozensets(st.sampled_from("pqrs"), min_size=1)),
    st.frozensets(st.sampled_from(ROLES)),
    st.frozensets(st.sampled_from("pqrs")),
)
def test_no_role_is_left_to_people_who_are_all_involved(held, named, people):
    """A role of which nobody is left is not told, so that no clock runs for a rung on which nobody stands."""
    part = entangled(named, held, people)
    assert people | {one for role in named for one in held.get(role, ())} == part.people
    assert named <= part.roles
    assert all(role in part.roles for role, holders in held.items() if holders <= part.people)
    assert all(held[role] & part.people for role in part.roles - named)


def test_an_emergency_still_reaches_those_whom_the_words_do_not_name():
    """In a fright "his head" reads like a role: the lead is told all the same, and the chair stands in for the headteacher."""
    no_chair = Route("danger", to=("dsl", "headteacher"), climb=(("deputy_dsl",),))
    assert rungs(EMERGENCY, frozenset({"headteacher"})) == (("dsl", "deputy_dsl"), ("chair",))
    assert rungs(no_chair, frozenset({"headteacher"})) == (("dsl",), ("deputy_dsl",), ("chair",))


@given(routes, left_out)
def test_whoever_is_left_out_stands_on_no_rung(route, out):
    """Whatever the school wrote into its routes, no role that is part of it is ever told."""
    told = [role for rung in rungs(route, out) for role in rung]
    assert not out.intersection(told)


@given(routes, left_out)
def test_no_rung_is_empty_and_nobody_is_told_twice(route, out):
    """An emptied rung falls to the next at once, and a role hears of a case on one rung only."""
    ladder = rungs(route, out)
    told = [role for rung in ladder for role in rung]
    assert all(ladder)
    assert len(told) == len(set(told))


@given(routes)
def test_without_anybody_involved_the_whole_route_is_told_in_its_order(route):
    """Leaving nobody out loses nobody and moves nobody."""
    written = [role for rung in ((*route.to, *route.also), *route.climb) for role in rung]
    assert [role for rung in rungs(route, frozenset()) for role in rung] == list(dict.fromkeys(written))
