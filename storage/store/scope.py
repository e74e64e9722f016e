"""One school inside one transaction: what every statement of a store is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from storage.vault import Vault

# An INSERT that knows ON CONFLICT; both databases spell it alike, SQLAlchemy keeps one for each.
INSERTS: Mapping[str, Callable[[sa.Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class Scope:
    """Statements go to the connection, not through the ORM: this is the path of every message."""

    session: Session
    connection: sa.Connection
    vault: Vault
    school: str

    @classmethod
    def of(cls, session: Session, vault: Vault, school: str) -> Scope:
        """SCHOOL within SESSION's transaction."""
        return cls(session, session.connection(), vault, school)

    def insert(self, into: sa.Table) -> Any:
        """An INSERT INTO that table that knows ON CONFLICT."""
        return INSERTS[self.connection.dialect.name](into)

    def address(self, channel: str, place: str) -> str:
        """The digest by which everything sent to one place is found."""
        return self.vault.look_up("address", self.school, channel, place)

    def conversation(self, channel: str, place: str, sender: str) -> str:
        """The id of the conversation of one person in one place."""
        return self.vault.look_up("conversation", self.school, channel, place, sender)

    def identity(self, channel: str, place: str) -> str:
        """The digest by which a person is recognised."""
        return self.vault.look_up("identity", self.school, channel, place)
