"""`signpost people`: who holds which role, where they are reached, and who is away. Every change is in the audit, and is told."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import typer

EXAMPLES = """\
[bold]Examples[/]

signpost people add "A. Person" --role dsl --place telegram:12345

signpost people show "A. Person"

signpost people role "A. Person" deputy_dsl            give a role

signpost people role "A. Person" deputy_dsl --take     take it away again

signpost people away "A. Person" --from 2027-03-03 --until 2027-03-11 --stands-in "B. Person"

signpost people away "A. Person" --back
"""

app = typer.Typer(
    no_args_is_help=True,
    help="Who holds which role, where they are reached, and who is away.",
    epilog=EXAMPLES,
    rich_markup_mode="rich",
)
# What can be done is a file beside this one: _people_away.py is `signpost people away`.
for _file in sorted(Path(__file__).parent.glob("_people_*.py")):
    app.command(_file.stem.removeprefix("_people_"))(import_module(f"bot.commands.{_file.stem}").command)
