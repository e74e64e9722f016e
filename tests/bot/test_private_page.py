"""Where others may read along, somebody can go to the private page: it is told where that is, and nothing is kept here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config.model import Web
from tests.fakes import FakeChannel
from tests.filling import asked_in, begins
from tests.talk import Talk, settings, talking


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[Talk]:
    """A bot that is only in a workspace."""
    async with talking(settings(tmp_path), channel=FakeChannel("slack")) as talk:
        yield talk


@pytest.fixture
async def slack_and_web(tmp_path: Path) -> AsyncIterator[Talk]:
    """A bot in a workspace whose school has a page on the web as well."""
    config = settings(tmp_path).model_copy(update={"channels": ("web",), "web": Web(base_url="https://ask.school.example")})
    async with talking(config, channel=FakeChannel("slack")) as talk:
        yield talk


async def test_the_address_of_the_schools_own_page_is_given(slack_and_web: Talk):
    """Nothing that was said here goes there: the page asks the same questions."""
    teacher = slack_and_web["Teacher"]
    await begins(teacher, until="workspace", you="staff", adult_part="yes")
    (said,) = await teacher.says("the private page")
    assert "https://ask.school.example/chat/rosebrook" in said.text
    assert "Nothing you said here was kept" in said.text


async def test_without_a_page_the_reason_and_the_office_are_given(slack: Talk):
    """An address that nobody can reach would be worse than none."""
    teacher = slack["Teacher"]
    await begins(teacher, until="workspace", you="staff", adult_part="yes")
    (said,) = await teacher.says("the private page")
    assert "There is no private page here" in said.text
    assert "ring the school office" in said.text
    assert "http" not in said.text


async def test_the_draft_is_gone_for_good(slack: Talk):
    """There is nothing to carry on, no question is open, and no button of the report brings it back."""
    teacher = slack["Teacher"]
    replies = await begins(teacher, until="workspace", you="staff", adult_part="yes")
    old = replies[-1]
    await teacher.says("the private page")
    assert not asked_in(await teacher.says("carry on"))
    await slack.send("Teacher", "here", about=old.about, pressed=True)
    assert not asked_in(await teacher.reads())


async def test_going_on_here_goes_on(slack: Talk):
    """It is a choice, not a door that closes."""
    teacher = slack["Teacher"]
    await begins(teacher, until="workspace", you="staff", adult_part="yes")
    assert asked_in(await teacher.says("go on here")) == "adult_role"


async def test_nobody_is_asked_where_nobody_reads_along(talk: Talk):
    """On a channel of the school's own the question does not come."""
    assert asked_in(await begins(talk["Teacher"], until="adult_role", you="staff", adult_part="yes")) == "adult_role"
