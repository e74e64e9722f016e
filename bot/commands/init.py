"""`signpost init`: a few questions, then the settings, the key, and a recovery sheet for two people. May be run again."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from bot.commands._keyfile import HOLDERS, print_sheets, write_new
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused
from bot.config import Config, ConfigError, channel_names, example, load, school_names
from bot.config.rules import did_you_mean
from storage.keyring import Keyring

Names = list[str]


def command(
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: take the options, the old answers, the defaults.")] = False,
    school: Annotated[Names | None, typer.Option("--school", "-s", help="A school to serve. May be given again.")] = None,
    channel: Annotated[Names | None, typer.Option(help="Where people talk to it. May be given again.")] = None,
    data: Annotated[str, typer.Option(help="The folder where everything is stored.")] = "",
    key: Annotated[str, typer.Option(help="The file for the key. It must not lie with the data.")] = "",
    holder: Annotated[Names | None, typer.Option(help="Who keeps a recovery sheet, by role. May be given again.")] = None,
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Set up Signpost: a few questions, then signpost.toml, the key, and a recovery sheet for each of two people.

    Run it again to change an answer. The old answers are offered, the old file is kept, and a key is never overwritten.
    """
    out = Console(highlight=False, soft_wrap=True)
    given = {"schools": school, "channels": channel, "data_folder": data, "key_file": key}
    values = {**_old(config, out), **{name: value for name, value in given.items() if value}}
    if "SIGNPOST_KEYS" not in os.environ:
        values.setdefault("key_file", str(_usual_place(config)))
    if not yes:
        values |= _asked(config, values)
    if not values.get("schools"):
        raise Refused(f"Say which school: --school NAME. Known: {', '.join(_schools(config, values))}.")
    settings = _write(config, values, out)
    if settings.key_file is None:
        out.print("The key is the one in SIGNPOST_KEYS.")
    elif settings.key_file.exists():
        out.print(f"The key in {escape(str(settings.key_file))} stays as it is.")
    else:
        keyring = Keyring.new()
        write_new(settings.key_file, keyring)
        out.print(f"Made the key, {escape(str(settings.key_file))}. Only you can read it, and no backup contains it.")
        print_sheets(keyring, settings.schools, holder or HOLDERS)
    out.print("\nNext: [bold]signpost check[/], then [bold]signpost run[/].")


def _old(file: Path, out: Console) -> dict[str, Any]:
    """The answers of an earlier run. A key that is no setting is left behind, and named."""
    if not file.exists():
        return {}
    try:
        old = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(
            f"{file} is not readable as TOML ({error}). Mend it or move it away, then run `signpost init` again."
        ) from None
    kept: dict[str, Any] = {}
    for name, value in old.items():
        if name not in Config.model_fields:
            out.print(f"[yellow]{escape(name)} is not a setting: left out.[/]")
        else:
            kept[name] = value
    return kept


def _usual_place(config: Path) -> Path:
    """Outside the checkout and the data, and named after this installation, so that two of them do not share a key by accident."""
    name = f"{config.resolve().parent.name or 'signpost'}.key"
    return Path("/etc/signpost" if os.geteuid() == 0 else Path.home() / ".config" / "signpost") / name


def _schools(config: Path, values: dict[str, Any]) -> tuple[str, ...]:
    own = values.get("schools_folder")
    return school_names(config.parent / own if own else None)


def _asked(config: Path, values: dict[str, Any]) -> dict[str, Any]:
    schools, channels = _schools(config, values), channel_names()
    answers: dict[str, Any] = {
        "schools": _names("Which schools does it serve", values.get("schools") or schools[:1], schools),
        "channels": _names("Where do people talk to it", values.get("channels") or ["web"], channels),
        "data_folder": typer.prompt("In which folder is everything stored", values.get("data_folder") or "signpost-data"),
    }
    if "key_file" in values:
        answers["key_file"] = typer.prompt("In which file is the key (not with the data)", values["key_file"])
    return answers


def _names(question: str, default: Sequence[str], known: Sequence[str]) -> Names:
    answer: Names = typer.prompt(f"{question} ({', '.join(known)})", ", ".join(default), value_proc=_among(known))
    return answer


def _among(known: Sequence[str]) -> Callable[[str], Names]:
    def names(written: str) -> Names:
        given = [name.strip() for name in written.split(",") if name.strip()]
        for name in given:
            if name not in known:
                raise typer.BadParameter(f"“{name}” is not known. {did_you_mean(name, known)}")
        return given

    return names


def _write(file: Path, values: dict[str, Any], out: Console) -> Config:
    """Put the settings in place, once they are proven to load; the file they replace is kept beside them."""
    text = example(values)
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_text(text, encoding="utf-8")
    try:
        settings = load(fresh, os.environ, key_needed=False)
        if not file.exists():
            fresh.replace(file)
            out.print(f"Wrote {escape(str(file))}.")
        elif file.read_text(encoding="utf-8") == text:
            out.print(f"{escape(str(file))} stays as it is.")
        else:
            kept = file.with_name(f"{file.name}.{datetime.now(UTC):%Y%m%dT%H%M%S}")
            file.replace(kept)
            fresh.replace(file)
            out.print(f"Wrote {escape(str(file))}; the old one is {escape(kept.name)}.")
    except ConfigError as error:
        raise ConfigError(tuple(replace(problem, file=file.name) for problem in error.problems)) from None
    finally:
        fresh.unlink(missing_ok=True)
    return settings
