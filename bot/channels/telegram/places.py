"""Where somebody is in Telegram: with which bot, in which chat, and, where one bot serves several schools, at which of them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """One chat with one bot. In private a chat has its person's number, so whoever sits there is called the same."""

    bot: int
    chat: int = field(repr=False)
    school: str = ""

    def __str__(self) -> str:
        return f"{self.bot}:{self.chat}:{self.school}" if self.school else f"{self.bot}:{self.chat}"

    @classmethod
    def read(cls, written: str) -> Place | None:
        """The place that was WRITTEN so; None when it is none of ours."""
        bot, _, rest = written.partition(":")
        chat, _, school = rest.partition(":")
        if not bot.isdecimal() or not chat.removeprefix("-").isdecimal():
            return None
        return cls(int(bot), int(chat), school)
