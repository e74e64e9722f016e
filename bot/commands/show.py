"""`signpost show`: read a guided report as the conversation it will be, before anybody has to answer it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows import catalogue
from flows.flow import Flow, questions
from flows.question import Needs, Question


def command(
    name: Annotated[str, typer.Argument(help="The report; without one, all of them are listed.", show_default=False)] = "",
) -> None:
    """Read a guided report: its questions in order, what can be pressed, and why each is asked.

    Example: signpost show friend_request
    """
    out = Console(highlight=False)
    if name:
        _transcript(out, catalogue.flow(name))
        return
    table = Table("Report", "Title", "Questions", box=None, header_style="bold")
    for each in catalogue.names():
        flow = catalogue.flow(each)
        table.add_row(each, escape(flow.title), str(len(questions(flow))))
    out.print(table)


def _transcript(out: Console, flow: type[Flow]) -> None:
    out.print(f"[bold]{escape(flow.title)}[/]")
    out.print(f"[dim]heard as: {escape(', '.join(flow.heard_as))}[/]\n")
    out.print(escape(flow.intro))
    asked = questions(flow)
    for number, question in enumerate(asked, 1):
        out.print(f"\n[cyan]{number}. {escape(question.text)}[/]")
        for line in _about(question):
            out.print(f"   [dim]{escape(line)}[/]")
        for place, choice in enumerate(question.choices, 1):
            out.print(f"     {place}. {escape(choice.label)}" + _goodbye(question, choice.value))


def _about(question: Question) -> list[str]:
    lines = [f"only {' or '.join(_needs(way) for way in question.when)}"] if question.when else []
    if question.optional:
        lines.append("may be skipped")
    if question.why:
        lines.append(f"why: {question.why}")
    if question.help:
        lines.append(f"help: {question.help}")
    return lines


def _needs(way: Needs) -> str:
    return " and ".join(
        f"when {name} is {' or '.join(map(str, wanted)) if isinstance(wanted, tuple) else wanted}" for name, wanted in way.items()
    )


def _goodbye(question: Question, value: str) -> str:
    return f"  [dim]→ ends here: {escape(question.stops[value])}[/]" if value in question.stops else ""
