"""What of a message may be read on a locked phone, or by whoever passes a mailbox: a reference and its clock. Pure."""

from __future__ import annotations

from bot.case_buttons import ABOUT
from bot.messages import Reply
from bot.wording_cases import HOW_SOON, SENT
from storage.store.taking_back import DIGEST_ABOUT

# The facts of a card that say how urgent it is and since when it waits, and nothing of what happened.
CLOCK = frozenset({HOW_SOON, SENT})

Facts = tuple[tuple[str, str], ...]


def covers(reply: Reply) -> bool:
    """Whether REPLY comes unasked and says more than may stand there: a card, or a digest. A page was asked for by its reader."""
    card = reply.anywhere and reply.about.startswith(ABOUT)
    return bool(reply.title) and (card or reply.about == DIGEST_ABOUT)


def clock(reply: Reply) -> Facts:
    """The facts of REPLY that may stand there."""
    return tuple(fact for fact in reply.facts if fact[0] in CLOCK)


def rest(reply: Reply) -> Facts:
    """Those that may not."""
    return tuple(fact for fact in reply.facts if fact[0] not in CLOCK)
