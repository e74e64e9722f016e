"""Which addresses are safe to use: those that are encrypted, and this machine itself."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def loopback(host: str) -> bool:
    """True when only this machine itself can reach HOST."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name: it may lead anywhere
        return False


def fit_to_call(address: str) -> bool:
    """True when what is sent to ADDRESS is encrypted, or stays on this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and loopback(parts.hostname or ""))
