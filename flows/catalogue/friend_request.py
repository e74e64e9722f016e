"""A friend, follow or message request that nobody asked for."""

from __future__ import annotations

from typing import Literal

from flows.cases.case import Severity
from flows.cases.routing import UNNAMED_ADULT
from flows.flow import Flow, NotAsked, ask
from flows.matters import TELL_THE_LEAD
from flows.platforms import Platform

_STAFF = ("staff", "volunteer", "governor")
_RECEIVERS = ("headteacher", "dsl", "deputy_dsl", "slt", "chair")


class FriendRequest(Flow):
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

    danger: Literal["yes", "no", "not_sure"] = ask(
        "Is anyone in danger right now?",
        why="If somebody is, help comes first and this report can wait.",
        help="Danger means that somebody may be hurt, or taken somewhere, before the school can act.",
    )
    you: Literal["parent", "staff", "volunteer", "governor", "under_18"] = ask(
        "Who are you?",
        why="What the school can advise depends on it.",
        labels={"parent": "Parent or carer", "staff": "I work at the school", "under_18": "I am under 18"},
        stops={"under_18": "Thank you for writing. This is a place for adults, so please tell a grown-up you trust today."},
    )
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
    receiver: Literal["me", "colleague", "my_child", "another_pupil", "someone_else"] = ask(
        "Who received it?",
        why="It decides who at the school looks into it.",
    )
    adult_part: Literal["yes", "no", "not_sure", "rather_not_say"] | NotAsked = ask(
        "Is an adult who works or helps at the school part of what worries you?",
        why="If so, we make sure that your report does not reach that person.",
        help="Somebody who only received a request they did not want is not meant.",
        when={"sender": ("pupil", "parent", "former_pupil", "not_sure")},
    )
    adult_role: Literal["headteacher", "dsl", "deputy_dsl", "slt", "chair", "someone_else", "rather_not_say"] | NotAsked = ask(
        "What is that adult's role?",
        why="The person it is about is left out of everything that follows.",
        labels={
            "dsl": "Safeguarding lead",
            "deputy_dsl": "Deputy safeguarding lead",
            "slt": "Senior leader",
            "chair": "Chair of governors",
        },
        when=({"sender": "adult_at_school"}, {"adult_part": "yes"}),
    )
    platform: Platform | None = ask("Where did it happen?", help="The app, game or site.", optional=True)
    happened: str = ask(
        "Tell us what happened, in your own words.",
        why="Your words are kept as you write them, so that you do not have to say it again.",
        help="A few sentences are enough. Please send no pictures.",
    )
    told: Literal["yes", "no"] | None = ask(
        "Have you already told someone at the school in person?",
        why="Then the school knows that somebody has heard of it.",
        optional=True,
    )

    def matter(self) -> str:
        to_staff = self.receiver == "colleague" or (self.receiver == "me" and self.you in _STAFF)
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
        if self.danger == "yes":
            return Severity.IMMEDIATE
        stranger = self.sender == "not_sure" and self._to_pupil
        if self.danger == "not_sure" or stranger or self.adult_part in ("yes", "rather_not_say"):
            return Severity.HIGH
        return Severity.MEDIUM if self.matter() == TELL_THE_LEAD else super().severity()

    def concerned_roles(self) -> tuple[str, ...]:
        if self.adult_role in _RECEIVERS:
            return (str(self.adult_role),)
        if "rather_not_say" in (self.adult_part, self.adult_role):
            return (UNNAMED_ADULT,)
        return ()

    @property
    def _to_pupil(self) -> bool:
        return self.receiver in ("my_child", "another_pupil")
