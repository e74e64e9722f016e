"""The tables. Every one belongs to a school; what people wrote, names and places are sealed, and found again by keyed digests."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from storage.desk_rows import DeskForm, DeskSession, SignIn
from storage.following_rows import NewsAddress, ReportCode
from storage.invite_rows import Invite
from storage.policy_rows import Asked, PolicyVersion
from storage.process_rows import Process, Pulse
from storage.rows import Moment, Row, counted, moment, table

__all__ = [
    "Asked",
    "AuditLink",
    "Case",
    "CaseAddition",
    "CaseConcern",
    "Conversation",
    "DeskForm",
    "DeskSession",
    "Inbox",
    "Invite",
    "Moment",
    "NewsAddress",
    "Notice",
    "Person",
    "PersonPlace",
    "PolicyVersion",
    "Process",
    "Pulse",
    "Push",
    "Reply",
    "ReportCode",
    "RoleHolding",
    "Row",
    "SchoolHead",
    "SignIn",
    "table",
]


class Conversation(Row, table=True):
    """One person in one place of one channel; its lease is the right to decide for it. `id` is the digest of all three."""

    __table_args__ = (
        sa.Index(
            "ix_conversation_waiting", "updated_at", sqlite_where=sa.text("waiting > 0"), postgresql_where=sa.text("waiting > 0")
        ),
        sa.Index(
            "ix_conversation_wake",
            "wake_at",
            sqlite_where=sa.text("wake_at IS NOT NULL"),
            postgresql_where=sa.text("wake_at IS NOT NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    school: str
    channel: str
    place: bytes
    sender: bytes
    state: bytes | None = None
    version: int = 0
    last_seq: int = 0
    waiting: int = 0
    token: str | None = None
    until: datetime | None = moment(default=None)
    created_at: datetime = moment()
    updated_at: datetime = moment()
    wake_at: datetime | None = moment(default=None)  # when it must be looked at although nobody writes; what for is sealed


class Inbox(Row, table=True):
    """One message as it came. `key` is the digest of channel and platform id: the same message is kept once."""

    __table_args__ = (
        sa.UniqueConstraint("school", "key"),
        sa.UniqueConstraint("conversation", "seq"),
        sa.Index(
            "ix_inbox_waiting",
            "conversation",
            "seq",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
    )

    id: int | None = counted()
    school: str
    key: str
    channel: str
    conversation: str = Field(foreign_key="conversation.id")
    seq: int
    message_id: bytes
    body: bytes
    received_at: datetime = moment()
    kept_at: datetime = moment()
    state: str = "waiting"  # waiting, done, failed
    attempts: int = 0
    failure: str | None = None  # the error reference the person was given
    finished_at: datetime | None = moment(default=None)


class Reply(Row, table=True):
    """One thing to say at one place, in order after everything said there before."""

    __table_args__ = (
        sa.UniqueConstraint("key"),
        sa.Index(
            "ix_reply_unsent",
            "address",
            "id",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
        sa.Index("ix_reply_address", "address", "id"),
        {"sqlite_autoincrement": True},  # a page goes on after the last number it has seen: none may come twice
    )

    id: int | None = counted()
    school: str
    key: str
    channel: str
    address: str  # the digest of school, channel and place
    place: bytes
    body: bytes
    created_at: datetime = moment()
    due_at: datetime = moment()
    state: str = "waiting"  # waiting, sent, undeliverable
    token: str | None = None
    until: datetime | None = moment(default=None)
    attempts: int = 0
    why: str | None = None
    receipt: bytes | None = None
    finished_at: datetime | None = moment(default=None)


class Case(Row, table=True):
    """One report. `said` is written once and never over; what is said later is an addition."""

    __tablename__ = "cases"
    __table_args__ = (
        sa.UniqueConstraint("school", "reference"),
        sa.Index("ix_cases_reporter", "reporter"),
        sa.Index("ix_cases_status", "school", "status"),
    )

    id: str = Field(primary_key=True)
    school: str
    reference: str
    matter: str
    severity: str
    status: str
    holder: str | None = None
    version: int = 0
    rungs: str
    refs: str
    steps: str
    said: bytes
    reporter: str | None = None
    opened_at: datetime = moment()
    acknowledged_at: datetime | None = moment(default=None)
    decision: str | None = None  # of a request: approved, declined
    closed_at: datetime | None = moment(default=None)
    ending: str | None = None
    recorded_as: bytes | None = None  # its reference in the school's own record system
    transferred_at: datetime | None = moment(default=None)
    held_at: datetime | None = moment(default=None)
    purged_at: datetime | None = moment(default=None)
    drill: bool | None = None  # true: nothing of it happened, and no figure counts it
    lap: int | None = None  # how often it was handed on or opened again: whoever was told before may be told again


class CaseLink(Row, table=True):
    """Two cases that belong together. Whoever may not see one of them does not see the link."""

    __tablename__ = "case_link"

    one: str = Field(foreign_key="cases.id", primary_key=True)  # the smaller id
    other: str = Field(foreign_key="cases.id", primary_key=True)
    school: str
    at: datetime = moment()


class CaseAddition(Row, table=True):
    """Something said about a case after it was opened."""

    __tablename__ = "case_addition"
    __table_args__ = (sa.UniqueConstraint("key"), sa.Index("ix_case_addition_case_id", "case_id", "id"))

    id: int | None = counted()
    school: str
    key: str
    case_id: str = Field(foreign_key="cases.id")
    at: datetime = moment()
    said: bytes


class CaseConcern(Row, table=True):
    """A person a case is about: they lose every sight of it."""

    __tablename__ = "case_concern"

    case_id: str = Field(foreign_key="cases.id", primary_key=True)
    person_id: str = Field(foreign_key="person.id", primary_key=True)
    school: str


class Notice(Row, table=True):
    """One thing that must be said about a case at one moment, to whoever holds the rung's roles by then."""

    __table_args__ = (
        sa.Index(
            "ix_notice_due", "due_at", sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'")
        ),
        sa.Index("ix_notice_case_id", "case_id"),
    )

    id: int | None = counted()
    school: str
    case_id: str = Field(foreign_key="cases.id")
    rung: int
    kind: str
    due_at: datetime = moment()
    created_at: datetime = moment()
    state: str = "waiting"  # waiting, done, passed (nobody could be told), withdrawn
    attempts: int = 0
    finished_at: datetime | None = moment(default=None)


class Push(Row, table=True):
    """One card about one case to one person; another `kind` is the edit of one (`EDITS` in storage/store/queueing.py)."""

    __table_args__ = (
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("case_id", "person_id", "kind", "lap", "rank"),
        sa.Index("ix_push_due", "due_at", sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'")),
        sa.Index("ix_push_person_id", "person_id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = counted()
    school: str
    key: str
    kind: str = "push"
    case_id: str = Field(foreign_key="cases.id")
    person_id: str = Field(foreign_key="person.id")
    channel: str
    place: bytes
    lap: int = Field(default=0, sa_column_kwargs={"server_default": sa.text("0")})  # the lap of the case it belongs to
    rank: int = Field(default=0, sa_column_kwargs={"server_default": sa.text("0")})  # 0: it went to their first place
    card: bytes | None = None  # of an edit: the platform's receipt for the card to be edited
    created_at: datetime = moment()
    due_at: datetime = moment()
    state: str = "waiting"  # waiting, sent, withdrawn
    taken: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})  # taken while in flight: edit it once sent
    token: str | None = None
    until: datetime | None = moment(default=None)
    attempts: int = 0
    why: str | None = None
    receipt: bytes | None = None
    finished_at: datetime | None = moment(default=None)
    delivered_at: datetime | None = moment(default=None)  # the platform proved that it is on their screen, or they answered it
    seen_at: datetime | None = moment(default=None)  # they opened the case


class Person(Row, table=True):
    """Somebody the school knows."""

    __table_args__ = (sa.Index("ix_person_school", "school"),)

    id: str = Field(primary_key=True)
    school: str
    name: bytes
    away_from: datetime | None = moment(default=None)  # None, with an end: from now on
    away_until: datetime | None = moment(default=None)
    stands_in: str | None = None  # the id of whoever is told in their place while they are away
    created_at: datetime = moment()


class PersonPlace(Row, table=True):
    """Where somebody can be reached, and is recognised: `key` is the digest of school, channel and place."""

    __tablename__ = "person_place"
    __table_args__ = (sa.Index("ix_person_place_person_id", "person_id", "rank"),)

    key: str = Field(primary_key=True)
    school: str
    person_id: str = Field(foreign_key="person.id")
    channel: str
    place: bytes
    rank: int
    verified_at: datetime | None = moment(default=None)  # when whoever writes there showed their code; None: it was entered


class RoleHolding(Row, table=True):
    """A role somebody holds today; what they held before is in the audit chain."""

    __tablename__ = "role_holding"
    __table_args__ = (sa.Index("ix_role_holding_role", "school", "role"),)

    person_id: str = Field(foreign_key="person.id", primary_key=True)
    role: str = Field(primary_key=True)
    school: str
    since: datetime = moment()
    given_by: str | None = None  # the id of whoever gave it; None: at the command line
    confirmed_at: datetime | None = moment(default=None)  # until then it opens no case from before it was given
    confirmed_by: str | None = None


class Digest(Row, table=True):
    """One digest that is due to everybody it is for, and whose work it is at the moment."""

    __table_args__ = (
        sa.UniqueConstraint("school", "kind", "day"),
        sa.Index(
            "ix_digest_due", "due_at", sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'")
        ),
    )

    id: int | None = counted()
    school: str
    kind: str  # daily, weekly
    day: str  # the school's own day, as 2026-09-01
    due_at: datetime = moment()
    created_at: datetime = moment()
    state: str = "waiting"  # waiting, done
    finished_at: datetime | None = moment(default=None)


class AuditLink(Row, table=True):
    """One link of a school's chain. `details` hold the salt and the words behind the commitment, sealed, until they are purged."""

    __tablename__ = "audit_link"
    __table_args__ = (sa.Index("ix_audit_link_case_id", "case_id"),)

    school: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = moment()
    act: str
    case_id: str | None = None
    person_id: str | None = None
    commitment: str
    hash: str
    details: bytes | None = None


class SchoolHead(Row, table=True):
    """The end of a school's chain, in clear and sealed; locking this row is what puts the links in order."""

    __tablename__ = "school_head"

    school: str = Field(primary_key=True)
    seq: int = 0
    hash: str
    seal: bytes
