"""The log carries what the bot does, and cannot be made to carry what anybody wrote."""

from __future__ import annotations

import ast
import io
import json
import logging
import sys
import threading
import warnings
from enum import StrEnum
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot import logs
from bot.logs import log

# A character that occurs in none of our own lines: where it comes out, a text came out.
MARK = "\N{SNOWMAN}"
texts = st.text(min_size=1, max_size=60).map(lambda text: f"{text}{MARK}")


@pytest.fixture(autouse=True)
def _as_it_was():
    """Leave the process's hooks as they were."""
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(capture=False)
    logs._configure("console", "warning", frozenset(), None)


def into(how: str = "json", level: str = "debug", schools: tuple[str, ...] = ()) -> io.StringIO:
    """Set up the log to write into what is returned."""
    stream = io.StringIO()
    logs.setup(how, level, schools, stream)
    return stream


def lines(stream: io.StringIO) -> list[dict]:
    """What was logged, one dictionary a line."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("how", ["json", "console"])
@given(
    values=st.dictionaries(
        st.sampled_from([*logs._SHAPES, "school", "text", "name", "where", "level", "logger", "timestamp", "_record"]) | texts,
        texts | st.lists(texts) | st.dictionaries(texts, texts) | texts.map(str.encode),
        max_size=8,
    )
)
def test_no_text_in_a_value_or_a_key_comes_out(how, values):
    """Whatever somebody wrote is put beside an event, under a known key or an unknown one, is dropped and counted."""
    stream = into(how)
    log.info("a message came", **values)
    assert MARK not in stream.getvalue()
    if how == "json":
        assert lines(stream)[0].get("dropped", 0) == len(values)


@given(text=texts)
def test_an_event_made_at_run_time_does_not_come_out(text):
    """Only a sentence that stands in the code is an event; one put together from somebody's words is withheld."""
    stream = into()
    log.info(text)
    log.warning(f"they wrote {text}")
    assert [line["event"] for line in lines(stream)] == [logs.WITHHELD] * 2


class Refused(Exception):
    """An exception that carries somebody's words in its message."""


def fail(text: str, depth: int = 2) -> None:
    """Fail with TEXT in messages, in a cause, in a group and in local variables."""
    if depth:
        fail(text + MARK, depth - 1)
    try:
        raise Refused(text)  # noqa: TRY301 - the cause is what is tested
    except Refused as error:
        raise ExceptionGroup(text, [ValueError(text), KeyError(text)]) from error


@pytest.mark.parametrize("how", ["json", "console"])
@given(text=texts)
def test_an_exception_shows_types_and_places_only(how, text):
    """Messages, values and locals of an exception stay out, of its causes and its group members too."""
    stream = into(how)
    try:
        fail(text)
    except ExceptionGroup as error:
        log.exception("it failed")
        log.warning("it failed", exc_info=error)
        logging.getLogger("asyncio").exception("Task failed: %s", error)  # noqa: TRY401 - as libraries do
    out = stream.getvalue()
    assert MARK not in out
    assert out.count("ExceptionGroup(ValueError, KeyError) < Refused") == 3
    assert "tests/bot/test_logs.py:" in out


@given(text=texts, number=st.integers())
def test_what_libraries_log_comes_out_unfilled(text, number):
    """A library's own sentence is shown as it stands in its code; what it fills in, or puts together, is not."""
    stream = into()
    library = logging.getLogger("hypothesis.core")
    library.warning("could not send %s to %s", text, number)
    library.error(text)
    library.error(f"no {text}")
    logging.getLogger(text).critical("stopped")
    logging.getLogger("asyncio").error({"message": text})
    assert MARK not in stream.getvalue()
    shown = lines(stream)
    assert shown[0]["event"] == "could not send %s to %s"
    assert shown[0]["logger"] == "hypothesis.core"
    assert [line["event"] for line in shown[1:]] == [logs.WITHHELD, logs.WITHHELD, "stopped", logs.WITHHELD]
    assert shown[3]["logger"] == "?"


@given(text=texts)
def test_warnings_and_uncaught_exceptions_go_through_the_same_gate(text):
    """Python's own ways to print a value to stderr are closed: warnings, threads, destructors and the last resort."""
    stream = into()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn(text, UserWarning, stacklevel=1)
    error = Refused(text)
    sys.excepthook(Refused, error, None)
    thread = threading.Thread(target=fail, args=(text,))
    thread.start()
    thread.join()
    out = stream.getvalue()
    logging.captureWarnings(capture=False)
    assert MARK not in out
    assert len(lines(stream)) == 3


def test_the_gate_stands_before_anything_was_set_up(capsys):
    """A command that never sets up its log, or one that fails on the way there, does not print what it was given."""
    log.warning("too early", text="told in confidence", channel="nowhere")
    structlog.get_logger().error("told in confidence: %s", "told in confidence")
    err = capsys.readouterr().err
    assert "too early" in err
    assert "told in confidence" not in err.replace("told in confidence: %s", "")


class Stage(StrEnum):
    """Somewhere to stand."""

    UP = "up"


def test_what_the_bot_does_comes_out():
    """Names, numbers, states and references that are the bot's own are shown in full."""
    stream = into(schools=("hillside",))
    log.info(
        "all is shown",
        school="hillside",
        state=Stage.UP,
        kind="reply",
        reference="SP-7K2M4",
        count=3,
        seconds=0.123456,
        error=ValueError("x"),
    )
    (line,) = lines(stream)
    del line["timestamp"]
    assert line == {
        "event": "all is shown",
        "level": "info",
        "school": "hillside",
        "state": "up",
        "kind": "reply",
        "reference": "SP-7K2M4",
        "count": 3,
        "seconds": 0.1235,
        "error": "ValueError",
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("count", 7700900123),
        ("count", float("nan")),
        ("count", True),
        ("reference", "SP-ALICE"),
        ("school", "alice"),
        ("channel", "alice"),
        ("state", "alice"),
        ("error", "Alice"),
        ("version", "alice"),
    ],
)
def test_a_value_of_the_wrong_shape_is_dropped(key, value):
    """A telephone number is not a count, and a name is neither a reference, a school, a channel, a state nor a type."""
    stream = into()
    log.info("somebody tried", **{key: value})
    (line,) = lines(stream)
    assert key not in line
    assert line["dropped"] == 1


def test_less_than_the_level_says_nothing():
    """The level in the configuration holds for us, and never lets a library's chatter through."""
    stream = into(level="warning")
    log.info("quiet")
    logging.getLogger("asyncio").info("chatter")
    log.warning("loud")
    assert [line["event"] for line in lines(stream)] == ["loud"]
    chatty = into(level="debug")
    logging.getLogger("asyncio").info("chatter")
    assert lines(chatty) == []


def test_setting_up_again_does_not_log_twice():
    """Each line comes out once, however often the log was set up."""
    into()
    stream = into()
    logging.getLogger("asyncio").error("once")
    log.error("and once")
    assert len(lines(stream)) == 2


LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def calls_in(file: Path) -> list[ast.Call]:
    """Every call of `log` in FILE."""
    return [
        node
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr in LEVELS) == ("log", True)
    ]


def test_nothing_the_bot_logs_is_lost_at_the_gate():
    """Each of our own calls has a literal for its event and only keys that come out: what is dropped would be missed one day."""
    files = sorted(Path(logs.__file__).parent.rglob("*.py"))
    calls = [(file, call) for file in files for call in calls_in(file) if file.name != "logs.py"]
    assert len(calls) > 5
    for file, call in calls:
        (event,) = call.args
        assert isinstance(event, ast.Constant), f"{file}:{event.lineno}: the event is not a literal"
        unknown = {keyword.arg for keyword in call.keywords} - logs._SHAPES.keys() - {"school", "exc_info"}
        assert not unknown, f"{file}:{call.lineno}: {unknown} would be dropped; add a shape in bot/logs.py"
        for keyword in call.keywords:
            if isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str):
                shown = logs._SHAPES[keyword.arg](keyword.value.value)
                assert shown, f"{file}:{call.lineno}: {keyword.arg}={keyword.value.value!r} would be dropped; add it in bot/logs.py"
