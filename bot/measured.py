"""What comes in over HTTP is measured before it is held: nobody fills the memory by sending more than they announced."""

from __future__ import annotations

from starlette.requests import Request


class TooLong(Exception):
    """It is, or says that it is, longer than anything that is taken here."""


async def body_of(request: Request, most: int) -> bytes:
    """The body of REQUEST, of which no more than MOST bytes are ever held."""
    announced = request.headers.get("content-length", "")
    if announced and (not announced.isdecimal() or int(announced) > most):
        raise TooLong
    body = bytearray()
    async for chunk in request.stream():  # the announced length may be a lie, or missing
        body += chunk
        if len(body) > most:
            raise TooLong
    return bytes(body)
