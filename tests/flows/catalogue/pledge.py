"""A request in which something is read before it is signed, with answers that end it or lock it."""

from __future__ import annotations

from typing import Literal

from flows.flow import ask
from flows.frame import Request


class Pledge(Request):
    """What the code asks of everybody, and who has read it."""

    title = "A pledge"
    heard_as = ("i want to sign the pledge",)
    intro = "This takes a minute."

    ready: bool = ask("Have you the time now?", stops={"no": "Come back when you have."})
    agreed: Literal["yes", "no"] = ask("Have you read the code, version {version}?", reading="code")
    pictured: bool = ask("Is there a picture of a child in it?", locks=("yes",))
    reason: str | None = ask("What else should we know?", optional=True)

    def matter(self) -> str:
        return "new_account"
