"""The schema: reached once by however many processes, the same as the code says, and never gone back from."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from flows.cases.case import Decision, Ending
from storage import schema
from storage.backup import restore
from storage.database import Database
from storage.kept import Person
from storage.migrate import migrate, pending
from storage.migrations.drafting import same_type
from storage.schema import FOLDER, SchemaNewer, current, head, known
from storage.sealed import SEALED
from storage.store import Store
from storage.tables import Row
from storage.vault import Keyring, Vault
from storage.work import Work
from tests.conftest import STORES
from tests.storage.conftest import HOLD, School

DATABASES = Path(__file__).parent.parent / "databases"

# What each of three processes does at the same moment: migrate, and say what it found.
START = """
import asyncio, sys
from storage.database import Database
from storage.kept import Person
from storage.migrate import migrate
from storage.schema import current
from storage.vault import Keyring, Vault

async def main():
    database = Database.open(sys.argv[1], Vault(Keyring.new()))
    sys.stdin.readline()
    await migrate(database)
    print(current(database))
    await database.close()

asyncio.run(main())
"""


@pytest.fixture
def opens(vault: Vault):
    """Opens databases, and closes them all after the test."""
    opened: list[Database] = []

    def open_one(url: str) -> Database:
        opened.append(Database.open(url, vault))
        return opened[-1]

    yield open_one
    for database in opened:
        database._close()


@pytest.mark.parametrize("kind", STORES)
async def test_an_empty_database_is_brought_to_the_newest_schema(kind: str, empty_url: Callable[[str], str], opens) -> None:
    """Pending before, not after; a second time changes nothing."""
    database = opens(empty_url(kind))
    assert await pending(database)
    assert current(database) is None
    await migrate(database)
    assert not await pending(database)
    assert current(database) == head()
    await migrate(database)


@pytest.mark.parametrize("kind", STORES)
async def test_the_migrations_make_what_the_tables_say(kind: str, fresh_url: Callable[[str], str], opens) -> None:
    """Whoever changes tables.py writes a migration, and it says the same on both databases."""
    database = opens(fresh_url(kind))
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": same_type})
        assert compare_metadata(context, Row.metadata) == []


@pytest.mark.parametrize("kind", STORES)
async def test_three_processes_that_start_at_once_migrate_once(kind: str, empty_url: Callable[[str], str], opens) -> None:
    """Real processes, one empty database: all three go on, none fails, the schema is there."""
    url = empty_url(kind)
    pipe = asyncio.subprocess.PIPE
    starts = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", START, url, stdin=pipe, stdout=pipe, stderr=pipe, cwd=DATABASES.parents[1]
        )
        for _ in range(3)
    ]
    ends = await asyncio.gather(*(start.communicate(b"go\n") for start in starts))
    assert [(start.returncode, out.decode().strip(), err.decode()) for start, (out, err) in zip(starts, ends, strict=True)] == [
        (0, head(), "")
    ] * 3
    assert not await pending(opens(url))


@pytest.mark.parametrize("kind", STORES)
async def test_a_database_of_a_newer_version_is_refused(kind: str, empty_url: Callable[[str], str], opens) -> None:
    """Going back would damage it: the message names both and says what to install."""
    database = opens(empty_url(kind))
    await migrate(database)

    def from_the_future(session) -> None:
        session.connection().execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    await database.write(from_the_future)
    for call in (migrate(database), pending(database)):
        with pytest.raises(SchemaNewer, match=f"9999.*up to {head()}"):
            await call


@pytest.mark.parametrize("kind", STORES)
async def test_a_migration_that_fails_leaves_the_database_as_it_was(
    kind: str, empty_url: Callable[[str], str], opens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything or nothing, on both databases, the tables it had made included."""
    folder = tmp_path / "migrations"
    shutil.copytree(schema.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9998_bad.py").write_text(
        f'import sqlalchemy as sa\nfrom alembic import op\nrevision = "9998"\ndown_revision = "{head()}"\n\n\n'
        'def upgrade():\n    op.create_table("half", sa.Column("id", sa.Integer()))\n    raise LookupError("no")\n'
    )
    database = opens(empty_url(kind))
    await migrate(database)
    monkeypatch.setattr(schema, "FOLDER", folder)
    with pytest.raises(LookupError):
        await migrate(database)
    with database.engine.connect() as connection:
        assert "half" not in sa.inspect(connection).get_table_names()
    assert await pending(database)
    monkeypatch.undo()
    assert not await pending(database)


@pytest.mark.parametrize("kind", STORES)
@pytest.mark.parametrize("past", sorted(path.name for path in DATABASES.glob("schema-*.zip")))
async def test_a_database_of_every_past_schema_is_upgraded_and_goes_on(
    kind: str, past: str, empty_url: Callable[[str], str]
) -> None:
    """A school that was away for years: its people, conversations, cases and audit are there, and its waiting work is done."""
    keyring = Keyring.parse((DATABASES / "keys-made-for-tests.txt").read_text())
    database = Database.open(empty_url(kind), Vault(keyring))
    manifest = await restore(database, DATABASES / past)
    assert manifest.schema_revision == past.removeprefix("schema-").removesuffix(".zip")
    assert not await pending(database)

    school = School(Store(database, "rosebrook"), Work(database))
    lead, deputy = await school.store.people.list()
    assert (lead.name, lead.roles, lead.places) == ("Lead", ("dsl",), (("web", "lead"),))
    assert (await school.store.audit.verify()).whole
    taken, waiting = await school.store.seen_by(lead).mine(), await school.store.seen_by(lead).open()
    assert [case.said[0].answer for case in (*taken, *waiting)] == ["a friend request", "a friend request"]
    assert [one.question for one in taken[0].said] == ["What happened?", "And?"]
    await the_draft_is_looked_at(school)
    lease = await school.hears()
    assert lease.state == "a draft"
    decided = [(case.decision, case.closed_at) for case in await school.store.own(lease.conversation) if case.decision]
    assert len(decided) == (1 if manifest.schema_revision >= "0003" else 0)
    assert all(decision is Decision.APPROVED and at is not None for decision, at in decided)
    await the_closed_one_is_held(school, lead, kept=manifest.schema_revision >= "0005")
    school.tick(days=1)
    assert await school.expands() == 1
    assert {due.person.id for due in await school.pushes() if due.person} >= {deputy.id}
    assert [due.body for due in await school.replies()] == ["still on its way"]
    await the_policy_goes_on(school, lead, published=2 if manifest.schema_revision >= "0002" else 0)
    await database.close()


async def the_closed_one_is_held(school: School, lead: Person, *, kept: bool) -> None:
    """How a case ended, where it went and its hold are known since schema 0005; the audit of every schema is whole."""
    assert (await school.store.audit.verify()).whole
    links = [link.case for link in await school.store.audit.links(limit=1000) if link.act == "case closed"]
    closed = [await school.store.seen_by(lead).by_id(case) for case in links if case is not None]
    assert [(case.ending, case.recorded_as, case.held_at is not None) for case in closed if case is not None] == (
        [(Ending.REFERRED, "4711", True)] if kept else []
    )


async def the_draft_is_looked_at(school: School) -> None:
    """What was remembered before schema 0004 had no time: it is looked at once. Since then it is looked at when it is due."""
    (lease,) = await school.work.claim_idle("sweep", school.now + timedelta(days=7, seconds=1), 16, HOLD)
    assert lease.state == "a draft"
    await school.work.put_off(lease, school.now + timedelta(days=30))


async def the_policy_goes_on(school: School, lead: Person, published: int) -> None:
    """What was published and asked since schema 0002 is there, and the next version is one more."""
    live = await school.store.policies.live()
    assert (live.number, live.topics, live.by) == (2, "its topics", lead.id) if live else published == 0
    since = school.now - timedelta(days=30)
    asked = await school.store.questions.in_vain(since)
    assert [one.words for one in asked] == (["may the dog come?"] if published else [])
    new = await school.store.policies.publish("the next version", None, after=published, at=school.now)
    assert (await school.store.policies.live()) == new


def test_the_newest_schema_has_its_fixture() -> None:
    """Whoever adds a migration keeps a database of the schema it makes: `python -m tests.databases.make`."""
    assert (DATABASES / f"schema-{head()}.zip").exists()


def test_every_sealed_column_is_known() -> None:
    """What is bytes is sealed, and rotation, backup and proof know it; every table but those of processes belongs to a school."""
    for name, rows in Row.metadata.tables.items():
        sealed = {column.name for column in rows.c if isinstance(column.type, sa.LargeBinary)}
        keys, columns = SEALED.get(name, ((), ()))
        assert sealed == set(columns)
        assert all(key in rows.c for key in keys)
        assert "school" in rows.c or name in {"pulse", "process"}


def test_the_numbers_of_the_files_are_the_schemas_alembic_knows():
    """Whoever starts reads only the names of the files: they must say what alembic would."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_current_head() == head()
    assert all(known(script.revision) for script in scripts.walk_revisions())
    assert not known("9999")


def test_a_start_with_nothing_to_migrate_does_not_load_alembic():
    """A third of a second at every start, for nothing."""
    code = "import sys, bot.app; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
