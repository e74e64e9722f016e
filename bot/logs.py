"""The log of the running bot, built so that it cannot carry what somebody wrote.

Use it as `log.info("channel failed", channel="web", seconds=0.5, exc_info=error)`. The event is a literal in the call, and only
the keys named in `_SHAPES` come out, each only in its own shape; everything else is dropped, and counted under `dropped`.
An exception comes out as the names of its types and the places in the code it passed, never with its message or its values.
Libraries, which use the standard `logging`, are held to the same.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Callable, Collection, Iterator, MutableMapping
from enum import Enum
from functools import cache
from pathlib import Path
from traceback import walk_tb
from types import FrameType, TracebackType
from typing import Any, TextIO

import structlog

from bot.config.names import channel_names, school_names
from flows.cases.case import ALPHABET

WITHHELD = "an event that is not a literal"
Shape = Callable[[Any], str | float | None]  # the value as it may be shown, or None
UNCAUGHT = "something failed that nobody expected"
FRAMES = 12  # the innermost places of a traceback: enough to find a fault
CAUSES = 5
REFERENCE = re.compile(rf"[A-Z]{{1,3}}-[{ALPHABET}]{{5,8}}")  # without vowels it cannot spell a word
VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){1,3}")
LARGEST = 10_000_000  # above that, a number may be somebody's telephone

# Words for the bot's own doings. A `state`, `kind`, … that is not among them is dropped: add the word here.
STATES = {"starting", "up", "retrying", "misconfigured", "ended", "stopping", "stopped", "late", "recovered", "failed"}
KINDS = {"reply", "push", "phone", "rolling", "taken", "held", "blank", "message", "notice", "digest"}
RESULTS = {"new", "repeat", "handled", "sent", "again", "undeliverable", "fenced", "overtaken", "poison", "withdrawn"}
PARTS = {"inbox", "conversations", "outbox", "replies", "pushes", "notices", "channels", "heartbeat", "reseal", "web", "status"}
WORDS = STATES | KINDS | RESULTS | PARTS

log = structlog.get_logger()


def setup(how: str, level: str, schools: tuple[str, ...] = (), stream: TextIO | None = None) -> None:
    """Log as "console" or "json", from LEVEL up, to STREAM or stderr. SCHOOLS may be named in it, beside those we ship."""
    _configure(how, level, frozenset((*schools, *school_names())), stream)
    logging.captureWarnings(capture=True)  # a warning may quote a value too
    sys.excepthook = _uncaught
    threading.excepthook = lambda gone: _uncaught(gone.exc_type, gone.exc_value, gone.exc_traceback)
    sys.unraisablehook = lambda gone: _uncaught(gone.exc_type, gone.exc_value, gone.exc_traceback)


def _configure(how: str, level: str, schools: frozenset[str], stream: TextIO | None) -> None:
    coloured = (stream or sys.stderr).isatty()
    render = structlog.processors.JSONRenderer() if how == "json" else structlog.dev.ConsoleRenderer(colors=coloured)
    dress = [structlog.processors.TimeStamper(fmt="iso", utc=True), render]
    structlog.configure(
        processors=[_Gate(schools), *dress],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_Printer(stream),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _Libraries)]:
        root.removeHandler(handler)
    root.addHandler(_Libraries(dress, stream))
    # What libraries tell below a warning is about their doings, not ours.
    root.setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level.upper()]))


class _Printer:
    """Makes the object that prints a finished line; asks for stderr each time, since it may have been replaced meanwhile."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def __call__(self, *_: Any) -> structlog.PrintLogger:
        return structlog.PrintLogger(self._stream or sys.stderr)


class _Gate:
    """The first processor: what leaves it has been recognised, piece by piece."""

    def __init__(self, schools: frozenset[str]) -> None:
        self._shapes: dict[str, Shape] = {**_SHAPES, "school": _one_of(schools)}

    def __call__(self, _: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        safe: dict[str, Any] = {"event": _literal(event.pop("event", None)), "level": "error" if method == "exception" else method}
        error = _exception(event.pop("exc_info", None))
        dropped = 0
        for key, value in event.items():
            shape = self._shapes.get(key)
            shown = None if shape is None else shape(value.value if isinstance(value, Enum) else value)
            if shown is not None:
                safe[key] = shown
            elif value is not None:
                dropped += 1
        if error is not None:
            safe |= {"error": types(error), "where": places(error)}
        if dropped:
            safe["dropped"] = dropped
        return safe


class _Libraries(logging.Handler):
    """Takes what libraries log: who, how grave, where in their code, and the sentence as it stands in their code, unfilled."""

    def __init__(self, dress: list[Any], stream: TextIO | None) -> None:
        super().__init__()
        self._dress = dress
        self._stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        event: Any = {
            "event": _literal(record.msg),
            "level": record.levelname.lower(),
            "logger": _package(record.name),
            "where": [_place(record.pathname, record.lineno)],
        }
        error = _exception(record.exc_info)
        if error is not None:
            event |= {"error": types(error), "where": places(error)}
        for processor in self._dress:
            event = processor(None, event["level"], event)
        print(event, file=self._stream or sys.stderr, flush=True)


def _literal(event: Any) -> str:
    """EVENT when it stands as a literal in the code that logs it. A sentence somebody wrote was put together at run time."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - the only way to see who called
    while frame is not None and _carries_logs(frame.f_globals.get("__name__", "")):
        frame = frame.f_back
    known = event is UNCAUGHT or (frame is not None and isinstance(event, str) and event in frame.f_code.co_consts)
    return str(event).strip() if known else WITHHELD


def _carries_logs(module: str) -> bool:
    return module == __name__ or module.partition(".")[0] in {"structlog", "logging"}


def _one_of(names: Collection[str]) -> Shape:
    return lambda value: value if isinstance(value, str) and value in names else None


def _matching(pattern: re.Pattern[str]) -> Shape:
    return lambda value: value if isinstance(value, str) and pattern.fullmatch(value) else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LARGEST:
        return None
    return round(value, 4)


@cache
def _channels() -> frozenset[str]:
    return frozenset(channel_names())


def _channel(value: Any) -> str | float | None:
    return _one_of(_channels())(value)


def _type(value: Any) -> str | None:
    """The name of an exception's type, given as the exception, the type, or a name that such a type really has."""
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, type) and issubclass(value, BaseException):
        return value.__name__
    known = isinstance(value, str) and any(value == kind.__name__ for kind in _descendants(BaseException))
    return value if known else None


def _descendants(kind: type[BaseException]) -> Iterator[type[BaseException]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _descendants(below)


_SHAPES: dict[str, Shape] = {
    "reference": _matching(REFERENCE),
    "version": _matching(VERSION),
    "error": _type,
    "channel": _channel,
    **dict.fromkeys(("state", "kind", "outcome", "result", "loop"), _one_of(WORDS)),
    **dict.fromkeys(("count", "number", "attempts", "waiting", "seconds", "lag", "port", "status", "left", "rung"), _number),
}


def _exception(info: Any) -> BaseException | None:
    if info is True:
        info = sys.exc_info()
    if isinstance(info, tuple):
        info = info[1]
    return info if isinstance(info, BaseException) else None


def types(error: BaseException) -> str:
    """What it was, and what caused it: `SendFailed < TimeoutError`."""
    names: list[str] = []
    at: BaseException | None = error
    while at is not None and len(names) < CAUSES:
        inner = f"({', '.join(types(each) for each in at.exceptions[:CAUSES])})" if isinstance(at, BaseExceptionGroup) else ""
        names.append(type(at).__name__ + inner)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return " < ".join(names)


def places(error: BaseException) -> list[str]:
    """The places in the code that ERROR passed on its way, the innermost last."""
    frames = [_place(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)][-FRAMES:]
    first = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else None
    return frames + (places(first) if first is not None else [])


_ROOT = Path(__file__).parents[1]


def _place(file: str, line: int) -> str:
    path = Path(file)
    if path.is_relative_to(_ROOT) and "site-packages" not in path.parts:
        return f"{path.relative_to(_ROOT)}:{line}"
    return f"{'/'.join(path.parts[-2:])}:{line}"


def _package(logger: str) -> str:
    """The part of a logger's name that is a module: anything else in it might be made from somebody's words."""
    while logger and logger not in sys.modules:
        logger = logger.rpartition(".")[0]
    return logger or "?"


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error or kind(), trace)
        return
    log.critical(UNCAUGHT, exc_info=error or kind())


# Before `setup`, and in programs that never call it, the same gate stands.
_configure("console", "warning", frozenset(), None)
