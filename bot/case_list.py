"""The lists of cases in chat: the menu with its counts, and one page of a list, a line for each case. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import wording_cases
from bot.drill import mark
from bot.messages import Choice, Reply
from bot.schools import School
from bot.summaries import by_role
from flows.cases.case import Case
from flows.cases.clocks import UPDATE, UPDATE_URGENT
from flows.matters import matter
from storage.kept import Person

ABOUT = "cases:"  # about: the buttons below a list, followed by its name and where the page that was shown begins
MINE, OPEN, LATE = "mine", "open", "late"
ONE = "one:"  # value: open the case with the reference that follows
MORE = "more:"  # value: the page that begins at the number that follows
PAGE = 5
NAMES = (MINE, OPEN, LATE)

_TITLES = {MINE: wording_cases.MINE, OPEN: wording_cases.OPEN, LATE: wording_cases.LATE}
_BUTTONS = {MINE: wording_cases.MINE_BUTTON, OPEN: wording_cases.OPEN_BUTTON, LATE: wording_cases.LATE_BUTTON}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at a list, when and at which school; PEOPLE are those who may have one of its cases, by id."""

    person: Person
    school: School
    now: datetime
    people: Mapping[str, Person]


def menu(counts: Mapping[str, int]) -> Reply:
    """The three lists, with how many are in each."""
    choices = tuple(Choice(words.format(number=counts[name]), name) for name, words in _BUTTONS.items())
    return Reply(wording_cases.MENU, choices=choices, about=ABOUT)


def page(name: str, cases: Sequence[Case], start: int, reader: Reader) -> Reply:
    """The page of the list NAME of CASES that begins at START: a line and a button for each, and one for what comes after."""
    if not cases:
        return Reply(wording_cases.NONE[name], about=f"{ABOUT}{name}")
    start = start if 0 <= start < len(cases) else 0
    shown = cases[start : start + PAGE]
    end = start + len(shown)
    lines = [f"{number}. {entry(case, reader)}" for number, case in enumerate(shown, start + 1)]
    if name == LATE:
        lines.append(_what_is_late())
    title = _TITLES[name]
    if len(cases) > PAGE:
        title += f" ({wording_cases.PAGE_OF.format(first=start + 1, last=end, number=len(cases))})"
    choices = [Choice(wording_cases.OPEN_ONE.format(reference=case.reference), f"{ONE}{case.reference}") for case in shown]
    if end < len(cases):
        choices.append(Choice(wording_cases.MORE, f"{MORE}{end}"))
    return Reply("\n".join(lines), title=title, choices=tuple(choices), about=f"{ABOUT}{name}")


def entry(case: Case, reader: Reader) -> str:
    """CASE in one line: reference, event, how urgent, how old, and who has it by their role. No word of what was written."""
    parts = (
        f"{case.reference}: {matter(case.matter).title}",
        wording_cases.URGENT[case.severity.value],
        age(case.opened_at, reader.now),
        _who(case, reader),
    )
    return mark(case, f"{parts[0]}. {', '.join(parts[1:])}.")


def age(since: datetime, now: datetime) -> str:
    """How long ago SINCE was, in the largest unit that fits."""
    seconds = int((now - since).total_seconds())
    for unit, length in wording_cases.AGES:
        if (number := seconds // length) >= 1:
            return wording_cases.OLD.format(age=f"{number} {unit}{'' if number == 1 else 's'}")
    return wording_cases.NEW


def _who(case: Case, reader: Reader) -> str:
    if case.waiting or case.holder is None:
        return wording_cases.NOBODY_HAS_IT
    if case.holder == reader.person.id:
        return wording_cases.YOU_HAVE_IT
    return wording_cases.WITH.format(role=by_role(case, reader.people.get(case.holder), reader.school))


def _what_is_late() -> str:
    urgent, usual = (f"{number} school {'day' if number == 1 else 'days'}" for number in (UPDATE_URGENT, UPDATE))
    return f"\n{wording_cases.LATE_MEANS.format(urgent=urgent, usual=usual)}"


def wish(text: str) -> str | None:
    """The list that TEXT asks for, "" for the menu; None when it asks for none."""
    plain = " ".join(text.casefold().split()).strip(".!? ").removeprefix("show ").removeprefix("me ").removeprefix("the ")
    if plain in {"cases", "reports", "my reports and cases", "case list", "list cases"}:
        return ""
    name, _, what = plain.partition(" ")
    name = MINE if name == "my" else name
    return name if name in _TITLES and what in {"cases", "reports"} else None
