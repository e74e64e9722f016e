"""Who may answer a message, in this order. The first that does not say None has decided."""

from __future__ import annotations

from bot.handlers import cases, help, other_languages, policy, report  # noqa: A004 - the handler of "help" is called help
from bot.turn import Handler

IN_ORDER: tuple[Handler, ...] = (cases.answer, other_languages.answer, report.answer, policy.answer, help.answer)
