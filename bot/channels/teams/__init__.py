"""Microsoft Teams: where staff already talk. Signed calls in, private chats and cards with buttons out."""

from bot.channels.teams.channel import make
from bot.channels.teams.trouble import trouble

__all__ = ["make", "trouble"]
