"""Writes one decision: everything it changes, in one transaction, or nothing.

Locks are always taken in the same order, so that two recordings can wait for each other but never in a circle:
conversations by id, cases by id, their notices and pushes, people, a question asked in vain, and last the head of the school's
audit chain. (Whoever loses a role has their cases locked after them: a circle with that, rare as it is, the database breaks.)
The locks leave keys alone (FOR NO KEY UPDATE), so that a row may be added that refers to a case while it is locked.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from flows.cases.acts import Doing
from flows.cases.case import Case
from storage import audit, evidence
from storage.kept import Act, Addition, Fenced, Lease, Overtaken, Recorded, Recording, Unknown
from storage.store import following, letters, news, questions, signing_in
from storage.store.cases import ADDITION, CASE, CONCERN, first_values, said_text, values
from storage.store.inbox import FINISHED, begin_oldest
from storage.store.linking import link, unlink
from storage.store.people import change
from storage.store.persons import PERSON, by_place
from storage.store.queueing import plan
from storage.store.scope import Scope
from storage.store.settling import hide, opened_by, settle, withdraw_notices
from storage.tables import Conversation, table
from storage.tables import Notice as NoticeRow

CONVERSATION, NOTICE = table(Conversation), table(NoticeRow)

# Whoever does one of these to a case has had its card before them.
_PROVES = frozenset({Doing.VIEWED, Doing.ACKNOWLEDGED, Doing.TAKEN, Doing.HANDED_ON})


def record(scope: Scope, recording: Recording, hold: timedelta) -> Recorded:
    """Write RECORDING. Fenced: the lease or the message is no longer ours. Overtaken: a case moved. Nothing is written then."""
    at = recording.at
    signing_in.once(scope, recording.once, at)
    _lock_reporters(scope, recording)
    waiting = _renew(scope, recording, hold) if recording.lease is not None else 0
    _finish_message(scope, recording)
    _cases(scope, recording)
    following.keep(scope, recording.codes, at)
    _notices(scope, recording)
    settle(scope, recording.settled, _holders(recording.changed), at)
    staffed = tuple(act for wish in recording.people for act in change(scope, wish, at))
    if recording.lease is not None and recording.news_to is not None:
        news.keep(scope, recording.lease.conversation, recording.news_to, at)
    others = (
        *letters.addressed(scope, recording.to_reporters),
        *letters.to_holders(scope, recording.to_holders, recording.down),
        *letters.to_informed(scope, recording.to_informed, recording.down),
        *letters.to_roles(scope, recording.to_roles, recording.down),
        *letters.to_people(scope, recording.to_people, recording.down),
    )
    sends = letters.queue(scope, (*recording.letters, *others), at, _carrier(recording, hold))
    lease = _go_on(scope, recording, hold) if waiting else None
    signing_in.put(scope, recording.sign_ins)
    if recording.asked is not None:
        questions.keep(scope, recording.asked, at)
    states = _states(scope, recording, staffed)
    audit.append(scope.session, scope.vault, scope.school, (*staffed, *recording.acts), at, states=states)
    return Recorded(lease, sends, tuple(case.reference for case in recording.opened))


def _states(scope: Scope, recording: Recording, staffed: Sequence[Act]) -> dict[str, str]:
    """What the cases that were written look like now: the audit promises it."""
    written = [case.id for case in (*recording.opened, *recording.changed)] + [addition.case for addition in recording.added]
    went_on = [act.case for act in staffed if act.case is not None]
    return evidence.states(scope.connection, scope.vault, scope.school, (*written, *went_on))


def _lock_reporters(scope: Scope, recording: Recording) -> None:
    """Whoever is written to has their conversation locked, so that the numbers of its replies follow the order of the commits."""
    if not recording.to_reporters:
        return
    cases = [note.case for note in recording.to_reporters]
    reporters = sa.select(CASE.c.reporter).where(CASE.c.id.in_(cases), CASE.c.school == scope.school)
    own = [recording.lease.conversation] if recording.lease is not None else []
    both = sa.or_(CONVERSATION.c.id.in_(reporters), CONVERSATION.c.id.in_(own))
    scope.connection.execute(
        sa.select(CONVERSATION.c.id).where(both).order_by(CONVERSATION.c.id).with_for_update(key_share=True)
    ).all()


def _renew(scope: Scope, recording: Recording, hold: timedelta) -> int:
    """The fence: the lease must be ours at the version it was read. Returns how many messages still wait after this one."""
    lease = recording.lease
    assert lease is not None  # noqa: S101 - the caller looked; said for the type checker
    if lease.school != scope.school:
        raise Unknown("That lease belongs to another school.")
    values = {
        "b_id": lease.conversation,
        "b_school": scope.school,
        "b_token": lease.token,
        "b_version": lease.version,
        "b_until": recording.at + hold,
        "b_done": 0 if recording.message is None else 1,
    }
    statement = _RENEWED
    if recording.state is not None:
        statement = _RENEWED_STATE
        values["b_state"] = scope.vault.seal("conversation", "state", lease.conversation, recording.state)
        values["b_wake"] = recording.wake_at
    if recording.quiet:
        statement = statement.where(CONVERSATION.c.waiting == 0)
    waiting: int | None = scope.connection.execute(statement, values).scalar()
    if waiting is None:
        raise Fenced("The conversation went to another process.")
    return waiting


def _finish_message(scope: Scope, recording: Recording) -> None:
    if recording.message is None:
        return
    if recording.lease is None:
        raise Fenced("A message can only be finished under the lease of its conversation.")
    done = {
        "b_id": recording.message,
        "b_conversation": recording.lease.conversation,
        "state": "done" if recording.failed is None else "failed",
        "failure": recording.failed,
        "finished_at": recording.at,
    }
    if scope.connection.execute(FINISHED, done).rowcount == 0:
        raise Fenced("The message was finished by somebody else.")


def _cases(scope: Scope, recording: Recording) -> None:
    for case in recording.opened:
        put = scope.insert(CASE).values(first_values(scope, case)).on_conflict_do_nothing().returning(CASE.c.id)
        if scope.connection.execute(put).first() is None:
            raise Overtaken("That case, or its reference, exists already.")
        _add_concerns(scope, case)
    touched = {case.id for case in recording.changed} | {one.case for one in recording.added} | set(recording.settled)
    touched |= {notice.case for notice in recording.notices} | set(recording.replanned)
    touched |= {case for pair in (*recording.linked, *recording.unlinked) for case in pair}
    _lock_cases(scope, touched)
    for case in recording.changed:
        _change(scope, case, recording.at)
    for addition in recording.added:
        _add(scope, addition, recording.at)
    link(scope, recording.linked, recording.at)
    unlink(scope, recording.unlinked)
    opened_by(scope, [(act.case, act.person) for act in recording.acts if act.act in _PROVES], recording.at)


def _lock_cases(scope: Scope, cases: Collection[str]) -> None:
    """Lock CASES in order; each must be this school's."""
    if not cases:
        return
    statement = (
        sa.select(CASE.c.id)
        .where(CASE.c.school == scope.school, CASE.c.id.in_(cases))
        .order_by(CASE.c.id)
        .with_for_update(key_share=True)
    )
    found = scope.connection.execute(statement).scalars().all()
    if len(found) != len(cases):
        raise Unknown("No case of this school has that id.")


def _change(scope: Scope, case: Case, at: datetime) -> None:
    """Write what may change. What was said at first stays, and nobody a case is about gets back in by this way."""
    statement = (
        sa.update(CASE)
        .where(CASE.c.id == case.id, CASE.c.school == scope.school, CASE.c.version == case.version)
        .values(**values(scope, case), version=case.version + 1)
    )
    if scope.connection.execute(statement).rowcount == 0:
        raise Overtaken("The case changed since it was read.")
    _add_concerns(scope, case)
    hide(scope, case.id, at)


def _add_concerns(scope: Scope, case: Case) -> None:
    if not case.concerns:
        return
    theirs = sa.select(PERSON.c.id).where(PERSON.c.school == scope.school, PERSON.c.id.in_(case.concerns))
    if len(scope.connection.execute(theirs).all()) != len(case.concerns):
        raise Unknown("A case can only concern people of its own school.")
    rows = [{"case_id": case.id, "person_id": person, "school": scope.school} for person in sorted(case.concerns)]
    scope.connection.execute(scope.insert(CONCERN).values(rows).on_conflict_do_nothing())


def _add(scope: Scope, addition: Addition, at: datetime) -> None:
    key = uuid.uuid4().hex
    said = scope.vault.seal("case_addition", "said", key, said_text(addition.said))
    row = {"school": scope.school, "key": key, "case_id": addition.case, "at": at, "said": said}
    scope.connection.execute(sa.insert(ADDITION).values(row))


def _notices(scope: Scope, recording: Recording) -> None:
    _not_told_meanwhile(scope, recording)
    withdraw_notices(scope, recording.replanned, recording.at)
    plan(scope, recording.notices, recording.at)


def _not_told_meanwhile(scope: Scope, recording: Recording) -> None:
    """A plan that begins with a rung which was told after the plan was made would skip whoever comes next, or tell nobody."""
    for case in recording.replanned:
        begins = min((notice.rung for notice in recording.notices if notice.case == case), default=None)
        if begins is None:
            continue
        told = sa.and_(NOTICE.c.case_id == case, NOTICE.c.school == scope.school, NOTICE.c.kind == "push", NOTICE.c.state == "done")
        if scope.connection.execute(sa.select(NOTICE.c.id).where(told, NOTICE.c.rung >= begins).limit(1)).first() is not None:
            raise Overtaken("Somebody was told of the case since it was read.")


def _holders(changed: Sequence[Case]) -> set[str]:
    return {case.holder for case in changed if case.holder is not None}


def _carrier(recording: Recording, hold: timedelta) -> letters.Carrier | None:
    lease = recording.lease
    return None if lease is None else letters.Carrier(lease.channel, lease.token, recording.at + hold)


def _go_on(scope: Scope, recording: Recording, hold: timedelta) -> Lease | None:
    """The renewed lease with the next message in it; None, and released, when all that waited had to be set aside."""
    lease = recording.lease
    assert lease is not None  # noqa: S101 - only a lease has messages waiting behind it
    begun, aside = begin_oldest(scope, lease.conversation, recording.at)
    if aside:
        left = CONVERSATION.c.waiting - aside
        scope.connection.execute(sa.update(CONVERSATION).where(CONVERSATION.c.id == lease.conversation).values(waiting=left))
    if begun is None:
        scope.connection.execute(
            sa.update(CONVERSATION).where(CONVERSATION.c.id == lease.conversation).values(token=None, until=None)
        )
        return None
    return replace(
        lease,
        version=lease.version + 1,
        until=recording.at + hold,
        state=recording.state if recording.state is not None else lease.state,
        person=by_place(scope, lease.channel, lease.sender),
        next=begun,
    )


_LEFT = CONVERSATION.c.waiting - sa.bindparam("b_done", type_=sa.Integer)
_RENEWED = (
    sa.update(CONVERSATION)
    .where(
        CONVERSATION.c.id == sa.bindparam("b_id"),
        CONVERSATION.c.school == sa.bindparam("b_school"),
        CONVERSATION.c.token == sa.bindparam("b_token"),
        CONVERSATION.c.version == sa.bindparam("b_version"),
    )
    .values(
        version=CONVERSATION.c.version + 1,
        waiting=_LEFT,
        token=sa.case((_LEFT > 0, CONVERSATION.c.token), else_=sa.null()),
        until=sa.case((_LEFT > 0, sa.bindparam("b_until", type_=CONVERSATION.c.until.type)), else_=sa.null()),
    )
    .returning(CONVERSATION.c.waiting)
)
_RENEWED_STATE = _RENEWED.values(state=sa.bindparam("b_state"), wake_at=sa.bindparam("b_wake", type_=CONVERSATION.c.wake_at.type))
