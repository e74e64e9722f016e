"""Somebody who works or helps at the school tells it of a tie they already have with a pupil or a family."""

from __future__ import annotations

from typing import Literal

from flows.flow import When, ask
from flows.frame import UNDER_18, YOU_HEARD, Request
from flows.platforms import Platform


class Declaration(Request):
    """What kind of tie, with whom, where and since when. A tie is no wrong, and nobody's messages are asked for."""

    title = "Declare a contact you already have"
    heard_as = (
        "declare a relationship",
        "declare an existing contact",
        "declare a family link",
        "declare an old friendship",
        "tell the head about a family link",
        "make a declaration",
        "declare that my niece is a pupil here",
        "declare contact with a family",
    )
    intro = (
        "Thank you for telling us. Having such a tie is nothing wrong, and telling the school is not a complaint about anybody. "
        "A few short questions, and nothing is sent until you have read it through."
    )

    you: Literal["parent", "staff", "volunteer", "governor", "under_18"] = ask(
        "Who are you?",
        why="Only people who work or help at the school declare such a tie.",
        labels={"parent": "Parent or carer", "staff": "I work at the school", UNDER_18: "I am under 18"},
        heard=YOU_HEARD,
        stops={
            "parent": (
                "Thank you for asking. This is for people who work or help at the school. "
                "If somebody from the school is in touch with you or with your child and it worries you, you can report that here."
            ),
            UNDER_18: (
                "Thank you for writing. This is for grown-ups who work at the school. If somebody's messages worry you, "
                "please tell a grown-up you trust today."
            ),
        },
    )
    job: str = ask(
        "What is your role at the school?", why="The school's rules can differ from role to role.", help="In a few words."
    )
    tie: Literal["own_child", "relative", "friendship", "other"] = ask(
        "What kind of tie is it?",
        why="The school's rules can differ for families and for friends.",
        labels={
            "own_child": "My own child",
            "relative": "Another relative",
            "friendship": "An earlier friendship",
            "other": "Another kind of tie",
        },
    )
    other_party: Literal["pupil", "parent", "former_pupil"] = ask(
        "Who is it with?",
        why="The school's rules can differ for pupils and for their families.",
        help="We ask for the kind of person and not for a name. If it is several, choose the youngest.",
        labels={"pupil": "A pupil", "parent": "A parent or carer", "former_pupil": "A former pupil under 18"},
    )
    platform: Platform | None = ask(
        "Where are you in touch online?",
        help="The app, game or site. Please write no account name, and send no messages.",
        optional=True,
    )
    since: When | None = ask(
        "Since when, roughly?",
        help="Plain words will do, such as “since 2019” or “for about two years”.",
        optional=True,
    )
    school_kit: Literal["yes", "no", "not_sure"] | None = ask(
        "Does any of it happen on school equipment in the working day?",
        why="Some schools have a rule for that time and for that equipment.",
        help="You can leave this out.",
        optional=True,
    )

    def matter(self) -> str:
        return "existing_relationship"

    def advice(self) -> tuple[str, ...]:
        return (
            "Telling the school is not the same as being allowed: its own rules say what may go on.",
            "For school matters, use the school's own ways to be in touch.",
        )
