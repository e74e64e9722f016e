"""`signpost policy`: bring a school's own policy in, look at it, and put it live."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import typer

app = typer.Typer(no_args_is_help=True, help="Bring a school's own policy in, look at it, and put it live.")
# What can be done with a policy is a file beside this one: _policy_import.py is `signpost policy import`.
for _file in sorted(Path(__file__).parent.glob("_policy_*.py")):
    app.command(_file.stem.removeprefix("_policy_"))(import_module(f"bot.commands.{_file.stem}").command)


@app.callback()
def _group() -> None:
    """Keeps the name of what is done in the command line also while there is only one."""
