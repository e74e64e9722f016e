"""`signpost policy import`: read a school's own document and propose it, section by section, for a person to correct."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from bot.commands._shared import Refused
from knowledge.importing import Dropped, Found, Proposal, propose
from knowledge.policy import Policy

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SHOWN = 5  # dropped lines of a kind; --all shows every one


def command(  # noqa: PLR0917 - typer calls it, by name
    file: Annotated[Path, typer.Argument(help="The policy: .docx, .pdf, .txt, .md or .html.", show_default=False)],
    school: Annotated[str, typer.Option("--school", "-s", help="The school's short name, as its folder is called.")],
    to: Annotated[
        Path | None, typer.Option("--to", help="Where to write it; NAME-policy.md unless told.", show_default=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what was understood and write nothing.")] = False,
    keep_people: Annotated[bool, typer.Option("--keep-people", help="Leave names, phone numbers and e-mail addresses in.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file that is there already.")] = False,
    show_all: Annotated[bool, typer.Option("--all", help="Show every line that was left out, and every rule.")] = False,
) -> None:
    """Read a policy and propose it as a file that a person corrects. Nothing is published, and the document stays as it is.

    Example: signpost policy import "Social Media Policy 2025.docx" --school hill-top --dry-run
    """
    if not _NAME.fullmatch(school):
        raise Refused(f'"{school}" cannot be a school\'s short name. Write small letters, digits and dashes, such as hill-top.')
    goal = to or Path(f"{school}-policy.md")
    if goal.exists() and not dry_run and not replace:
        raise Refused(f"{goal} is there already, perhaps with corrections in it. Choose another with --to FILE, or say --replace.")
    out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 200)
    waiting = Console(stderr=True, highlight=False)
    with waiting.status("…") as status:
        proposal = propose(file, school, keep_people=keep_people, say=lambda what: status.update(escape(f"{what} …")))
    _show(out, proposal, keep_people=keep_people, show_all=show_all)
    if dry_run:
        out.print("\nNothing was written.")
        return
    goal.write_text(proposal.markdown(), encoding="utf-8")
    out.print(f"\nWritten to [bold]{escape(str(goal))}[/]. Read it against the document and correct it there; it is not published.")


def _show(out: Console, proposal: Proposal, *, keep_people: bool, show_all: bool) -> None:
    policy = proposal.policy
    out.print(_tree(policy, show_all=show_all))
    leaves, headings = len(policy.leaves()), sum(section.within is None for section in policy.sections)
    out.print(f"\n{leaves} rules and facts under {headings} headings; numbers are printed on {policy.numbered}.")
    dates = ", ".join(f"{name} {when}" for name in ("approved", "next_review") if (when := getattr(policy.dates, name)))
    out.print(
        f"Dates found: {dates.replace('_', ' ') or 'none. Add them to the file, or every answer says that they are missing'}."
    )
    for note in proposal.notes:
        out.print(f"[yellow]{escape(note)}[/]")
    _show_dropped(out, proposal.dropped, show_all=show_all)
    _show_people(out, proposal.people, kept=keep_people)


def _tree(policy: Policy, *, show_all: bool) -> Tree:
    """The sections as they stand under each other, with how many rules each has."""
    tree = Tree(f"[bold]{escape(policy.title)}[/], {escape(policy.school)}")
    branches: dict[tuple[str, ...], Tree] = {}
    for section in policy.sections:
        if section.within is None:
            count = len(policy.rules(section.ref)) + bool(section.text)
            also = f" [dim]= {escape(', '.join(section.also))}[/]" if section.also else ""
            line = f"[cyan]{escape(section.ref)}[/] {escape(section.title)} [dim]{count or ''}[/]{also}"
            branches[section.path] = branches.get(section.path[:-1], tree).add(line)
        elif show_all:
            lead = f"[dim]{escape(section.lead)}[/] " if section.lead else ""
            branches[section.path[:-1]].add(f"[dim]{escape(section.ref)}[/] {lead}{escape(section.title)}")
    return tree


def _show_dropped(out: Console, dropped: tuple[Dropped, ...], *, show_all: bool) -> None:
    by_reason: dict[str, list[Dropped]] = defaultdict(list)
    for one in dropped:
        by_reason[one.why.split(";")[0]].append(one)
    if by_reason:
        out.print("\n[bold]Left out[/]")
    for why, lines in by_reason.items():
        out.print(f"  {escape(why)}: {len(lines)}")
        for one in lines if show_all else lines[:_SHOWN]:
            where = f"line {one.number}" if one.number else "twice"
            out.print(f"    [dim]{where}[/] {escape(one.text[:100])}")
        if len(lines) > _SHOWN and not show_all:
            out.print(f"    [dim]and {len(lines) - _SHOWN} more; --all shows them[/]")


def _show_people(out: Console, people: tuple[Found, ...], *, kept: bool) -> None:
    if not people:
        out.print("\nNo name, phone number or e-mail address was found. Look for yourself as well.")
        return
    out.print(f"\n[bold]People[/] {'found and left in' if kept else 'found and replaced'}. Look for yourself as well.")
    table = Table("Line", "Found", "Instead", box=None, header_style="dim")
    for one in sorted(people, key=lambda found: found.number):
        table.add_row(str(one.number), escape(one.text), "left in" if kept else escape(one.role))
    out.print(table)
