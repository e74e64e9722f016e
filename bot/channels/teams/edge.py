"""The door to Teams' calls over HTTP: signed by Microsoft for our app, measured, well formed, and from a tenant that may write."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

import httpx
import jwt
from starlette.requests import Request

from bot.channels.teams.keys import Keys, NoKeys
from bot.channels.teams.places import is_id
from bot.config.addresses import fit_to_call
from bot.measured import TooLong, body_of

LARGEST = 256 * 1024
LONGEST_TOKEN = 8 * 1024
ISSUER = "https://api.botframework.com"
LEEWAY = 300  # seconds that clocks may differ, as Microsoft allows
CHANNEL = "msteams"
_NEEDED = ["exp", "nbf", "iss", "aud", "serviceurl"]

Activity = Mapping[str, Any]


class Refused(Exception):
    """Not let in; `status` is all that the caller hears."""

    def __init__(self, status: int) -> None:
        super().__init__(f"refused with {status}")
        self.status = status


class Door:
    """Who may come in for one app."""

    def __init__(self, app: str, tenants: Collection[str], keys: Keys) -> None:
        self._app = app
        self._tenants = frozenset(tenant.lower() for tenant in tenants)
        self._keys = keys

    async def let_in(self, request: Request, http: httpx.AsyncClient) -> Activity:
        """The activity that REQUEST brings. Nothing is read, let alone parsed, for somebody whose token is not Microsoft's."""
        claims = await self._signed(request.headers.get("authorization", ""), http)
        try:
            activity = _parsed(await body_of(request, LARGEST))
        except TooLong:
            raise Refused(413) from None
        # A token is for one address of Microsoft's: with the token of one call nobody can send us, and our token, elsewhere.
        if not _same(claims["serviceurl"], activity.get("serviceUrl")):
            raise Refused(401)
        # Our app can be reached in other ways too (a web chat, say), where people are whoever they say they are.
        if activity.get("channelId") != CHANNEL or tenant_of(activity) not in self._tenants:
            raise Refused(403)
        return activity

    async def _signed(self, authorization: str, http: httpx.AsyncClient) -> Mapping[str, Any]:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.isascii() or len(token) > LONGEST_TOKEN:
            raise Refused(401)
        try:
            head = jwt.get_unverified_header(token)
            # The key's name is asked after only in a token that says of itself what ours say: it costs a look at the list.
            if head.get("alg") != "RS256" or not isinstance(head.get("kid"), str):
                raise Refused(401)
            signer = await self._keys.of(head["kid"], http)
            if signer is None or (signer.channels and CHANNEL not in signer.channels):
                raise Refused(401)
            claims: Mapping[str, Any] = jwt.decode(
                token,
                signer.key,
                algorithms=["RS256"],
                audience=self._app,
                issuer=ISSUER,
                leeway=LEEWAY,
                options={"require": _NEEDED},
            )
        except NoKeys:
            raise Refused(503) from None  # it may well be Teams: not "you may not", but "not now"
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise Refused(401) from None
        return claims


def tenant_of(activity: Activity) -> str:
    """The tenant that ACTIVITY is from; empty where it does not say, or says two."""
    match activity:
        case {"channelData": {"tenant": {"id": str(tenant)}}}:
            pass
        case {"conversation": {"tenantId": str(tenant)}}:
            pass
        case _:
            return ""
    match activity:
        case {"conversation": {"tenantId": str(other)}} if other.lower() != tenant.lower():
            return ""
    return tenant.lower() if is_id(tenant) else ""


def _parsed(body: bytes) -> Activity:
    try:
        activity = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400) from None
    if not isinstance(activity, dict):
        raise Refused(400)
    return activity


def _same(claimed: object, said: object) -> bool:
    """Whether the address in the token is the one in the activity, and one that we may write to."""
    if not isinstance(claimed, str) or not isinstance(said, str) or not claimed:
        return False
    return claimed.rstrip("/") == said.rstrip("/") and fit_to_call(said)
