"""How much one address may ask for at once, without anybody being able to say later who asked: for a flood, not for a person.

An address is known by a digest whose key is drawn anew every hour and lies nowhere but in memory. A whole school may sit behind one
address, and a report must never wait because others are asking, so the limits are far above what people do; and whoever calls may
let through what is urgent.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

HOUR = 60 * 60.0
MOST_KNOWN = 50_000  # addresses at a time: a few megabytes
BEHIND_ONE = 64  # bits of an IPv6 address that stand for one household or school


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Crowding:
    """Lets each address do ALLOWED things at once, and EACH_SECOND more as time goes by. Forgets everybody every hour."""

    def __init__(self, allowed: float, each_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._allowed = allowed
        self._each_second = each_second
        self._clock = clock
        self._forget()

    def __repr__(self) -> str:
        return f"Crowding({self._allowed:g}, {self._each_second:g} a second)"

    def takes(self, address: str) -> bool:
        """Whether ADDRESS may do one thing more now; if so, it has done it."""
        bucket = self._bucket(address)
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True

    def has_room(self, address: str) -> bool:
        """Whether ADDRESS could do one thing more now."""
        return self._bucket(address).left >= 1

    def _bucket(self, address: str) -> _Bucket:
        now = self._clock()
        if now >= self._until or len(self._buckets) > MOST_KNOWN:
            self._forget()
        bucket = self._buckets.setdefault(self.digest(address), _Bucket(self._allowed, now))
        bucket.left = min(self._allowed, bucket.left + (now - bucket.at) * self._each_second)
        bucket.at = now
        return bucket

    def digest(self, address: str) -> bytes:
        """What ADDRESS is called for the rest of this hour."""
        return hmac.new(self._key, _household(address).encode(), hashlib.sha256).digest()[:8]

    def _forget(self) -> None:
        self._key = secrets.token_bytes(32)
        self._buckets: dict[bytes, _Bucket] = {}
        self._until = self._clock() + HOUR


def _household(address: str) -> str:
    """ADDRESS as one line to the internet has it: of IPv6 everybody is given more addresses than could be counted."""
    try:
        known = ip_address(address)
    except ValueError:  # a socket in the file system, or a test: all of those are one
        return address
    if isinstance(known, IPv6Address) and known.ipv4_mapped is None:
        return f"{int(known) >> BEHIND_ONE:x}"
    return str(getattr(known, "ipv4_mapped", None) or known)
