"""Just tell us: what somebody wants to say, in their own words, and who should know. For people who know no form for it."""

from __future__ import annotations

from typing import Literal

from flows.cases.routing import HEADTEACHER
from flows.flow import Flow, ask
from flows.matters import ABOUT_HEADTEACHER, TELL_THE_HEADTEACHER, TELL_THE_LEAD


class TellUs(Flow):
    """Two questions and no more."""

    title = "Just tell us"
    heard_as = (
        "just tell somebody",
        "tell you something",
        "tell someone something",
        "get something off my chest",
        "I have a worry and do not know what to call it",
        "I am not sure who to tell",
        "none of these forms fits",
        "I do not know which form this is",
    )
    intro = (
        "Thank you for coming to us. There are two questions, and nothing is sent until you have read it through. "
        "If anyone is in danger now, ring 999 first. This is a place for adults: if you are under 18, please tell a grown-up you "
        "trust today, or ring Childline, free at any hour: 0800 1111."
    )

    happened: str = ask(
        "What would you like to tell us? Use your own words.",
        why="Your words are kept as you write them, so that you do not have to say it again.",
        help="A few sentences are enough. It need not be in order. Please send no pictures.",
    )
    who: Literal["lead", "headteacher", "chair", "not_sure"] = ask(
        "Who should know?",
        why="It goes to whoever you choose, and you see who that is before you send it.",
        help=(
            "Choose the chair of governors if it could be about the headteacher: then the headteacher does not get it. "
            "If you are not sure, it goes to the safeguarding lead."
        ),
        labels={"lead": "The safeguarding lead", "headteacher": "The headteacher", "chair": "The chair of governors"},
    )

    def matter(self) -> str:
        match self.who:
            case "headteacher":
                return TELL_THE_HEADTEACHER
            case "chair":
                return ABOUT_HEADTEACHER
        return TELL_THE_LEAD

    def concerned_roles(self) -> tuple[str, ...]:
        """Whoever goes past the headteacher to the chair may have a reason that they did not write."""
        return (HEADTEACHER,) if self.who == "chair" else ()
