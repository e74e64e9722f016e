"""Who may answer a message, in this order. The first that does not say None has decided."""

from __future__ import annotations

from bot.handlers import (
    absence,
    after_sending,
    case_forms,
    cases,
    concerning,
    decisions,
    desk,
    drafts,
    edited,
    follow,
    help,  # noqa: A004 - the handler of "help" is called help
    invites,
    media,
    news,
    other_languages,
    policy,
    report,
    roles,
)
from bot.turn import Handler

IN_ORDER: tuple[Handler, ...] = (
    edited.answer,
    media.answer,
    invites.answer,
    follow.answer,
    news.answer,
    drafts.answer,
    case_forms.answer,
    after_sending.answer,
    concerning.answer,
    decisions.answer,
    roles.answer,
    absence.answer,
    desk.answer,
    cases.answer,
    other_languages.answer,
    report.answer,
    policy.answer,
    help.answer,
)
