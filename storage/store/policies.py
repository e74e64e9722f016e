"""The versions of a school's policy that were published: the newest is live, and every earlier one stays as it was."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import sqlalchemy as sa

from storage import audit
from storage.database import Database, wake_after
from storage.kept import Act, Overtaken, Published
from storage.store.scope import Scope
from storage.tables import PolicyVersion, table

VERSION = table(PolicyVersion)
TOPIC = "policies"  # woken when a version goes live


class PolicyChanged(Exception):
    """A stored version is no longer what was published: somebody changed the database by hand."""


class Policies:
    """The published versions of one school. They are only ever added to."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

    async def publish(
        self,
        markdown: str,
        topics: str | None,
        *,
        after: int,
        restores: int | None = None,
        by: str | None = None,
        at: datetime | None = None,
    ) -> Published:
        """Make MARKDOWN, with its TOPICS, the live version. AFTER is the number that was live when it was decided, 0 for none.

        Overtaken when another version went live meanwhile: what was compared and agreed to is no longer what it replaces.
        """
        moment = at if at is not None else datetime.now(UTC)
        version = Published(after + 1, moment, by, markdown, topics, digest(markdown, topics), restores)
        return await self._database.write(
            lambda session: _publish(Scope.of(session, self._database.vault, self._school), version, after)
        )

    async def live(self) -> Published | None:
        """The version that is answered from; None when none was published and the school's folder holds."""
        newest = sa.select(VERSION).where(VERSION.c.school == self._school).order_by(VERSION.c.number.desc()).limit(1)
        found = await self._read(newest)
        return found[0] if found else None

    async def version(self, number: int) -> Published | None:
        """The version with that NUMBER, as it was published."""
        found = await self._read(sa.select(VERSION).where(VERSION.c.school == self._school, VERSION.c.number == number))
        return found[0] if found else None

    async def history(self) -> tuple[Published, ...]:
        """Every version there was, the newest first."""
        return await self._read(sa.select(VERSION).where(VERSION.c.school == self._school).order_by(VERSION.c.number.desc()))

    async def _read(self, statement: sa.Select[tuple[object, ...]]) -> tuple[Published, ...]:
        return await self._database.read(
            lambda session: tuple(_published(row) for row in session.connection().execute(statement).mappings())
        )


def digest(markdown: str, topics: str | None) -> str:
    """What tells one version from another, and shows that it is still what was published."""
    # Without the break, a line moved from the end of the one to the beginning of the other would not show.
    return hashlib.sha256(markdown.encode() + (b"" if topics is None else b"\0" + topics.encode())).hexdigest()


def _publish(scope: Scope, version: Published, after: int) -> Published:
    row = {
        "school": scope.school,
        "number": version.number,
        "at": version.at,
        "person_id": version.by,
        "markdown": version.markdown,
        "topics": version.topics,
        "sha256": version.sha256,
        "restores": version.restores,
    }
    newest = sa.select(sa.func.max(VERSION.c.number)).where(VERSION.c.school == scope.school)
    live = scope.connection.execute(newest).scalar() or 0
    # Two at the same moment both see the same number: the key then lets one of them in.
    put = scope.insert(VERSION).values(row).on_conflict_do_nothing().returning(VERSION.c.number)
    if live != after or scope.connection.execute(put).first() is None:
        raise Overtaken("Another version was published meanwhile. Look at what it changed, and publish again.")
    told = json.dumps({"number": version.number, "sha256": version.sha256, "restores": version.restores})
    act = Act("policy published", person=version.by, details=told)
    audit.append(scope.session, scope.vault, scope.school, (act,), version.at)
    wake_after(scope.session, TOPIC)
    return version


def _published(row: sa.RowMapping) -> Published:
    if digest(row["markdown"], row["topics"]) != row["sha256"]:
        raise PolicyChanged(
            f"Version {row['number']} of the policy of {row['school']} is not what was published: "
            "the database was changed by hand. Restore a backup, or publish the policy again."
        )
    return Published(
        number=row["number"],
        at=row["at"],
        by=row["person_id"],
        markdown=row["markdown"],
        topics=row["topics"],
        sha256=row["sha256"],
        restores=row["restores"],
    )
