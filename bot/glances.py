"""A quiet word to the lead: somebody wrote what may need them, and neither pressed the button nor made a report of it.

It says when, and nothing else: not who wrote, not what, not where. It goes past whoever the words may name, and once a day at most.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot import wording
from bot.logs import log
from bot.memory import Talk
from bot.messages import Reply
from bot.schools import School
from bot.turn import Outcome
from bot.wording_digests import GLANCE
from flows.cases.routing import CHAIR, DEPUTY, HEADTEACHER, LEAD, Involved, entangled, rungs
from flows.matters import TELL_THE_LEAD
from storage.kept import Act, Person

ABOUT = "glance"  # about: the quiet word itself
OPEN = "glance"  # memory: since when the lead may have to be asked to look, and the roles that are not asked
LAST = "glanced"  # memory: the day on which the lead was asked last
AFTER = timedelta(minutes=15)
# Who is asked, in this order: the first of them whom the words do not mean, and who is there.
ASKED = (LEAD, DEPUTY, HEADTEACHER, CHAIR)


def begin(memory: Mapping[str, str], named: Iterable[str], school: School, now: datetime) -> dict[str, str]:
    """What is to be remembered once words that may need the lead were written, which NAMED roles may be part of."""
    if memory.get(LAST) == _day(school, now):
        return {}
    open_since, before = _kept(memory[OPEN]) if OPEN in memory else (now, frozenset())
    return {OPEN: json.dumps({"at": open_since.isoformat(), "named": sorted(before | frozenset(named))})}


def due_at(memory: Mapping[str, str]) -> datetime | None:
    """When the lead is asked to look, if nothing comes of it before."""
    return _kept(memory[OPEN])[0] + AFTER if OPEN in memory else None


def after(talk: Talk, outcome: Outcome) -> Talk:
    """TALK without it where OUTCOME sends a report: then somebody is told what was written."""
    if OPEN not in talk.memory or not (outcome.opened or outcome.added):
        return talk
    return replace(talk, memory={key: value for key, value in talk.memory.items() if key != OPEN})


def looked(talk: Talk, school: School, now: datetime) -> Talk:
    """TALK once the lead was asked, or need not be."""
    kept = {key: value for key, value in talk.memory.items() if key != OPEN}
    if kept and not _under_way(talk):  # in the middle of a report nobody was asked: that may still be needed later today
        kept[LAST] = _day(school, now)
    return replace(talk, memory=kept)


def ask(talk: Talk, school: School, people: Collection[Person], writer: Person | None, now: datetime) -> Outcome:
    """The quiet word, to whoever is to have it. Nothing while a report is under way: somebody is being told."""
    if OPEN not in talk.memory or _under_way(talk):
        return Outcome()
    at, named = _kept(talk.memory[OPEN])
    held = _held(people)
    involved = entangled(named, held)
    without = involved.people | {person.id for person in people if person.is_away(now) or not person.places}
    without |= {writer.id} if writer is not None else frozenset()
    asked = [role for role in _may_be_asked(school, involved) if held.get(role, frozenset()) - without]
    if not asked:
        log.warning("nobody is left who could be asked to look", school=school.name)
        return Outcome(audit=(Act("nobody to ask to look"),))
    reply = Reply(GLANCE.format(when=wording.at(at, now, school.zone)), about=ABOUT)
    act = Act("lead asked to look", details=json.dumps({"to": asked[0]}))
    return Outcome(to_roles=(((asked[0],), reply, frozenset(without)),), audit=(act,))


def _held(people: Collection[Person]) -> dict[str, frozenset[str]]:
    """The ids of those who hold each role."""
    roles = {role for person in people for role in person.roles}
    return {role: frozenset(person.id for person in people if role in person.roles) for role in roles}


def _under_way(talk: Talk) -> bool:
    """Whether a report is open in which something was answered. One that the words themselves opened may never be looked at."""
    return talk.progress is not None and talk.progress.changes > 0


def _may_be_asked(school: School, involved: Involved) -> tuple[str, ...]:
    """The roles that may be asked, by the same rules of conflict by which the words themselves would go."""
    ladder = {role for rung in rungs(school.routes[TELL_THE_LEAD], involved.roles) for role in rung}
    if not ladder:
        return ()
    free = ladder | ({CHAIR} - involved.roles)
    return tuple(role for role in ASKED if role in free)


def _kept(written: str) -> tuple[datetime, frozenset[str]]:
    kept = json.loads(written)
    return datetime.fromisoformat(kept["at"]), frozenset(kept["named"])


def _day(school: School, now: datetime) -> str:
    return school.calendar.local(now).date().isoformat()
