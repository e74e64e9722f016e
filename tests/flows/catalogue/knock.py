"""A report inside the frame that every report has, with boxes to tick, a role, a lock and a second matter."""

from __future__ import annotations

from typing import Literal

from flows.flow import NotAsked, Part, Role, ask
from flows.frame import Report
from flows.platforms import Platform


class Knock(Report):
    """Who knocked, where, and what came with it."""

    title = "A knock at the door"
    heard_as = ("somebody knocked at my door",)
    intro = "A few questions, and nothing is sent until you have read it through."

    sender: Literal["pupil", "parent", "adult_at_school", "not_sure"] = ask(
        "Who knocked?", labels={"pupil": "A pupil", "parent": "A parent or carer"}, why="It decides who looks into it."
    )
    which_adult: Role | NotAsked = ask(
        "What is that adult's role?", when={"sender": "adult_at_school", "adult_part": ("no", "not_sure")}, gate=True
    )
    platform: Platform | None = ask("Where was it?", help="The app, game or site.", optional=True)
    seen: frozenset[Literal["insults", "threats", "insults_and_lies", "picture"]] | None = ask(
        "What came with it? Tick all that apply.",
        help="More than one may fit.",
        optional=True,
        labels={"picture": "Insults, in a picture"},
        locks=("picture",),
    )

    def matter(self) -> str:
        return "contact_pupil_to_staff" if self.sender == "pupil" else "tell_the_lead"

    def also(self) -> tuple[Part, ...]:
        return (Part("site_to_block", ("platform", "when")),) if self.platform else ()
