"""The two replies to a reporter that are there to be sent or changed: neutral, with no promise, no verdict and no name. Pure."""

from __future__ import annotations

from bot import receipts
from bot.schools import School
from flows.cases.case import Case


def ready(case: Case, school: School) -> tuple[str, ...]:
    """The ready replies to whoever sent CASE, as SCHOOL words them; none where nobody may be written to."""
    return school.reporter_words.replies if reachable(case) else ()


def reachable(case: Case) -> bool:
    """Whether whoever sent CASE may be written to: from a chat, said to be safe, and with words that still say so."""
    return case.reporter is not None and receipts.may_write(case)
