"""`signpost case`: close a case with its outcome, take its record out, hold it, or make an end of its words."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import typer

app = typer.Typer(no_args_is_help=True, help="Close a case with its outcome, take its record out, hold it, or erase its words.")
# What can be done with a case is a file beside this one: _case_export.py is `signpost case export`.
for _file in sorted(Path(__file__).parent.glob("_case_*.py")):
    app.command(_file.stem.removeprefix("_case_"))(import_module(f"bot.commands.{_file.stem}").command)
