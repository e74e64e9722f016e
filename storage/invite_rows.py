"""The row of an invitation: a code that links a chat to a person, once. The code itself is not in it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from storage.rows import Row, moment


class Invite(Row, table=True):
    """An invitation that is open. It is gone once it was used or taken back; what became of it is in the audit chain."""

    __table_args__ = (sa.Index("ix_invite_person_id", "person_id"),)

    key: str = Field(primary_key=True)  # the digest of school and code
    school: str
    person_id: str = Field(foreign_key="person.id")
    channel: str | None = None  # the only one it can be used in; None: any
    given_by: str | None = None  # the id of whoever made it; None: at the command line
    created_at: datetime = moment()
    until: datetime = moment()
