"""A Reply as an e-mail: which replies may become one, and the little that is left of them. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from bot import wording_digests
from bot import wording_email as words
from bot.case_list import ABOUT as CASES
from bot.changing_roles import ABOUT as PEOPLE
from bot.channel import SendFailed
from bot.coming_back import NEWS_ABOUT
from bot.glances import ABOUT as LOOK
from bot.lock_screen import clock
from bot.logs import REFERENCE
from bot.messages import Reply
from bot.wording_desk import ABOUT as SIGN_IN
from storage.store.signing_in import GOOD_FOR
from storage.store.taking_back import DIGEST_ABOUT

CASE = "case:"
# Lines of a digest that stay out: what is typed in a chat, and what kinds of thing were reported at so small a place as a school.
_NOT_HERE = re.compile(
    "|".join(re.sub(r"\\{\w+\\}", ".+", re.escape(line)) for line in (wording_digests.DAILY_HOW, wording_digests.WEEKLY_KIND))
)
_REFERENCE = re.compile(rf"\b{REFERENCE.pattern}\b")
# Eight bits may be turned round on the way, and a line of ours must not end a header: only what every server carries.
_PLAIN = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Letter:
    """What an e-mail says, before it has a sender and a date."""

    subject: str
    paragraphs: tuple[str, ...] = field(repr=False)
    facts: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    link: str = ""
    opens: bool = True  # there is something to read, where the bot is talked to


def letter(reply: Reply, link: str) -> Letter | None:
    """REPLY as it may stand in an e-mail; None where it says that nothing is to be done any more.

    SendFailed for whatever else it is: it would carry words that belong in a conversation.
    """
    if reply.about == DIGEST_ABOUT:
        return _digest(reply, link)
    if (line := _line(reply)) is not None:
        return line
    if reply.about == CASES and not reply.choices:
        return None
    found = _references(reply)
    if found and reply.choices and reply.about.startswith(CASE):
        return _card(reply, found[0], link)
    if found and reply.about == CASES:
        return _several(found, link)
    raise SendFailed(
        "E-mail is read by others: only cards, digests and lines that say nothing of anybody go out by it.", permanent=True
    )


def code_letter(code: str, school: str, until: str) -> Letter:
    """The e-mail that proves an address: CODE, which is good UNTIL then."""
    return Letter(
        words.CODE, (words.CODE_WHY.format(school=school), code, words.CODE_HOW.format(until=until), words.CODE_NOT_ME), opens=False
    )


def written(what: Letter, *, sender: str, to: str, key: str, at: datetime) -> EmailMessage:
    """WHAT as a message from SENDER to TO. The same KEY gives the same Message-ID: a repeat is recognised as one."""
    message = EmailMessage(policy=_PLAIN)
    message["From"] = Mailbox("Signpost", addr_spec=sender)
    message["To"] = Mailbox(addr_spec=to)
    message["Subject"] = what.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id(key, to, sender)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"  # Exchange asks for this one before it answers for somebody who is away
    message.set_content(_text(what))
    message.add_alternative(_page(what), subtype="html")
    return message


def message_id(key: str, to: str, sender: str) -> str:
    """The number of the message about KEY to that address. It tells nothing of either."""
    digest = hashlib.sha256(f"{key}\n{to}\n{sender}".encode()).hexdigest()[:40]
    return f"<{digest}@{sender.rpartition('@')[2]}>"


def _references(reply: Reply) -> tuple[str, ...]:
    """Every reference that REPLY is about, each once: those in its title, or else in its text."""
    titled = _REFERENCE.findall(reply.title)
    return tuple(dict.fromkeys(titled or _REFERENCE.findall(reply.text)))


def _card(reply: Reply, reference: str, link: str) -> Letter:
    drill = wording_digests.DRILL_MARK if f"{reply.title}{reply.text}".startswith(wording_digests.DRILL_MARK) else ""
    opening = f"{drill}{words.WAITS.format(reference=reference)}"
    return Letter(f"{drill}{words.NEEDS_YOU.format(reference=reference)}", (opening,), clock(reply), link)


def _several(references: Sequence[str], link: str) -> Letter:
    subject = words.OTHERS_NEED_YOU if len(references) > 1 else words.NEEDS_YOU
    opening = words.OTHERS_WAIT.format(references=", ".join(references))
    return Letter(subject.format(reference=references[0]), (opening,), link=link)


def _line(reply: Reply) -> Letter | None:
    """REPLY where it is a line about no case: to those who lead the school, or what somebody asked for; None otherwise."""
    if reply.about == NEWS_ABOUT:  # all there is in it is where the page is
        return Letter(words.NEWS, (words.NEWS_AT.format(page=reply.text),), opens=False)
    if reply.about == SIGN_IN:  # all there is in it is the link
        how = words.SIGN_IN_HOW.format(minutes=int(GOOD_FOR.total_seconds()) // 60)
        return Letter(words.SIGN_IN, (how, reply.text, words.SIGN_IN_NOT_ME), opens=False)
    if reply.about.startswith(PEOPLE):
        # It names somebody: that there was a change is all that others may read.
        return Letter(words.PEOPLE_CHANGED, (words.PEOPLE_CHANGED_HOW,), opens=False)
    return Letter(words.LOOK, (reply.text,), opens=False) if reply.about == LOOK else None


def _digest(reply: Reply, link: str) -> Letter:
    """A digest is made of references, counts and times, and its reader is to keep it: all of it, less a few lines."""
    lines = [line for line in reply.text.split("\n") if not _NOT_HERE.fullmatch(line)]
    return Letter(words.DIGEST, ("\n".join(lines).strip(),), reply.facts, link)


def _text(what: Letter) -> str:
    facts = "\n".join(f"{label}: {value}" for label, value in what.facts)
    parts = (*what.paragraphs, facts, *_where(what), words.NO_MORE)
    return "\n\n".join(part for part in parts if part) + "\n"


def _page(what: Letter) -> str:
    """Plain on purpose: nothing is loaded from anywhere, so nobody learns that it was opened."""
    parts = [f"<p>{_lines(paragraph)}</p>" for paragraph in what.paragraphs if paragraph]
    if what.facts:
        parts.append("<p>" + "<br>".join(f"<b>{escape(label)}:</b> {_lines(value)}" for label, value in what.facts) + "</p>")
    if what.link:
        parts.append(f'<p>{escape(words.OPEN_AT)} <a href="{escape(what.link)}">{escape(what.link)}</a></p>')
    else:
        parts += [f"<p>{escape(where)}</p>" for where in _where(what)]
    body = "\n".join((*parts, f"<p>{escape(words.NO_MORE)}</p>"))
    return f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"></head><body>\n{body}\n</body></html>\n'


def _where(what: Letter) -> tuple[str, ...]:
    if not what.opens:
        return ()
    return (f"{words.OPEN_AT} {what.link}",) if what.link else (words.OPEN_WHERE,)


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")
