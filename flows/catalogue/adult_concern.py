"""A worry about an adult at the school, however small: to whoever may look into it, and never to that adult."""

from __future__ import annotations

from typing import Literal

from flows.cases.case import Severity
from flows.cases.routing import CHAIR, HEADTEACHER
from flows.flow import NotAsked, ask
from flows.frame import Report, fastest
from flows.matters import ABOUT_GOVERNOR, ABOUT_HEADTEACHER, TELL_THE_LEAD
from flows.setting import SHORT, SOMEONE_ELSE

SEXUAL_PICTURE = "sexual_picture"

# With one child or more in it, a post is not only about the school.
_WITH_CHILD = ("one", "more")

_MATTERS = {
    "pupil_contact": "contact_staff_to_pupil",
    "parent_contact": "contact_staff_to_parent",
    "bullying": "bullying_by_staff",
    "post": "post_by_staff",
    "other": "staff_conduct",
    "niggle": "staff_conduct",
}


class AdultConcern(Report):
    """Which adult, by role; what kind of thing it is; and the rest in the person's own words. Nobody is asked for proof."""

    title = "A concern about an adult at school"
    heard_as = (
        "a teacher is being nasty to my child online",
        "a member of staff is adding pupils on snapchat",
        "one of the staff is messaging a pupil privately",
        "a colleague posted something about our school",
        "the teaching assistant is friends with parents on facebook",
        "a volunteer keeps messaging children and it does not feel right",
        "I want to report the headteacher",
        "a low level concern about a colleague",
        "a governor has been rude about parents online",
    )
    intro = (
        "Thank you for telling us. A small worry is reason enough, and you need no proof. "
        "What you say goes round the adult it is about. A few short questions, and nothing is sent until you have read it through."
    )

    adult_part: Literal["yes", "no", "not_sure", "rather_not_say"] = ask(
        "Does the adult you are worried about work or help at the school?",
        why="If so, we make sure that your report does not reach that person.",
        help="Teachers, assistants, office staff, volunteers and governors all count. “Rather not say” is a good answer too.",
        gate=True,
    )
    job: Literal["teacher", "assistant", "volunteer", "governor", "other", "rather_not_say"] | NotAsked = ask(
        "What does that adult do at the school?",
        why="It decides who may look into it.",
        help="As far as you know.",
        when={"adult_role": SOMEONE_ELSE},
        labels={"teacher": "Teaches", "assistant": "Helps in class", "volunteer": "Volunteers", "governor": "Is a governor"},
    )
    what: Literal["pupil_contact", "parent_contact", "bullying", "post", "other", "niggle", "sexual_picture"] = ask(
        "What is it about?",
        why="It decides who at the school looks into it, and which of its rules apply.",
        help="The nearest one will do. A worry that you cannot quite put into words has a place here too.",
        labels={
            "pupil_contact": "Contact with a pupil",
            "parent_contact": "Contact with a parent",
            "bullying": "Bullying or pressure",
            "post": "Something posted",
            "other": "Something else online",
            "niggle": "A niggling worry",
            SEXUAL_PICTURE: "A sexual picture, maybe",
        },
        locks=(SEXUAL_PICTURE,),
    )
    children: Literal["none", "one", "more", "not_sure"] = ask(
        "Is a child involved?",
        why="Then somebody sees to it that the child is all right.",
        help="You do not need to say who, and please do not ask the child about it.",
        labels={"none": "No child", "one": "One child", "more": "More than one child"},
    )
    adult_name: str | NotAsked | None = ask(
        "What is the adult's name, if you would like to say it?",
        why="It makes it easier to keep this from them. Only whoever deals with it reads it.",
        help="You can leave it out. Your report is taken either way.",
        when=({"adult_part": ("no", "not_sure")}, {"adult_role": (*SHORT, SOMEONE_ELSE)}),
        optional=True,
    )
    how_known: Literal["saw", "told", "online", "other"] | None = ask(
        "How do you know of it?",
        why="Whoever looks into it can see what is known at first hand.",
        help="What you only heard about counts as well.",
        optional=True,
        labels={
            "saw": "I saw or heard it",
            "told": "Somebody told me",
            "online": "I came across it online",
            "other": "Another way",
        },
    )
    going_on: Literal["yes", "no", "not_sure"] | None = ask("Is it still going on, as far as you know?", optional=True)
    happened: str = ask(
        "Tell us what happened, in your own words.",
        why="Your words are kept as you write them, so that you do not have to say it again.",
        help=(
            "What was seen, heard or read. If a child told you, write down the child's own words, and ask the child nothing more. "
            "Please send no pictures."
        ),
        last=True,
    )

    def matter(self) -> str:
        if self.adult_part == "no":
            return "post_by_parent" if self.what == "post" else TELL_THE_LEAD
        if self.adult_role == HEADTEACHER:
            return ABOUT_HEADTEACHER
        if self.adult_role == CHAIR or self.job == "governor":
            return ABOUT_GOVERNOR
        if self.what == "post" and self.children in _WITH_CHILD:
            return "post_about_pupil_by_staff"
        return _MATTERS[self.what]

    def severity(self) -> Severity:
        return fastest(super().severity(), Severity.HIGH)

    def advice(self) -> tuple[str, ...]:
        if self.what == SEXUAL_PICTURE:
            return ()  # what is said about such a picture is said once, for every report
        lines = [
            "Please do not look into it yourself, and do not speak with the adult about it.",
            "If you noted anything down, keep the note just as it is, with the day.",
        ]
        if self.children != "none":
            lines.append("If a child tells you more, listen, write down their words, and put no questions to them.")
        if self.adult_part != "no":
            lines.append(
                "General practice in England, not this school's rule: you may also tell your local authority's designated officer "
                "(LADO) yourself."
            )
        return tuple(lines)
