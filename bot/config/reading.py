"""Reads signpost.toml and the environment once, and says everything that is wrong with them at the same time."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from bot.config.model import NOT_IN_THE_FILE, Config, ConfigError, Problem, Secrets
from bot.config.names import channel_names
from bot.config.rules import SQLITE, broken, did_you_mean

ENVIRONMENT = "environment"
PREFIX = "SIGNPOST_"
ITS_OWN = ("SIGNPOST_CONFIG",)  # read by the command line
REHEARSAL_SCHOOL = "rosebrook"

# pydantic's own sentences speak to programmers.
WORDS = {
    "string_type": 'Write it in quotation marks, as in {key} = "…".',
    "path_type": 'Write it in quotation marks, as in {key} = "…".',
    "int_type": "Write a whole number without quotation marks.",
    "tuple_type": 'Write a list, as in {key} = ["…"].',
    "model_type": "This is a group of settings: write it as [{key}] with its keys below.",
    "greater_than_equal": "Write a number of at least {ge}.",
    "less_than_equal": "Write a number of at most {le}.",
    "literal_error": "Write one of: {expected}.",
}


def load(path: Path, environ: Mapping[str, str], *, rehearsal: bool = False, key_needed: bool = True) -> Config:
    """Read PATH and the SIGNPOST_ variables of ENVIRON, or raise a ConfigError.

    A rehearsal needs no file, and keeps to data, channels and a key of its own. `key_needed=False` is for the commands that
    make a key or ask for it.
    """
    problems: list[Problem] = []
    config = _well_formed(path, _written(path, problems, needed=not rehearsal), problems)
    secrets = _secrets(environ, problems)
    config = config.model_copy(
        update={"file": path.resolve() if path.is_file() else None, "rehearsal": rehearsal, "secrets": secrets}
    )
    config = _absolute(config, path.resolve().parent)
    if rehearsal:
        config = _rehearsing(config)
    already = {problem.key for problem in problems}
    for key, text in broken(config, key_needed=key_needed):
        if key.startswith(PREFIX):
            problems.append(Problem(ENVIRONMENT, key, text))
        elif not already & {"", key}:  # "": the whole file could not be read, so nothing is known about its keys
            problems.append(Problem(path.name, key, text))
    if problems:
        raise ConfigError(tuple(problems))
    return config


def _written(path: Path, problems: list[Problem], *, needed: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if needed:
            problems.append(Problem(str(path), "", "There is no such file. `signpost init` writes one."))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        place = error if isinstance(error, tomllib.TOMLDecodeError) else "it is not UTF-8 text"
        problems.append(Problem(str(path), "", f"This is not readable as TOML: {place}"))
    except OSError as error:
        problems.append(Problem(str(path), "", f"It cannot be read: {error.strerror}."))
    return {}


def _well_formed(path: Path, written: dict[str, Any], problems: list[Problem]) -> Config:
    """WRITTEN as a Config; what does not fit is reported and left out, so that the rest can still be judged."""
    for key in NOT_IN_THE_FILE:
        if key in written:
            del written[key]
            remedy = "Rehearsals are chosen on the command line: signpost run --rehearsal." if key == "rehearsal" else "Remove it."
            problems.append(Problem(path.name, key, f"This is not a setting. {remedy}"))
    while True:
        try:
            return Config.model_validate(written)
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_input=False):
                problems.append(Problem(path.name, _key(detail), _in_words(detail)))
                _leave_out(written, detail["loc"])


def _key(detail: ErrorDetails) -> str:
    return ".".join(str(part) for part in detail["loc"] if isinstance(part, str))


def _in_words(detail: ErrorDetails) -> str:
    *outer, key = (part for part in detail["loc"] if isinstance(part, str))
    if detail["type"] == "extra_forbidden":
        part = type(Config.model_fields[outer[0]].default) if outer else Config
        known = [name for name in part.model_fields if outer or name not in NOT_IN_THE_FILE]
        return f"There is no such key. {did_you_mean(key, known)}"
    words = WORDS.get(detail["type"])
    return words.format(key=key, **detail.get("ctx", {})) if words else f"{detail['msg']}."


def _leave_out(written: dict[str, Any], loc: tuple[int | str, ...]) -> None:
    keys = [part for part in loc if isinstance(part, str)]
    table = written
    for key in keys[:-1]:
        table = table[key]
    table.pop(keys[-1], None)


def _secrets(environ: Mapping[str, str], problems: list[Problem]) -> Secrets:
    ours: dict[str, Any] = {}
    channels: dict[str, dict[str, SecretStr]] = {}
    own = [name for name in Secrets.model_fields if name != "channels"]
    for variable in sorted(name for name in environ if name.startswith(PREFIX) and name not in ITS_OWN):
        name = variable.removeprefix(PREFIX).lower()
        channel = next((channel for channel in channel_names() if name.startswith(f"{channel}_")), None)
        if name in own:
            ours[name] = environ[variable] or None
        elif channel is not None:
            channels.setdefault(channel, {})[name.removeprefix(f"{channel}_")] = SecretStr(environ[variable])
        else:
            known = [PREFIX + each.upper() for each in own]
            problems.append(Problem(ENVIRONMENT, variable, f"Nothing reads this. {did_you_mean(variable, known)}"))
    return Secrets(**ours, channels=channels)


def _absolute(config: Config, base: Path) -> Config:
    """Paths count from the folder of the file they stand in, wherever the command was started."""

    def whole(path: Path | None) -> Path | None:
        return None if path is None else (base / path.expanduser()).resolve()

    database = config.database
    if database.startswith(SQLITE) and (name := database.removeprefix(SQLITE)):
        database = f"{SQLITE}{whole(Path(name))}"
    return config.model_copy(
        update={
            "schools_folder": whole(config.schools_folder),
            "data_folder": whole(config.data_folder),
            "key_file": whole(config.key_file),
            "email": config.email.model_copy(update={"ca_file": whole(config.email.ca_file)}),
            "database": database,
        }
    )


def _rehearsing(config: Config) -> Config:
    """A rehearsal must never touch the real data, nor write to a real person: it has its own folder and only the web page."""
    data = config.data_folder / "rehearsal"
    return config.model_copy(
        update={
            "schools": config.schools or (REHEARSAL_SCHOOL,),
            "channels": ("web",),
            "data_folder": data,
            "database": "",
            "key_file": data / "rehearsal.key",
        }
    )
