"""Nobody is written to whose words cannot say any more that it is not safe: not by any act on a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import case_closing, receipts, schools
from bot.ninety import View, ninety
from flows.cases.case import Case, Said, Severity, Status
from storage.kept import Person

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SAFE = Said("Is it safe to write to you here?", "Yes", receipts.SAFE)
NOT_SAFE = replace(SAFE, answer="No")


def case(*said: Said, **more: object) -> Case:
    """A report that SAID that much."""
    about = Case(
        id="1", reference="SP-7K2M4", matter="bullying_of_pupil", severity=Severity.HIGH, opened_at=NOW, said=said,
        reporter="somebody", rungs=(("dsl",),),
    )  # fmt: skip
    return replace(about, **more)


@pytest.mark.parametrize(("said", "may"), [((), True), ((SAFE,), True), ((NOT_SAFE,), False), ((SAFE, NOT_SAFE), False)])
def test_whoever_said_that_it_is_not_safe_is_not_written_to(said: tuple[Said, ...], may: bool):
    """Once said, it holds, whatever was answered before."""
    assert receipts.may_write(case(*said)) is may


def test_once_the_words_are_gone_nobody_is_written_to():
    """A purged report says nothing, and so not that it is not safe: neither closing, opening again nor a page offers to write."""
    gone = case(purged_at=NOW, status=Status.CLOSED)
    school = schools.load("rosebrook")
    assert not receipts.may_write(gone)
    assert case_closing.reporter_told(gone, school, NOW) is None
    assert case_closing.reporter_told_again(gone, school) is None
    page = ninety(View(gone, school, Person("p", "A", roles=("dsl",), places=()), NOW, "closed"), ())
    text = "\n".join(one.text for one in page)
    assert "Ready to send" not in text
    assert "not safe" not in text, "they may never have said so"
