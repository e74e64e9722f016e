"""Forms as they come in from a browser: measured before they are read, and read before they are believed."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.measured import TooLong, body_of

# A reply of 4,000 signs, each of them an emoji written as %XX%XX%XX%XX, still fits.
LARGEST = 64 * 1024
MOST_FIELDS = 12
KIND = "application/x-www-form-urlencoded"


class Refused(Exception):
    """A request that is not answered as asked; `status` and the message are what the person is shown."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def form(request: Request) -> dict[str, str]:
    """The fields of REQUEST. Nothing is parsed, and no more than LARGEST is held, before its size is known to be small."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != KIND:
        raise Refused(415, "This page only takes its own form.")
    try:
        body = await body_of(request, LARGEST)
    except TooLong:
        raise Refused(413, "That is too long for one message. Please send it in parts.") from None
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:  # not ASCII, not UTF-8 below it, or far too many fields: no browser sends that
        raise Refused(400, "That form could not be read. Please go back and try again.") from None
    return dict(fields)
