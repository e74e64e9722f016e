"""One portable backup: a zip of one JSON-lines file for each table, taken while the bot runs, restored into either database.

What people wrote stays sealed in it and the key is not part of it. Restoring an SQLite backup into PostgreSQL is also the
road from one to the other.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel

from storage.database import Database
from storage.migrate import migrate
from storage.proof import newest_opens
from storage.schema import SchemaNewer, current, known

__all__ = ["CannotBackUp", "CannotRestore", "Manifest", "backup", "newest_opens", "restore"]

FORMAT = 1
# All the ways in which a damaged zip shows: its directory, its streams, its names, its flags.
UNREADABLE = (KeyError, zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)
MANIFEST = "manifest.json"
VERSION_TABLE = "alembic_version"
BATCH = 500


class CannotBackUp(Exception):
    """There is nothing to back up, or nowhere to put it; the message says which."""


class CannotRestore(Exception):
    """The backup, the key or the database does not fit; the message says which, and what to do. Nothing was changed."""


class TablePart(BaseModel):
    """One table's file: how many rows, and its digest."""

    rows: int
    sha256: str


class Manifest(BaseModel):
    """What a backup says about itself."""

    format: int
    schema_revision: str
    created_at: datetime
    keyring: str
    newest_key: int
    tables: dict[str, TablePart]


async def backup(database: Database, path: Path | str) -> Manifest:
    """Write a backup of DATABASE to PATH while it is in use. The file appears whole or not at all."""
    return await asyncio.to_thread(_backup, database, Path(path))


async def restore(database: Database, path: Path | str) -> Manifest:
    """Fill the empty DATABASE from the backup at PATH, and bring it to this version's schema."""
    manifest = await asyncio.to_thread(_check, database, Path(path))
    await migrate(database, manifest.schema_revision)
    await asyncio.to_thread(_fill, database, Path(path), manifest)
    await migrate(database)
    return manifest


def _backup(database: Database, path: Path) -> Manifest:
    revision = current(database)
    if revision is None:
        raise CannotBackUp("The database is empty: there is nothing to back up yet.")
    part = path.with_name(f"{path.name}.part")
    try:
        handle = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    except OSError as error:
        raise CannotBackUp(f"The backup cannot be written to {part}: {error.strerror}.") from None
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                manifest = _write(database, archive, revision)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _settle_folder(path.parent)
    return manifest


def _write(database: Database, archive: zipfile.ZipFile, revision: str) -> Manifest:
    # One transaction that sees one moment: a WAL snapshot on SQLite, REPEATABLE READ on PostgreSQL. Writers are not held up.
    options: dict[str, Any] = {} if database.is_sqlite else {"isolation_level": "REPEATABLE READ"}
    parts: dict[str, TablePart] = {}
    with database.reader.connect() as connection:
        connection = connection.execution_options(**options)  # noqa: PLW2901 - the same connection, told how to read
        with connection.begin():
            for rows in _tables(connection):
                with archive.open(f"{rows.name}.jsonl", "w", force_zip64=True) as file, closing(_lines(connection, rows)) as lines:
                    digest, count = hashlib.sha256(), 0
                    for line in lines:
                        file.write(line)
                        digest.update(line)
                        count += 1
                parts[rows.name] = TablePart(rows=count, sha256=digest.hexdigest())
    keyring = database.vault.keyring
    manifest = Manifest(
        format=FORMAT,
        schema_revision=revision,
        created_at=datetime.now(UTC),
        keyring=keyring.fingerprint(),
        newest_key=keyring.sealing,
        tables=parts,
    )
    archive.writestr(MANIFEST, manifest.model_dump_json(indent=2))
    return manifest


def _tables(connection: sa.Connection) -> list[sa.Table]:
    """The tables as they are in the database, which may be of an older schema than this code; the referred-to first."""
    found = sa.MetaData()
    found.reflect(connection)
    return [rows for rows in found.sorted_tables if rows.name != VERSION_TABLE]


def _lines(connection: sa.Connection, rows: sa.Table) -> Generator[bytes]:
    binary = {column.name for column in rows.c if isinstance(column.type, sa.LargeBinary)}
    query = sa.select(rows).order_by(*rows.primary_key.columns)
    with connection.execution_options(yield_per=BATCH).execute(query) as everything:
        for row in everything.mappings():
            plain = {name: _letters(value) if name in binary and value is not None else value for name, value in row.items()}
            yield json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _letters(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _settle_folder(folder: Path) -> None:
    """Make the new name survive a power cut too, where the system lets a folder be synced."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check(database: Database, path: Path) -> Manifest:
    """Everything that can be wrong, before anything is written."""
    keyring = database.vault.keyring
    with _opened(path) as archive:
        manifest = _manifest(archive, path)
        if not known(manifest.schema_revision):
            raise SchemaNewer(
                f"{path} has schema {manifest.schema_revision}, which this version of Signpost does not know. "
                "Install the version that wrote it, or a newer one."
            )
        if manifest.keyring != keyring.fingerprint():
            raise CannotRestore(
                f"{path} was written with the keyring {manifest.keyring}, this one is {keyring.fingerprint()}. "
                "Use the recovery sheet that shows the former."
            )
        if manifest.newest_key > keyring.newest:
            raise CannotRestore(
                f"{path} needs key {manifest.newest_key}, this keyring ends at key {keyring.newest}. Use the newest recovery sheet."
            )
        for name, part in manifest.tables.items():
            _check_part(archive, path, name, part)
    _check_empty(database, manifest)
    return manifest


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError:
        raise CannotRestore(f"There is no backup at {path}.") from None
    except UNREADABLE:
        raise CannotRestore(f"{path} is not a backup, or is damaged. Use another one.") from None


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(archive.read(MANIFEST))
    except UNREADABLE:
        raise CannotRestore(f"{path} is not a Signpost backup: its {MANIFEST} is missing or damaged.") from None
    if manifest.format != FORMAT:
        raise SchemaNewer(
            f"{path} was written by a newer Signpost (format {manifest.format}). Install that version, or a newer one."
        )
    return manifest


def _check_part(archive: zipfile.ZipFile, path: Path, name: str, part: TablePart) -> None:
    digest, count = hashlib.sha256(), 0
    try:
        with archive.open(f"{name}.jsonl") as file:
            for line in file:
                digest.update(line)
                count += 1
    except UNREADABLE:
        raise CannotRestore(f"{path} is damaged: {name}.jsonl cannot be read. Use another backup.") from None
    if count != part.rows or digest.hexdigest() != part.sha256:
        raise CannotRestore(f"{path} is damaged: {name}.jsonl is not what was written. Use another backup.")


def _check_empty(database: Database, manifest: Manifest) -> None:
    revision = current(database)
    if revision is None:
        return
    with database.reader.connect() as connection:
        full = [
            rows.name
            for rows in _tables(connection)
            if connection.execute(sa.select(sa.literal(1)).select_from(rows).limit(1)).first()
        ]
    if full or revision != manifest.schema_revision:
        raise CannotRestore(
            f"The database {database.url.render_as_string(hide_password=True)} is in use already. "
            "Restore into a new one: name another file or database in signpost.toml."
        )


def _fill(database: Database, path: Path, manifest: Manifest) -> None:
    with _opened(path) as archive, database.engine.begin() as connection:
        for rows in _tables(connection):
            if rows.name in manifest.tables:
                with archive.open(f"{rows.name}.jsonl") as file:
                    lines = (_row(rows, line) for line in file)
                    while some := list(islice(lines, BATCH)):
                        connection.execute(sa.insert(rows), some)
            if not database.is_sqlite:
                _count_on(connection, rows)


def _row(rows: sa.Table, line: bytes) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(line)
    for column in rows.c:
        if isinstance(column.type, sa.LargeBinary) and row.get(column.name) is not None:
            try:
                row[column.name] = base64.b64decode(row[column.name], validate=True)
            except binascii.Error:
                raise CannotRestore(f"The backup is damaged: {rows.name}.jsonl holds a value that is not base64.") from None
    return row


def _count_on(connection: sa.Connection, rows: sa.Table) -> None:
    """PostgreSQL counts rows up apart from the rows: go on after the last one."""
    if "id" not in rows.c or not isinstance(rows.c.id.type, sa.BigInteger):
        return
    sequence = sa.func.pg_get_serial_sequence(rows.name, "id")
    after = sa.select(sa.func.coalesce(sa.func.max(rows.c.id), 0) + 1).scalar_subquery()
    connection.execute(sa.select(sa.func.setval(sequence, after, sa.false())))
