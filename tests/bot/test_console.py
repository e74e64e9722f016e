"""The terminal channel: on a pipe as a person would use it, and what it prints to whom."""

import asyncio
import io
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from rich.console import Console as Screen

from bot.app import App, running
from bot.channel import ChannelContext, Misconfigured, SendFailed
from bot.channels.console import Console
from bot.clock import RehearsalClock, SystemClock
from bot.commands.chat import in_terminal
from bot.messages import Address, Choice, Reply
from bot.rehearsal import PERSONAS, persona
from bot.schools import load
from tests.fakes import MONDAY
from tests.site import for_real, rehearsing

REPORT = (
    *("report something", "1", "no", "parent", "yes", "no", "pupil", "my child", "none of these"),
    *("skip", "skip", "skip", "skip", "He asked three times.", "skip", "no", "skip", "send"),
)


class Sitting:
    """Somebody at the keyboard whose lines are known beforehand, and what they saw."""

    def __init__(self, app: App, console: Console, screen: io.StringIO) -> None:
        self.app, self.console, self.screen = app, console, screen
        self.receive = app.conversations.receive

    async def types(self, *lines: str) -> str:
        """Type LINES and return what was printed meanwhile."""

        async def typed() -> AsyncIterator[str]:
            for line in lines:
                yield f"{line}\n"

        self.console._lines = typed
        start = len(self.screen.getvalue())
        async with asyncio.timeout(30):
            await self.console.run(self.receive)
        return self.screen.getvalue()[start:]


async def _nobody() -> AsyncIterator[str]:
    await asyncio.Event().wait()
    yield ""


@pytest.fixture
async def sitting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sitting]:
    """A terminal in front of a real bot, on a Monday morning in term. Nobody types until the test does."""
    monkeypatch.setattr("bot.channels.console._piped", _nobody)
    monkeypatch.setattr("bot.channels.console.SETTLED_AFTER", 0.1)
    config = in_terminal(rehearsing(tmp_path), tmp_path / "data")
    async with running(config, RehearsalClock(MONDAY)) as app:
        console = app.channels["console"]
        assert isinstance(console, Console)
        screen = io.StringIO()
        console._screen = Screen(file=screen, width=100, soft_wrap=True, highlight=False)
        yield Sitting(app, console, screen)


async def test_a_question_typed_is_answered(sitting: Sitting):
    """The same bot as on the page, in plain text."""
    shown = await sitting.types("Can a teacher accept a friend request from a pupil?")
    assert "6.2" in shown
    assert all(line == line.rstrip() for line in shown.splitlines())


async def test_a_number_presses_the_button_that_was_shown_with_it(sitting: Sitting):
    """Choices are counted from one; a number beyond them is words."""
    assert "What would you like to report?" in await sitting.types("hello", "2")
    assert "Question 1" not in await sitting.types("99")


async def test_a_push_to_somebody_else_is_a_marked_block(sitting: Sitting):
    """Whoever plays the parent sees at once whom the report has reached, and not what was written in it."""
    shown = await sitting.types(*REPORT)
    block = shown[shown.index("→ to the safeguarding lead") :]
    assert "needs you" in block
    assert "He asked three times." not in block


async def test_one_person_can_play_everybody(sitting: Sitting):
    """/as changes who types; the card's buttons are then theirs, and the parent hears that it was seen."""
    await sitting.types(*REPORT)
    shown = await sitting.types("/as lead", "1")
    assert "You are now the safeguarding lead." in shown
    assert "→ to a parent" in shown
    assert "was seen at" in shown


async def test_the_clock_can_be_moved_until_the_report_has_climbed(sitting: Sitting):
    """/next goes to whatever is due: the deputy is told next, and at the end there is nothing left to wait for."""
    await sitting.types(*REPORT)
    assert "→ to the deputy safeguarding lead" in await sitting.types("/next")
    shown = await sitting.types(*["/next"] * 5)
    assert "Nothing is waiting to happen." in shown


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/as", "/as lead"),
        ("/as nobody", "You can be"),
        ("/speed 60", "60 times"),
        ("/speed 7", "/speed 600"),
        ("/help", "/quit"),
        ("/", "/quit"),
        ("/nonsense", "/quit"),
        ("/next", "Nothing is waiting"),
    ],
)
async def test_every_command_answers(sitting: Sitting, line: str, answer: str):
    """Also one that does not exist: it shows those that do."""
    assert answer in await sitting.types(line)


async def test_quit_ends_the_sitting_and_nothing_after_it_is_sent(sitting: Sitting):
    """What stands behind /quit is not read."""
    shown = await sitting.types("/quit", "hello")
    assert "Hello. I am Signpost" not in shown
    assert sitting.console.finished.is_set()


async def test_a_place_nobody_sits_at_is_refused_for_good(sitting: Sitting):
    """A reply to an unknown place is not tried for ever."""
    with pytest.raises(SendFailed) as failed:
        await sitting.console.send(Address("console", "nobody"), Reply("x", (Choice("a", "a"),), about="q"), "k")
    assert failed.value.permanent


async def test_the_console_refuses_to_run_for_real(tmp_path: Path):
    """Anybody at that keyboard could be the safeguarding lead: it works in a rehearsal only, and says so."""
    schools = {"rosebrook": load("rosebrook")}
    context = ChannelContext(for_real(tmp_path), SystemClock(), schools, lambda name: None, None, asyncio.Event())
    with pytest.raises(Misconfigured, match="rehearsals only"):
        await Console(context, Screen(file=io.StringIO())).run(lambda school, message: None)


def test_a_person_is_found_by_whatever_they_are_called():
    """Keys, labels and the short words that people use, in any case."""
    assert [persona(word).key for word in ("lead", "DSL", "Head", " deputy ", "Parent")] == [
        "dsl",
        "dsl",
        "headteacher",
        "deputy_dsl",
        "parent",
    ]
    assert persona("") is None
    words = [word for one in PERSONAS for word in (one.key, one.label.casefold(), *one.words)]
    assert len(set(words)) >= len(words) - len(PERSONAS), "no word may name two people"
    assert all(persona(word) is one for one in PERSONAS for word in (one.key, one.label, *one.words))


def test_the_command_works_on_a_pipe_and_leaves_nothing_behind(tmp_path: Path):
    """`signpost chat` reads lines, answers each, ends at the end of the input with 0, and keeps neither data nor history."""
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat"],
        input="hello\nCan I post a photo of the school play?\n",
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "HOME": str(home), "TMPDIR": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "› hello" in done.stdout
    assert done.stdout.count("Hello. I am Signpost") == 1
    assert "(section 5)" in done.stdout.split("school play?")[1]
    assert [path for path in tmp_path.rglob("*") if path != home] == []
