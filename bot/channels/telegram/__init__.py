"""Telegram: parents' own messenger, over the Bot API, by asking for messages or by being called."""

import os

# The SDK still hands out seconds unless it is asked for spans of time, and warns about it each time. Before its first import.
os.environ.setdefault("PTB_TIMEDELTA", "true")

from bot.channels.telegram.channel import make

__all__ = ["make"]
