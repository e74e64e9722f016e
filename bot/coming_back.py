"""Coming back to a report: the secret code that is told with its reference, and the words by which somebody follows one. Pure.

Only the page gives codes: in a chat the account itself leads back to what was sent from it, a cookie is lost with its browser.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot import wording
from bot import wording_following as words
from bot.messages import Reply
from bot.turn import Kept, Outcome, Turn
from bot.ways_in import WEB, grouped
from flows.cases.case import ALPHABET
from storage.kept import Code

FOLLOWED = "followed"  # memory: the keys of the reports that are followed from here
NEWS_OFFERED = "news-offered"  # memory: the report at whose review an e-mail was offered
NEWS_ABOUT = "news"  # about: the one reply that the e-mail channel takes for somebody whom the school does not know
MOST_FOLLOWED = 5
LETTERS = 10  # of 25 signs: a hundred tries an hour for ten years find one with a chance of one in ten million
# No code has a vowel, so that no word is one; with a sign too many or too few it is still meant as one, and does not work.
_FOLLOW = re.compile(
    rf"/?follow(?: my| the)?(?: report)?[ :]+(?P<reference>SP-?[{ALPHABET}]{{5}})\b"
    r"(?:[ ,:;]*(?:with )?(?:the |its )?(?:secret )?(?:code)?[ ,:;]*(?P<code>[^\W_aeiou]{3,14}[ \-‐‑–]?[^\W_aeiou]{0,8}))?[.!]?",
    re.IGNORECASE,
)
_NEWS = re.compile(
    r"(?:please )?(?:send |tell me (?:the )?|e-?mail (?:me )?)?news(?: by e-?mail)? to[ :]+(\S{1,80}@\S{1,254}?)[.!]?",
    re.IGNORECASE,
)
_NO_NEWS = re.compile(r"(?:please )?(?:no|stop)(?: more)?(?: the)? e-?mails?[.!]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wish:
    """A report that somebody wants to follow. No CODE: they did not say it."""

    reference: str
    code: str = field(default="", repr=False)


def wish(text: str) -> Wish | None:
    """The report that TEXT wants to follow, if it says nothing else."""
    found = _FOLLOW.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    code = re.sub(r"[^0-9A-Za-z]", "", found["code"] or "").upper()
    return Wish(f"SP-{found['reference'][-5:].upper()}", code)


def news_to(text: str) -> str | None:
    """The e-mail address at which TEXT asks for news; empty when it wants none; None when it says something else."""
    plain = " ".join(text.split())
    if _NO_NEWS.fullmatch(plain):
        return ""
    found = _NEWS.fullmatch(plain)
    return found[1] if found else None


def masked(text: str) -> str:
    """TEXT as the page shows it again: a secret code and an address are for the bot, and not for whoever looks at it later."""
    if (said := wish(text)) is not None and said.code:
        return words.MASKED.format(reference=said.reference)
    return words.NEWS_MASKED if news_to(text) else text


def keys(memory: Mapping[str, str]) -> frozenset[str]:
    """The keys of the reports that are followed where MEMORY is from."""
    return frozenset(json.loads(memory.get(FOLLOWED, "[]")))


def following(memory: Mapping[str, str], key: str) -> dict[str, str]:
    """MEMORY with one report more, the latest that were followed."""
    known = [one for one in json.loads(memory.get(FOLLOWED, "[]")) if one != key]
    return {**memory, FOLLOWED: json.dumps([*known, key][-MOST_FOLLOWED:])}


def with_codes(outcome: Outcome, turn: Turn) -> Outcome:
    """OUTCOME, with a secret code for every report that it opens for whoever writes on the page."""
    if turn.message.address.channel != WEB:
        return outcome
    sent = [case for case in outcome.opened if case.reporter == turn.conversation]
    codes = tuple(Code(case.id, _drawn()) for case in sent)
    replies = outcome.replies
    for case, code in zip(sent, codes, strict=True):
        facts = tuple(zip(words.CODE_FACTS, (case.reference, grouped(code.code)), strict=True))
        line = Reply(words.CODE, title=words.CODE_TITLE, facts=facts)
        named = [place for place, reply in enumerate(replies) if case.reference in reply.text] or [len(replies) - 1]
        # Beside the reference; in an emergency not before everything that helps has been said.
        after = named[-1 if turn.alarmed else 0] + 1
        replies = (*replies[:after], line, *replies[after:])
    return replace(outcome, replies=replies, codes=(*outcome.codes, *codes)) if codes else outcome


def offering_news(outcome: Outcome, turn: Turn) -> Outcome:
    """OUTCOME, with an e-mail offered before a report is read through and sent: once, and only where it is safe to write."""
    memory = turn.memory if isinstance(outcome.memory, Kept) else outcome.memory
    draft = turn.progress if isinstance(outcome.progress, Kept) else outcome.progress
    if not turn.mails or turn.message.address.channel != WEB or draft is None:
        return outcome
    review = next((place for place, reply in enumerate(outcome.replies) if reply.title == wording.REVIEW_TITLE), None)
    if review is None or not draft.safe_to_write or memory.get(NEWS_OFFERED) == draft.id:
        return outcome
    replies = (*outcome.replies[:review], Reply(words.NEWS_OFFER), *outcome.replies[review:])
    return replace(outcome, replies=replies, memory={**memory, NEWS_OFFERED: draft.id})


def _drawn() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
