"""Slack: where staff already talk. Events over HTTP or a socket in, direct messages and cards with buttons out."""

from bot.channels.slack.channel import make

__all__ = ["make"]
