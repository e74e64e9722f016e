"""A request is approved or declined once, and is closed by that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from flows.cases.case import Case, Decision, NotPossible, Severity, Status, acknowledge, decide
from flows.cases.routing import Route, deciders

NOW = datetime(2026, 3, 27, 20, 0, tzinfo=UTC)
ASKED = Case("c1", "SP-7K2M4", "site_to_unblock", Severity.LOW, NOW)


@pytest.mark.parametrize(("approved", "decision"), [(True, Decision.APPROVED), (False, Decision.DECLINED)])
@pytest.mark.parametrize("case", [ASKED, acknowledge(ASKED, "p2", NOW)], ids=["waiting", "somebody has it"])
def test_a_decision_closes_it_and_says_who_and_when(case, approved, decision):
    """Whether or not somebody had said before that they have it."""
    later = NOW + timedelta(hours=1)
    decided = decide(case, "p1", later, approved=approved)
    assert (decided.status, decided.decision, decided.holder, decided.closed_at) == (Status.CLOSED, decision, "p1", later)
    assert not decided.waiting


@pytest.mark.parametrize("first", [True, False])
def test_what_was_decided_stays_decided(first):
    """Whoever comes second is told what it was, in words they can be shown."""
    decided = decide(ASKED, "p1", NOW, approved=first)
    said = "approved" if first else "declined"
    for second in (True, False):
        with pytest.raises(NotPossible, match=rf"SP-7K2M4 has already been {said}\."):
            decide(decided, "p2", NOW, approved=second)


@pytest.mark.parametrize(
    ("route", "roles"),
    [
        (Route("site_to_unblock", ("headteacher", "dsl")), ("headteacher", "dsl")),
        (Route("new_account", ("headteacher",), decides=("headteacher", "slt")), ("headteacher", "slt")),
        (Route("site_to_open", ("it",)), ()),
        (Route("existing_relationship", ("headteacher",)), ()),
    ],
)
def test_who_decides_is_who_is_told_first_unless_the_route_says_others(route, roles):
    """And nobody, where nothing is asked for."""
    assert deciders(route) == roles
