"""The rows behind the desk: links to sign in with, who is signed in, and which forms were carried out. None holds a secret."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from storage.rows import Row, moment


class SignIn(Row, table=True):
    """A link by which somebody can sign in to the desk, once. The row is gone as soon as it was used."""

    __tablename__ = "sign_in"
    __table_args__ = (sa.Index("ix_sign_in_person_id", "person_id"),)

    key: str = Field(primary_key=True)  # the digest of school and code
    school: str
    person_id: str = Field(foreign_key="person.id")
    created_at: datetime = moment()
    until: datetime = moment()


class DeskSession(Row, table=True):
    """Somebody who is signed in to the desk with one browser."""

    __tablename__ = "desk_session"
    __table_args__ = (sa.Index("ix_desk_session_person_id", "person_id"),)

    key: str = Field(primary_key=True)  # the digest of school and of what the browser holds
    school: str
    person_id: str = Field(foreign_key="person.id")
    began_at: datetime = moment()
    seen_at: datetime = moment()
    until: datetime = moment()  # at the latest, however busy it is


class DeskForm(Row, table=True):
    """A form of the desk that was carried out: the same one a second time changes nothing."""

    __tablename__ = "desk_form"

    key: str = Field(primary_key=True)  # the digest of school, session and the form's own number
    school: str
    at: datetime = moment()
