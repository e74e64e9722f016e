"""The one message that tells of several reports at once, when they come too fast for a card each. Pure: cases in, a Reply out."""

from __future__ import annotations

from collections.abc import Sequence

from bot import wording, wording_rolling
from bot.case_list import ABOUT, OPEN
from bot.messages import Choice, Reply
from bot.schools import School
from flows.cases.alike import Alike, Reason, alike
from flows.cases.case import Case
from storage.kept import Gathering

NAMED = 5  # references shown of reports that look like one event

_REASONS = {
    Reason.MATTER: wording_rolling.SAME_MATTER,
    Reason.DAY: wording_rolling.SAME_DAY,
    Reason.HOUR: wording_rolling.SAME_HOUR,
}


def message(gathering: Gathering, school: School) -> Reply:
    """How many more there are, since when, and the newest. No name, no word of what was written: not even what each is about."""
    if not gathering.cases or gathering.since is None:
        return Reply(wording_rolling.GATHERED_NONE, about=ABOUT)
    newest = max(gathering.cases, key=lambda case: (case.opened_at, case.reference))
    sentence = wording_rolling.GATHERED if len(gathering.cases) > 1 else wording_rolling.GATHERED_ONE
    since = wording.clock(gathering.since, school.zone)
    first = sentence.format(count=len(gathering.cases), since=since, newest=newest.reference)
    lines = [f"{first} {wording_rolling.EACH_WAITS}", *offered(alike(gathering.cases, school.zone))]
    return Reply("\n\n".join(lines), choices=(Choice(wording_rolling.OPEN_CASES, OPEN),), about=ABOUT)


def offered(groups: Sequence[Alike]) -> tuple[str, ...]:
    """That some of them look like one event, why, and how they are linked; nothing where none do."""
    if not groups:
        return ()
    lines = [wording_rolling.ALIKE, *(_line(group) for group in groups)]
    newest = groups[0].cases[-1], groups[0].cases[-2]
    lines.append(wording_rolling.ALIKE_HINT.format(one=newest[0].reference, other=newest[1].reference))
    return ("\n".join(lines),)


def _line(group: Alike) -> str:
    reasons = wording.listed([_REASONS[reason] for reason in group.reasons])
    return wording_rolling.ALIKE_ONE.format(references=_references(group.cases), reasons=reasons)


def _references(cases: Sequence[Case]) -> str:
    """The newest few, and how many others."""
    names = [case.reference for case in reversed(cases)]
    if len(names) <= NAMED:
        return wording.listed(names)
    return wording_rolling.ALIKE_MORE.format(references=", ".join(names[:NAMED]), count=len(names) - NAMED)
