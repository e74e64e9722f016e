"""Nobody left to tell: found by `signpost check` before it happens, by role, by day, by event and by person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.changing_roles import Staff
from bot.holders import gaps
from bot.people import told_now, with_stand_in
from bot.schools import load
from flows.cases.case import Case, Severity
from storage.kept import Person
from storage.staffing import Holding

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SCHOOL = load("rosebrook")
# One person for every role that any report of Rosebrook reaches, each in a place of their own.
EVERYBODY = tuple(Person(role, role.title(), (role,), (("web", role),)) for role in SCHOOL.roles)


def staff(*people: Person, holdings: tuple[Holding, ...] = ()) -> Staff:
    """The school with these PEOPLE, whose roles are confirmed."""
    return Staff(SCHOOL, {one.id: one for one in people}, holdings)


def without(*roles: str) -> tuple[Person, ...]:
    """Everybody but those who hold ROLES."""
    return tuple(one for one in EVERYBODY if one.id not in roles)


def one(role: str, **more: object) -> Person:
    """Whoever holds ROLE, but for what is said otherwise."""
    return replace(next(person for person in EVERYBODY if person.id == role), **more)


def found(given: Staff, channels=("web",), *, live: bool = False) -> list[str]:
    """What there is to see to."""
    return [gap.text for gap in gaps(given, channels, NOON, live=live)]


def test_a_school_where_everybody_is_there_lacks_nothing():
    """One person for each role, all reached: no report about any of them is without somebody."""
    assert found(staff(*EVERYBODY)) == []


@pytest.mark.parametrize("role", ["dsl", "headteacher", "chair", "deputy_dsl"])
def test_a_role_that_nobody_holds_stops_a_school_that_goes_live(role):
    """And is a warning before that, with the command that helps."""
    for live in (True, False):
        (gap,) = [gap for gap in gaps(staff(*without(role)), ("web",), NOON, live=live) if "Nobody is the" in gap.text]
        assert gap.level == ("error" if live else "warning")
        assert f"signpost people add NAME --role {role}" in gap.text


def test_a_holder_without_a_place_that_runs_is_named():
    """Nowhere at all, or only in a channel that is not configured; alone in the role, or beside somebody who is reached."""
    assert any("can be reached nowhere" in text for text in found(staff(*without("dsl"), one("dsl", places=()))))
    elsewhere = one("dsl", places=(("slack", "U1"),))
    assert any("in no channel that is configured (web)" in text for text in found(staff(*without("dsl"), elsewhere)))
    second = one("dsl", id="second", name="Second", places=())
    (text,) = found(staff(*EVERYBODY, second))
    assert text.startswith("Second, who holds the role of safeguarding lead (DSL), can be reached in no channel that runs.")


def test_days_on_which_nobody_of_a_role_is_there_are_found_a_fortnight_ahead():
    """From the first to the last of them; one who stays, or stands in, is enough; later ones are left for later."""
    away = {"away_from": NOON + 3 * DAY, "away_until": NOON + 5 * DAY}
    (text,) = found(staff(*without("dsl"), one("dsl", **away)))
    assert "Everybody who is the safeguarding lead (DSL) is away from Thursday 26 November to Friday 27 November" in text
    second = one("dsl", id="second", places=(("web", "second"),))
    assert found(staff(*without("dsl"), one("dsl", **away), second)) == []
    assert found(staff(*without("dsl"), one("dsl", **away, stands_in="office"))) == []
    later = {"away_from": NOON + 20 * DAY, "away_until": NOON + 25 * DAY}
    assert found(staff(*without("dsl"), one("dsl", **later))) == []
    long = {"away_from": None, "away_until": NOON + 100 * DAY}
    (text,) = found(staff(*without("dsl"), one("dsl", **long)))
    assert "from Monday 23 November to Sunday 6 December" in text


def test_whoever_leaves_nobody_when_a_report_is_about_them_is_named_with_the_events():
    """One person in every role of a route: the events, and whom to add."""
    texts = found(staff(*without("chair")))
    (text,) = [text for text in texts if text.startswith("If a report is about Headteacher")]
    assert "nobody at the school is left to tell of E0" in text
    assert "more" in text
    assert "Add somebody else as Chair of the Local Academy Committee" in text


def test_a_chair_who_is_also_the_headteacher_is_found():
    """Nobody would stand above them."""
    both = one("headteacher", roles=("headteacher", "chair"))
    (text,) = found(staff(*without("headteacher", "chair"), both))
    assert text.startswith("Headteacher leads the school in more than one way")


def test_a_role_that_waits_to_be_confirmed_is_found_with_who_can():
    """Or with whom to add, where nobody can. Working at the school is nothing to confirm."""
    new = one("deputy_dsl", unconfirmed=frozenset({"deputy_dsl"}))
    held = (Holding("deputy_dsl", "deputy_dsl", NOON), Holding("office", "staff", NOON))
    (text,) = found(staff(*without("deputy_dsl"), new, holdings=held))
    assert "Deputy_Dsl is told of new reports only" in text
    assert text.endswith("Dsl, Headteacher and Chair can confirm it, in the chat or at the desk.")
    alone = staff(*without("deputy_dsl", "dsl", "headteacher", "chair"), new, holdings=held)
    assert any("Nobody can confirm it" in text for text in found(alone))


def test_those_who_stand_in_and_are_away_themselves_are_found():
    """In a circle or not; and whoever lost every role."""
    away = {"away_until": NOON + 2 * DAY}
    lead, deputy = one("dsl", **away, stands_in="deputy_dsl"), one("deputy_dsl", **away, stands_in="dsl")
    texts = found(staff(*without("dsl", "deputy_dsl"), lead, deputy))
    assert sum("They were to stand in for each other." in text for text in texts) == 2
    gone = Person("gone", "Gone")
    texts = found(staff(*without("dsl"), one("dsl", **away, stands_in="gone"), gone))
    assert any("holds no role any more" in text for text in texts)
    over = one("dsl", away_until=NOON - DAY, stands_in="gone")
    assert found(staff(*without("dsl"), over, gone)) == []


def test_who_is_told_now_are_those_who_are_there():
    """Of the first rung on which there is anybody, in the roles in which there is."""
    rungs = (("dsl", "deputy_dsl"), ("headteacher",))
    case = Case("c", "SP-AAAAA", "bullying_pupil_by_pupil", Severity.HIGH, NOON, rungs=rungs)
    away = {"away_until": NOON + DAY}
    assert told_now(case, EVERYBODY, NOON) == ("dsl", "deputy_dsl")
    assert told_now(case, (*without("dsl"), one("dsl", **away)), NOON) == ("deputy_dsl",)
    nobody_first = (*without("dsl", "deputy_dsl"), one("dsl", **away), one("deputy_dsl", places=()))
    assert told_now(case, nobody_first, NOON) == ("headteacher",)
    assert told_now(replace(case, concerns=frozenset({"dsl", "deputy_dsl", "headteacher"})), EVERYBODY, NOON) == ()
    instead = (*without("dsl", "deputy_dsl"), one("dsl", **away, stands_in="office"))
    assert told_now(case, instead, NOON) == ("dsl",)


def test_nobody_stands_in_who_stands_in_or_holds_no_role():
    """One step, and no further."""
    people = {person.id: person for person in (*EVERYBODY, Person("gone", "Gone"))}
    assert with_stand_in(one("dsl", stands_in="gone"), people).stand_in is None
    found_ = with_stand_in(one("dsl", stands_in="office"), people).stand_in
    assert found_ is not None
    assert found_.id == "office"
