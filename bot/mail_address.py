"""What counts as an e-mail address here: one plain address that no header and no mail command can be hidden in."""

from __future__ import annotations

import re

LONGEST = 254  # what fits between the brackets of a mail command
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*", re.ASCII)
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+", re.ASCII)
_LONGEST_LOCAL = 64


def mail_address(written: str) -> str | None:
    """The address that was WRITTEN, in small letters; None where it is none, or anything more than one.

    Nobody has two mailboxes that differ in capitals only, but many people write one address both ways: it is one place.
    """
    small = written.strip().casefold()
    local, _, domain = small.rpartition("@")
    if len(small) > LONGEST or len(local) > _LONGEST_LOCAL:
        return None
    return small if _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain) else None
