"""Boxes that must be ticked, that other questions wait for, and of which one ends the report."""

from __future__ import annotations

from typing import Literal

from flows.flow import Flow, NotAsked, ask


class Ticking(Flow):
    """Colours, and what follows from them."""

    title = "A box of colours"
    heard_as = ("i have a box of colours",)
    intro = "This one is all colours."

    kinds: frozenset[Literal["red", "green", "blue", "black"]] = ask("Which colours are in it?", stops={"black": "Good night."})
    shade: Literal["light", "dark"] | NotAsked = ask("Which shade of blue?", when={"kinds": "blue"})
    story: str = ask("Tell us about it.")

    def matter(self) -> str:
        return "tell_the_lead"
