"""What a digest says to one person, out of what they may see. Pure: figures in, a Reply out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot import drill, wording
from bot import wording_digests as ours
from bot.messages import Reply
from bot.schools import School
from flows.cases.case import Severity
from flows.cases.figures import Drill, Need, Standing, by_matter, need, typical_wait
from flows.matters import matter
from storage.audit import HEAD_SHOWN
from storage.store.digests import Edition, Reader
from storage.store.taking_back import DIGEST_ABOUT

# What one message lists; the rest is counted, and read where it is kept.
LISTED = 10

_HEADINGS = {Need.LATE: ours.DAILY_LATE, Need.WAITING: ours.DAILY_WAITING, Need.UPDATE: ours.DAILY_UPDATE}
_URGENCY = {severity: place for place, severity in enumerate(Severity)}


def daily(edition: Edition, reader: Reader, school: School, now: datetime, *, everything: bool) -> Reply | None:
    """What needs somebody today; None when nothing does. Without EVERYTHING only what READER has and has left alone."""
    found: dict[Need, list[Standing]] = {one: [] for one in Need}
    for standing in reader.standing:
        why = need(standing, school.calendar, now)
        theirs = why is Need.UPDATE and standing.case.holder == reader.person.id
        if why is not None and (everything or theirs):
            found[why].append(standing)
    blocks = [_block(_HEADINGS[why], standings, school, now) for why, standings in found.items() if standings]
    if not blocks:
        return None
    text = "\n\n".join((*blocks, ours.DAILY_HOW, head(edition)))
    return Reply(text, title=ours.DAILY_TITLE, about=DIGEST_ABOUT)


def weekly(edition: Edition, reader: Reader, school: School, now: datetime, channels: Mapping[str, str]) -> Reply:
    """How things stand, also when nothing happened: whoever hears nothing at all knows that something is wrong."""
    blocks = [
        ours.WEEKLY_SINCE.format(when=wording.day_and_clock(edition.since, school.zone)),
        "\n".join(_reports(reader)),
        "\n".join(_works(edition, reader, channels, school, now)),
        ours.WEEKLY_IN_VAIN.format(number=edition.in_vain) if edition.in_vain else ours.WEEKLY_NOTHING_IN_VAIN,
        head(edition),
    ]
    return Reply("\n\n".join(blocks), title=ours.WEEKLY_TITLE, about=DIGEST_ABOUT)


def head(edition: Edition) -> str:
    """The end of the audit chain, written down where nobody at the machine can change it."""
    return ours.HEAD.format(head=edition.head[:HEAD_SHOWN])


def last_drill(last: Drill | None, school: School, now: datetime) -> str:
    """How the last drill went, and whether it is time for the next."""
    if last is None:
        return ours.DRILL_NEVER
    local = school.calendar.local(last.case.opened_at)
    day = f"{local.day} {local:%B %Y}"
    if last.took is None:
        lines = [ours.DRILL_LAST_UNREACHED.format(day=day, number=last.unreached, all=len(last.trials))]
    else:
        lines = [ours.DRILL_LAST.format(day=day, number=len(last.trials), took=ours.span(last.took))]
    if last.answered is not None:
        lines.append(ours.DRILL_ANSWERED.format(took=ours.span(last.answered)))
    if now - last.case.opened_at > drill.HOLD_ONE_WITHIN:
        lines.append(ours.DRILL_OVERDUE)
    return " ".join(lines)


def _block(heading: str, standings: Sequence[Standing], school: School, now: datetime) -> str:
    inorder = sorted(standings, key=lambda one: (_URGENCY[one.case.severity], one.since))
    lines = [
        ours.DAILY_LINE.format(
            reference=one.case.reference,
            urgency=one.case.severity.value,
            when=wording.at(one.since, now, school.zone).removeprefix("at ").removeprefix("on "),
        )
        for one in inorder[:LISTED]
    ]
    if len(inorder) > LISTED:
        lines.append(ours.DAILY_MORE.format(number=len(inorder) - LISTED))
    return "\n".join((heading, *lines))


def _reports(reader: Reader) -> Iterator[str]:
    if not reader.came:
        yield ours.WEEKLY_NONE
    else:
        yield ours.WEEKLY_CAME.format(number=len(reader.came))
        for name, number in by_matter(reader.came):
            yield ours.WEEKLY_KIND.format(number=number, title=matter(name).title)
    if (wait := typical_wait(reader.came)) is not None:
        yield ours.WEEKLY_WAIT.format(wait=ours.span(wait))
    if waiting := sum(standing.case.waiting for standing in reader.standing):
        yield ours.WEEKLY_OPEN.format(number=waiting)


def _works(edition: Edition, reader: Reader, channels: Mapping[str, str], school: School, now: datetime) -> Iterator[str]:
    broken = {name: state for name, state in channels.items() if state != "up"}
    for name, state in broken.items():
        yield ours.WEEKLY_CHANNEL.format(channel=wording.sentence(name), state=state)
    if reader.unsent:
        yield ours.WEEKLY_UNSENT.format(number=reader.unsent)
    if not broken and not reader.unsent:
        yield ours.WEEKLY_REACHED
    yield last_drill(edition.last_drill, school, now)
