"""The door to Slack's calls over HTTP: measured, signed, no older than five minutes, and well formed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import parse_qsl

from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request

from bot.config.slack import Workspace
from bot.measured import TooLong, body_of

LARGEST = 512 * 1024  # a press brings along the message it stood in, which can be long
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
STAMP, SIGNATURE = "x-slack-request-timestamp", "x-slack-signature"


class Refused(Exception):
    """Not let in; `status` is all that the caller hears."""

    def __init__(self, status: int) -> None:
        super().__init__(f"refused with {status}")
        self.status = status


async def let_in(request: Request, workspaces: Sequence[Workspace]) -> tuple[Workspace, str]:
    """The workspace that signed REQUEST, and its body as it was signed. Nothing is parsed for somebody who did not sign."""
    try:
        body = await body_of(request, LARGEST)
    except TooLong:
        raise Refused(413) from None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(400) from None
    stamp, signature = request.headers.get(STAMP, ""), request.headers.get(SIGNATURE, "")
    workspace = next((one for one in workspaces if one.signing and _signed(one.signing, text, stamp, signature)), None)
    if workspace is None:
        raise Refused(401)
    _check(text, request.headers.get("content-type", ""))
    return workspace, text


def _signed(secret: str, body: str, stamp: str, signature: str) -> bool:
    """Whether BODY was signed with SECRET, at most five minutes ago or from now: an old call cannot be played again."""
    if not stamp.isascii() or not stamp.isdecimal() or not signature.isascii():
        return False
    return SignatureVerifier(secret).is_valid(body, stamp, signature)


def _check(text: str, content_type: str) -> None:
    """Refuse TEXT unless it is what Slack sends: JSON, or a form whose payload is."""
    try:
        match content_type.partition(";")[0].strip().lower():
            case kind if kind == JSON:
                _an_object(text)
            case kind if kind == FORM:
                fields = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=64))
                if "payload" in fields:
                    _an_object(fields["payload"])
            case _:
                raise Refused(415)
    except (ValueError, RecursionError):
        raise Refused(400) from None


def _an_object(text: str) -> None:
    if not isinstance(json.loads(text), dict):
        raise ValueError("not an object")  # noqa: TRY004 - what the caller sent is wrong, not our types
