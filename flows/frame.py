"""The questions every report asks: is anyone in danger, who are you, may we write to you, whom must it not reach, and the close."""

from __future__ import annotations

from typing import Any, Literal

from flows.cases.case import Severity
from flows.cases.routing import UNNAMED_ADULT
from flows.flow import ANY_ROLE, Flow, NotAsked, Role, When, ask, questions
from flows.question import Needs
from flows.setting import RATHER_NOT_SAY, SOMEONE_ELSE

_GROWN_UPS = "This is a place for adults, so please tell a grown-up you trust today."
_NOT_NAMED = ({"adult_part": RATHER_NOT_SAY}, {ANY_ROLE: RATHER_NOT_SAY})
_PERHAPS_AN_ADULT = {"adult_part": ("yes", "not_sure", RATHER_NOT_SAY)}

# Where those who run a workspace may read along, an answer to `workspace` that ends the report there and gives the other way.
PRIVATE_PAGE = "private_page"
UNDER_18 = "under_18"
STAFF = ("staff", "volunteer", "governor")
# What people say they are. A child says how old it is, and is taken at its word.
YOU_HEARD = {
    "parent": (
        "mum", "mummy", "mother", "dad", "daddy", "father", "a mum", "a dad", "gran", "grandma", "nan", "nana", "granny",
        "grandad", "grandparent", "step mum", "step dad", "stepmum", "stepdad", "foster carer", "foster mum", "foster dad",
        "guardian", "aunt", "auntie", "uncle",
    ),
    "staff": (
        "teacher", "class teacher", "ta", "teaching assistant", "lunchtime supervisor", "midday supervisor", "dinner lady",
        "supply teacher", "student teacher", "office", "caretaker", "site manager", "staff", "member of staff", "i work here",
    ),
    UNDER_18: ("child", "kid", "pupil", "a pupil", "im a kid", *(f"{am} {age}" for am in ("im", "i am") for age in range(5, 18))),
}  # fmt: skip


def here_or_privately(when: Needs) -> Any:
    """Declare the question that comes before an adult concern is written where those who run the channel may read along."""
    return ask(
        "People who run this workspace may be able to read what you write here. Go on here, or on the private page?",
        why="A worry about an adult at work should not be read by whoever looks after the school's chat.",
        help="The private page asks the same questions. Nothing that you said here so far is passed on.",
        labels={"here": "Go on here", PRIVATE_PAGE: "The private page"},
        when=when,
        stops={PRIVATE_PAGE: "All right. Nothing you said here was kept."},
        workspace=True,
    )


def which_door() -> Any:
    """Declare the two doors: where nobody says who the adult is, who should get it; ten minutes of silence mean the chair."""
    return ask(
        "Who should get this: the safeguarding lead and headteacher, or the chair of governors? "
        "If you do not choose within ten minutes, it goes to the chair as it stands.",
        why="You have not said who the adult is. We will not guess, and it must not reach that person.",
        help="Choose the chair if it could be the headteacher or the safeguarding lead.",
        labels={"lead": "Lead and headteacher", "chair": "Chair of governors"},
        when=_NOT_NAMED,
        silence="chair",
        last=True,
    )


def whose_role(why: str) -> Any:
    """Declare the question for the role of an adult who is part of it, and WHY it is asked: that person must not be told."""
    return ask(
        "What is that adult's role?",
        why=why,
        help="We ask for the role and not for the name. Choose “someone else” if it is not in the list.",
        when={"adult_part": "yes"},
        gate=True,
    )


class Report(Flow):
    """What every report asks besides its own questions. A flow inherits it and adds what only it has to know."""

    danger: Literal["yes", "no", "not_sure"] = ask(
        "Is anyone in danger right now?",
        why="If somebody is, help comes first and this report can wait.",
        help="Danger means that somebody may be hurt, or taken somewhere, before the school can act.",
    )
    you: Literal["parent", "staff", "volunteer", "governor", "under_18"] = ask(
        "Who are you?",
        why="What the school can advise depends on it.",
        labels={"parent": "Parent or carer", "staff": "I work at the school", UNDER_18: "I am under 18"},
        heard=YOU_HEARD,
        stops={UNDER_18: f"Thank you for writing. {_GROWN_UPS}"},
    )
    safe: Literal["yes", "no"] = ask(
        "Is it safe for us to write to you here?",
        why="Somebody who shares your phone could read what we send. If it is not safe we only ever answer.",
        help="Say “no” if anybody else can read these messages. You can still make the report.",
    )
    adult_part: Literal["yes", "no", "not_sure", "rather_not_say"] = ask(
        "Is an adult who works or helps at the school part of what worries you?",
        why="If so, we make sure that your report does not reach that person.",
        help="Teachers, assistants, office staff, volunteers and governors all count, whatever they have done or not done.",
        gate=True,
    )
    workspace: Literal["here", "private_page"] | NotAsked = here_or_privately(_PERHAPS_AN_ADULT)
    adult_role: Role | NotAsked = whose_role("The person it is about is left out of everything that follows.")
    happened: str = ask(
        "Tell us what happened, in your own words.",
        why="Your words are kept as you write them, so that you do not have to say it again.",
        help="A few sentences are enough. Please send no pictures.",
        last=True,
    )
    when: When | None = ask(
        "When was it, roughly?",
        why="It helps to see what belongs together.",
        help="Plain words will do, such as “yesterday after lunch” or “since half term”.",
        optional=True,
        last=True,
    )
    told: Literal["yes", "no"] | None = ask(
        "Have you already told someone at the school in person?",
        why="Then the school knows that somebody has heard of it.",
        optional=True,
        last=True,
    )
    contact: str | None = ask(
        "How may the school get in touch with you, if you want it to?",
        why="You need not leave anything. Only whoever deals with this sees it.",
        help="A name, and a number or a good time to ring. Leave it out to hear from us here only.",
        optional=True,
        last=True,
    )
    door: Literal["lead", "chair"] | NotAsked = which_door()

    def severity(self) -> Severity:
        if self.danger == "yes":
            return Severity.IMMEDIATE
        urgent = self.danger == "not_sure" or self.adult_part in ("yes", RATHER_NOT_SAY)
        return fastest(super().severity(), Severity.HIGH) if urgent else super().severity()

    def concerned_roles(self) -> tuple[str, ...]:
        return concerned_in(self, self.adult_part, self.door)


def concerned_in(report: Flow, adult_part: str, door: str | NotAsked) -> tuple[str, ...]:
    """The roles named anywhere in REPORT; the unnamed adult, too, unless the usual DOOR was chosen for it."""
    said = [getattr(report, one.name) for one in questions(type(report)) if one.kind == "role"]
    roles = [str(role) for role in said if isinstance(role, str) and role not in (SOMEONE_ELSE, RATHER_NOT_SAY)]
    unnamed = RATHER_NOT_SAY in (adult_part, *said) and door != "lead"
    return (*roles, UNNAMED_ADULT) if unnamed else tuple(roles)


class Request(Flow):
    """What every request and declaration asks: somebody has to be able to answer it, so here a name and a way back are needed."""

    you: Literal["parent", "staff", "volunteer", "governor", "under_18"] = ask(
        "Who are you?",
        why="Who may ask for this depends on it.",
        labels={"parent": "Parent or carer", "staff": "I work at the school", UNDER_18: "I am under 18"},
        heard=YOU_HEARD,
        stops={UNDER_18: f"Thank you for asking. {_GROWN_UPS}"},
    )
    name: str = ask(
        "What is your name?",
        why="Somebody has to decide on this and tell you.",
        help="The name the school knows you by.",
        last=True,
    )
    contact: str = ask(
        "How can the school reach you about this?",
        why="Whoever decides has to be able to answer or to ask.",
        help="Your school e-mail, a number, or “here”. Please leave no home address.",
        last=True,
    )


def fastest(*speeds: Severity) -> Severity:
    """The most urgent of SPEEDS: an answer may make a report faster, and never slower."""
    return min(speeds, key=_URGENCY.index)


_URGENCY = (Severity.IMMEDIATE, Severity.HIGH, Severity.MEDIUM, Severity.LOW)
