"""Microsoft Teams: where staff already talk. Signed calls in, private chats and cards with buttons out."""

from bot.channels.teams.channel import make

__all__ = ["make"]
