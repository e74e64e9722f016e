"""What a school decided about its own Signpost: signpost.toml, and the secrets that come from the environment."""

from bot.config.example import example
from bot.config.model import (
    FILE,
    Config,
    ConfigError,
    Email,
    Heartbeat,
    Logging,
    Problem,
    Secrets,
    Slack,
    StatusPort,
    Teams,
    Telegram,
    Web,
)
from bot.config.names import channel_names, school_names
from bot.config.reading import load

__all__ = [
    "FILE",
    "Config",
    "ConfigError",
    "Email",
    "Heartbeat",
    "Logging",
    "Problem",
    "Secrets",
    "Slack",
    "StatusPort",
    "Teams",
    "Telegram",
    "Web",
    "channel_names",
    "example",
    "load",
    "school_names",
]
