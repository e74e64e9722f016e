"""Looks after conversations that nobody writes in: reminds once, sends where silence was the answer, destroys in time."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from bot import glances, left_in_danger, wording
from bot.coming_back import with_codes
from bot.conversation import DECIDE_AGAIN, HOLD, Surroundings
from bot.drafts import Due, due, forgotten, known, reminded, tidied, wake_at
from bot.handlers.report_sent import send
from bot.logs import log
from bot.memory import Talk, after, offered, recall
from bot.messages import Address, IncomingMessage, Reply
from bot.record import record
from bot.turn import Outcome
from flows.engine import silence
from storage.database import away
from storage.kept import Act, Fenced, Lease, Overtaken, Recorded
from storage.kept import Due as Sending

BATCH = 16
POLL = 1.0  # real seconds
# How long a conversation that could not be looked at lets the others go first.
AGAIN = timedelta(minutes=5)


class Idle:
    """Any number of processes may run one: leases on the conversations keep them apart, and out of the way of whoever writes."""

    def __init__(self, around: Surroundings, dispatch: Callable[[Sequence[Sending]], Awaitable[None]]) -> None:
        self._around = around
        self._dispatch = dispatch
        self.token = secrets.token_hex(8)
        self.ticked_at = around.clock.now()

    async def run(self) -> None:
        """Go round until cancelled: look at what is due, then wait for what is due next."""
        while True:
            self.ticked_at = self._around.clock.now()
            try:
                if await self._round() == BATCH:
                    continue
                pause = await self._until_next()
            except Exception as error:  # noqa: BLE001 - this loop must outlive its database; the error is logged by type
                log.error("idle conversations could not be looked at", exc_info=error)
                await asyncio.sleep(POLL)
                continue
            await self._around.database.wait("idle", pause)

    async def _round(self) -> int:
        hold = self._around.clock.lasting(HOLD)
        leases = await self._around.work.claim_idle(self.token, self._around.clock.now(), BATCH, hold)
        await asyncio.gather(*(self._look(lease) for lease in leases))
        return len(leases)

    async def _until_next(self) -> float:
        now = self._around.clock.now()
        following = await self._around.work.next_idle(now)
        if following is None:
            return POLL
        return min(POLL, self._around.clock.real_seconds((following - now).total_seconds()))

    async def _look(self, lease: Lease) -> None:
        try:
            recorded = await self._looked(lease)
        except Fenced:
            # Somebody wrote at this very moment, or this took too long: what they wrote comes first.
            await self._around.stores[lease.school].conversations.release(lease)
        except Exception as error:
            if away(error):
                raise  # nothing is wrong with the conversation: it is looked at again once its lease has run out
            log.error("an idle conversation could not be looked at", channel=lease.channel, exc_info=error)
            await self._around.work.put_off(lease, self._around.clock.now() + AGAIN)
        else:
            if recorded.sends:
                await self._dispatch(recorded.sends)

    async def _looked(self, lease: Lease) -> Recorded:
        """Decide what is due in the conversation of LEASE, and write it. A case that moved meanwhile is decided anew."""
        school = self._around.schools[lease.school]
        now = self._around.clock.now()
        talk = known(recall(lease.state, school.setting(lease.channel)), now)
        what = due(talk, school.keep_days, now)
        for _ in range(DECIDE_AGAIN):
            outcome, kept = await self._decided(lease, talk, what)
            with suppress(Overtaken):
                return await record(
                    self._around.stores[lease.school],
                    outcome,
                    at=now,
                    hold=self._around.clock.lasting(HOLD),
                    lease=lease,
                    talk=kept,
                    wake_at=wake_at(kept, school.keep_days),
                    quiet=True,
                    down=self._around.down(lease.school),
                )
        raise Overtaken("decided too often")

    async def _decided(self, lease: Lease, talk: Talk, what: frozenset[Due]) -> tuple[Outcome, Talk]:
        if Due.SEND in what:
            return await self._sent(lease, talk)
        if Due.DANGER in what:
            return await self._in_danger(lease, talk)  # and then it is looked at again for the rest
        keep_days = self._around.schools[lease.school].keep_days
        acts = tuple(Act("draft destroyed") for one in (Due.DESTROY_OPEN, Due.DESTROY_ASIDE) if one in what)
        kept = forgotten(talk, what, keep_days)
        quietly = Outcome(audit=acts)
        if Due.GLANCE in what:
            # As it was before anything of it was forgotten: also when the bot was off for as long as that.
            word, kept = await self._glanced(lease, replace(talk, progress=kept.progress), kept)
            quietly = replace(word, audit=(*acts, *word.audit))
        if Due.REMIND not in what:
            return quietly, kept
        kept, replies = reminded(kept, self._around.clock.now())
        return self._saying(replace(quietly, replies=replies), kept)

    async def _glanced(self, lease: Lease, talk: Talk, kept: Talk) -> tuple[Outcome, Talk]:
        """The lead is asked to look, where words that may need them came to nothing; and what is KEPT of the talk."""
        school, now = self._around.schools[lease.school], self._around.clock.now()
        people = await self._around.stores[lease.school].people.list()
        return glances.ask(talk, school, people, lease.person, now), glances.looked(kept, school, now)

    def _nothing_from(self, lease: Lease) -> IncomingMessage:
        """What is decided although nobody wrote belongs to this place."""
        place = Address(lease.channel, lease.place)
        return IncomingMessage(id="", sender=lease.sender, address=place, received_at=self._around.clock.now())

    async def _sent(self, lease: Lease, talk: Talk) -> tuple[Outcome, Talk]:
        """The report as it stood, on the way that Send takes. Where it is not safe to write, the receipt waits until they do."""
        assert talk.progress is not None  # noqa: S101 - only an open question has a silence
        finished = silence(talk.progress)
        assert finished is not None  # noqa: S101 - it is due because it is not None
        turn = await self._around.turn(lease, talk, self._nothing_from(lease))
        outcome = with_codes(await send(turn, finished), turn)
        safe = talk.progress.safe_to_write
        # Read hours later, "I am telling them now" must not mean now.
        then = wording.SENT_MEANWHILE.format(when=wording.day_and_clock(turn.now, turn.school.zone))
        said = replace(outcome, replies=(Reply(wording.SENT_BY_SILENCE if safe else then), *outcome.replies))
        return self._now_or_later(said, tidied(_left_after(talk, outcome)), safe=safe)

    async def _in_danger(self, lease: Lease, talk: Talk) -> tuple[Outcome, Talk]:
        """Somebody said that there is danger and stopped: the school hears what they answered, and the report stays open."""
        turn = await self._around.turn(lease, talk, self._nothing_from(lease))
        outcome = with_codes(await left_in_danger.told(turn, wording.TOLD_LEFT), turn)
        safe = turn.progress is not None and turn.progress.safe_to_write
        return self._now_or_later(outcome, _left_after(talk, outcome), safe=safe)

    def _now_or_later(self, outcome: Outcome, talk: Talk, *, safe: bool) -> tuple[Outcome, Talk]:
        """OUTCOME said at once where it is SAFE to write unasked; where it is not, it is owed until they write."""
        if safe:
            return self._saying(outcome, talk)
        return replace(outcome, replies=()), replace(talk, owed=(*talk.owed, *outcome.replies))

    def _saying(self, outcome: Outcome, talk: Talk) -> tuple[Outcome, Talk]:
        """OUTCOME said unasked to somebody who said that this is safe: with it goes what was owed, and its buttons can be typed."""
        if not outcome.replies:
            return outcome, talk
        outcome = replace(outcome, replies=(*talk.owed, *outcome.replies))
        return outcome, replace(talk, memory=offered(outcome, talk.memory), owed=())


def _left_after(talk: Talk, outcome: Outcome) -> Talk:
    """TALK after OUTCOME, to which nobody wrote anything: what was owed is owed still, and what was sent needs no other look."""
    return replace(glances.after(after(talk, outcome), outcome), owed=talk.owed)
