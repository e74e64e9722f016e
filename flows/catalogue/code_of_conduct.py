"""Signing the school's code for staff: its own text is shown with its version, and the answer is kept with that."""

from __future__ import annotations

from typing import Literal

from flows.flow import NotAsked, ask
from flows.frame import UNDER_18, YOU_HEARD, Request

_NOT_ASKED_OF_YOU = (
    "Thank you for asking. This code is signed by people who work at the school or volunteer there, so nothing is wanted from you. "
    "You can ask me what it says at any time."
)


class CodeOfConduct(Request):
    """Read, and agreed or not yet. “Not yet” ends it, is sent to nobody, and is never held against anybody."""

    title = "Sign the staff code of conduct"
    heard_as = (
        "sign the code of conduct",
        "sign the staff code",
        "sign the social networking code",
        "agree to the code of conduct",
        "code of conduct sign off",
        "do the yearly sign off",
        "read and sign the code",
    )
    intro = (
        "All right. You see the code point by point, and then you say whether you agree. "
        "Take the time you need: nothing is sent until you have read it through."
    )

    you: Literal["parent", "staff", "volunteer", "governor", "under_18"] = ask(
        "Who are you?",
        why="The code is for people who work or volunteer at the school.",
        labels={"parent": "Parent or carer", "staff": "I work at the school", UNDER_18: "I am under 18"},
        heard=YOU_HEARD,
        stops={
            "parent": _NOT_ASKED_OF_YOU,
            "governor": _NOT_ASKED_OF_YOU,
            UNDER_18: "Thank you for asking. This code is only for grown-ups who work at the school.",
        },
    )
    agree: Literal["yes", "question", "not_yet"] = ask(
        "This is the code in the school's policy ({version}). Have you read it, and will you keep to it?",
        why="The school asks everybody on its staff, and keeps a note of which version they read.",
        help="“Not yet” is a fair answer: nothing is sent then, and you can come back on another day.",
        reading="code_of_conduct",
        labels={"yes": "I have read and agree", "question": "I have a question first", "not_yet": "Not yet"},
        stops={
            "not_yet": (
                "That is all right. Nothing was sent, and nobody holds it against you. Come back when you are ready; "
                "if something in it worries you, the headteacher or your union can talk it through with you."
            )
        },
    )
    first_question: str | NotAsked = ask(
        "What would you like to ask the headteacher?",
        why="You get an answer before you decide. Until then the code counts as not yet signed, and no more than that.",
        when={"agree": "question"},
    )
    remark: str | NotAsked | None = ask(
        "Is there anything you would like to ask the headteacher about it?",
        why="You have agreed in any case. A question is welcome all the same.",
        when={"agree": "yes"},
        optional=True,
    )
    job: str = ask("What is your role at the school?", why="The code is signed with name, role and date.", help="In a few words.")

    def matter(self) -> str:
        return "code_signed"

    def advice(self) -> tuple[str, ...]:
        if self.agree == "yes":
            return ("You will be asked again when the next school year begins.",)
        return ("Nothing is signed yet. Come back here when your question has been answered.",)
