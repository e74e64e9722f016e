"""A friend, follow or message request that nobody asked for."""

from __future__ import annotations

from typing import Literal

from flows.cases.case import Severity
from flows.flow import NotAsked, Role, ask
from flows.frame import STAFF, Report
from flows.matters import TELL_THE_LEAD
from flows.platforms import Platform


class FriendRequest(Report):
    """Who sent it, who received it, where, and the rest in the person's own words."""

    title = "Unwanted friend or follow request"
    heard_as = (
        "unwanted friend request",
        "a pupil sent me a friend request",
        "a parent added me",
        "somebody follows my child online",
        "a stranger wants to be friends with my child",
        "a teacher messaged my child",
    )
    intro = "Thank you for telling us. A few short questions, and nothing is sent until you have read it through."

    sender: Literal["pupil", "parent", "former_pupil", "adult_at_school", "not_sure"] = ask(
        "Who sent it?",
        help="As far as you know. You do not need to find out.",
        labels={
            "parent": "A parent or carer",
            "pupil": "A pupil",
            "former_pupil": "A former pupil",
            "adult_at_school": "An adult at school",
        },
    )
    which_adult: Role | NotAsked = ask(
        "What is that adult's role?",
        why="The person it is about is left out of everything that follows.",
        help="We ask for the role and not for the name. Choose “someone else” if it is not in the list.",
        when={"sender": "adult_at_school", "adult_part": ("no", "not_sure")},
        gate=True,
    )
    receiver: Literal["me", "colleague", "my_child", "another_pupil", "someone_else"] = ask(
        "Who received it?",
        why="It decides who at the school looks into it.",
    )
    platform: Platform | None = ask("Where did it happen?", help="The app, game or site.", optional=True)

    def matter(self) -> str:
        to_staff = self.receiver == "colleague" or (self.receiver == "me" and self.you in STAFF)
        to_parent = self.receiver == "me" and self.you == "parent"
        match self.sender:
            case "pupil" | "former_pupil" if to_staff:
                return "contact_pupil_to_staff"
            case "parent" if to_staff:
                return "contact_parent_to_staff"
            case "adult_at_school" if self._to_pupil:
                return "contact_staff_to_pupil"
            case "adult_at_school" if to_parent:
                return "contact_staff_to_parent"
        return TELL_THE_LEAD

    def severity(self) -> Severity:
        stranger = self.sender == "not_sure" and self._to_pupil
        usual = super().severity()
        return Severity.HIGH if stranger and usual is not Severity.IMMEDIATE else usual

    @property
    def _to_pupil(self) -> bool:
        return self.receiver in ("my_child", "another_pupil")
