"""The keys that Teams signs its calls with: fetched beside the work of the bot, kept for a day, and again when one is new."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import httpx
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from bot.logs import log

GOOD_FOR = 24 * 3600.0  # real seconds, as Microsoft asks; a key that is new is looked for at once
NOT_AGAIN_WITHIN = 30.0  # so that made-up key names cannot make us call Microsoft over and over
WITHOUT_ANY = 2.0  # the same while there are none, and nobody can be let in
ANSWER_WITHIN = 10.0


class NoKeys(Exception):
    """The keys cannot be had: nobody can say yet who calls."""


@dataclass(frozen=True, slots=True)
class Signer:
    """One key, and the channels it may sign for; empty where the list does not say."""

    key: PyJWK = field(repr=False)
    channels: Collection[str] = ()


class Keys:
    """The list of keys at one address."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._known: Mapping[str, Signer] = {}
        self._asked_at = float("-inf")
        self._had_at = float("-inf")
        self._one = asyncio.Lock()

    async def of(self, name: str, http: httpx.AsyncClient) -> Signer | None:
        """The key called NAME; None where there is none. Raises NoKeys when the list cannot be had and none is kept."""
        if name not in self._known or monotonic() - self._had_at > GOOD_FOR:
            await self.refresh(http)
        if not self._known:
            raise NoKeys
        return self._known.get(name)

    async def refresh(self, http: httpx.AsyncClient) -> None:
        """Ask for the list, unless it was just asked for. Where that fails, what is kept stays good."""
        async with self._one:
            if monotonic() - self._asked_at < (NOT_AGAIN_WITHIN if self._known else WITHOUT_ANY):
                return
            self._asked_at = monotonic()
            try:
                answer = await http.get(self._address, timeout=ANSWER_WITHIN)
                answer.raise_for_status()
                known = _read(answer.json())
            except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
                log.warning("the keys that calls are signed with cannot be fetched", channel="teams", exc_info=error)
                self._asked_at = monotonic()  # those who waited meanwhile do not ask one after the other
                return
            self._known, self._had_at = known, monotonic()


def _read(listed: Mapping[str, Any]) -> Mapping[str, Signer]:
    found = {}
    for one in listed["keys"]:
        if one.get("kty") != "RSA" or one.get("use", "sig") != "sig":
            continue
        try:
            found[str(one["kid"])] = Signer(PyJWK.from_dict(one, algorithm="RS256"), tuple(one.get("endorsements") or ()))
        except PyJWTError as error:
            log.warning("a key that calls are signed with cannot be read: passed over", channel="teams", exc_info=error)
    if not found:
        raise ValueError("no key in the list")
    return found
