"""What must hold before Slack can be used: the SDK is there, every school has a workspace, and each side can know the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec

from bot.config.addresses import fit_to_call
from bot.config.model import Config

CHANNEL = "slack"
TOKEN, SIGNING, SOCKET = "bot_token", "signing_secret", "app_token"  # the last part of a variable's name, before the school
STEPS = "docs/channels/slack.md"
_LOOKS = {
    TOKEN: (re.compile(r"xoxb-[A-Za-z0-9-]{8,}"), "xoxb-…, under OAuth & Permissions"),
    SIGNING: (re.compile(r"[0-9a-f]{32}"), "32 letters and digits, under Basic Information, Signing Secret"),
    SOCKET: (re.compile(r"xapp-[A-Za-z0-9-]{8,}"), "xapp-…, under Basic Information, App-Level Tokens"),
}


@dataclass(frozen=True, slots=True)
class Workspace:
    """One installation of our app. It serves one school, or several of a trust that share a workspace.

    With a `socket` token we call Slack and keep the line open; otherwise Slack calls us and signs with `signing`.
    """

    schools: tuple[str, ...]
    suffix: str  # the end of the names of its variables: empty for the one that all share
    token: str = field(repr=False)
    signing: str = field(default="", repr=False)
    socket: str = field(default="", repr=False)

    def variable(self, key: str) -> str:
        """The variable that KEY of this workspace comes from."""
        return variable(key, self.suffix)


def variable(key: str, suffix: str) -> str:
    """The variable for KEY (TOKEN, SIGNING or SOCKET) of the workspace called SUFFIX."""
    return f"SIGNPOST_{CHANNEL}_{key}{suffix}".upper()


def workspaces(config: Config) -> tuple[Workspace, ...]:
    """The workspaces of CONFIG: one for each school with a token of its own, and one for all the others."""
    own = tuple(school for school in config.schools if _secret(config, TOKEN, _suffix(school)))
    shared = tuple(school for school in config.schools if school not in own)
    groups = [((school,), _suffix(school)) for school in own] + ([(shared, "")] if shared else [])
    return tuple(
        Workspace(schools, suffix, *(_secret(config, key, suffix) for key in (TOKEN, SIGNING, SOCKET)))
        for schools, suffix in groups
    )


def broken(config: Config) -> Iterator[tuple[str, str]]:
    """Every rule about Slack that CONFIG breaks: (key or variable, what is wrong and what to write)."""
    given = {variable(key, "") for key in config.secrets.channels.get(CHANNEL, {})}
    known = {variable(key, suffix) for key in _LOOKS for suffix in ("", *map(_suffix, config.schools))}
    for name in sorted(given - known):
        yield name, f"Nothing reads this. Known: {', '.join(sorted(known))}."
    if CHANNEL not in config.channels:
        return
    if find_spec("slack_bolt") is None or find_spec("aiohttp") is None:
        yield "channels", "Slack needs its library: pip install 'signpost[slack]'."
    if not fit_to_call(config.slack.api):
        yield "slack.api", 'Reports must not travel unencrypted: write an https:// address, such as "https://slack.com/api".'
    found = workspaces(config)
    for workspace in found:
        yield from _workspace(workspace)
    tokens = [workspace.token for workspace in found if workspace.token]
    if len(tokens) > len(set(tokens)):
        yield variable(TOKEN, ""), "Two schools have the same token. One workspace for several schools is this variable alone."


def _workspace(workspace: Workspace) -> Iterator[tuple[str, str]]:
    values = {TOKEN: workspace.token, SIGNING: workspace.signing, SOCKET: workspace.socket}
    if not workspace.token:
        schools = ", ".join(workspace.schools)
        yield workspace.variable(TOKEN), f"No workspace for {schools}: set this to the bot token. {STEPS} shows where it stands."
    elif not workspace.signing and not workspace.socket:
        other = workspace.variable(SOCKET)
        yield workspace.variable(SIGNING), f"Set this if Slack is to call the bot, or {other} if the bot is to call Slack. {STEPS}."
    for key, (looks, where) in _LOOKS.items():
        if values[key] and not looks.fullmatch(values[key]):
            yield workspace.variable(key), f"This is not what Slack shows. It looks like {where}; without quotation marks."


def _secret(config: Config, key: str, suffix: str) -> str:
    secret = config.secrets.channels.get(CHANNEL, {}).get(f"{key}{suffix}")
    return secret.get_secret_value() if secret is not None else ""


def _suffix(school: str) -> str:
    return f"_{re.sub('[^a-z0-9]', '_', school.lower())}"
