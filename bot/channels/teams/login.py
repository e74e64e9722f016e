"""How the bot signs in: its app's secret for a token that lasts an hour, fetched once for all who need it."""

from __future__ import annotations

import asyncio
from time import monotonic

import httpx

from bot.channel import Misconfigured, SendFailed
from bot.config.model import Teams
from bot.config.teams import SECRET, STEPS

SCOPE = "https://api.botframework.com/.default"
ANSWER_WITHIN = 10.0
EARLY = 300.0  # seconds before its end a token is not used any more
# What Microsoft calls a wrong secret, a wrong app and a wrong tenant; all else passes by itself.
_SETTINGS = {
    "invalid_client": SECRET,
    "unauthorized_client": "teams.app_id",
    "invalid_request": "teams.tenants",
    "invalid_tenant": "teams.tenants",
}
_NO_SUCH_TENANT = {90002, 900023}


class Unclear(Exception):
    """The platform may have taken it or not: it broke off, or answered what is no answer."""


class Login:
    """Our app in its home tenant."""

    def __init__(self, teams: Teams, secret: str, http: httpx.AsyncClient) -> None:
        self._teams = teams
        self._secret = secret
        self._http = http
        self._token = ""
        self._until = float("-inf")
        self._one = asyncio.Lock()

    async def token(self) -> str:
        """A token that is good for now. Raises Misconfigured where Microsoft knows the app or its secret not, or no more."""
        async with self._one:
            if monotonic() >= self._until:
                await self._fetch()
            return self._token

    def refused(self, token: str) -> None:
        """TOKEN was refused although it should be good: the next call signs in again."""
        if token == self._token:
            self._until = float("-inf")

    async def _fetch(self) -> None:
        address = f"{self._teams.login}/{self._teams.tenants[0]}/oauth2/v2.0/token"
        form = {"grant_type": "client_credentials", "client_id": self._teams.app_id, "client_secret": self._secret, "scope": SCOPE}
        try:
            answer = await self._http.post(address, data=form, timeout=ANSWER_WITHIN)
            said = answer.json()
            if not isinstance(said, dict):
                raise Unclear("The answer to signing in was none.")
            if answer.status_code == httpx.codes.OK:
                self._token, lasts = str(said["access_token"]), float(said["expires_in"])
                self._until = monotonic() + max(lasts - EARLY, lasts / 2)
                return
        except httpx.HTTPError:
            raise SendFailed("Microsoft cannot be reached to sign in.") from None
        except (ValueError, KeyError, TypeError):
            raise Unclear("The answer to signing in was none.") from None
        self._judge(said)

    def _judge(self, said: dict[str, object]) -> None:
        """Tell a wrong setting from an outage: the first is said aloud and not tried again."""
        why = str(said.get("error", ""))
        codes = said.get("error_codes")
        if isinstance(codes, list) and _NO_SUCH_TENANT & {code for code in codes if isinstance(code, int)}:
            why = "invalid_tenant"
        key = _SETTINGS.get(why)
        if key is None:
            raise Unclear("Microsoft did not let us in, and gave no reason that is ours to mend.")
        raise Misconfigured(
            f"{key}: Microsoft refuses to sign the bot in ({why}). A client secret ends after a time: make a new one, and set "
            f"{SECRET} to its value: {STEPS}."
        )
