"""E-mail: a line that something waits, for whoever is in no chat or is reached nowhere else. Nobody writes in by it."""

from bot.channels.email.channel import make
from bot.channels.email.post import trouble

__all__ = ["make", "trouble"]
