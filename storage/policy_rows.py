"""The tables about a school's policy: each version that was published, and questions that it did not answer or that were rated."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from storage.rows import Row, counted, moment


class PolicyVersion(Row, table=True):
    """One published version of a school's policy. Written once, never changed and never deleted: past answers rest on it."""

    __tablename__ = "policy_version"

    school: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    at: datetime = moment()
    person_id: str | None = None  # who published it; None: at the command line, by whoever may use it
    markdown: str
    topics: str | None = None  # topics.toml, where one stood beside it
    sha256: str
    restores: int | None = None  # the earlier version that this one brings back


class Asked(Row, table=True):
    """A question without an answer, or one whose answer was rated. The words are there only if the person agreed."""

    __table_args__ = (sa.UniqueConstraint("key"), sa.Index("ix_asked_school", "school", "at"))

    id: int | None = counted()
    school: str
    key: str
    at: datetime = moment()
    audience: str
    band: str  # yes, maybe, no: how sure the bot was
    version: int | None = None  # of the published policy; None: the school's folder
    refs: str
    helpful: bool | None = None
    words: bytes | None = None
