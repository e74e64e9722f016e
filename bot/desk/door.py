"""The door of the desk: who is signed in with a browser, and which forms were really given to them."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from bot.pages.forms import Refused
from bot.pages.making import new_nonce
from bot.schools import School
from storage.kept import Person
from storage.store.signing_in import AT_MOST

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
NOT_THERE = "There is no such page, or it is not for you."
TOO_OLD = "This page has become too old. Please go back, load it again and send it once more."
_HIDDEN = Markup('<input type="hidden" name="csrf" value="{}"><input type="hidden" name="nonce" value="{}">')


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody at the desk of their school, with the browser that holds TOKEN. `now` is the school's moment."""

    school: School
    person: Person
    token: str = field(repr=False)
    now: datetime

    @property
    def csrf(self) -> str:
        """What a form must bring along. Another site can make a browser send the cookie, but can neither read nor work out this."""
        return hmac.new(self.token.encode(), b"desk form", hashlib.sha256).hexdigest()[:40]

    def hidden(self) -> Markup:
        """The fields nobody sees, for one form: sent twice, it is carried out once."""
        return _HIDDEN.format(self.csrf, new_nonce())

    def form(self, fields: dict[str, str]) -> str:
        """The number of the form that brought FIELDS; Refused where it was not given to this very browser."""
        given, nonce = fields.get("csrf", ""), fields.get("nonce", "")
        if not hmac.compare_digest(self.csrf.encode(), given.encode()) or not NONCE.fullmatch(nonce):
            raise Refused(403, TOO_OLD)
        # Together with the browser, so that nobody can use up the number of somebody else's form.
        return f"{self.token} {nonce}"


def same_site(request: Request) -> None:
    """Refuse what another site makes a browser send: also before anybody is signed in."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Refused(403, "That came from another site. Please open the desk itself.")


def token_of(request: Request, school: str, *, secure: bool) -> str:
    """What the browser holds for SCHOOL; nothing where it holds none, or anything that we never gave."""
    held = request.cookies.get(_name(school, secure=secure), "")
    return held if TOKEN.fullmatch(held) else ""


def remember(response: Response, school: str, token: str, *, secure: bool) -> None:
    """Give the browser what it signs in with from now on; always a new one, so that nobody can plant theirs beforehand.

    Lax and not Strict: with Strict, whoever follows the link of a card in their chat would arrive signed out.
    """
    longest = int(AT_MOST.total_seconds())
    response.set_cookie(
        _name(school, secure=secure), token, max_age=longest, path="/", httponly=True, secure=secure, samesite="lax"
    )


def forget(response: Response, school: str, *, secure: bool) -> None:
    """Take it back."""
    response.delete_cookie(_name(school, secure=secure), path="/", httponly=True, secure=secure, samesite="lax")


def _name(school: str, *, secure: bool) -> str:
    # The prefix makes a browser refuse the cookie from anybody but this very host over an encrypted line.
    return f"__Host-desk-{school}" if secure else f"desk-{school}"
