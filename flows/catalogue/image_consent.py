"""A parent gives, limits or takes back the consent for pictures of their child. Nobody is asked why."""

from __future__ import annotations

from typing import Literal

from flows.flow import NotAsked, ask
from flows.frame import UNDER_18, YOU_HEARD, Request

# What schools ask about: some each of these, some no more than photos and videos, some nothing in particular.
Use = Literal["in_school", "print_website", "social_media", "press", "every_use"]
_USES = {
    "in_school": "Inside the school",
    "print_website": "Print and school website",
    "social_media": "School social media",
    "press": "Newspapers and press",
    "every_use": "Every use",
}

_PARENTS_SAY = (
    "Thank you for asking. Consent is for parents and carers to give or take back, so this has to come from them. "
    "If you are one too, begin again and choose “Parent or carer”. "
    "If a parent has told you something, please pass it to the school today, and use no picture of the child until then."
)


class ImageConsent(Request):
    """Which child, which uses, what changes and from when; and which pictures should come down, described and not sent."""

    title = "Pictures of my child: consent"
    heard_as = (
        "change photo consent",
        "I do not want my child's picture on facebook any more",
        "take back consent for photos",
        "please take down the picture of my son",
        "I agree to photos but not to videos",
        "withdraw permission for images",
        "I am happy for you to use photos of my daughter",
    )
    intro = "All right. A few short questions, and nothing is sent until you have read it through. Nobody will ask you why."

    you: Literal["parent", "staff", "volunteer", "governor", "under_18"] = ask(
        "Who are you?",
        why="Consent is for parents and carers to give or to take back.",
        labels={"parent": "Parent or carer", "staff": "I work at the school", UNDER_18: "I am under 18"},
        heard=YOU_HEARD,
        stops={
            "staff": _PARENTS_SAY,
            "volunteer": _PARENTS_SAY,
            "governor": _PARENTS_SAY,
            UNDER_18: (
                "Thank you for asking. If you do not want your picture used, that counts. "
                "Please tell a grown-up at home or your teacher, and they will see to it with you."
            ),
        },
    )
    child: str = ask(
        "What is your child's name, and which class are they in?",
        why="The school has to find the right child in its list.",
        help="The name the school knows, and the class. Please write no date of birth.",
    )
    relationship: Literal["parent", "carer", "relative", "other"] = ask(
        "What are you to the child?",
        why="The school keeps a note of who gave or changed the consent.",
        labels={"parent": "Parent", "carer": "Carer or guardian", "relative": "Another relative", "other": "Something else"},
    )
    change: Literal["give", "limit", "end"] = ask(
        "What would you like to do?",
        why="It decides what the school does next.",
        help="You can change it again on another day.",
        labels={"give": "Give consent", "limit": "Allow only some uses", "end": "Take consent back"},
    )
    kinds: Literal["photos", "videos", "both"] = ask(
        "Is it about photos, about videos, or about both?",
        why="You may agree to one and not to the other.",
        labels={"photos": "Photos", "videos": "Videos", "both": "Both"},
    )
    given_for: frozenset[Use] | NotAsked = ask(
        "For which uses may they be used? Tick all that you agree to.",
        why="Nothing is used for more than you agree to.",
        help="Tick one or several. What you do not tick, you do not agree to.",
        when={"change": ("give", "limit")},
        labels=_USES,
    )
    ended_for: frozenset[Use] | NotAsked = ask(
        "For which uses does your consent end? Tick all that apply.",
        why="Nothing is used against what you say.",
        help="Tick “every use” if there should be no more pictures at all.",
        when={"change": "end"},
        labels=_USES,
    )
    from_when: str | None = ask(
        "From when should it count?",
        help="A day, such as “from Monday”. Leave it out if it counts from now.",
        optional=True,
    )
    take_down: str | NotAsked | None = ask(
        "Is there a picture that should come down?",
        why="So that somebody can find it.",
        help="Say where it is and what it was for, such as “sports day, on the school's page”. Please send no picture.",
        when={"change": ("limit", "end")},
        optional=True,
    )

    def matter(self) -> str:
        return "consent_given" if self.change == "give" else "consent_changed"

    def advice(self) -> tuple[str, ...]:
        lines = ["If the school should know more than fits here, ask for a call. You never have to say why."]
        if self.change != "give":
            lines.append("If the school asks for it in writing as well, a short note with your name and the date is enough.")
        return tuple(lines)
