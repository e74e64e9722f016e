"""Who has been told of a case, and how far each card has come. Whoever the case concerns stands in no answer of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from flows.cases.acts import Doing
from flows.cases.case import Case, Status
from flows.cases.chronology import History, roles_at
from flows.cases.telling import Reached, Told
from storage.audit import LINK
from storage.store.history import history
from storage.store.scope import Scope
from storage.tables import CaseConcern, Push, table

PUSH, CONCERN = table(Push), table(CaseConcern)

# What sets the clock of a case that nobody has, and what shows that somebody who has one is at work on it.
RESTARTS = (
    Doing.OPENED, Doing.HANDED_ON, Doing.REOPENED, Doing.CONCERNS, Doing.STEPPED_ASIDE, Doing.JOINED,
    "reporter says nothing has happened",
)  # fmt: skip
STEPS = (
    *RESTARTS, Doing.ACKNOWLEDGED, Doing.TAKEN, Doing.NOTE, Doing.URGENCY, Doing.WROTE_TO_REPORTER, Doing.STEP_DONE,
    Doing.STEP_UNDONE, Doing.EXPORTED, Doing.DISCLOSED,
)  # fmt: skip


class _Card(NamedTuple):
    """One push as its row says."""

    person: str
    lap: int
    at: datetime
    sent: datetime | None
    delivered: datetime | None
    seen: datetime | None


def told(scope: Scope, case: Case) -> tuple[Told, ...]:
    """Everybody who was told of CASE and may know of it, in the order they were told: once for each of its laps."""
    cards: dict[tuple[str, int], list[_Card]] = defaultdict(list)
    for card in _cards(scope, case.id):
        cards[card.person, card.lap].append(card)
    if not cards:
        return ()
    past = history(scope, case)
    return tuple(_told(places, past, _next(cards, person, lap)) for (person, lap), places in cards.items())


def last_steps(scope: Scope, cases: Sequence[Case]) -> dict[str, datetime]:
    """For each of CASES that is not closed: when its clock began, or, where somebody has it, when anybody last did anything."""
    waiting = [case.id for case in cases if case.waiting]
    held = [case.id for case in cases if case.status in (Status.ACKNOWLEDGED, Status.TAKEN)]
    return {**_newest(scope, waiting, RESTARTS), **_newest(scope, held, STEPS)}


def _newest(scope: Scope, cases: Sequence[str], acts: Iterable[str]) -> dict[str, datetime]:
    if not cases:
        return {}
    statement = (
        sa.select(LINK.c.case_id, sa.func.max(LINK.c.at).label("at"))
        .where(LINK.c.school == scope.school, LINK.c.case_id.in_(cases), LINK.c.act.in_([str(act) for act in acts]))
        .group_by(LINK.c.case_id)
    )
    return {row.case_id: row.at for row in scope.connection.execute(statement)}


def _cards(scope: Scope, case: str) -> list[_Card]:
    about = sa.exists().where(CONCERN.c.case_id == PUSH.c.case_id, CONCERN.c.person_id == PUSH.c.person_id)
    # A card that was withdrawn before it was sent told nobody, unless they read the case in another way.
    came = sa.or_(PUSH.c.state != "withdrawn", PUSH.c.seen_at.is_not(None))
    statement = (
        sa.select(PUSH)
        .where(PUSH.c.school == scope.school, PUSH.c.case_id == case, PUSH.c.kind == "push", came, ~about)
        .order_by(PUSH.c.created_at, PUSH.c.id)
    )
    return [_card(row) for row in scope.connection.execute(statement)]


def _card(row: sa.Row[Any]) -> _Card:
    sent = row.finished_at if row.state == "sent" else None
    return _Card(row.person_id, row.lap, row.created_at, sent, row.delivered_at, row.seen_at)


def _next(cards: Mapping[tuple[str, int], Sequence[_Card]], person: str, lap: int) -> datetime | None:
    """When PERSON was told again after that LAP; None if they were not."""
    later = [card.at for (other, again), places in cards.items() if other == person and again > lap for card in places]
    return min(later, default=None)


def _told(places: Sequence[_Card], past: History, until: datetime | None) -> Told:
    """What the cards at all PLACES of one person come to, UNTIL they were told again: the furthest of them counts."""
    person, lap, at = places[0].person, places[0].lap, min(card.at for card in places)
    moments = {
        Reached.ACKNOWLEDGED: _acknowledged(past, person, at, until),
        Reached.SEEN: min((card.seen for card in places if card.seen is not None), default=None),
        Reached.DELIVERED: min((card.delivered for card in places if card.delivered is not None), default=None),
        Reached.SENT: min((card.sent for card in places if card.sent is not None), default=None),
        Reached.QUEUED: at,
    }
    reached, since = _furthest(moments)
    return Told(person, _roles(past, person, at), at, reached, since, lap)


def _furthest(moments: Mapping[Reached, datetime | None]) -> tuple[Reached, datetime]:
    return next((reached, moment) for reached, moment in moments.items() if moment is not None)


def _acknowledged(past: History, person: str, at: datetime, until: datetime | None) -> datetime | None:
    """When PERSON said that they have it, after they were told AT and before they were told again."""
    said = [one.at for one in past.happened if one.act in (Doing.ACKNOWLEDGED, Doing.TAKEN) and one.person == person]
    return next((moment for moment in said if moment >= at and (until is None or moment < until)), None)


def _roles(past: History, person: str, at: datetime) -> tuple[str, ...]:
    """The role in which PERSON was told AT that moment: of those they held by then the first on the way the case goes."""
    acts = [one.seq for one in past.happened if one.act == Doing.TOLD and one.person == person and one.at <= at]
    # A person who was not told by an act of their own, as in an old database, is known by what they hold now.
    held = roles_at(past.changes, person, acts[-1] if acts else max((change.seq for change in past.changes), default=0))
    way = [role for rung in past.case.rungs for role in rung if role in held]
    return tuple(way[:1]) or held[:1]
