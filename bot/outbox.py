"""What has to be said, now, later and again: replies in order, pushes until somebody has the case, and the climbing between."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import ParamSpec, TypeVar

from bot import absences, deciding, logged, metrics, pushing, receipts, rolling, summaries
from bot.channel import Channel, Edits, SendFailed, Unproved
from bot.clock import Clock
from bot.logs import log
from bot.messages import REPLY, Address, Reply
from bot.people import back_at, to_tell
from bot.pushing import Ways
from bot.record import unasked, written
from bot.schools import School
from bot.under_way import UnderWay
from flows.cases.case import Case
from flows.cases.notice import Notice, NoticeKind
from storage.claim import back_off
from storage.database import Database, away
from storage.gathering import ROLLING
from storage.kept import Act, Due, Expansion, Fenced, Letter, Person, ToReporter, Tried, Unsure
from storage.store.queueing import BLANK, EDITS, HELD, TAKEN
from storage.store.settling import PERHAPS_SHOWN, REFUSED
from storage.work import Work

P = ParamSpec("P")
T = TypeVar("T")

HOLD = timedelta(seconds=60)
SEND_WITHIN = 20.0  # below HOLD: a send that hangs is given up before somebody else may start it
GIVE_UP_REPLY = timedelta(hours=24)  # notices never give up; a reply a day old releases those behind it
BATCH = 16
POLL = 1.0


class Outbox:
    """Sends what is due. Any number of processes may run one; leases decide who sends what."""

    def __init__(
        self,
        schools: Mapping[str, School],
        channels: Mapping[str, Channel],
        clock: Clock,
        database: Database,
        work: Work,
        *,
        states: Callable[[str], Mapping[str, str]],
    ) -> None:
        self._schools = schools
        self._channels = channels
        self._clock = clock
        self._database = database
        self._work = work
        self._states = states  # how each channel stands at a school: "up", or why not
        self._under_way = UnderWay()
        self.token = secrets.token_hex(8)
        self.ticked_at = clock.now()

    async def run(self) -> None:
        """Go round until cancelled: notices that fell due, pushes, replies; then wait for a wake-up or the next due time."""
        async with self._under_way:
            while True:
                self.ticked_at = self._clock.now()
                try:
                    if await self._round():
                        continue
                    pause = await self._until_next()
                except Exception as error:  # noqa: BLE001 - this loop must outlive its database; the error is logged by type
                    log.error("outbox round failed", exc_info=error)
                    await asyncio.sleep(POLL)
                    continue
                await self._database.wait("outbox", pause)

    async def _round(self) -> int:
        now = self._clock.now()
        names = tuple(self._channels)
        expanded = await self._work.expand(now, BATCH, self._resolve, self._pursue)
        hold = self._clock.lasting(HOLD)
        pushes = await self._work.claim_pushes(self.token, names, now, BATCH, hold, right=self._right)
        replies = await self._work.claim_replies(self.token, names, now, BATCH, hold)
        if pushes or replies:
            await self._under_way.begin(self.dispatch((*pushes, *replies)))
        return expanded + len(pushes) + len(replies)

    async def _until_next(self) -> float:
        """Real seconds to wait: to the next due time, at most the polling net."""
        due = await self._work.next_due(tuple(self._channels))
        if due is None:
            return POLL
        ahead = (due - self._clock.now()).total_seconds()
        return min(POLL, max(0.0, self._clock.real_seconds(ahead)))

    async def dispatch(self, dues: Sequence[Due]) -> None:
        """Send DUES: side by side between addresses, in order within one."""
        by_address = groupby(sorted(dues, key=_address), key=_address)
        await asyncio.gather(*(self._in_order(tuple(group)) for _, group in by_address))

    async def _in_order(self, dues: Sequence[Due]) -> None:
        try:
            for place, due in enumerate(dues):
                if place and not await self._noted(self._work.is_ours, due):
                    continue  # taken back while it waited behind the one before
                receipt = await self._send(due)
                if receipt is None:
                    for behind in dues[place + 1 :]:
                        await self._noted(self._work.again, behind, self._clock.now(), "waits for an earlier one")
                    return
                # Written down before the next one starts: a crash repeats the one send that was in flight, and no other.
                await self._noted(self._work.finish, due, receipt, self._clock.now(), self._unsure(due, receipt))
        except Fenced:
            log.info("send went to another process", channel=dues[0].channel, kind=dues[0].kind)

    async def _send(self, due: Due) -> str | None:
        """Send one. None: it failed and has been put back, or given up where that is allowed."""
        channel = self._channels[due.channel]
        try:
            async with asyncio.timeout(SEND_WITHIN):
                receipt = await self._handed(channel, due)
        except SendFailed as failure:
            await self._failed(due, type(failure).__name__, failure.retry_after, permanent=failure.permanent)
            return None
        except Exception as error:  # noqa: BLE001 - a channel may fail in any way; it is put back and logged by type
            log.warning("send failed", channel=due.channel, kind=due.kind, attempts=due.attempts, exc_info=error)
            await self._failed(due, PERHAPS_SHOWN, None, permanent=False)
            return None
        metrics.sends.labels(due.channel, due.kind, "sent").inc()
        return receipt

    async def _handed(self, channel: Channel, due: Due) -> str:
        """Hand DUE to CHANNEL; an edit in the place of its card, where the channel can."""
        to, reply = Address(due.channel, due.place), self._reply(due)
        if due.card and isinstance(channel, Edits):
            try:
                return await channel.edit(to, due.card, reply, due.key)
            except SendFailed as failure:
                if not failure.permanent:
                    raise
                log.info("what was sent cannot be changed any more", channel=due.channel, kind=due.kind)
        if due.kind in (BLANK, HELD) or (due.kind == TAKEN and due.gathered):
            # A new message would say that there was something, or what they know already, or be one more of too many.
            return ""
        return await channel.send(to, reply, due.key)

    async def _failed(self, due: Due, why: str, retry_after: float | None, *, permanent: bool) -> None:
        now = self._clock.now()
        if due.kind in ("reply", *EDITS) and (permanent or now - due.created_at > GIVE_UP_REPLY):
            metrics.sends.labels(due.channel, due.kind, "undeliverable").inc()
            elsewhere = tuple(self._channels) if due.kind == "reply" and REPLY.validate_json(due.body).anywhere else ()
            await self._noted(self._work.undeliverable, due, now, why, elsewhere)
            return
        metrics.sends.labels(due.channel, due.kind, "again").inc()
        at = now + timedelta(seconds=max(back_off(due.attempts), retry_after or 0.0))
        if due.kind in ("push", ROLLING):
            await self._elsewhere(due, at, REFUSED if permanent else why, now)
        else:
            await self._noted(self._work.again, due, at, why)

    async def _elsewhere(self, due: Due, at: datetime, why: str, now: datetime) -> None:
        """Try a push again AT, and their next place beside it where this one has failed for long enough."""
        assert due.case is not None  # noqa: S101 - pushes always carry their case
        case, school, ways = due.case, self._schools[due.school], self._ways(due.school, now)
        refused = why == REFUSED
        enough = pushing.gives_up_waiting(due.attempts, now - due.created_at, permanent=refused)
        await self._noted(
            self._work.elsewhere,
            due,
            at,
            why,
            now=now,
            until=lambda since: now if refused else pushing.patience(case, school, since),
            onward=(lambda person, theirs: pushing.next_place(person, theirs, ways)) if enough else None,
        )

    def _unsure(self, due: Due, receipt: str) -> Unsure | None:
        """Whether RECEIPT leaves it open that a card arrived, and when to look; None where it proves it."""
        if due.kind not in ("push", ROLLING) or due.case is None or due.person is None or not isinstance(receipt, Unproved):
            return None
        if not pushing.would_follow(due.case, due.person):
            return Unsure()
        return Unsure(pushing.patience(due.case, self._schools[due.school], self._clock.now()))

    async def _noted(self, end: Callable[P, Awaitable[T]], *how: P.args, **more: P.kwargs) -> T:
        """Write down how a send ENDed, or ask about it, for as long as a lease lasts: else it is made again, or much later."""
        lapses = self._clock.now() + self._clock.lasting(HOLD)
        while True:
            try:
                return await end(*how, **more)
            except Exception as error:
                if not away(error) or self._clock.now() >= lapses:
                    raise
                log.warning("the end of a send is not written down yet", exc_info=error)
            await asyncio.sleep(POLL)

    def _reply(self, due: Due) -> Reply:
        if due.kind == "reply":
            return REPLY.validate_json(due.body)
        assert due.case is not None  # noqa: S101 - pushes and their edits always carry their case
        school = self._schools[due.school]
        if due.gathering is not None:
            return rolling.message(due.gathering, school)
        if due.kind == BLANK:
            return summaries.blanked(due.case)
        if due.case.decision is not None:
            return deciding.card_after(due.case, school)
        if due.kind in EDITS:
            return _changed_card(due, due.case, school)
        return _card(due.case, due.person, school)

    def _resolve(self, notice: Notice, school: str, case: Case, holders: tuple[Person, ...], told: frozenset[str]) -> Expansion:
        """What a due notice becomes. Runs inside the claiming transaction: pure, and quick."""
        return resolve(notice, self._schools[school], case, holders, told=told, ways=self._ways(school, self._clock.now()))

    def _pursue(self, school: str, case: Case, everybody: tuple[Person, ...], tried: tuple[Tried, ...]) -> Expansion:
        """What follows where nothing proves that a card arrived. As pure, and as quick."""
        return pushing.pursue(case, self._schools[school], everybody, tried, self._ways(school, self._clock.now()))

    def _right(self, school: str, case: Case, everybody: tuple[Person, ...], person: Person, place: tuple[str, str]) -> bool:
        """Whether a card may still go there. As pure, and as quick."""
        return pushing.is_right(case, everybody, person, place, self._ways(school, self._clock.now()))

    def _ways(self, school: str, now: datetime) -> Ways:
        return Ways.of(self._channels, self._states(school), now)


def resolve(
    notice: Notice,
    school: School,
    case: Case,
    holders: Sequence[Person],
    *,
    told: frozenset[str],
    ways: Ways,
) -> Expansion:
    """The pushes for NOTICE's rung; or, at the end of the road, the truth to the reporter: please phone."""
    now = ways.now
    if notice.kind is NoticeKind.PHONE:
        return _phone(case, school, holders, ways)
    chosen = to_tell(holders, concerns=case.concerns, told=told, channels=ways.running, now=now)
    pushes = tuple((person.id, *(pushing.first_place(person, ways) or place)) for person, place in chosen)
    acts = tuple(Act("person told", case.id, person.id) for person, _ in chosen)
    back = back_at(holders, concerns=case.concerns, told=told, now=now)
    if notice.kind is NoticeKind.JOINED:
        return Expansion(pushes=pushes, acts=acts, back_at=back)
    if not chosen and any(person.id in told and person.id not in case.concerns for person in holders):
        return Expansion(acts=(Act("rung told before", case.id),), climb_now=True, back_at=back)
    if not chosen:
        rung = case.rungs[notice.rung] if notice.rung < len(case.rungs) else ()
        log.warning("nobody to tell on this rung", reference=case.reference, school=school.name, count=len(rung))
        return Expansion(acts=(Act("nobody to tell", case.id),), nobody=True, climb_now=True, back_at=back)
    return Expansion(pushes=pushes, acts=acts, back_at=back)


def _phone(case: Case, school: School, loggers: Sequence[Person], ways: Ways) -> Expansion:
    """The end of the road, for whoever sent CASE, or wrote it down. Nobody is asked to phone because of a drill."""
    now = ways.now
    if case.drill:
        return Expansion()
    if case.reporter is None:
        return _logger_asked(case, school, loggers, ways)
    if not receipts.may_write(case):
        return Expansion(acts=(Act("reporter not written to: it is not safe", case.id),))
    text = receipts.phone(case, school, now)
    return Expansion(to_reporters=(ToReporter(case.id, written(text)),), acts=(Act("reporter told to phone", case.id),))


def _logger_asked(case: Case, school: School, loggers: Sequence[Person], ways: Ways) -> Expansion:
    """Whoever told the school of CASE wrote nothing here: whoever wrote it down for them is the one who can still do something."""
    body = unasked(logged.nobody_took(case, school, ways.now))
    found = [(one, place) for one in loggers if (place := pushing.first_place(one, ways)) is not None]
    return Expansion(
        letters=tuple(Letter(*place, body) for _, place in found),
        acts=tuple(Act("whoever wrote it down told to phone", case.id, one.id) for one, _ in found),
    )


def _card(case: Case, person: Person | None, school: School) -> Reply:
    """The card of CASE for PERSON, with the reason where it has climbed to them, or comes in the place of somebody else."""
    if person is None:
        return summaries.push(case, school)
    instead = absences.stands_in(case, person)
    climbed = not instead and bool(case.rungs) and set(case.rungs[0]).isdisjoint(person.roles)
    card = summaries.push(case, school, climbed=climbed)
    return deciding.offering(absences.as_stand_in(card) if instead else card, case, school, person)


def _changed_card(due: Due, case: Case, school: School) -> Reply:
    """What the card becomes that DUE is to change. Where that comes late, it says how CASE stands by then."""
    if due.kind == HELD and case.waiting:
        return _card(case, due.person, school)
    theirs = due.kind == HELD and due.person is not None and case.holder == due.person.id
    words = summaries.held if theirs else summaries.taken
    return deciding.offering(words(case, school), case, school, due.person)


def _address(due: Due) -> tuple[str, str, str, str]:
    # A push never waits behind a reply to the same place.
    return due.school, due.channel, due.place, "reply" if due.kind == "reply" else due.key
