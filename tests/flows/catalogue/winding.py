"""A flow that bends wherever a flow can bend: every kind of question, a chain of conditions, either-or, an early end."""

from __future__ import annotations

from enum import Enum
from typing import Literal

from flows.flow import Flow, NotAsked, ask
from flows.platforms import Platform


class Weather(Enum):
    """Choices can be declared as an Enum too."""

    SUN = "sun"
    RAIN = "rain"


class Winding(Flow):
    """Everything the engine has to carry, in one report."""

    title = "A winding report"
    heard_as = ("take me round the bends",)
    intro = "This one has many bends."

    gate: bool = ask("Is the gate open?", why="The road begins there.")
    way: Literal["left", "right", "home"] | NotAsked = ask("Which way?", when={"gate": True}, stops={"home": "Safe journey home."})
    bridge: Literal["yes", "no"] | NotAsked = ask("Is there a bridge?", when={"way": "left"})
    crossed: Weather | NotAsked = ask("What was the weather on the bridge?", when={"bridge": "yes"})
    steps: int | NotAsked | None = ask("How many steps was it?", optional=True, when=({"gate": False}, {"way": "right"}))
    app: Platform | None = ask("Which map did you use?", optional=True)
    story: str = ask("Tell us about the road.", help="A sentence or two.")
    more: str | None = ask("What else should we know?", optional=True)

    def matter(self) -> str:
        return "tell_the_lead"
