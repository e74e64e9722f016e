"""The tables about running processes: the proof that writing works, and which keys each of them has. They belong to no school."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from storage.rows import Row, moment


class Pulse(Row, table=True):
    """One row that is written to prove that writing works."""

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = moment()


class Process(Row, table=True):
    """A running bot, and the newest key it can open with: nobody seals with a key that another does not have."""

    id: str = Field(primary_key=True)
    newest_key: int
    seen_at: datetime = moment()
