"""The buttons of the forms on a case's page: what they say, and what the bot hears when one is pressed. Pure."""

from __future__ import annotations

from bot import wording_case_forms
from bot.case_wishes import Wish
from bot.messages import Choice
from flows.cases.case import Case, Status

SAVE, CHANGE, LEAVE, NONE = "save", "change", "leave", "none"
LOG = "log-a-report"  # what the button means that begins a report for somebody else
READY = ("reply-1", "reply-2")  # the two replies to a reporter that need not be typed
UNDO, AGAIN, CUT = "undo-close", "note-again:", "unlink:"  # the last two are followed by a number and by a reference


def offered(case: Case) -> tuple[Choice, ...]:
    """The forms that fit where CASE stands, in the order of a page. Whether its reporter may be written to the form itself says."""
    if case.purged_at is not None:
        return ()
    words = wording_case_forms
    note, link = Choice(words.NOTE, Wish.NOTE), Choice(words.LINK, Wish.LINK)
    write = (Choice(words.WRITE, Wish.WRITE),) if case.reporter is not None else ()
    if case.status is Status.CLOSED:
        return (*write, note, Choice(words.REOPEN, Wish.REOPEN), link)
    return (*write, note, link, Choice(words.CLOSE, Wish.CLOSE))
