"""The chat page: the channel that needs no account anywhere, works without JavaScript, and forgets nothing on a reload."""

from bot.channels.web.channel import make

__all__ = ["make"]
