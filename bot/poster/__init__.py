"""How parents learn that there is a bot: one sheet for the wall and one letter home, made from what the school's file says."""

from bot.poster.sheet import Poster, made
from bot.poster.writing import html

__all__ = ["Poster", "html", "made"]
