"""What must hold before Telegram can be used: the SDK is there, every school has a bot, and whoever calls us is encrypted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from urllib.parse import urlsplit

from bot.config.addresses import fit_to_call
from bot.config.model import Config

CHANNEL = "telegram"
SHARED = "SIGNPOST_TELEGRAM_TOKEN"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{20,}")


def own(school: str) -> str:
    """The variable with the token of SCHOOL's own bot."""
    return f"{SHARED}_{re.sub('[^A-Z0-9]', '_', school.upper())}"


def token_of(config: Config, variable: str) -> str:
    """The token in VARIABLE; empty when there is none."""
    key = variable.removeprefix(f"SIGNPOST_{CHANNEL.upper()}_").lower()
    secret = config.secrets.channels.get(CHANNEL, {}).get(key)
    return secret.get_secret_value() if secret is not None else ""


def name_of(config: Config, school: str) -> str:
    """What the bot of SCHOOL is called; empty where nobody said."""
    names = config.telegram.names
    return names[config.schools.index(school)] if len(names) == len(config.schools) else "".join(names[:1])


def shared(config: Config, school: str) -> bool:
    """Whether the bot of SCHOOL serves others as well: a link to it has to say which school is meant."""
    return len(config.schools) > 1 and not token_of(config, own(school))


def broken(config: Config) -> Iterator[tuple[str, str]]:
    """Every rule about Telegram that CONFIG breaks: (key or variable, what is wrong and what to write)."""
    if CHANNEL not in config.channels:
        return
    given = {f"{SHARED.removesuffix('TOKEN')}{key.upper()}" for key in config.secrets.channels.get(CHANNEL, {})}
    known = {SHARED, *map(own, config.schools)}
    for variable in sorted(given - known):
        yield variable, f"Nothing reads this. Known: {', '.join(sorted(known))}."
    if find_spec("telegram") is None:
        yield "channels", "Telegram needs its library: pip install 'signpost[telegram]'."
    yield from _tokens({variable: token_of(config, variable) for variable in sorted(given & known)})
    for school in config.schools:
        if not token_of(config, own(school)) and not token_of(config, SHARED):
            yield own(school), f"{school} has no bot. Set this to the token that @BotFather gave, or {SHARED} for one bot for all."
    yield from _names(config)
    if config.telegram.webhook and urlsplit(config.web.base_url).scheme != "https":
        yield "telegram.webhook", "Telegram calls encrypted addresses only: write web.base_url with https://, or false here."
    if not fit_to_call(config.telegram.api):
        yield "telegram.api", 'Reports must not travel unencrypted: write an https:// address, such as "https://api.telegram.org".'


def _tokens(tokens: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for variable, token in tokens.items():
        if token and not _TOKEN.fullmatch(token):
            yield variable, "This is no token. It looks like 123456789:AA…, as @BotFather wrote it, without quotation marks."
        if token and list(tokens.values()).count(token) > 1:
            yield variable, f"Another variable holds the same token. One bot for several schools is {SHARED} alone."


def _names(config: Config) -> Iterator[tuple[str, str]]:
    names = config.telegram.names
    for name in names:
        if not _NAME.fullmatch(name):
            yield "telegram.names", f"“{name}” is no name of a bot. Write it as @BotFather does, without the @."
    if len(names) not in {0, 1, len(config.schools)}:
        yield "telegram.names", "Write one name for all schools, or one for each, in the order of `schools`."
