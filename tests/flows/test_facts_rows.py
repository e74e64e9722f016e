"""Every row of the five schools' routing tables, as a person reads them out of the policies, against the routes we ship.

The rows in facts/ were written from the analysis of the documents and never from school.toml: a route that is changed there
fails here until somebody has looked at the row again.
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from bot import schools
from flows.cases.routing import CHAIR, CLASS_TEACHER, HEADTEACHER, rungs
from flows.matters import MATTERS
from tests.flows.facts import congerstone, edith_cavell, mosaic, rosebrook, trent
from tests.flows.facts.table import SAID_AS, Row

TABLES: dict[str, tuple[Row, ...]] = {
    "rosebrook": rosebrook.ROWS,
    "trent": trent.ROWS,
    "congerstone": congerstone.ROWS,
    "edith-cavell": edith_cavell.ROWS,
    "mosaic": mosaic.ROWS,
}
ROWS = [pytest.param(school, row, id=f"{school} {row.event} {row.matter}") for school, rows in TABLES.items() for row in rows]

# Where a table's short name for a passage stands in our edition of the policy: the passage itself or whatever is below it.
PLACES: dict[str, tuple[str, ...]] = {
    "SOI": ("statement-of-intent",),
    "6.9–6.16": tuple(f"6.{number}" for number in range(9, 17)),
    "CO-front": ("document-control",),
    "CO-links": ("links-to-other-policies",),
    "CO-gov": ("application-to-governors",),
    "CO-purpose": ("purpose",),
    "CO-use": ("use-of-social-media",),
    "CO-disc": ("disciplinary-action",),
    "CO-mon": ("monitoring",),
    "CO-groups": ("employee-groups",),
    # Sixteen points in the document; some are two rules in our edition.
    **{
        f"CO-resp.{number}": tuple(f"employee-responsibility.{letter}" for letter in letters)
        for number, letters in enumerate(("ab", "c", "de", "f", "g", "h", "i", "j", "k", "l", "mn", "o", "p", "q", "r", "st"), 1)
    },
    "front": ("responsibility",),
    "links": ("related-policies",),
    "School-Action": ("D.school-action",),
    "App1": ("appendix-1",),
    "MO-scope": ("scope",),
    "MO-work": ("use-in-worktime",),
    "MO-service": ("school-service",),
    "MO-tou": ("terms-of-use",),
    "MO-staff": ("guidance-for-staff",),
    "MO-pupil": ("guidance-for-pupils",),
    "MO-cp": ("child-protection-guidance",),
    "MO-cyber": ("cyber-bullying",),
    "MO-A-insta": ("appendix-a-instagram",),
}


load = cache(schools.load)


def places(name: str) -> tuple[str, ...]:
    """Where the passage that a table calls NAME stands: D4 is D.4 there, what was not renamed as in the document."""
    return PLACES.get(name, (re.sub(r"^([A-J])(\d+)$", r"\1.\2", name),))


def within(ref: str, name: str) -> bool:
    """Whether REF of a policy is the passage that a table calls NAME."""
    return any(ref == place or ref.startswith(f"{place}.") for place in places(name))


def expected(row: Row) -> tuple[str, str, str]:
    """Who is told first, who as well, and the label: as the table has it, but for what departs."""
    departs, label = row.departs, "default" if row.silent else "policy"
    if departs is None:
        return row.first, row.also, label
    said = {"first": departs.first, "also": departs.also, "label": departs.label}
    first, also, label = (
        table if said[key] is None else str(said[key])
        for key, table in (("first", row.first), ("also", row.also), ("label", label))
    )
    return first, also, label


def roles(words: str) -> set[str]:
    """The roles in a row's WORDS."""
    return {role for word in words.split() for role in word.split("/")}


@pytest.mark.parametrize("school", TABLES)
def test_the_table_has_a_row_for_every_matter_of_every_event(school):
    """E01 to E40, each once for each of the matters it is split into by who did it."""
    assert sorted(row.matter for row in TABLES[school]) == sorted(one.name for one in MATTERS.values() if one.event)
    assert all(MATTERS[row.matter].event == row.event for row in TABLES[school])
    assert {row.event for row in TABLES[school]} == {f"E{number:02}" for number in range(1, 41)}


@pytest.mark.parametrize(("school", "row"), ROWS)
def test_who_is_told_is_who_the_table_says(school, row):
    """The first recipients and those who are also informed, and none besides; one inbox is told once, by whichever role."""
    route = load(school).routes[row.matter]
    first, also, _ = expected(row)
    assert set(route.to) | set(route.also) == roles(first) | roles(also)
    assert set(route.to) <= roles(first)
    for inbox in first.split():
        assert set(route.to) & set(inbox.split("/"))


@pytest.mark.parametrize(("school", "row"), ROWS)
def test_what_the_document_does_not_say_is_labelled_as_our_default(school, row):
    """A row in which the document is silent is never shown as the school's rule, nor a rule as our own."""
    assert load(school).routes[row.matter].label == expected(row)[2]


@pytest.mark.parametrize(("school", "row"), ROWS)
def test_the_references_are_those_of_the_table(school, row):
    """Each is given, and none that nobody read there."""
    given = load(school).routes[row.matter].ref
    for name in row.ref.split():
        assert any(within(ref, name) for ref in given), name
    for ref in given:
        assert any(within(ref, name) for name in (*row.ref.split(), *row.more.split())), ref


@pytest.mark.parametrize(("school", "row"), ROWS)
def test_time_words_are_said_where_the_document_has_them_and_nowhere_else(school, row):
    """What is to be told immediately says so; where no time is given we invent none."""
    said = load(school).routes[row.matter].within
    assert bool(said) is bool(row.when)
    for word in row.when:
        assert any(ours in said for ours in SAID_AS[word]), word


@pytest.mark.parametrize(("school", "row"), [one for one in ROWS if one.values[1].never])
def test_who_may_never_be_told_stands_on_no_rung(school, row):
    """Neither at once nor when it climbs."""
    told = {role for rung in rungs(load(school).routes[row.matter], frozenset()) for role in rung}
    assert told
    assert not told & set(row.never.split())


@pytest.mark.parametrize(("school", "row"), [one for one in ROWS if one.values[1].departs])
def test_a_departure_departs_and_says_why(school, row):
    """One that says what the table says anyway is taken out, so that the list stays the list of our decisions."""
    assert len(row.departs.why) > 30
    assert expected(row) != (row.first, row.also, "default" if row.silent else "policy"), school


@pytest.mark.parametrize(
    ("school", "row"), [one for one in ROWS if CLASS_TEACHER in f"{one.values[1].first} {one.values[1].also}".replace("/", " ")]
)
def test_where_the_class_teacher_is_first_a_step_says_so(school, row):
    """Whoever is told brings the child's own teacher in; not where an adult of the school is the worry: it might be that one."""
    route = load(school).routes[row.matter]
    assert row.matter == "contact_staff_to_pupil" or any("teacher" in step for step in route.steps), route.steps


def test_at_rosebrook_the_leads_come_first_when_a_pupil_asked_and_the_headteacher_when_a_parent_did():
    """Both are told; the order says who is expected to act (trap 1 of its analysis)."""
    routes = load("rosebrook").routes
    assert routes["contact_pupil_to_staff"].to[0] == "dsl"
    assert routes["contact_parent_to_staff"].to[0] == HEADTEACHER


@pytest.mark.parametrize("school", TABLES)
def test_the_chair_waits_only_behind_reports_about_adults(school):
    """The chair hears of headteacher, governors and complaints, and last of a concern about staff; of no other pupil report."""
    about_adults = {"contact_staff_to_pupil", "contact_staff_to_parent", "bullying_by_staff", "staff_conduct", "complaint",
                    "about_headteacher", "about_governor", "false_allegation"}  # fmt: skip
    for route in load(school).routes.values():
        told = {role for rung in rungs(route, frozenset()) for role in rung}
        assert CHAIR not in told or route.matter in about_adults or route.matter.endswith("by_staff"), route.matter
