"""The only path from a message to replies: keep it, lease its conversation, triage, ask the handlers, record, send."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from time import perf_counter

from bot import glances, metrics, own_reports, wording
from bot.asking import belongs, lost, open_question
from bot.case_wishes import REFERENCE
from bot.clock import Clock
from bot.coming_back import keys, offering_news, with_codes
from bot.drafts import touched, wake_at
from bot.logs import log
from bot.memory import Talk, after, as_pressed, offered, recall
from bot.messages import INCOMING, IncomingMessage, Reply
from bot.record import record
from bot.schools import School
from bot.triage import WORRY_BUTTON, Alarm, alarm
from bot.turn import Handler, Outcome, Turn
from flows.cases.case import reference
from knowledge.intents import readings
from knowledge.risk import Risk, Triage
from storage.database import Database, away
from storage.kept import Arrival, Due, Fenced, Lease, Overtaken, Recorded
from storage.store import Store
from storage.store.inbox import ATTEMPTS
from storage.work import Work

# A lease must outlive the slowest decision: a handler that has not answered by then is treated as one that raised.
HOLD = timedelta(seconds=60)
DECIDE_WITHIN = 20.0
AT_ONCE = 32  # conversations decided side by side in this process
BATCH = 16
POLL = 1.0  # the safety net below the wake-ups, in real seconds
DECIDE_AGAIN = 5  # how often a decision is made anew because its case moved meanwhile


class GivenUp(Exception):
    """Handling this message has ended its process, or outlasted its lease, each time before: no handler gets it again."""


def _none_down(_: str) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every conversation of this process shares."""

    schools: Mapping[str, School]
    stores: Mapping[str, Store]
    handlers: Sequence[Handler]
    triage: Triage
    clock: Clock
    database: Database
    work: Work
    down: Callable[[str], frozenset[str]] = _none_down  # the channels that take nothing at a school at the moment
    mails: bool = False  # e-mail is among the channels

    async def turn(self, lease: Lease, talk: Talk, message: IncomingMessage) -> Turn:
        """MESSAGE in the conversation of LEASE, with everything a decision on it may rest on."""
        store, school = self.stores[lease.school], self.schools[lease.school]
        opened = keys(talk.memory)
        here = own_reports.readers(store, school.calendar, lease, opened)
        if talk.progress is not None:
            # Whoever is shown who will read their report is shown it by person: one who is left out may hold other roles too.
            school = replace(school, held=await store.people.held())
        return Turn(
            message=message,
            conversation=lease.conversation,
            person=lease.person,
            progress=talk.progress,
            memory=talk.memory,
            school=school,
            cases=store.seen_by(lease.person),
            own=here.own,
            climbs=here.climbs,
            due=here.due,
            people=store.people,
            invites=store.invites,
            follow=own_reports.opener(store, school.calendar, lease, opened),
            mails=self.mails and bool(school.page),
            now=self.clock.now(),
            wall=self.clock.real_now(),
        )


class Conversations:
    """Takes messages in and carries every conversation on, in order, one decision at a time."""

    def __init__(self, around: Surroundings, dispatch: Callable[[Sequence[Due]], Awaitable[None]]) -> None:
        self._around = around
        self._dispatch = dispatch
        self._places = asyncio.Semaphore(AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()
        self.token = secrets.token_hex(8)
        self.ticked_at = around.clock.now()

    @property
    def _hold(self) -> timedelta:
        return self._around.clock.lasting(HOLD)

    async def receive(self, school: str, message: IncomingMessage) -> bool:
        """Make MESSAGE durable; True when it is new. It is answered afterwards, whatever happens to this process."""
        arrival = Arrival(
            message_id=message.id,
            channel=message.address.channel,
            place=message.address.place,
            sender=message.sender,
            received_at=message.received_at,
            body=INCOMING.dump_json(message).decode(),
        )
        store = self._around.stores[school]
        new, lease = await store.inbox.keep(arrival, self.token, self._around.clock.now(), self._hold)
        metrics.messages.labels(message.address.channel, "new" if new else "repeat").inc()
        if lease is not None:
            self._start(lease)
        return new

    async def run(self) -> None:
        """Pick up what no process has in hand: after a restart, after a crash elsewhere, after a lease ran out."""
        while True:
            self.ticked_at = self._around.clock.now()
            try:
                leases = await self._around.work.claim_conversations(self.token, self._around.clock.now(), BATCH, self._hold)
                for lease in leases:
                    self._start(lease)
                if len(leases) == BATCH:
                    # Only once these have begun: what is claimed and then queues loses its lease, and an attempt, for nothing.
                    async with self._places:
                        continue
            except Exception as error:  # noqa: BLE001 - this loop must outlive its database; the error is logged by type
                log.error("conversations could not be claimed", exc_info=error)
                await asyncio.sleep(POLL)
            await self._around.database.wait("inbox", POLL)

    async def finish(self) -> None:
        """Let the decisions in hand come to their end."""
        while running := tuple(self._running):
            await asyncio.gather(*running, return_exceptions=True)
            # Where all have ended already, this does not wait from Python 3.12 on: nobody else would get round to taking them out.
            self._running.difference_update(running)

    def _start(self, lease: Lease) -> None:
        task = asyncio.create_task(self._carry_on(lease), name="conversation")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _carry_on(self, held: Lease) -> None:
        lease: Lease | None = held
        failures = 0
        while lease is not None and lease.next is not None:
            current = lease
            try:
                lease = await self._one_message(current)
                failures = 0
            except Fenced:
                log.info("conversation went to another process", channel=held.channel)
                return
            except Exception as error:  # noqa: BLE001 - nothing was recorded; tried again until the lease runs out
                failures += 1
                log.error("message not recorded yet", channel=held.channel, attempts=failures, exc_info=error)
                if self._around.clock.now() >= current.until:
                    return  # whoever claims it next counts the attempt; the last one gives the message up
                await asyncio.sleep(min(POLL * failures, 5))

    async def _one_message(self, lease: Lease) -> Lease | None:
        # A place is held for deciding only: a platform that is slow to take replies must not hold up what others said.
        async with self._places:
            began = perf_counter()
            recorded = await self._answer(lease)
            metrics.message_seconds.observe(perf_counter() - began)
        if recorded.sends:
            await self._dispatch(recorded.sends)
        return recorded.lease

    async def _answer(self, lease: Lease) -> Recorded:
        """Decide and record one message. A case that moved meanwhile is decided anew; a handler that raises ends the message."""
        talk = recall(lease.state, self._around.schools[lease.school].setting(lease.channel))
        for _ in range(DECIDE_AGAIN):
            outcome, failed = await self._decide(lease, await self._turn(lease, talk), talk)
            with suppress(Overtaken):
                return await self._recorded(lease, outcome, talk, after(talk, outcome), failed)
        failed = error_reference()
        log.error("decision overtaken too often", reference=failed, channel=lease.channel)
        return await self._recorded(lease, sorry(failed), talk, talk, failed)

    async def _recorded(self, lease: Lease, outcome: Outcome, before: Talk, talk: Talk, failed: str | None) -> Recorded:
        """Write OUTCOME, with TALK as it stands after it and the moment at which it must be looked at although nobody writes."""
        now = self._around.clock.now()
        kept = touched(before, glances.after(talk, outcome), now)
        return await record(
            self._around.stores[lease.school],
            outcome,
            at=now,
            hold=self._hold,
            lease=lease,
            talk=kept,
            wake_at=wake_at(kept, self._around.schools[lease.school].keep_days),
            failed=failed,
            down=self._around.down(lease.school),
        )

    async def _decide(self, lease: Lease, turn: Turn, talk: Talk) -> tuple[Outcome, str | None]:
        """The outcome, and the code the person was given when a handler failed. An alarm already raised stands in either case."""
        assert lease.next is not None  # noqa: S101 - as in `_turn`
        raised, failed = Alarm(), None
        try:
            async with asyncio.timeout(DECIDE_WITHIN):
                risk = await self._weighed(turn)
                turn = replace(turn, named=risk.names_roles)
                raised = await alarm(turn, risk)
                memory = {**turn.memory, **raised.memory}
                turn = replace(turn, memory=memory, alarmed=not raised.quiet, raised=raised.outcome.opened)
                outcome = await self._ask_handlers(turn, lease.next.attempts)
        except Exception as error:
            if away(error):
                raise  # not the handler's doing: the message is decided once the database is back
            failed = error_reference()
            log.error("handler failed", reference=failed, channel=lease.channel, exc_info=error)
            outcome = sorry(failed)
        if talk.owed:
            outcome = replace(outcome, replies=(*talk.owed, *outcome.replies))
        if talk.lost is not None:
            outcome = replace(outcome, replies=(lost(talk.lost.note, talk.lost.said), *outcome.replies))
        whole = in_order(raised, after(Talk(turn.progress, turn.memory), outcome), outcome, turn.school)
        return offering_news(with_codes(whole, turn), turn), failed

    async def _turn(self, lease: Lease, talk: Talk) -> Turn:
        assert lease.next is not None  # noqa: S101 - the caller's loop condition; said for the type checker
        return await self._around.turn(lease, talk, as_pressed(INCOMING.validate_json(lease.next.body), talk))

    async def _weighed(self, turn: Turn) -> Risk:
        """How urgent the message is. Off the loop: the encoder takes its time for every sentence, and others are waiting."""
        if turn.message.pressed or not turn.message.text:
            return Risk("none")
        # The letters of a reference are drawn by lot and mean nothing.
        words = REFERENCE.sub(" ", turn.message.text)
        return await asyncio.to_thread(self._around.triage.weigh, words, turn.audience)

    async def _ask_handlers(self, turn: Turn, attempts: int) -> Outcome:
        if attempts >= ATTEMPTS:
            raise GivenUp(f"{attempts} attempts, none of them recorded.")
        if turn.message.text and not turn.message.pressed:
            # Also off the loop. It is remembered, so that the handlers can ask for it as often as they like.
            await asyncio.to_thread(readings, turn.message.text, turn.audience)
        for handler in self._around.handlers:
            if (outcome := await handler(turn)) is not None:
                return outcome
        return Outcome((Reply(wording.NOT_UNDERSTOOD),))


def in_order(raised: Alarm, talk: Talk, outcome: Outcome, school: School) -> Outcome:
    """The alarm's lines first, then what the handlers say, then the open question once more if they did not ask it."""
    first = raised.outcome
    # What is on its way already need not be offered; help first is never left out.
    said = [reply for reply in first.replies if not (outcome.passed_on and reply.about.startswith(WORRY_BUTTON))]
    replies = [*said, *outcome.replies]
    # An emergency whose report is sent by the same words: only those who are told at once were told by the alarm.
    notices = [one for one in first.notices if one.case not in outcome.replanned or one.rung == 0]
    draft = talk.progress
    if draft is not None and not any(belongs(reply, draft) for reply in outcome.replies):
        replies.append(open_question(draft, school))
    both = replace(
        outcome,
        replies=tuple(replies),
        opened=(*first.opened, *outcome.opened),
        added=(*first.added, *outcome.added),
        notices=(*notices, *outcome.notices),
        audit=(*first.audit, *outcome.audit),
    )
    return replace(both, memory=offered(both, talk.memory))


def error_reference() -> str:
    """A code that ties what the person was told to a line in the log, and says nothing else."""
    return reference("E")


def sorry(code: str) -> Outcome:
    """What a person hears when a handler failed: a code, and that their answers are kept."""
    return Outcome((Reply(wording.FAILED.format(reference=code)),))
