"""What stands in the place of the chat when somebody hides it, and how large its words are: the two things a page may be asked for.

Times tables, because a parent, a teacher or a child in a primary school may have them open at any time; because they never grow
old and name nobody; and because the chat page can carry them along, so that hiding works without a connection, too.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

TABLES_AT = "/times-tables"
ROWS = range(1, 11)
KEPT_FOR = 60 * 60 * 24  # seconds: whoever loads it again without a connection still sees it

SIZES = {"usual": "Usual text", "large": "Large text", "largest": "Largest text"}
SIZE_COOKIE = "text-size"
A_YEAR = 60 * 60 * 24 * 365


def text_size(request: Request) -> str:
    """How large this browser wants its words: the usual size unless it chose another."""
    wish = request.cookies.get(SIZE_COOKIE, "")
    return wish if wish in SIZES else next(iter(SIZES))


def keep_size(response: Response, size: str, *, secure: bool) -> None:
    """Remember SIZE, one of SIZES, in this browser."""
    response.set_cookie(SIZE_COOKIE, size, max_age=A_YEAR, path="/", httponly=True, secure=secure, samesite="lax")
