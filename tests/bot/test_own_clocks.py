"""A school's own clocks: somebody has to have a report sooner than usual, and never later."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import schools, summaries
from bot.school_file import SchoolError
from flows.cases.calendar import Calendar
from flows.cases.case import Case, Severity
from flows.cases.clocks import due, notices, wait
from tests.bot.test_after_sending import worried
from tests.fakes import MONDAY
from tests.talk import Talk

USUAL = {"immediate": 5, "high": 60, "medium": 360, "low": 840}


def school_with(tmp_path: Path, clocks: str) -> schools.School:
    """Rosebrook with CLOCKS in its file."""
    home = tmp_path / "rosebrook"
    shutil.copytree(schools.SHIPPED / "rosebrook", home)
    (home / "school.toml").write_text(f"{(home / 'school.toml').read_text()}\n[clocks]\n{clocks}\n")
    return schools.load("rosebrook", tmp_path)


def test_what_the_school_says_is_what_a_step_has(tmp_path: Path):
    """The next is told after the school's own minutes; what the school leaves out stays as usual."""
    school = school_with(tmp_path, "high = 30\nmedium = 120")
    case = Case("1", "SP-7K2M4", "bullying_of_pupil", Severity.HIGH, MONDAY, rungs=(("dsl",), ("deputy_dsl",)))
    after = [one.due_at - MONDAY for one in notices(case, school.calendar, MONDAY)]
    assert after == [timedelta(minutes=step * 30) for step in range(3)]
    assert due(case, MONDAY, school.calendar) == MONDAY + timedelta(minutes=30)
    assert wait(Severity.MEDIUM, school.calendar).span == timedelta(hours=2)
    assert wait(Severity.LOW, school.calendar) == wait(Severity.LOW, replace(school.calendar, paces=()))


def test_the_card_says_the_schools_own_time(tmp_path: Path):
    """A card that says an hour where the next is told after half of one would be a lie."""
    school = school_with(tmp_path, "high = 30\nmedium = 120")
    assert summaries.how_soon(Severity.HIGH, school) == "within 30 minutes"
    assert summaries.how_soon(Severity.MEDIUM, school) == "within 120 minutes of opening time"
    assert summaries.how_soon(Severity.LOW, school) == "within two school days"


@pytest.mark.parametrize("name", USUAL)
def test_more_than_usual_is_refused_with_the_most_that_may_be_written(tmp_path: Path, name: str):
    """Nobody makes a danger wait, by a slip or on purpose: the message names the file, the key and the remedy."""
    said = re.escape("school.toml: clocks.") + f"{name}.*at most {USUAL[name]}"
    with pytest.raises(SchoolError, match=said):
        school_with(tmp_path, f"{name} = {USUAL[name] + 1}")


@pytest.mark.parametrize("severity", Severity)
def test_a_clock_that_is_longer_all_the_same_is_cut(severity: Severity):
    """However it came to be: nothing waits longer than usual."""
    longer = Calendar(paces=((severity.value, timedelta(days=30)),))
    assert wait(severity, longer) == wait(severity, Calendar())


async def test_the_bot_climbs_by_it(talk: Talk):
    """Through the real path: after the school's own half hour the deputy has it."""
    school = talk.app.schools[talk.school]
    paced = replace(school.calendar, paces=(("high", timedelta(minutes=30)),))
    talk.app.schools[talk.school] = replace(school, calendar=paced)
    await worried(talk)
    await talk.passes(minutes=29)
    assert not await talk["Deputy"].reads()
    await talk.passes(minutes=2)
    assert await talk["Deputy"].reads()
