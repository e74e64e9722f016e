"""The rows by which whoever sent a report comes back to it: a code that belongs to it, and where to say that there is news."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from storage.rows import Row, moment


class ReportCode(Row, table=True):
    """What opens one report from anywhere, beside its reference. The code itself is not in it."""

    __tablename__ = "report_code"

    case_id: str = Field(foreign_key="cases.id", primary_key=True)
    school: str
    digest: str
    created_at: datetime = moment()


class NewsAddress(Row, table=True):
    """Where somebody who writes on the web page is told that there is news, and nothing else."""

    __tablename__ = "news_address"

    conversation: str = Field(foreign_key="conversation.id", primary_key=True)
    school: str
    address: bytes
    created_at: datetime = moment()
    read_to: int | None = Field(default=None, sa_type=sa.BigInteger)  # the last reply that a page has shown them
    told_to: int | None = Field(default=None, sa_type=sa.BigInteger)  # the last reply that they were told of
    told_at: datetime | None = moment(default=None)
