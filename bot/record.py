"""record(Outcome): the only way anything changes, whoever decided it: a message, the desk, a timer or the command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.memory import Talk
from bot.messages import REPLY, Reply
from bot.turn import Outcome
from storage.kept import Lease, Letter, Recorded, Recording, ToHolder, ToInformed, ToPerson, ToReporter, ToRoles
from storage.store import Store


def written(reply: Reply) -> str:
    """REPLY as it waits in the outbox."""
    return REPLY.dump_json(reply).decode()


def unasked(reply: Reply) -> str:
    """REPLY as it waits for somebody who did not ask: where one place of theirs refuses it, the next will do."""
    return written(replace(reply, anywhere=True))


async def record(
    store: Store,
    outcome: Outcome,
    *,
    at: datetime,
    hold: timedelta,
    lease: Lease | None = None,
    talk: Talk | None = None,
    wake_at: datetime | None = None,
    quiet: bool = False,
    failed: str | None = None,
    once: str = "",
    down: frozenset[str] = frozenset(),
) -> Recorded:
    """Write everything OUTCOME changes in one transaction. Raises Fenced or Overtaken, and then nothing was written.

    WAKE_AT goes with TALK: when it must be looked at although nobody writes. QUIET: Fenced, too, if somebody has written meanwhile.
    ONCE is the form of the desk that this carries out: RepeatedForm where that was done before.
    DOWN are the channels that take nothing at the moment: what is said to people unasked goes to another place of theirs.
    """
    message = lease.next.id if lease is not None and lease.next is not None else None
    return await store.record(
        Recording(
            at=at,
            lease=lease,
            message=message,
            failed=failed,
            state=talk.written() if talk is not None else None,
            wake_at=wake_at,
            quiet=quiet,
            opened=outcome.opened,
            changed=outcome.changed,
            added=outcome.added,
            notices=outcome.notices,
            replanned=outcome.replanned,
            settled=outcome.settled,
            letters=_letters(lease, outcome),
            to_reporters=tuple(ToReporter(case.id, written(reply)) for case, reply in outcome.to_reporter),
            to_holders=tuple(ToHolder(case.id, unasked(reply)) for case, reply in outcome.to_holder),
            to_informed=tuple(ToInformed(case.id, person, unasked(reply)) for case, person, reply in outcome.to_informed),
            to_roles=tuple(ToRoles(roles, unasked(reply), without) for roles, reply, without in outcome.to_roles),
            to_people=tuple(ToPerson(person, unasked(reply)) for person, reply in outcome.to_person),
            people=outcome.people,
            linked=outcome.linked,
            unlinked=outcome.unlinked,
            acts=outcome.audit,
            asked=outcome.asked,
            codes=outcome.codes,
            news_to=outcome.news_to,
            sign_ins=outcome.sign_ins,
            once=once,
            down=down,
        ),
        hold,
    )


def _letters(lease: Lease | None, outcome: Outcome) -> tuple[Letter, ...]:
    elsewhere = tuple(Letter(to.channel, to.place, written(reply)) for to, reply in outcome.to_places)
    if lease is None:
        return elsewhere
    return (*(Letter(lease.channel, lease.place, written(reply)) for reply in outcome.replies), *elsewhere)
