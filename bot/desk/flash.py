"""What the desk says once, on the page after a form: kept sealed in the browser until that page has shown it."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from bot import wording_desk
from bot.desk.acting import Done
from bot.desk.door import SignedIn
from bot.messages import REPLY, Reply
from storage.vault import CannotOpen

if TYPE_CHECKING:
    from bot.desk.desk import Desk

COOKIE = "desk-said"
SECONDS = 60
MOST = 3500  # letters: a browser keeps 4,096 in one cookie


def keep(desk: Desk, who: SignedIn, response: Response, done: Done) -> None:
    """Have the next page say what was DONE, to WHO and to nobody who sits down there next; without its buttons, as in a chat."""
    value = _sealed(desk, who, done)
    if len(value) > MOST:  # the words are too many, but not what to do first where somebody is in danger
        value = _sealed(desk, who, replace(done, said=(Reply(wording_desk.DONE),)))
    response.set_cookie(COOKIE, value, max_age=SECONDS, path="/desk", httponly=True, secure=desk.secure, samesite="lax")


def _sealed(desk: Desk, who: SignedIn, done: Done) -> str:
    said = [Reply(reply.text, title=reply.title) for reply in done.said]
    words = json.dumps({"said": [REPLY.dump_python(one, mode="json") for one in said], "danger": done.danger})
    return base64.urlsafe_b64encode(desk.context.around.database.vault.seal("desk", "said", who.token, words)).decode()


def taken(desk: Desk, who: SignedIn, request: Request) -> Done | None:
    """What the last form had to say to WHO, if anything. What we did not seal for them says nothing."""
    value = request.cookies.get(COOKIE, "")
    if not value:
        return None
    try:
        words = desk.context.around.database.vault.open("desk", "said", who.token, base64.urlsafe_b64decode(value))
    except (binascii.Error, ValueError, CannotOpen):
        return None
    kept = json.loads(words)
    return Done(tuple(REPLY.validate_python(one) for one in kept["said"]), changed=True, danger=kept["danger"])


def forget(response: Response, request: Request) -> None:
    """It was shown."""
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, path="/desk", httponly=True, samesite="lax")
