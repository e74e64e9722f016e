"""Cards on their way: claimed while they are still right, finished with what proves that they arrived, tried again, moved on.

Locks: a case before its cards and notices, as a recording takes them. A claim takes free cards first, and what it then finds to
be wrong it only withdraws.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from flows.cases.acts import Doing, not_taken, told
from flows.cases.case import Case as CaseOf
from storage import audit, gathering
from storage.claim import Terms
from storage.database import wake_after
from storage.kept import Act, Due, Fenced, Person, Tried, Unsure
from storage.sendable import MORE, PUSHES, SENT
from storage.store import cases, persons, reaching, roles, unstopped
from storage.store.queueing import HELD, TAKEN
from storage.store.scope import Scope
from storage.store.settling import GATHERED, PERHAPS_SHOWN, edit, perhaps_shown
from storage.tables import Case, Push, table
from storage.vault import CannotOpen, Vault

log = logging.getLogger(__name__)

PUSH, CASE = table(Push), table(Case)

# (school, case, everybody its rungs may tell by now, whose card it is, channel and place): whether it may still go there.
Right = Callable[[str, CaseOf, tuple[Person, ...], Person, tuple[str, str]], bool]
# (whose card it is, where they have been tried): the place to try next, if there is one.
Onward = Callable[[Person, tuple[Tried, ...]], tuple[str, str] | None]
# (since when somebody should have had it): when to look for another place, or somebody else.
Until = Callable[[datetime], datetime]


def claim(session: Session, vault: Vault, channels: Sequence[str], terms: Terms, right: Right | None = None) -> tuple[Due, ...]:
    """Lease pushes that are due, and still RIGHT at this moment; what comes too fast for one person is gathered."""
    rows = PUSHES.take(session, terms, b_channels=list(channels))
    for row in rows:
        if row["taken"]:
            _left_behind(session, vault, row, terms.now)

    def more(scope: Scope, person: str, channel: str) -> tuple[Due, ...]:
        """Whatever else waits for PERSON in CHANNEL, as far as one message takes it."""
        soon = terms.now + gathering.PAUSE
        all_of_it = replace(terms, limit=gathering.AT_MOST)
        theirs = MORE.take(session, all_of_it, b_school=scope.school, b_person=person, b_channel=channel, b_soon=soon)
        return _still_right(session, vault, theirs, terms.now, right)

    found = _still_right(session, vault, [row for row in rows if not row["taken"]], terms.now, right)
    return gathering.gather(session, vault, found, terms, more)


def _still_right(
    session: Session, vault: Vault, rows: Sequence[sa.RowMapping], now: datetime, right: Right | None
) -> tuple[Due, ...]:
    """ROWS as what they send; those that may not go there any more are withdrawn."""
    found = _read(session, vault, rows)
    wrong = {due.id: due for due in found if right is not None and not _is_right(session, vault, due, now, right)}
    _step_back(session, vault, wrong.values(), now)
    return tuple(due for due in found if due.id not in wrong)


def finish(
    session: Session, vault: Vault, due: Due, receipt: str, at: datetime, *, unsure: Unsure | None
) -> tuple[Act, ...] | None:
    """DUE was sent; returns what the audit keeps of it, None when its lease was lost.

    Where we are UNSURE, nothing proves yet that it arrived.
    """
    assert due.case is not None  # noqa: S101 - pushes and their edits always carry their case
    scope = Scope.of(session, vault, due.school)
    _lock(scope, (due.case.id,))
    proved = at if unsure is None and due.kind == "push" else None
    values = {
        "b_id": due.id,
        "b_school": due.school,
        "b_token": due.token,
        "b_receipt": vault.seal("push", "receipt", due.key, receipt),
        "b_at": at,
        "b_proved": proved,
        "b_why": GATHERED if due.gathered else None,
    }
    row = scope.connection.execute(SENT, values).mappings().first()
    if row is None:
        unstopped.blank(scope, due, receipt, at)
        return None
    if row["taken"]:
        _edit(session, vault, row, at)
    elif row["kind"] == "push" and row["delivered_at"] is None:
        if unsure is not None and unsure.look_at is not None:
            reaching.look_at(scope, due.case, unsure.look_at, at)
    elif row["kind"] == "push":
        reaching.reached(scope, row["case_id"], row["lap"], at)
    if row["kind"] != "push" or (proved is None and row["delivered_at"] is not None):
        return ()
    doing = Doing.CARD_SENT if proved is None else Doing.CARD_ARRIVED
    return (Act(doing, due.case.id, row["person_id"], told(through=due.channel)),)


def again(
    session: Session,
    vault: Vault,
    due: Due,
    at: datetime,
    why: str,
    *,
    now: datetime | None = None,
    until: Until | None = None,
    onward: Onward | None = None,
) -> None:
    """Put DUE back until AT. A push whose case was taken meanwhile is withdrawn, unless WHY, now or before, is PERHAPS_SHOWN.

    With ONWARD their next place is tried beside it; without a next one, UNTIL says when to look for somebody else.
    """
    assert due.case is not None  # noqa: S101 - as above
    scope = Scope.of(session, vault, due.school)
    _lock(scope, (due.case.id,))
    # What an edit belongs to stays; so does that a card may be on a screen.
    stays = sa.and_(PUSH.c.kind != "push", PUSH.c.why == GATHERED)
    lasting = stays if why == PERHAPS_SHOWN else sa.or_(stays, perhaps_shown())
    change: dict[str, Any] = {"token": None, "until": None, "due_at": at, "why": sa.case((lasting, PUSH.c.why), else_=why)}
    if why != PERHAPS_SHOWN:
        change["state"] = sa.case((sa.and_(PUSH.c.taken, ~perhaps_shown()), "withdrawn"), else_=PUSH.c.state)
    row = scope.connection.execute(sa.update(PUSH).where(*mine(due)).values(change).returning(*PUSH.c)).mappings().first()
    if row is None:
        raise Fenced("Somebody else is sending it, or has sent it.")
    if row["kind"] == "push" and row["state"] == "waiting" and not row["taken"] and now is not None:
        acts = _move_on(scope, due, now, until, onward)
        if due.attempts == 1:
            acts = [Act(Doing.CARD_FAILED, due.case.id, row["person_id"], told(through=due.channel, why=not_taken(why))), *acts]
        audit.append(session, vault, scope.school, acts, now)
    wake_after(session, "outbox")


def end_edit(session: Session, due: Due, at: datetime, why: str) -> None:
    """The card that DUE was to change cannot be changed any more."""
    over = {"token": None, "until": None, "state": "withdrawn", "finished_at": at, "why": why}
    if session.connection().execute(sa.update(PUSH).where(*mine(due)).values(over)).rowcount == 0:
        raise Fenced("Somebody else is sending it, or has sent it.")


def mine(due: Due) -> tuple[sa.ColumnElement[bool], ...]:
    """The row of DUE, for as long as its lease is ours."""
    return PUSH.c.id == due.id, PUSH.c.school == due.school, PUSH.c.token == due.token, PUSH.c.state == "waiting"


def _move_on(scope: Scope, due: Due, now: datetime, until: Until | None, onward: Onward | None) -> list[Act]:
    """Another card of the same case at their next place; where there is none, the case has to look for somebody else."""
    assert due.case is not None  # noqa: S101 - the caller looked; said for the type checker
    assert due.person is not None  # noqa: S101 - the same
    case = cases.load(scope, CASE.c.id == due.case.id, words=False)[0]
    theirs = tuple(one for one in reaching.tried(scope, case) if one.person.id == due.person.id)
    if case.waiting and onward is not None and theirs and _is_last(theirs, due):
        person = theirs[0].person
        if (place := onward(person, theirs)) is not None:
            reaching.queue(scope, case, ((person.id, *place),), now)
            return [Act(Doing.CARD_MOVED, case.id, person.id, told(through=place[0]))]
    if case.waiting and until is not None:
        first = min((one.created_at for one in theirs), default=now)
        reaching.look_at(scope, case, max(now, until(first)), now)
    return []


def _is_last(theirs: Sequence[Tried], due: Due) -> bool:
    """Whether DUE is at the last of the places tried so far: whoever failed before has been followed by another already."""
    return (theirs[-1].channel, theirs[-1].place) == (due.channel, due.place)


def _is_right(session: Session, vault: Vault, due: Due, now: datetime, right: Right) -> bool:
    if due.kind != "push" or due.case is None or due.person is None:
        return True
    scope = Scope.of(session, vault, due.school)
    everybody = roles.to_be_told(scope, due.case, reaching.told_roles(due.case), now)
    return right(due.school, due.case, everybody, due.person, (due.channel, due.place))


def _step_back(session: Session, vault: Vault, wrong: Collection[Due], now: datetime) -> None:
    """Withdraw cards that may not go where they were to go, and let their cases look at once for another place, or person."""
    for due in wrong:
        assert due.case is not None  # noqa: S101 - `_is_right` looked; said for the type checker
        assert due.person is not None  # noqa: S101 - the same
        scope = Scope.of(session, vault, due.school)
        # A card that is perhaps on a screen stays one that was sent: whatever is said of the case later is said there too.
        state = sa.case((perhaps_shown(), "sent"), else_="withdrawn")
        over = {"state": state, "token": None, "until": None, "finished_at": now}
        scope.connection.execute(sa.update(PUSH).where(*mine(due)).values(over))
        reaching.look_at(scope, due.case, now, now)
        if due.person.is_away(now) and due.person.away_until is not None:
            for rung, held in enumerate(due.case.rungs):
                if not set(held).isdisjoint(due.person.roles):
                    roles.tell_joined(scope, due.case.id, rung, now, due_at=due.person.away_until)
        audit.append(session, vault, scope.school, (Act(Doing.CARD_WITHDRAWN, due.case.id, due.person.id),), now)


def _read(session: Session, vault: Vault, rows: Sequence[sa.RowMapping]) -> tuple[Due, ...]:
    """ROWS as what they send. A push carries its case without the words in it: a card shows the least."""
    known: dict[tuple[str, str], Person] = {}
    about: dict[str, CaseOf] = {}
    for school in dict.fromkeys(row["school"] for row in rows):
        ids = [row["case_id"] for row in rows if row["school"] == school]
        scope = Scope.of(session, vault, school)
        about |= {case.id: case for case in cases.load(scope, CASE.c.id.in_(ids), words=False)}
    found = []
    for row in rows:
        scope, whose = Scope.of(session, vault, row["school"]), (row["school"], row["person_id"])
        try:
            if whose not in known:
                known[whose] = persons.load(scope, persons.PERSON.c.id == row["person_id"])[0]
            found.append(_due(vault, row, about[row["case_id"]], known[whose]))
        except CannotOpen as error:
            # It stays leased and is tried again when the lease runs out: nothing is lost while somebody finds the right key.
            log.error("a push cannot be sent: %s", error)  # noqa: TRY400 - the message says all; a traceback would add locals
    return tuple(found)


def _due(vault: Vault, row: sa.RowMapping, case: CaseOf, person: Person) -> Due:
    place = vault.open("push", "place", row["key"], row["place"])
    card = vault.opened("push", "card", row["key"], row["card"]) or ""
    known = {name: row[name] for name in ("id", "key", "school", "channel", "token", "attempts", "created_at")}
    return Due(place=place, kind=row["kind"], case=case, person=person, card=card, gathered=row["why"] == GATHERED, **known)


def _left_behind(session: Session, vault: Vault, row: sa.RowMapping, now: datetime) -> None:
    """Nobody can say whether this card was shown. Counting it as sent, and editing it, is right in either case."""
    over = {"state": "sent", "token": None, "until": None, "finished_at": now, "why": PERHAPS_SHOWN}
    session.connection().execute(sa.update(PUSH).where(PUSH.c.id == row["id"]).values(over))
    _edit(session, vault, row, now)


def _edit(session: Session, vault: Vault, row: sa.RowMapping, now: datetime) -> None:
    """Queue the edit of one card; for whoever holds the case it says that it is theirs."""
    holder = session.connection().execute(sa.select(CASE.c.holder).where(CASE.c.id == row["case_id"])).scalar()
    theirs = row["person_id"] == holder and row["why"] != GATHERED
    edit(Scope.of(session, vault, row["school"]), (row,), now, kind=HELD if theirs else TAKEN)


def _lock(scope: Scope, ids: Collection[str]) -> None:
    scope.connection.execute(
        sa.select(CASE.c.id).where(CASE.c.id.in_(ids)).order_by(CASE.c.id).with_for_update(key_share=True)
    ).all()
