"""A school's audit chain, to be read, checked and added to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from storage import audit
from storage.audit import Verdict
from storage.database import Database
from storage.kept import Act, Link


class Chain:
    """The audit of one school."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._vault = database.vault
        self._school = school

    async def append(self, acts: Sequence[Act], at: datetime) -> None:
        """Add ACTS that change nothing else, such as an export or a key rotation."""
        await self._database.write(lambda session: audit.append(session, self._vault, self._school, acts, at))

    async def links(self, *, after: int = 0, limit: int = 100) -> tuple[Link, ...]:
        """The links after number AFTER, oldest first."""
        return await self._database.read(lambda session: audit.links(session, self._vault, self._school, after=after, limit=limit))

    async def head(self) -> tuple[int, str]:
        """The number and the hash of the last link: what is written down elsewhere, so that a cut tail shows."""
        return await self._database.read(lambda session: audit.head(session, self._school))

    async def verify(self, head: str | None = None) -> Verdict:
        """Walk the whole chain; HEAD, kept from an earlier day, must still be in it."""
        return await self._database.read(lambda session: audit.verify(session, self._vault, self._school, head))

    async def purge(self, case: str, at: datetime) -> int:
        """Erase the details of everything done to CASE; the links stay. Returns how many were erased."""
        return await self._database.write(lambda session: audit.purge(session, self._vault, self._school, case, at))
