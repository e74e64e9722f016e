"""The command line in this process, for tests that type commands and read what comes back."""

from __future__ import annotations

from typer.testing import CliRunner

from bot import __main__ as command_line
from bot.commands import _problems

runner = CliRunner()


class Answer:
    """What a command printed, and how it ended."""

    def __init__(self, code: int, out: str, err: str):
        self.code, self.out, self.err = code, out, err


def signpost(*args: str, typed: str = "") -> Answer:
    """Run a command here, in this process, the way `main` does: failures as sentences on stderr."""
    result = runner.invoke(command_line.cli, args, input=typed)
    error = result.exception
    if error is None or isinstance(error, SystemExit):
        return Answer(result.exit_code, result.stdout, result.stderr)
    return Answer(2, result.stdout, result.stderr + _problems.sentence(error))


def done(*args: str, typed: str = "") -> str:
    """Run a command that must succeed; what it printed."""
    answer = signpost(*args, typed=typed)
    assert answer.code == 0, answer.out + answer.err
    return answer.out
