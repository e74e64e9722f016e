"""Backups: taken while the bot runs, without the key, restored whole into either database or not at all."""

# ruff: noqa: ASYNC240 - small files on a local disk, in tests that wait for nothing else

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.backup import MANIFEST, CannotBackUp, CannotRestore, _check, backup, newest_opens, restore
from storage.database import Database
from storage.kept import Act, Letter, Recording
from storage.migrate import migrate
from storage.reseal import count, reseal
from storage.schema import SchemaNewer, current
from storage.store import Store
from storage.tables import Row
from storage.vault import Keyring, Vault
from storage.work import Work
from tests.databases.make import fill
from tests.storage.conftest import HOLD, School

Opens = Callable[..., Database]


@pytest.fixture
async def opens(vault: Vault) -> AsyncIterator[Opens]:
    """Opens databases, and closes them all after the test."""
    opened: list[Database] = []

    def open_one(url: str, by: Vault = vault) -> Database:
        opened.append(Database.open(url, by))
        return opened[-1]

    yield open_one
    for database in opened:
        await database.close()


@pytest.fixture
async def kept(school: School, tmp_path: Path) -> Path:
    """A backup of a small school."""
    await fill(school)
    await backup(school.store._database, tmp_path / "kept.zip")
    return tmp_path / "kept.zip"


async def content(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""

    def read(session) -> dict[str, list[tuple[object, ...]]]:
        return {
            name: [tuple(row) for row in session.connection().execute(sa.select(rows).order_by(*rows.primary_key.columns))]
            for name, rows in Row.metadata.tables.items()
        }

    return await database.read(read)


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a backup with its files changed by hand; None leaves one out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if (data := change(name, old.read(name))) is not None:
                new.writestr(name, data)
    return target


async def test_a_backup_comes_back_the_same_by_way_of_the_other_database(
    school: School, empty_url: Callable[[str], str], opens: Opens, kind: str, tmp_path: Path
) -> None:
    """There and back: SQLite to PostgreSQL to SQLite, or the other way round, every row is what it was."""
    await fill(school)
    here = school.store._database
    other = opens(empty_url("postgresql" if kind == "sqlite" else "sqlite"))
    back = opens(empty_url(kind))
    await backup(here, tmp_path / "one.zip")
    await restore(other, tmp_path / "one.zip")
    await backup(other, tmp_path / "two.zip")
    await restore(back, tmp_path / "two.zip")
    before = await content(here)
    assert sum(len(rows) for rows in before.values()) > 20
    assert await content(other) == before
    assert await content(back) == before


async def test_a_restored_database_goes_on(kept: Path, empty_url: Callable[[str], str], opens: Opens) -> None:
    """New rows get new numbers, on PostgreSQL too, whose counters are apart from its rows; nothing due was forgotten."""
    for kind in ("sqlite", "postgresql"):
        database = opens(empty_url(kind))
        await restore(database, kept)
        school = School(Store(database, "rosebrook"), Work(database))
        lease = await school.hears("new")
        await school.says(lease, "answer", opened=(school.case(),))
        assert (await school.store.audit.verify()).whole
        school.tick(hours=2)
        assert await school.expands() == 1
        assert {due.body for due in await school.replies()} >= {"still on its way"}


async def test_a_backup_taken_while_the_bot_writes_is_of_one_moment(
    school: School, tmp_path: Path, empty_url, opens: Opens
) -> None:
    """Each recording is in it whole or not at all: as many replies as audit links, and the chain is whole."""
    database, stop = school.store._database, asyncio.Event()

    async def write() -> int:
        number = 0
        while not stop.is_set():
            number += 1
            lease = await school.hears(sender=f"p{number}")
            await school.says(lease, "answer", acts=(Act(f"act {number}"),))
        return number

    writing = asyncio.create_task(write())
    for number in range(3):
        await backup(database, tmp_path / f"{number}.zip")
    stop.set()
    assert await writing > 3
    copy = opens(empty_url("sqlite"))
    await restore(copy, tmp_path / "2.zip")
    found = await content(copy)
    assert len(found["reply"]) == len(found["audit_link"]) == sum(row["state"] == "done" for row in named(found, "inbox"))
    assert (await Store(copy, "rosebrook").audit.verify()).whole


def named(found: dict[str, list[tuple[object, ...]]], name: str) -> list[dict[str, object]]:
    """Rows with their columns' names."""
    return [dict(zip(Row.metadata.tables[name].c.keys(), row, strict=True)) for row in found[name]]


async def test_neither_key_nor_words_are_in_a_backup(kept: Path, keyring: Keyring) -> None:
    """What was sealed stays sealed; names, places and answers are nowhere in clear."""
    with zipfile.ZipFile(kept) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    for secret in (
        "friend request",
        "thank you",
        "a draft",
        "Deputy",
        "lead",
        "happened again",
        *keyring.dump().replace(":", "\n").split()[1::2],
    ):
        assert secret.encode() not in everything
    assert keyring.fingerprint().encode() in everything
    assert kept.stat().st_mode & 0o077 == 0


async def test_a_backup_that_fails_leaves_what_was_there(kept: Path, school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    """The earlier file stays as it was and no half one lies beside it."""
    before = kept.read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr("storage.backup.json.dumps", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await backup(school.store._database, kept)
    assert kept.read_bytes() == before
    assert [path.name for path in kept.parent.glob("*.part")] == []


async def test_nowhere_to_put_it_and_nothing_to_keep_are_said(school: School, opens: Opens, empty_url, tmp_path: Path) -> None:
    """A folder that is not there, and a database without tables."""
    with pytest.raises(CannotBackUp, match="nowhere"):
        await backup(school.store._database, tmp_path / "nowhere" / "x.zip")
    with pytest.raises(CannotBackUp, match="nothing to back up"):
        await backup(opens(empty_url("sqlite")), tmp_path / "x.zip")


async def test_another_keyring_is_refused_by_its_fingerprint(kept: Path, keyring: Keyring, opens: Opens, empty_url) -> None:
    """The message shows the one that is needed, and nothing was made."""
    database = opens(empty_url("sqlite"), Vault(Keyring.new()))
    with pytest.raises(CannotRestore, match=keyring.fingerprint()):
        await restore(database, kept)
    assert current(database) is None


async def test_a_keyring_from_before_a_rotation_is_refused(
    school: School, keyring: Keyring, opens: Opens, empty_url, tmp_path: Path
) -> None:
    """The fingerprint is the same, but the newest key is missing."""
    rotated = opens(str(school.store._database.url.render_as_string(hide_password=False)), Vault(keyring.rotated()))
    await fill(School(Store(rotated, "rosebrook"), Work(rotated)))
    await backup(rotated, tmp_path / "new.zip")
    with pytest.raises(CannotRestore, match="needs key 2, this keyring ends at key 1"):
        await restore(opens(empty_url("sqlite")), tmp_path / "new.zip")


def newer(name: str, data: bytes) -> bytes:
    """The manifest of a version to come."""
    return json.dumps({**json.loads(data), "schema_revision": "9999"}).encode() if name == MANIFEST else data


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(
            lambda name, data: data.replace(b'"school"', b'"School"') if name == "cases.jsonl" else data,
            "cases.jsonl is not what",
            id="a letter",
        ),
        pytest.param(
            lambda name, data: b"\n".join(data.split(b"\n")[1:]) if name == "inbox.jsonl" else data,
            "inbox.jsonl is not what",
            id="a row less",
        ),
        pytest.param(lambda name, data: None if name == "push.jsonl" else data, "push.jsonl cannot be read", id="a file less"),
        pytest.param(lambda name, data: None if name == MANIFEST else data, "not a Signpost backup", id="no manifest"),
        pytest.param(lambda name, data: b"{}" if name == MANIFEST else data, "not a Signpost backup", id="an empty manifest"),
    ],
)
async def test_a_damaged_backup_is_refused_before_anything_is_written(
    kept: Path, opens: Opens, empty_url, change, says: str
) -> None:
    """It is read through first; the database stays empty."""
    database = opens(empty_url("sqlite"))
    with pytest.raises(CannotRestore, match=says):
        await restore(database, rewritten(kept, kept.with_name("damaged.zip"), change))
    assert current(database) is None


async def test_a_truncated_or_foreign_file_is_refused(kept: Path, opens: Opens, empty_url, tmp_path: Path) -> None:
    """Cut short, something else, or not there."""
    database = opens(empty_url("sqlite"))
    (tmp_path / "short.zip").write_bytes(kept.read_bytes()[:-400])
    (tmp_path / "text.zip").write_text("hello")
    for name in ("short.zip", "text.zip", "missing.zip"):
        with pytest.raises(CannotRestore, match=name):
            await restore(database, tmp_path / name)


async def test_a_flipped_byte_is_found_or_harmless(kept: Path, opens: Opens, empty_url, tmp_path: Path) -> None:
    """Whatever a bad disk damages: either it is refused in our words, or it was no part of the content."""
    whole = kept.read_bytes()
    damaged, database = tmp_path / "flipped.zip", opens(empty_url("sqlite"))
    refused = 0
    for place in range(0, len(whole), 23):
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            assert _check(database, damaged) == _check(database, kept)
        except (CannotRestore, SchemaNewer):
            refused += 1
    assert refused > 200


async def test_a_backup_of_a_newer_version_is_refused(kept: Path, opens: Opens, empty_url, tmp_path: Path) -> None:
    """This version cannot know what is in it."""
    with pytest.raises(SchemaNewer, match="9999"):
        await restore(opens(empty_url("sqlite")), rewritten(kept, tmp_path / "newer.zip", newer))


async def test_a_database_in_use_is_never_overwritten(kept: Path, school: School) -> None:
    """Restoring over reports would lose them; the message says how to go on, without the password of the database."""
    before = await content(school.store._database)
    with pytest.raises(CannotRestore, match=r"in use already.*signpost\.toml"):
        await restore(school.store._database, kept)
    assert await content(school.store._database) == before


async def test_an_empty_database_that_was_migrated_already_is_fine(kept: Path, opens: Opens, empty_url) -> None:
    """`signpost run` may have been started once, before somebody remembered the backup."""
    database = opens(empty_url("postgresql"))
    await migrate(database)
    await restore(database, kept)
    assert await newest_opens(database)


async def test_the_newest_rows_prove_the_key(school: School, keyring: Keyring, opens: Opens) -> None:
    """Nothing yet: None. Then yes; with another key, or another look-up key, no."""
    database = school.store._database
    assert await newest_opens(database) is None
    await fill(school)
    assert await newest_opens(database) is True
    url = database.url.render_as_string(hide_password=False)
    assert await newest_opens(opens(url, Vault(Keyring.new()))) is False
    assert await newest_opens(opens(url, Vault(Keyring(Keyring.new().lookup, keyring.keys)))) is False
    assert await newest_opens(opens(url, Vault(keyring.rotated()))) is True


async def test_rotation_moves_everything_to_the_newest_key_a_little_at_a_time(
    school: School, keyring: Keyring, opens: Opens
) -> None:
    """Stopped and started at any point; at the end the old key can go, and every row still opens."""
    await fill(school)
    url = school.store._database.url.render_as_string(hide_password=False)
    ring = keyring.rotated()
    database = opens(url, Vault(ring))
    left = await database.read(lambda session: count(session, database.vault))
    assert left > 20
    rounds = 0
    while left:
        after = await reseal(opens(url, Vault(ring)) if rounds == 2 else database, 7)
        assert after == max(0, left - 7)
        left, rounds = after, rounds + 1
    alone = opens(url, Vault(Keyring(ring.lookup, {ring.newest: ring.keys[ring.newest]})))
    assert await newest_opens(alone) is True
    there = School(Store(alone, "rosebrook"), Work(alone))
    assert (await there.store.audit.verify()).whole
    assert {person.name for person in await there.store.people.list()} == {"Lead", "Deputy"}
    assert (await there.hears()).state == "a draft"


async def test_a_conversation_that_goes_on_during_rotation_is_not_set_back(school: School, keyring: Keyring, opens: Opens) -> None:
    """Re-sealing writes only what is still as it was read."""
    await fill(school)
    database = opens(school.store._database.url.render_as_string(hide_password=False), Vault(keyring.rotated()))
    there = School(Store(database, "rosebrook"), Work(database))

    async def talk() -> None:
        for number in range(30):
            await there.says(await there.hears(), state=str(number))

    async def rotate() -> None:
        while await reseal(database, 2):
            pass

    await asyncio.gather(talk(), rotate())
    assert (await there.hears()).state == "29"


async def test_a_value_that_does_not_open_stops_neither_rotation_nor_the_rest(
    school: School, keyring: Keyring, opens: Opens
) -> None:
    """It is left alone and logged; everything else gets the new key."""
    await fill(school)
    await school.store._database.write(
        lambda session: session.connection().execute(sa.text("UPDATE person SET name = (SELECT said FROM cases LIMIT 1)"))
    )
    database = opens(school.store._database.url.render_as_string(hide_password=False), Vault(keyring.rotated()))
    for _ in range(20):
        if await reseal(database, 10) == 0:
            break
    assert await database.read(lambda session: count(session, database.vault)) == 2
    assert await newest_opens(database) is False


async def test_a_reply_that_does_not_open_is_not_lost_and_holds_up_no_other_place(school: School) -> None:
    """It stays waiting until the right key is back; other places are served."""
    letters = (Letter("web", "one", "sealed elsewhere"), Letter("web", "two", "fine"))
    await school.store.record(Recording(school.now, letters=letters), HOLD)
    broken = sa.text("UPDATE reply SET body = (SELECT place FROM reply ORDER BY id LIMIT 1) WHERE id = (SELECT min(id) FROM reply)")
    await school.store._database.write(lambda session: session.connection().execute(broken))
    assert [due.body for due in await school.replies()] == ["fine"]
    assert (await school.work.lag(school.now))["replies"].waiting == 2
