"""A report that came by phone, in person or on paper: whoever at the school was told writes it down, for the one who told them."""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal

from flows.cases.case import Severity
from flows.cases.routing import CHAIR, HEADTEACHER
from flows.flow import Flow, NotAsked, Role, When, ask
from flows.frame import concerned_in, fastest, which_door, whose_role
from flows.matters import ABOUT_GOVERNOR, ABOUT_HEADTEACHER, COMPLAINT, TELL_THE_LEAD
from flows.matters import matter as matter_called
from flows.setting import RATHER_NOT_SAY

SEXUAL_PICTURE = "sexual_picture"
# What each sort is, and what it is when an adult of the school is part of it.
_MATTERS = MappingProxyType(
    {
        "harm": "disclosure",
        "bullying": "bullying_of_pupil",
        "contact": TELL_THE_LEAD,
        "seen": "content_met_by_pupil",
        "post": "post_by_parent",
        "complaint": COMPLAINT,
        SEXUAL_PICTURE: "image_by_pupil",
        "other": TELL_THE_LEAD,
    }
)
_BY_ADULT = MappingProxyType(
    {
        "harm": "staff_conduct",
        "bullying": "bullying_by_staff",
        "contact": "contact_staff_to_pupil",
        "seen": "staff_conduct",
        "post": "post_by_staff",
        "complaint": COMPLAINT,
        SEXUAL_PICTURE: "image_by_pupil",
        "other": "staff_conduct",
    }
)


class Logged(Flow):
    """Who told it and how, what it is about, whom it must not reach, and what was said. Only those who are sent reports log one."""

    title = "Log a report"
    heard_as = ("log a report", "log a phone call", "log a report received by phone", "log a report received in person")
    begun_by = "whoever is sent reports, at every school"
    intro = "You write this down for somebody else. It goes the way of every report, and nothing is sent until you have read it."

    danger: Literal["yes", "no", "not_sure"] = ask(
        "Is anyone in danger right now, as far as you were told?",
        why="If somebody is, help comes first and this can wait.",
        help="Danger means that somebody may be hurt, or taken somewhere, before the school can act.",
    )
    told_by: Literal["parent", "staff", "pupil", "public", "not_said"] = ask(
        "Who told you?",
        why="Whoever deals with it can judge what is known at first hand. No name is needed.",
        labels={
            "parent": "Parent or carer",
            "staff": "Somebody who works here",
            "pupil": "A pupil",
            "public": "Somebody else",
            "not_said": "They did not say",
        },
    )
    how: Literal["phone", "in_person", "letter", "email"] = ask(
        "How did they tell you?",
        why="So that it can be found again.",
        labels={"phone": "By phone", "in_person": "In person", "letter": "By letter", "email": "By e-mail"},
    )
    received: When | None = ask(
        "When did they tell you?",
        why="From then on the school knew of it.",
        help="Plain words will do, such as “just now” or “this morning”. Leave it out if it was just now.",
        optional=True,
    )
    sort: Literal["harm", "bullying", "contact", "seen", "post", "complaint", "sexual_picture", "other"] = ask(
        "What is it about?",
        why="It decides who at the school is told.",
        help="The nearest one will do. If somebody may be trying to win a child's trust, choose that a child may be harmed.",
        labels={
            "harm": "A child may be harmed",
            "bullying": "Bullying or threats",
            "contact": "Unwanted contact online",
            "seen": "Something a pupil saw",
            "post": "A post about the school",
            "complaint": "A complaint",
            SEXUAL_PICTURE: "A sexual picture, maybe",
            "other": "Something else",
        },
        locks=(SEXUAL_PICTURE,),
    )
    adult_part: Literal["yes", "no", "not_sure", "rather_not_say"] = ask(
        "Is an adult who works or helps at the school part of it, or did one of them deal with it before?",
        why="It must not reach that person.",
        help="Teachers, assistants, office staff, volunteers and governors all count. If it is about yourself, say “yes” as well.",
        gate=True,
    )
    adult_role: Role | NotAsked = whose_role("That person is left out of everything that follows, whatever other roles they hold.")
    whom: str | None = ask(
        "Which pupil or class is it about, if you were told?",
        help="As much as is needed to find them.",
        optional=True,
    )
    happened: str = ask(
        "What were you told? Use their words, as far as you can.",
        why="Their words are kept as you write them, so that nobody has to say it again.",
        help="What was said, and not what you make of it. If it was a child, write the child's own words. Please send no pictures.",
    )
    when: When | None = ask(
        "When did it happen, roughly?",
        why="It helps to see what belongs together.",
        help="Plain words will do, such as “yesterday after lunch” or “since half term”.",
        optional=True,
    )
    where: str | None = ask("Where: which place, app or group?", optional=True)
    told: Literal["yes", "no", "not_sure"] | None = ask("Has anybody else at the school been told already?", optional=True)
    door: Literal["lead", "chair"] | NotAsked = which_door()

    def matter(self) -> str:
        if self.adult_role == HEADTEACHER:
            return ABOUT_HEADTEACHER
        if self.adult_role == CHAIR:
            return ABOUT_GOVERNOR
        return (_BY_ADULT if self.adult_part in ("yes", RATHER_NOT_SAY) else _MATTERS)[self.sort]

    def severity(self) -> Severity:
        """As fast as the sort of it, whoever did it; faster in danger, and where an adult of the school is part of it."""
        if self.danger == "yes":
            return Severity.IMMEDIATE
        usual = fastest(super().severity(), matter_called(_MATTERS[self.sort]).severity)
        urgent = self.danger == "not_sure" or self.adult_part in ("yes", RATHER_NOT_SAY)
        return fastest(usual, Severity.HIGH) if urgent else usual

    def concerned_roles(self) -> tuple[str, ...]:
        return concerned_in(self, self.adult_part, self.door)
