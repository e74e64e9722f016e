"""The `signpost` command. It finds its commands by listing bot/commands/ and imports only the one that is called."""

from __future__ import annotations

import ast
import importlib
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

FOLDER = Path(__file__).parent / "commands"
WHAT = "Signpost answers from a school's own policy, takes guided reports, and brings each to the right person."
EXAMPLES = """\
[bold]Examples[/]

signpost init              a few questions, then the settings and the key

signpost check             is everything in place?

signpost run               start it

signpost run --rehearsal   try it out: nothing leaves this machine

signpost ask "Can I add a pupil on Instagram?"
"""


class Commands(TyperGroup):
    """The commands are files. Listing them reads their first sentence; only the one that is called is imported."""

    folder: ClassVar[Path] = FOLDER

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the interface's shape
        return sorted(path.stem for path in self.folder.glob("*.py") if not path.stem.startswith("_"))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command's name and first sentence, for the list of commands."""
        if cmd_name not in self.list_commands(ctx):
            return None
        return TyperCommand(cmd_name, help=_first_sentence(self.folder / f"{cmd_name}.py"))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The real command, now that somebody asks for it."""
        name, *rest = args
        known = self.list_commands(ctx)
        if name not in known:
            near = get_close_matches(name, known, n=1)
            ctx.fail(f"There is no command “{name}”. " + (f"Did you mean “{near[0]}”?" if near else f"Known: {', '.join(known)}."))
        return name, _real(name), rest


def _first_sentence(file: Path) -> str:
    """What FILE's docstring says after the command's name, without importing it."""
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    sentence = said.split("\n")[0].partition(": ")[2]
    return sentence[:1].upper() + sentence[1:]


def _real(name: str) -> Any:
    module = importlib.import_module(f"bot.commands.{name}")
    if hasattr(module, "app"):
        group = get_command(module.app)
        group.name = name
        return group
    single = typer.Typer(add_completion=False)
    single.command(name)(module.command)
    return get_command(single)


@dataclass
class _Chosen:
    """What stood before the command's name."""

    debug: bool = False


chosen = _Chosen()
cli = typer.Typer(
    cls=Commands,
    help=WHAT,
    epilog=EXAMPLES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _version(*, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - only who asks for it pays for it

        typer.echo(f"signpost {version('signpost')}")
        raise typer.Exit


def _debug(*, wanted: bool) -> None:
    chosen.debug = wanted


# Both are eager: they hold from before the command is even looked for.
VERSION = typer.Option(
    "--version", is_eager=True, callback=lambda wanted: _version(wanted=wanted), help="Say which version this is."
)
DEBUG = typer.Option(
    "--debug", is_eager=True, callback=lambda wanted: _debug(wanted=wanted), help="Where something fails, show the way there."
)


@cli.callback()
def _options(*, version: Annotated[bool, VERSION] = False, debug: Annotated[bool, DEBUG] = False) -> None:
    """Only what stands before the command's name; typer has called back for both by now."""
    del version, debug


def main() -> None:
    """Run the command line. Whatever goes wrong ends as one readable line with a remedy, never as a traceback."""
    try:
        cli(prog_name="signpost")
    except Exception as error:  # noqa: BLE001 - the last resort: said to the person, with the types and places only
        from bot.commands._problems import explain  # noqa: PLC0415 - only a failure pays for it

        explain(error, debug=chosen.debug)
        sys.exit(2)


if __name__ == "__main__":
    main()
