"""The desk: pages for those whom reports reach, to read, decide, write down what was done and why, and close."""

from bot.desk.desk import Desk, DeskContext

__all__ = ["Desk", "DeskContext"]
