"""Who is at the other end of a chat page: a random cookie, from which everything else is derived and nothing can be read back."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

ID = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 bits: nobody finds another person's by trying
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
KEPT_FOR = 60 * 60 * 24 * 30  # seconds: long enough to come back for news of a report


@dataclass(frozen=True, slots=True)
class Session:
    """One browser. `fresh` means that its cookie has still to be set."""

    id: str = field(repr=False)
    fresh: bool = False

    def place(self, school: str) -> str:
        """Where this browser is written to at SCHOOL: one way only, and another one at every school."""
        return f"{school}/{_digest(self.id, f'place {school}')}"

    @property
    def csrf(self) -> str:
        """What a form must bring along. Another site can make a browser send the cookie, but can neither read nor work out this."""
        return _digest(self.id, "csrf")

    def sent_this_form(self, token: str) -> bool:
        """Whether TOKEN came from a page that we gave to this very session."""
        return hmac.compare_digest(self.csrf.encode(), token.encode())


def session_of(request: Request, *, secure: bool) -> Session:
    """The session that REQUEST belongs to, or a new one."""
    known = request.cookies.get(_name(secure=secure), "")
    if ID.fullmatch(known):
        return Session(known)
    return Session(secrets.token_urlsafe(32), fresh=True)


def remember(response: Response, session: Session, *, secure: bool) -> None:
    """Give the browser its cookie.

    Lax and not Strict: with Strict, somebody who follows the link on the school's own website would arrive without the cookie,
    be given a new one, and lose sight of the report they came back for. Forms are guarded by their token.
    """
    response.set_cookie(_name(secure=secure), session.id, max_age=KEPT_FOR, path="/", httponly=True, secure=secure, samesite="lax")


def forget(response: Response, *, secure: bool) -> None:
    """Take the cookie back."""
    response.delete_cookie(_name(secure=secure), path="/", httponly=True, secure=secure, samesite="lax")


def _name(*, secure: bool) -> str:
    # The prefix makes a browser refuse the cookie from anybody but this very host over an encrypted line, so that a
    # neighbouring site under the same domain cannot plant one. It is not possible without encryption, as on a rehearsal.
    return "__Host-signpost" if secure else "signpost"


def _digest(key: str, purpose: str) -> str:
    return hmac.new(key.encode(), purpose.encode(), hashlib.sha256).hexdigest()[:40]
