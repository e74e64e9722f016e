"""What must hold before Teams can be used: the SDK is there, the app and its tenants are named, and every line is encrypted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec

from bot.config.addresses import fit_to_call
from bot.config.model import Config

CHANNEL = "teams"
SECRET = "SIGNPOST_TEAMS_CLIENT_SECRET"  # noqa: S105 - the name of the variable, not what is in it
STEPS = "docs/channels/teams.md"
_KEY = "client_secret"
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def secret_of(config: Config) -> str:
    """What the bot signs in with; empty where nobody set it."""
    secret = config.secrets.channels.get(CHANNEL, {}).get(_KEY)
    return secret.get_secret_value() if secret is not None else ""


def broken(config: Config) -> Iterator[tuple[str, str]]:
    """Every rule about Teams that CONFIG breaks: (key or variable, what is wrong and what to write)."""
    for name in sorted(set(config.secrets.channels.get(CHANNEL, {})) - {_KEY}):
        yield f"SIGNPOST_TEAMS_{name.upper()}", f"Nothing reads this. The only secret is {SECRET}; all else stands under [teams]."
    if CHANNEL not in config.channels:
        return
    if find_spec("microsoft_teams") is None:
        yield "channels", "Teams needs its library: pip install 'signpost[teams]'."
    yield from _app(config)
    if not secret_of(config):
        yield SECRET, f"Set this to the value of the app's client secret, without quotation marks. {STEPS} shows where it stands."
    elif _ID.fullmatch(secret_of(config)):
        yield SECRET, "This is the secret's ID. The value beside it is what is needed; it is shown only once, so make a new one."
    for key in ("login", "keys", "service"):
        if not fit_to_call(getattr(config.teams, key)):
            default = type(config.teams).model_fields[key].default
            yield f"teams.{key}", f'Reports must not travel unencrypted: write an https:// address, such as "{default}".'


def _app(config: Config) -> Iterator[tuple[str, str]]:
    if not _ID.fullmatch(config.teams.app_id):
        yield "teams.app_id", f"Write the Application (client) ID of the app's registration. {STEPS} shows where it stands."
    if not config.teams.tenants:
        yield "teams.tenants", f"Name the Directory (tenant) ID of the school's Microsoft 365: nobody else is heard. {STEPS}."
    for tenant in config.teams.tenants:
        if not _ID.fullmatch(tenant):
            yield "teams.tenants", f'"{tenant}" is no Directory (tenant) ID. {STEPS} shows where it stands.'
