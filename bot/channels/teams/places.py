"""Where somebody is in Teams: in which tenant, who there, and, where several schools share the tenant, at which of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CONVERSATION = re.compile(r"[A-Za-z0-9:@.;=_+-]{1,400}")
_ACCOUNT = re.compile(r"[A-Za-z0-9:._-]{1,200}")


@dataclass(frozen=True, slots=True)
class Place:
    """One account's private chat with us. `user` is its object ID in the tenant, which IT can look up; a sender is a place too."""

    tenant: str
    user: str = field(repr=False)
    school: str = ""

    def __str__(self) -> str:
        account = f"{self.tenant}:{self.user}"
        return f"{account}/{self.school}" if self.school else account

    @property
    def account(self) -> str:
        """The person, whichever school they write to."""
        return f"{self.tenant}:{self.user}"

    @classmethod
    def read(cls, written: str) -> Place | None:
        """The place that was WRITTEN so; None when it is none of ours."""
        account, _, school = written.partition("/")
        tenant, _, user = account.partition(":")
        if not _ID.fullmatch(tenant) or not _ACCOUNT.fullmatch(user):
            return None
        return cls(tenant, user, school)


def fit_to_be_called(conversation: str) -> bool:
    """Whether CONVERSATION can stand in an address that we call, and lead nowhere else."""
    return _CONVERSATION.fullmatch(conversation) is not None


def is_id(text: object) -> bool:
    """Whether TEXT is an ID as Microsoft writes them."""
    return isinstance(text, str) and _ID.fullmatch(text.lower()) is not None
