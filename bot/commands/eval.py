"""`signpost eval`: score what the bot knows against examples that others wrote."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Score what the bot knows against examples that others wrote.")
# What can be scored is a file beside this one: _eval_sections.py is `signpost eval sections`.
for _file in sorted(Path(__file__).parent.glob("_eval_*.py")):
    app.command(_file.stem.removeprefix("_eval_"))(import_module(f"bot.commands.{_file.stem}").command)


@app.callback()
def _group() -> None:
    """Keeps the name of what is scored in the command line also while there is only one."""
