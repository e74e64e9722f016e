"""“news to ADDRESS”: whoever writes on the page is told by e-mail that there is news, and nothing of what it is."""

from __future__ import annotations

from bot import coming_back
from bot import wording_following as words
from bot.mail_address import mail_address
from bot.messages import Reply
from bot.turn import Outcome, Turn
from bot.ways_in import WEB


async def answer(turn: Turn) -> Outcome | None:
    """Take an address, or the wish to be written to no more; leave everything else. A report that is open stays open."""
    message = turn.message
    if message.pressed or message.attachments or message.address.channel != WEB:
        return None
    wish = coming_back.news_to(message.text)
    if wish is None:
        return None
    return _told(turn, wish) if wish else Outcome((Reply(words.NEWS_STOPPED),), news_to="")


def _told(turn: Turn, wish: str) -> Outcome:
    if not turn.mails:
        return Outcome((Reply(words.NEWS_NOT_HERE),))
    if turn.progress is not None and not turn.progress.safe_to_write:
        return Outcome((Reply(words.NEWS_NOT_SAFE),), news_to="")
    address = mail_address(wish)
    if address is None:
        return Outcome((Reply(words.NEWS_NOT_AN_ADDRESS),))
    return Outcome((Reply(words.NEWS_TO),), news_to=address)
