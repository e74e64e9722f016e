"""What is due across all schools. The only reader that is bound to none: for the loops of the bot and what they start with."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from storage import climbing, idle, pushing, sending, standing
from storage.claim import NOW, WAITING, Claim, Terms, back_off
from storage.climbing import NOTICE, Pursue, Resolve
from storage.database import Database
from storage.kept import Due, Fenced, Lag, Lease, Published, Unsure
from storage.pushing import Onward, Right, Until
from storage.sendable import sendable
from storage.sending import PUSH, REPLY, SURE, each, heads, through
from storage.standing import Waits
from storage.store.conversations import leased
from storage.store.inbox import CONVERSATION, INBOX, begin_oldest
from storage.store.policies import Policies
from storage.store.scope import Scope
from storage.tables import AuditLink, PolicyVersion, table
from storage.vault import CannotOpen, Vault

log = logging.getLogger(__name__)

LINK, VERSION = table(AuditLink), table(PolicyVersion)


class Work:
    """Claims, and the ends of what was claimed. Any number of processes may have one; leases keep them apart."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    async def claim_conversations(self, token: str, now: datetime, limit: int, hold: timedelta) -> tuple[Lease, ...]:
        """Lease conversations with waiting messages that nobody is at: after a restart, a crash, a lease that ran out."""
        return await self._database.write(
            lambda session: _claim_conversations(session, self._vault, Terms(token, now, limit, hold))
        )

    async def claim_idle(self, token: str, now: datetime, limit: int, hold: timedelta) -> tuple[Lease, ...]:
        """Lease conversations that must be looked at by now although nobody writes in them, and that nobody is at."""
        return await self._database.write(lambda session: idle.claim(session, self._vault, Terms(token, now, limit, hold)))

    async def put_off(self, lease: Lease, until: datetime) -> None:
        """Whatever is wrong with the idle conversation of LEASE: look at it again then, and let the others go first."""
        await self._database.write(lambda session: idle.put_off(session, lease, until))

    async def next_idle(self, now: datetime) -> datetime | None:
        """When, after NOW, the next conversation must be looked at although nobody writes; None when none must."""
        return await self._database.read(lambda session: idle.next_wake(session, now))

    async def claim_replies(
        self, token: str, channels: Sequence[str], now: datetime, limit: int, hold: timedelta
    ) -> tuple[Due, ...]:
        """Lease replies that may go out next, in the order to send them: nothing older waits at their addresses."""
        return await self._database.write(
            lambda session: sending.claim_replies(session, self._vault, channels, Terms(token, now, limit, hold))
        )

    async def claim_pushes(
        self, token: str, channels: Sequence[str], now: datetime, limit: int, hold: timedelta, *, right: Right | None = None
    ) -> tuple[Due, ...]:
        """Lease pushes whose case still waits, whose person it does not concern, and that are still RIGHT."""
        return await self._database.write(
            lambda session: pushing.claim(session, self._vault, channels, Terms(token, now, limit, hold), right)
        )

    async def expand(self, now: datetime, limit: int, resolve: Resolve, pursue: Pursue | None = None) -> int:
        """Carry out the notices that are due; returns how many. One that fails waits longer each time and holds up nobody."""
        notices = await self._database.read(lambda session: climbing.due(session, now, limit))
        return sum([await self._expand(notice, now, resolve, pursue) for notice in notices])

    async def finish(self, due: Due, receipt: str, at: datetime, unsure: Unsure | None = None) -> None:
        """DUE was sent: the platform said so, with RECEIPT, which proves its delivery unless we are UNSURE of it."""
        await self.finish_many(((due, receipt),), at, {} if unsure is None else {due.key: unsure})

    async def finish_many(self, sent: Iterable[tuple[Due, str]], at: datetime, unsure: Mapping[str, Unsure] = SURE) -> None:
        """All of SENT were sent, written in one transaction. Fenced when the lease of one was lost; the others are written."""
        pairs = tuple(sent)
        lost = await self._database.write(lambda session: sending.finish(session, self._vault, pairs, at, unsure))
        if lost:
            raise Fenced(f"{len(lost)} of {len(pairs)} went to another process.")

    async def again(self, due: Due, at: datetime, why: str) -> None:
        """DUE could not be sent: try again AT. WHY is a kind of error, never its text."""
        if due.kind == "reply":
            await self._database.write(lambda session: sending.again(session, due, at, why))
        else:
            await self.elsewhere(due, at, why)

    async def elsewhere(
        self,
        due: Due,
        at: datetime,
        why: str,
        *,
        now: datetime | None = None,
        until: Until | None = None,
        onward: Onward | None = None,
    ) -> None:
        """The push DUE failed: try again AT, and as ONWARD says, at another place too; UNTIL: when to look further."""

        def put_back(session: Session) -> None:
            for one in each(due):
                pushing.again(session, self._vault, one, at, why, now=now, until=until, onward=onward)

        await self._database.write(put_back)

    async def undeliverable(self, due: Due, at: datetime, why: str, elsewhere: Collection[str] = ()) -> None:
        """The reply DUE never will be sent, and those behind it may go; or the card cannot be changed any more.

        ELSEWHERE are the channels by which whoever it is for may have it instead, at the next of their places.
        """
        await self._database.write(lambda session: sending.undeliverable(session, self._vault, due, at, why, elsewhere=elsewhere))

    async def is_ours(self, due: Due) -> bool:
        """Whether the reply DUE is still to be sent, and by us: it may have been taken back while it waited behind another."""
        return await self._database.read(lambda session: sending.is_ours(session, due))

    async def renew(self, due: Due, now: datetime, hold: timedelta) -> None:
        """Hold on to DUE until NOW + HOLD."""
        await self._database.write(lambda session: sending.renew(session, due, now + hold))

    async def next_due(self, channels: Sequence[str]) -> datetime | None:
        """When the next reply, push or notice is due, or its lease runs out; None when nothing waits."""
        return await self._database.read(lambda session: _next_due(session, channels))

    async def live_policies(self, schools: Collection[str]) -> dict[str, Published]:
        """The published version that is live, for each of SCHOOLS that has one; the others are answered from their folders."""
        names = (await self.live_versions()).keys() & set(schools)
        found = {name: await Policies(self._database, name).live() for name in names}
        return {name: version for name, version in found.items() if version is not None}

    async def live_versions(self) -> dict[str, int]:
        """Which published version of its policy is live, for each school that has published one. Quick to ask."""
        newest = sa.select(VERSION.c.school, sa.func.max(VERSION.c.number).label("number")).group_by(VERSION.c.school)
        rows = await self._database.read(lambda session: session.connection().execute(newest).all())
        return {row.school: row.number for row in rows}

    async def latest(self) -> datetime | None:
        """The latest moment anything was done; None in an empty database. A rehearsal's clock must not go back behind it."""
        return await self._database.read(_latest)

    async def lag(self, now: datetime) -> dict[str, Lag]:
        """What is due and not done: "inbox", "replies", "pushes", "notices", "idle", and by channel, such as "replies/web"."""
        return await self._database.read(lambda session: _lag(session, now))

    async def waits(self, now: datetime) -> Waits:
        """What somebody waits for, over all schools, in numbers: for the health page."""
        return await self._database.read(lambda session: standing.waits(session, now))

    async def _expand(self, notice: int, now: datetime, resolve: Resolve, pursue: Pursue | None) -> bool:
        try:
            return await self._database.write(
                lambda session: climbing.expand(session, self._vault, notice, now, resolve, pursue=pursue)
            )
        except sa.exc.OperationalError:
            raise  # the database is away: nothing is wrong with the notice
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one notice, the others must go out
            failed = await self._database.read(lambda session: climbing.attempts(session, notice))
            wait = timedelta(seconds=back_off(failed))
            log.error("notice %d could not be carried out: %s", notice, type(error).__name__)  # noqa: TRY400 - a traceback would add locals
            await self._database.write(lambda session: climbing.put_back(session, notice, now + wait))
            return False


def _claim_conversations(session: Session, vault: Vault, terms: Terms) -> tuple[Lease, ...]:
    rows = _CONVERSATIONS.take(session, terms)
    return tuple(lease for row in rows if (lease := _leased(Scope.of(session, vault, row["school"]), row, terms.now)) is not None)


def _leased(scope: Scope, row: sa.RowMapping, now: datetime) -> Lease | None:
    """The lease with the oldest message in it; None, and released, when all that waited had to be set aside."""
    key = row["id"]
    try:
        begun, aside = begin_oldest(scope, key, now)
        if aside:
            log.error("%d message(s) of one conversation were set aside after too many attempts", aside)
            left = CONVERSATION.c.waiting - aside
            scope.connection.execute(sa.update(CONVERSATION).where(CONVERSATION.c.id == key).values(waiting=left))
        if begun is None:
            scope.connection.execute(sa.update(CONVERSATION).where(CONVERSATION.c.id == key).values(token=None, until=None))
            return None
        return leased(scope, row, begun)
    except CannotOpen as error:
        log.error("a conversation cannot go on: %s", error)  # noqa: TRY400 - the message says all; a traceback would add locals
        return None


def _next_due(session: Session, channels: Sequence[str]) -> datetime | None:
    found = [session.connection().execute(one, {"b_channels": list(channels)}).scalar() for one in _NEXT]
    found.append(session.connection().execute(_NEXT_NOTICE).scalar())
    return min((moment for moment in found if moment is not None), default=None)


def _latest(session: Session) -> datetime | None:
    last = (sa.select(sa.func.max(column)) for column in (CONVERSATION.c.updated_at, LINK.c.at))
    moments = [session.connection().execute(one).scalar() for one in last]
    return max((moment for moment in moments if moment is not None), default=None)


def _lag(session: Session, now: datetime) -> dict[str, Lag]:
    found = {name: _by_channel(session, statement, now) for name, statement in _BEHIND.items()}
    lags = {name: _sum(parts.values()) for name, parts in found.items()}
    lags["idle"] = idle.behind(session, now)
    lags["notices"] = Lag(*session.connection().execute(_NOTICES_BEHIND, {"b_now": now}).one())
    lags.update({f"{name}/{channel}": lag for name, parts in found.items() for channel, lag in parts.items()})
    return lags


def _by_channel(session: Session, statement: sa.Select[str, int, datetime], now: datetime) -> dict[str, Lag]:
    return {channel: Lag(waiting, oldest) for channel, waiting, oldest in session.connection().execute(statement, {"b_now": now})}


def _sum(parts: Iterable[Lag]) -> Lag:
    lags = list(parts)
    oldest = min((lag.oldest_due for lag in lags if lag.oldest_due is not None), default=None)
    return Lag(sum(lag.waiting for lag in lags), oldest)


def _earliest(rows: sa.Table, which: sa.ColumnElement[bool]) -> sa.Select[datetime]:
    free_at = sa.case((rows.c.until > rows.c.due_at, rows.c.until), else_=rows.c.due_at)
    return sa.select(sa.func.min(free_at)).where(which, through(rows))


def _count(rows: sa.Table, which: sa.ColumnElement[bool], since: sa.Column[datetime]) -> sa.Select[str, int, datetime]:
    return sa.select(rows.c.channel, sa.func.count(), sa.func.min(since)).where(which).group_by(rows.c.channel)


_CONVERSATIONS = Claim(
    CONVERSATION,
    CONVERSATION.c.waiting > sa.literal_column("0"),
    (CONVERSATION.c.updated_at, CONVERSATION.c.id),
    version=CONVERSATION.c.version + 1,
)
_NEXT = (_earliest(REPLY, heads()), _earliest(PUSH, sendable()))
_NEXT_NOTICE = sa.select(sa.func.min(NOTICE.c.due_at)).where(NOTICE.c.state == WAITING)
_BEHIND = {
    "inbox": _count(INBOX, INBOX.c.state == WAITING, INBOX.c.kept_at),
    "replies": _count(REPLY, sa.and_(REPLY.c.state == WAITING, REPLY.c.due_at <= NOW), REPLY.c.created_at),
    "pushes": _count(PUSH, sa.and_(sendable(), PUSH.c.due_at <= NOW), PUSH.c.created_at),
}
_NOTICES_BEHIND = sa.select(sa.func.count(), sa.func.min(NOTICE.c.due_at)).where(NOTICE.c.state == WAITING, NOTICE.c.due_at <= NOW)
