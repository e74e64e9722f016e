"""A website that the school's filter keeps out and that somebody needs for their work."""

from __future__ import annotations

from typing import Literal

from flows.flow import ask
from flows.frame import UNDER_18, YOU_HEARD, Request


class UnblockSite(Request):
    """Which site, what for, for which class and for how long. Whoever opens it in the end sees the site and the dates only."""

    title = "Ask for a blocked website"
    heard_as = (
        "unblock a website",
        "a site I need for my lesson is blocked",
        "the filter blocks a page I want to use",
        "please open this website for my class",
        "please whitelist a site for us",
        "youtube is blocked in my classroom",
        "request access to a blocked page",
    )
    intro = "All right. A few short questions, and nothing is sent until you have read it through."

    you: Literal["parent", "staff", "volunteer", "governor", "under_18"] = ask(
        "Who are you?",
        why="Only people who work or help at the school can ask for this.",
        labels={"parent": "Parent or carer", "staff": "I work at the school", UNDER_18: "I am under 18"},
        heard=YOU_HEARD,
        stops={
            "parent": (
                "Thank you for asking. Whoever teaches the class asks for this, so please tell the class teacher which site it is. "
                "What is blocked at home is set on your own device or by your internet provider."
            ),
            UNDER_18: "Thank you for asking. Please tell your teacher which site it is. A teacher can ask for it.",
        },
    )
    site: str = ask(
        "Which site is it?",
        why="It is what has to be opened.",
        help="Type its address, such as “example.org/maps”. Nothing is opened from here.",
    )
    purpose: str = ask(
        "What do you need it for?",
        why="Whoever decides weighs it up.",
        help="A sentence will do.",
    )
    group: str | None = ask(
        "Which class or group is it for?",
        help="The class or the group only. Please write no pupil's name.",
        optional=True,
    )
    needed: str | None = ask(
        "When do you need it?",
        why="So that whoever decides sees what comes first.",
        help="A day or a lesson, such as “Thursday morning”.",
        optional=True,
    )
    how_long: Literal["lesson", "week", "term", "on", "not_sure"] | None = ask(
        "For how long?",
        optional=True,
        labels={"lesson": "For one lesson", "week": "For a week", "term": "For this term", "on": "From then on"},
    )

    def matter(self) -> str:
        return "site_to_unblock"

    def advice(self) -> tuple[str, ...]:
        return (
            "You will hear here what is decided. How long that takes we cannot promise, so please have another plan ready.",
            "Please do not look for a way round the filter in the meantime.",
        )
