"""What comes too fast for one person is gathered: after a few cards, one message that says how many more there are.

Every case keeps its own row, so that who may see it, its climbing and its proofs stay as they are; the rows share the receipt of
the message that told of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from flows.cases.case import Severity
from storage.claim import Terms
from storage.kept import Due, Gathering
from storage.store import cases
from storage.store.scope import Scope
from storage.store.settling import GATHERED
from storage.tables import Case, CaseConcern, Push, table
from storage.vault import Vault

PUSH, CASE, CONCERN = table(Push), table(Case), table(CaseConcern)

OWN_CARDS, WITHIN = 4, timedelta(minutes=10)  # so many cards within so long, none of them acknowledged; then they are gathered
PAUSE = timedelta(minutes=1)  # between two messages about what was gathered
RUN = timedelta(hours=1)  # after so long without one, the next begins to count anew
AT_MOST = 500  # rows that one message looks back over
ROLLING = "rolling"

# (scope, id of a person, channel): leases whatever else waits for them there.
More = Callable[[Scope, str, str], Sequence[Due]]


def gather(session: Session, vault: Vault, dues: Sequence[Due], terms: Terms, more: More) -> tuple[Due, ...]:
    """DUES, with those that come too fast for one person as one; what has to wait for its minute is put back.

    One message tells of MORE than was claimed: of everything else that waits for the same person.
    """
    alone: list[Due] = []
    cards: dict[tuple[str, str, str], list[Due]] = defaultdict(list)
    edits: dict[tuple[str, str, str], list[Due]] = defaultdict(list)
    for due in dues:
        person = due.person.id if due.person is not None else ""
        if due.gathered and due.kind != "push":
            edits[due.school, person, due.card].append(due)
        elif due.kind == "push" and due.case is not None and due.case.severity is not Severity.IMMEDIATE:
            cards[due.school, person, due.channel].append(due)
        else:
            alone.append(due)
    for group in cards.values():
        alone += _cards(Scope.of(session, vault, group[0].school), group, terms, more)
    alone += [_edit(Scope.of(session, vault, group[0].school), group) for group in edits.values()]
    return tuple(alone)


def speaks_of(scope: Scope, person: str, rows: Collection[sa.RowMapping], new: Sequence[Due] = ()) -> Gathering:
    """What a message about the cards in ROWS, and those that are NEW, tells PERSON of: what waits, and is not about them."""
    began = {row["case_id"]: row["created_at"] for row in rows}
    began |= {due.case.id: due.created_at for due in new if due.case is not None}
    about = sa.exists().where(CONCERN.c.case_id == CASE.c.id, CONCERN.c.person_id == person)
    waits = sa.and_(CASE.c.id.in_(began), CASE.c.status == "open", ~about)
    found = cases.load(scope, waits, words=False) if began else ()
    since = min((began[case.id] for case in found), default=None)
    return Gathering(found, since)


def gathered(scope: Scope, person: str, channel: str, since: datetime, *, leaving: bool = False) -> Sequence[sa.RowMapping]:
    """The rows of PERSON's cards that were gathered in CHANNEL SINCE then, the newest first; with those just LEAVING."""
    gone = sa.and_(PUSH.c.state == "sent", PUSH.c.finished_at >= since)
    on_its_way = sa.and_(PUSH.c.state == "waiting", PUSH.c.token.is_not(None))
    statement = (
        sa.select(PUSH)
        .where(PUSH.c.school == scope.school, PUSH.c.person_id == person, PUSH.c.channel == channel, PUSH.c.kind == "push")
        .where(PUSH.c.why == GATHERED, sa.or_(gone, on_its_way) if leaving else gone)
        .order_by(PUSH.c.finished_at.desc(), PUSH.c.id.desc())
        .limit(AT_MOST)
    )
    return scope.connection.execute(statement).mappings().all()


def _cards(scope: Scope, group: Sequence[Due], terms: Terms, more: More) -> list[Due]:
    """The first few as they are, the rest as one message for each place."""
    person, channel = group[0].person, group[0].channel
    assert person is not None  # noqa: S101 - pushes always carry their person
    left = max(0, OWN_CARDS - _unanswered(scope, person.id, channel, terms.now - WITHIN))
    fresh = [due for due in group if not due.gathered]
    found, places = fresh[:left], defaultdict(list)
    # What was gathered once, and not heard of since, stays with the others.
    for due in (*(due for due in group if due.gathered), *fresh[left:]):
        places[due.place].append(due)
    if not places:
        return found
    before = gathered(scope, person.id, channel, terms.now - RUN)
    for place, rest in places.items():
        here = [row for row in before if scope.vault.open("push", "place", row["key"], row["place"]) == place]
        free_at = _free_at(scope, here, rest, terms)
        if free_at is not None:
            _wait(scope, rest, free_at)
            continue
        others = more(scope, person.id, channel)
        _wait(scope, [due for due in others if due.place != place], terms.now)
        rest += [due for due in others if due.place == place]
        _mark(scope, rest)
        last = scope.vault.opened("push", "receipt", here[0]["key"], here[0]["receipt"]) if here else None
        members = tuple(replace(due, gathered=True) for due in sorted(rest, key=_case))
        speech = speaks_of(scope, person.id, here, rest)
        found.append(replace(rest[0], kind=ROLLING, card=last or "", members=members, gathering=speech))
    return found


def _case(due: Due) -> str:
    """The order in which everybody locks."""
    return due.case.id if due.case is not None else ""


def _edit(scope: Scope, group: Sequence[Due]) -> Due:
    """One change of a message that told of several cases, whichever of them are in somebody's hands by now."""
    first = group[0]
    assert first.person is not None  # noqa: S101 - as above
    rows = gathered(scope, first.person.id, first.channel, first.created_at - timedelta(days=1))
    same = [row for row in rows if scope.vault.opened("push", "receipt", row["key"], row["receipt"]) == first.card]
    return replace(first, members=tuple(sorted(group, key=_case)), gathering=speaks_of(scope, first.person.id, same))


def _unanswered(scope: Scope, person: str, channel: str, since: datetime) -> int:
    """How many cards of their own PERSON has had SINCE then about cases that still wait."""
    statement = (
        sa.select(sa.func.count())
        .select_from(PUSH.join(CASE, CASE.c.id == PUSH.c.case_id))
        .where(PUSH.c.school == scope.school, PUSH.c.person_id == person, PUSH.c.channel == channel, PUSH.c.kind == "push")
        .where(PUSH.c.state == "sent", sa.func.coalesce(PUSH.c.why, "") != GATHERED, PUSH.c.finished_at > since)
        .where(CASE.c.status == "open")
    )
    return int(scope.connection.execute(statement).scalar_one())


def _free_at(scope: Scope, here: Sequence[sa.RowMapping], rest: Sequence[Due], terms: Terms) -> datetime | None:
    """When the next message may go; None: now. Another process that is just sending one comes first."""
    if here and (free_at := here[0]["finished_at"] + PAUSE) > terms.now:
        return free_at  # type: ignore[no-any-return]  # a row's columns are Any to the type checker
    elsewhere = (
        sa.select(PUSH.c.id)
        .where(PUSH.c.school == scope.school, PUSH.c.person_id == rest[0].person.id if rest[0].person else sa.false())
        .where(PUSH.c.channel == rest[0].channel, PUSH.c.state == "waiting", PUSH.c.kind == "push")
        .where(PUSH.c.token != terms.token, PUSH.c.until > terms.now)
        .limit(1)
    )
    return terms.now + timedelta(seconds=1) if scope.connection.execute(elsewhere).first() is not None else None


def _mark(scope: Scope, dues: Sequence[Due]) -> None:
    """From the claim on they are told of together: a page that looks at this moment must not show one of them by itself."""
    scope.connection.execute(sa.update(PUSH).where(PUSH.c.id.in_([due.id for due in dues])).values(why=GATHERED))


def _wait(scope: Scope, dues: Sequence[Due], until: datetime) -> None:
    """Put DUES back: this was no attempt."""
    later = sa.update(PUSH).where(PUSH.c.id.in_([due.id for due in dues]))
    scope.connection.execute(later.values(token=None, until=None, due_at=until, attempts=PUSH.c.attempts - 1))
