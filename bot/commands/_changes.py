"""How the difference between two versions of a policy is shown at a terminal: readable without colours too."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape

from knowledge.changes import Change, Changes, Kind, words
from knowledge.policy import Section

_AROUND = 12  # words left standing on either side of a change; a long rule is not printed whole for one word


def show(out: Console, changes: Changes) -> None:
    """CHANGES, section by section: what was added, taken away, changed and renumbered, and how many of each."""
    for name, before, after in changes.front:
        out.print(f"[yellow]~[/] [bold]{escape(name)}[/]: {escape(before) or '(nothing)'} → {escape(after) or '(nothing)'}")
    _whole(out, "[green]+[/]", "Added", changes.added)
    _whole(out, "[red]-[/]", "Removed", changes.removed)
    if changes.moved:
        out.print(f"\n[bold]Says the same under another reference[/] ({len(changes.moved)})")
    for move in changes.moved:
        out.print(f"[cyan]>[/] {escape(move.before.ref)} → {escape(move.after.ref)}  {escape(move.after.title)}")
        _details(out, move)
    if changes.changed:
        out.print(f"\n[bold]Changed[/] ({len(changes.changed)})")
    for change in changes.changed:
        out.print(f"[yellow]~[/] {escape(change.after.ref)}  {escape(change.after.title)}")
        _details(out, change)
        if change.before.text != change.after.text:
            out.print(f"    {marked(change.before.text, change.after.text)}")


def marked(before: str, after: str) -> str:
    """AFTER with what went and came marked in it, as rich prints it; long stretches that stayed are left out."""
    return "".join(_marked(kind, text) for kind, text in words(before, after))


def _marked(kind: Kind, text: str) -> str:
    if kind == "same":
        return escape(_shortened(text))
    return f"[red]\\[-{escape(text)}-][/]" if kind == "gone" else f"[green]{{+{escape(text)}+}}[/]"


def _shortened(text: str) -> str:
    pieces = re.findall(r"\S+\s*|\s+", text)
    if len(pieces) <= 2 * _AROUND + 1:
        return text
    return f"{''.join(pieces[:_AROUND])}… {''.join(pieces[-_AROUND:])}"


def _whole(out: Console, mark: str, what: str, sections: Iterable[Section]) -> None:
    shown = tuple(sections)
    if shown:
        out.print(f"\n[bold]{what}[/] ({len(shown)})")
    for section in shown:
        out.print(f"{mark} {escape(section.ref)}  {escape(section.title)}")
        if section.text:
            out.print(f"    {escape(' '.join(part for part in (section.lead, section.text) if part))}")


def _details(out: Console, change: Change) -> None:
    for name, before, after in change.details():
        if name != "reference":
            out.print(f"    {name}: {escape(before) or '(nothing)'} → {escape(after) or '(nothing)'}")
