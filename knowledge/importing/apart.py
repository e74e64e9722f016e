"""Has a document read by a process of its own, with a limit on its time and memory: a file from outside may be made to do harm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path

from knowledge.importing import reading
from knowledge.importing.document import CannotImport, Document, Line

SECONDS = 60
_GRACE = 5  # seconds in which the child may end by itself
MEMORY = 2_000_000_000  # bytes
_PLAIN = frozenset({".txt", ".text"})
_CHILD = "from knowledge.importing.apart import main; main()"


def read(file: Path, seconds: int = SECONDS) -> Document:
    """The lines of FILE, or CannotImport when it cannot be read, or not within SECONDS."""
    if file.suffix.lower() in _PLAIN:
        return reading.read(file)  # nothing in plain text can be unpacked or run
    way = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(part for part in sys.path if part) or str(Path.cwd()),
        "PYTHONIOENCODING": "utf-8",
    }
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and our own code; the file's name is an argument, never code
            [sys.executable, "-c", _CHILD, str(file.resolve()), str(seconds)],
            capture_output=True,
            timeout=seconds + _GRACE,
            env=way,
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise _too_much(file) from problem
    if child.returncode or not child.stdout:
        raise _too_much(file)
    told = json.loads(child.stdout)
    if "problem" in told:
        raise CannotImport(told["problem"])
    return Document(
        told["name"], tuple(Line(**{**line, "cells": tuple(line["cells"])}) for line in told["lines"]), tuple(told["notes"])
    )


def _too_much(file: Path) -> CannotImport:
    return CannotImport(
        f"{file.name}: reading it took more time or memory than any policy needs. Copy the policy's text into a new document."
    )


def main() -> None:
    """What the process does: read the file it is told, within limits, and say what came of it."""
    file, seconds = Path(sys.argv[1]), int(sys.argv[2])
    _limit(seconds)
    try:
        document = reading.read(file)
        told: dict[str, object] = {
            "name": document.name,
            "lines": [_short(line) for line in document.lines],
            "notes": document.notes,
        }
    except CannotImport as problem:
        told = {"problem": str(problem)}
    sys.stdout.write(json.dumps(told))


def _short(line: Line) -> dict[str, object]:
    """LINE without what stands at its default."""
    told = asdict(line)
    return {one.name: told[one.name] for one in fields(line) if one.name in {"text", "cells"} or told[one.name] != one.default}


def _limit(seconds: int) -> None:
    """Limits that the system itself keeps. Windows has none of these; there the parent's own time limit remains."""
    with suppress(ImportError):
        import resource  # noqa: PLC0415 - not there on Windows

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        with suppress(ValueError, OSError):  # macOS knows the limit and refuses it
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
