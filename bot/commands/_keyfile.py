"""The key as a file that only its owner can read, and as paper for two people."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import typer

from storage.keyring import Keyring
from storage.sheet import recovery_sheet

# Two people, so that one of them being away, or being the matter, locks nobody out.
HOLDERS = ("the headteacher", "the chair of governors")


def write_new(path: Path, keyring: Keyring) -> None:
    """Write KEYRING to PATH. Refuses where a file is already: a key that is overwritten takes every report with it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, keyring)


def put_in_place(path: Path, keyring: Keyring) -> None:
    """Put KEYRING where an older state of the same ring was. At no moment is there half a file."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    _write(fresh, keyring)
    fresh.replace(path)


def print_sheets(keyring: Keyring, schools: Sequence[str], holders: Sequence[str]) -> None:
    """One recovery sheet for each of HOLDERS, on standard output: to be printed, and kept nowhere in the computer."""
    for holder in holders:
        typer.echo(f"\n{'-' * 72}\n{recovery_sheet(keyring, schools, holder)}{'-' * 72}")
    typer.echo("Print one sheet for each, lock them away in different places, and clear this window.")


def _write(path: Path, keyring: Keyring) -> None:
    fresh = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(fresh, "w", encoding="ascii") as file:
        file.write(keyring.dump())
        file.flush()
        os.fsync(file.fileno())
