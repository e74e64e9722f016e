"""What must hold between settings that are each well formed: no contradiction, no safety quietly missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from rapidfuzz import process

from bot.config import email, slack, teams, telegram
from bot.config.addresses import fit_to_call, loopback
from bot.config.model import Config
from bot.config.names import channel_names, school_names

Broken = Iterator[tuple[str, str]]  # (key or SIGNPOST_ variable, what is wrong and what to write)
SQLITE = "sqlite:///"
POSTGRES = ("postgresql+psycopg://", "postgresql://")
TOKEN_LENGTH = 16
HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9](?:[a-z0-9-]{0,62}))*")


def broken(config: Config, *, key_needed: bool) -> Broken:
    """Every rule that CONFIG breaks."""
    yield from _names(config)
    yield from _web(config)
    yield from _status(config)
    if config.rehearsal:
        yield from _rehearsal(config)
        return
    yield from email.broken(config)
    yield from slack.broken(config)
    yield from teams.broken(config)
    yield from telegram.broken(config)
    yield from _twice(config)
    yield from _data(config)
    yield from _key(config, needed=key_needed)


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """A short hint: the nearest known name when one is near, and otherwise all of them."""
    near = process.extractOne(name, known, score_cutoff=60)
    return f'Did you mean "{near[0]}"?' if near else f"Known: {', '.join(known) or 'none'}."


def _names(config: Config) -> Broken:
    if not config.schools:
        yield "schools", 'Name at least one, for instance schools = ["rosebrook"].'
    if not config.channels:
        yield "channels", 'Name at least one, for instance channels = ["web"].'
    if config.schools_folder is not None and not config.schools_folder.is_dir():
        yield "schools_folder", f"There is no folder {config.schools_folder}. Make it, or remove the key."
    for key, names, known, what in (
        ("schools", config.schools, school_names(config.schools_folder), "No folder of this name holds a school.toml."),
        ("channels", config.channels, channel_names(), "There is no file or folder of this name in bot/channels/."),
    ):
        for name in dict.fromkeys(names):
            if names.count(name) > 1:
                yield key, f'"{name}" stands there twice. Remove one.'
            if name not in known:
                yield key, f'"{name}": {what} {did_you_mean(name, known)}'


def _web(config: Config) -> Broken:
    web = config.web
    address = urlsplit(web.base_url)
    if web.base_url and (address.scheme not in {"http", "https"} or not address.hostname or web.base_url.endswith("/")):
        yield "web.base_url", 'Write a whole address without a slash at the end, such as "https://ask.school.example".'
    elif web.base_url and address.scheme == "http" and not loopback(address.hostname or ""):
        yield (
            "web.base_url",
            "Reports must not travel unencrypted: write https://, and let a web server in front do the encryption.",
        )
    elif not web.base_url and not loopback(web.host):
        yield "web.base_url", f'With host = "{web.host}" others can reach the bot: write the https:// address they type.'
    if web.hosts and not web.base_url:
        yield (
            "web.base_url",
            "Schools with host names of their own are reached from outside: write the https:// address people type.",
        )
    for name, school in web.hosts.items():
        if not HOST_NAME.fullmatch(name):
            yield "web.hosts", f'"{name}": Write the bare name in small letters, without https://, port or slash.'
        if school not in config.schools:
            yield "web.hosts", f'"{name}" = "{school}": {did_you_mean(school, config.schools)}'


def _status(config: Config) -> Broken:
    token = config.secrets.status_token
    if token is not None and len(token.get_secret_value()) < TOKEN_LENGTH:
        yield "SIGNPOST_STATUS_TOKEN", f"Too short to guard anything: use at least {TOKEN_LENGTH} random characters."
    if token is None and not loopback(config.status.host):
        yield "status.host", f'"{config.status.host}" can be reached by others: set SIGNPOST_STATUS_TOKEN, or write "127.0.0.1".'
    if config.status.port and config.status.port == config.web.port:
        yield "status.port", f"{config.status.port} is also web.port. The two must differ: give this one another number."


def _rehearsal(config: Config) -> Broken:
    if not loopback(config.web.host):
        yield "web.host", "In a rehearsal anybody may play the safeguarding lead, so it stays on this machine: write 127.0.0.1."


def _twice(config: Config) -> Broken:
    """A setting given in two places would leave it to chance which one somebody believes is in force."""
    for key, in_file, in_environment in (
        ("database", config.database, config.secrets.database),
        ("heartbeat.url", config.heartbeat.url, config.secrets.heartbeat_url),
        ("key_file", config.key_file, config.secrets.keys),
    ):
        if in_file and in_environment:
            variable = "SIGNPOST_KEYS" if key == "key_file" else "SIGNPOST_" + key.upper().replace(".", "_")
            yield key, f"{variable} is set as well. Keep one of the two."


def _data(config: Config) -> Broken:
    key = "database" if config.database else "SIGNPOST_DATABASE"
    url = config.database_url
    if config.data_folder.exists() and not config.data_folder.is_dir():
        yield "data_folder", f"{config.data_folder} is a file. Name a folder."
    if url.startswith(POSTGRES):
        if find_spec("psycopg") is None:
            yield key, "PostgreSQL needs its driver: pip install 'signpost[postgres]'."
    elif not url.startswith(SQLITE) or not url.removeprefix(SQLITE) or ":memory:" in url:
        yield key, 'Write "sqlite:///path/to/signpost.db" or "postgresql+psycopg://user@host/name".'
    watcher = config.heartbeat_url
    if watcher is not None and not fit_to_call(watcher.get_secret_value()):
        yield (
            "SIGNPOST_HEARTBEAT_URL" if config.secrets.heartbeat_url else "heartbeat.url",
            "Write an address that starts with https://.",
        )


def _key(config: Config, *, needed: bool) -> Broken:
    file = config.key_file
    if file is None:
        if needed and config.secrets.keys is None:
            yield "key_file", "There is no key, and nothing is stored unsealed. `signpost init` makes one; or set SIGNPOST_KEYS."
        return
    url = config.database_url
    beside = Path(url.removeprefix(SQLITE)).parent if url.startswith(SQLITE) else None
    if file.is_relative_to(config.data_folder) or file.parent == beside:
        yield "key_file", f"{file} lies with the data it is to protect. Move it to another folder and write the new path here."
    elif not file.is_file():
        if needed:
            yield (
                "key_file",
                f"There is no file {file}. `signpost init` makes a new key; `signpost restore` takes the recovery sheet.",
            )
    elif file.stat().st_mode & 0o077:
        yield "key_file", f"Others on this machine can read {file}. Run: chmod 600 {file}"
