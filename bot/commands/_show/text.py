"""A guided report as a transcript in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from bot.commands._show.sheet import End, Line, Sheet
from bot.commands._show.told import Told
from bot.commands._show.words import ALWAYS

BY = {
    "policy": "the policy says so",
    "default": "our default: the policy names nobody",
    "outside": "general practice in England: the policy names nobody",
}
KINDS = {
    "text": "in their own words",
    "when": "a day or a time in plain words, such as “last Tuesday”",
    "number": "a number",
    "ticks": "several may be ticked",
    "role": "one of the school's own roles",
}


def show(out: Console, sheet: Sheet) -> None:
    """Print SHEET."""
    out.print(f"\n[bold]{escape(sheet.title)}[/]  [dim]{escape(sheet.name)}[/]")
    out.print(escape(sheet.about))
    if sheet.begun_by:
        out.print(f"[dim]begun by {escape(sheet.begun_by)}[/]")
    elif sheet.not_offered:
        where = ", ".join(sheet.offered) or "no school here"
        out.print(f"[dim]offered by {escape(where)}; not by {escape(', '.join(sheet.not_offered))}[/]")
    _list(out, "heard when somebody writes, for instance", [f"“{one}”" for one in sheet.heard_as])
    _heading(out, "It begins")
    _indented(out, escape(sheet.intro), 2)
    _heading(out, "Questions")
    for line in sheet.lines:
        _question(out, line)
    _destinations(out, sheet)
    _heading(out, "What is said once it is sent")
    for when, sentences in sheet.advice:
        for way in when:
            _indented(out, f"[dim]{'always' if way == ALWAYS else 'when ' + escape(way)}:[/]", 2)
        for sentence in sentences:
            _indented(out, f"• {escape(sentence)}", 4)


def _destinations(out: Console, sheet: Sheet) -> None:
    _heading(out, "Where it goes")
    for end in sheet.ends:
        _end(out, end)
    if sheet.parts:
        _heading(out, "Sent besides, in a report of its own that shows less")
        for end in sheet.parts:
            _end(out, end)
    if sheet.pace:
        _heading(out, "How soon somebody must have it, where the answers change that")
        for speed, when in sheet.pace:
            _list(out, speed, when)


def _question(out: Console, line: Line) -> None:
    _indented(out, f"[cyan]{line.number:>2}. {escape(line.text)}[/]", 0, above=1)
    for title, reading in line.readings:
        _indented(out, f"[dim]shown before it at {escape(title)} ({escape(reading.version)}):[/]\n{escape(reading.text)}", 4)
    for note in notes(line):
        _indented(out, f"[dim]{escape(note)}[/]", 4)
    for place, answer in enumerate(line.answers, 1):
        after = f"  [yellow]→ ends here: {escape(answer.ends)}[/]" if answer.ends else ""
        after += "  [red]→ nothing more is asked, and it is sent at once[/]" if answer.locks else ""
        _indented(out, f"{place}. {escape(answer.label[:1].upper() + answer.label[1:])}{after}", 6)


def notes(line: Line) -> Iterator[str]:
    """What has to be known about a question besides its words and its answers."""
    if line.workspace:
        yield "only where people who run the workspace may read along, as in Slack and Teams"
    if line.only:
        yield line.only
    if line.kind in KINDS and (line.kind == "ticks" or not line.answers):
        yield f"answered: {KINDS[line.kind]}"
    if line.optional:
        yield "may be skipped"
    if line.gate:
        yield "decides who must not be told, so it is asked even when nothing else is"
    if line.silence:
        yield f"without an answer within ten minutes it counts as “{line.silence}”, and the report is sent"
    if line.why:
        yield f"why: {line.why}"
    if line.help:
        yield f"help: {line.help}"
    if line.further:
        yield f"{line.further} more answers have no button and are understood when typed"


def _end(out: Console, end: End) -> None:
    _indented(out, f"[bold]{escape(end.title)}[/]  [dim]{escape(end.soon)}[/]", 2, above=1)
    for way in end.when:
        _indented(out, f"when {escape(way)}" if way != ALWAYS else ALWAYS, 4)
    if end.shows:
        _indented(out, f"[dim]shows only the answers to: {escape(' '.join(end.shows))}[/]", 4)
    for told in end.told:
        _indented(out, f"→ {escape(told.school)}: {escape(ladder(told))}", 4)
        for about, whom in told.about:
            _indented(out, f"[dim]about {escape(about)}: {escape(whom)}[/]", 6)
        _indented(out, f"[dim]{escape(rule(told))}[/]", 6)


def ladder(told: Told) -> str:
    """Who is told, and who comes next when nobody takes it."""
    return ", then ".join((told.first, *told.then)) + (f"; decided by {told.decides}" if told.decides else "")


def rule(told: Told) -> str:
    """Where that comes from, with the place in the policy."""
    where = f" ({told.places})" if told.places else ""
    return BY[told.label] + where + (f"; {told.within}" if told.within else "")


def _heading(out: Console, text: str) -> None:
    _indented(out, f"[bold underline]{text}[/]", 0, above=1)


def _list(out: Console, title: str, lines: Iterable[str]) -> None:
    out.print(f"[dim]{escape(title)}:[/]")
    for line in lines:
        _indented(out, f"[dim]• {escape(line)}[/]", 2)


def _indented(out: Console, markup: str, by: int, *, above: int = 0) -> None:
    out.print(Padding(markup, (above, 0, 0, by), expand=False))
