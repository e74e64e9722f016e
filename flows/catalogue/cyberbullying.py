"""Somebody is hurt, shut out or threatened online, again and again or once and badly."""

from __future__ import annotations

from typing import Literal

from flows import advice
from flows.cases.case import Severity
from flows.flow import NotAsked, Part, Role, ask
from flows.frame import STAFF, Report, fastest, here_or_privately
from flows.platforms import Platform

SCHOOL_ACCOUNT = "abuse_on_school_account"
BEYOND_SCHOOL = "bullying_beyond_school"
SEXUAL_PICTURE = "sexual_picture"

# Who may be a pupil of the school, for all we know: only then does it matter where it happened.
_PERHAPS_A_PUPIL = ("pupils", "not_sure", "rather_not_say")
_CHILDREN = ("my_child", "another_pupil")
_TELL_CHILD = "See that the child has a grown-up to talk to today, at home or at the school."
_TELL = "Talk to somebody you trust today. Nobody should have to carry this alone."


class Cyberbullying(Report):
    """Who it happens to, who does it, where and what, how they are, and who knows."""

    title = "Bullying or threats online"
    heard_as = (
        "report cyberbullying",
        "my child is being bullied online",
        "they are calling my son names in the group chat",
        "they removed her from the class whatsapp group to be mean",
        "somebody made a fake account of my daughter",
        "a pupil is getting nasty messages",
        "a parent is abusing me on facebook",
        "there are awful comments on the school's page",
        "he is being threatened over xbox",
    )
    intro = (
        "Thank you for telling us. It counts wherever it happened, at school or at home. "
        "A few short questions: you can go back at any of them, and read it all through at the end."
    )

    victim: Literal["me", "my_child", "another_pupil", "staff", "school", "someone_else"] = ask(
        "Who is it happening to?",
        why="It decides who at the school looks after it.",
        labels={"another_pupil": "A pupil", "staff": "A member of staff", "school": "The school itself"},
    )
    doing_it: Literal["pupils", "elsewhere", "parent", "adult_at_school", "not_sure", "rather_not_say"] = ask(
        "Who is doing it, as far as you know?",
        why="It decides who at the school looks into it.",
        help="You do not need to find out. If there are several, choose the one that worries you most.",
        labels={
            "pupils": "A pupil, or several",
            "elsewhere": "Ex-pupil, other school",
            "parent": "A parent or carer",
            "adult_at_school": "An adult at school",
            "not_sure": "I do not know",
        },
    )
    read_along: Literal["here", "private_page"] | NotAsked = here_or_privately({"doing_it": "adult_at_school", "adult_part": "no"})
    which_adult: Role | NotAsked = ask(
        "If an adult at school is doing it, what is that adult's role?",
        why="The person it is about is left out of everything that follows.",
        help="We ask for the role and not for the name. Choose “someone else” if it is not in the list, or is no adult at school.",
        when=(
            {"doing_it": "adult_at_school", "adult_part": ("no", "not_sure")},
            {"doing_it": "rather_not_say", "adult_part": "not_sure"},
        ),
        gate=True,
    )
    what: frozenset[
        Literal[
            "insults", "threats", "left_out", "rumours", "picture_shared", "fake_account", "who_someone_is", "sexual_picture",
            "other",
        ]
    ] | None = ask(
        "What has happened? Tick what fits.",
        help="You can put it in your own words in a moment.",
        optional=True,
        labels={
            "insults": "Insults or name-calling",
            "left_out": "Left out on purpose",
            "rumours": "Rumours or lies",
            "picture_shared": "A picture passed round",
            "fake_account": "A fake account",
            "who_someone_is": "About who someone is",
            SEXUAL_PICTURE: "A sexual picture",
            "other": "Something else",
        },
        locks=(SEXUAL_PICTURE,),
    )  # fmt: skip
    platform: Platform | None = ask(
        "Where is it happening?",
        help="The app, game, group or page. If you see no button for it, type its name, such as “school e-mail”.",
        optional=True,
    )
    going_on: Literal["yes", "stopped", "not_sure"] | None = ask(
        "Is it still happening?", optional=True, labels={"stopped": "It has stopped"}
    )
    feeling: Literal["ok", "upset", "scared", "not_safe", "not_sure"] | None = ask(
        "How are they now, or how are you if it is happening to you?",
        why="If somebody is scared or not safe, this goes ahead of everything else.",
        help="“Not safe” is right if somebody might be hurt, by others or by themselves.",
        optional=True,
        labels={"ok": "All right"},
    )
    in_school: Literal["in", "out", "both", "not_sure"] | NotAsked | None = ask(
        "Was it in school, or out of school?",
        why="It only helps the school to see what it can do. Nothing is turned away because it happened at home.",
        help="In school means in school time, or on the school's devices. Either way, your report is taken.",
        when={"doing_it": _PERHAPS_A_PUPIL},
        optional=True,
        labels={"in": "In school", "out": "Out of school"},
    )
    told: frozenset[Literal["parent", "teacher", "other", "nobody"]] | None = ask(  # type: ignore[assignment]  # asked here with more answers
        "Who knows about it already? Tick all that fit.",
        why="Nobody should have to carry this alone, and the school sees who else can help.",
        help="Those who were told in person, at home or at the school.",
        optional=True,
        last=True,
        labels={
            "parent": "A parent or carer",
            "teacher": "A teacher, or the school",
            "other": "Somebody else",
            "nobody": "Nobody yet",
        },
    )
    still_there: Literal["yes", "no", "not_sure"] | None = ask(
        "Do you still have it?",
        why="Then somebody can look at it with you, if that is needed.",
        help="Please keep it where it is. You can show it in person if you are asked. Send nothing of it here.",
        optional=True,
    )
    reported: frozenset[Literal["school", "platform", "police", "nowhere", "not_sure"]] | NotAsked | None = ask(
        "Has it been reported before?",
        why="Some services outside school can only help once the app or site has been told and has had two days to answer.",
        help="To the school, or in the app or site itself.",
        when={"going_on": ("yes", "not_sure")},
        optional=True,
        labels={"school": "To the school", "platform": "To the app or site", "police": "To the police", "nowhere": "Not yet"},
    )

    def matter(self) -> str:
        if self.doing_it == "adult_at_school":
            return "post_by_staff" if self.victim == "school" else "bullying_by_staff"
        if self.victim == "school":
            return self._about_the_school
        if self._staff_hurt or self.victim == "me":
            return self._adult_hurt
        return BEYOND_SCHOOL if self._beyond_school else "bullying_of_pupil"

    def severity(self) -> Severity:
        usual = super().severity()
        if self.feeling == "not_safe":
            return Severity.IMMEDIATE
        # A grown-up who does this to a child is another thing than children among themselves.
        adult_at_child = self.doing_it == "parent" and self.victim in _CHILDREN
        if self.feeling == "scared" or "threats" in self._what or adult_at_child:
            return fastest(usual, Severity.HIGH)
        return usual

    def also(self) -> tuple[Part, ...]:
        """Whoever looks after the school's page has to know that something stands there, and nothing more."""
        on_page = self.platform == Platform.SCHOOL_PAGE and self.matter() != SCHOOL_ACCOUNT
        return (Part(SCHOOL_ACCOUNT, ("platform", "when")),) if on_page else ()

    def advice(self) -> tuple[str, ...]:
        if SEXUAL_PICTURE in self._what:
            return ()  # what is said about such a picture is said once, for every report
        lines = ["Please do not answer, and do not join in to put it right.", advice.KEEP_IT]
        if self.feeling in ("scared", "not_safe"):
            lines.insert(0, advice.NOT_SAFE_NOW)
        lines.append("Then block whoever does it, and report it in the app or on the site. Note the day you did.")
        lines.append(self._further_help)
        if isinstance(self.told, frozenset) and "nobody" in self.told:
            lines.append(_TELL_CHILD if self.victim in _CHILDREN else _TELL)
        return tuple(lines)

    @property
    def _what(self) -> frozenset[str]:
        return frozenset(self.what) if isinstance(self.what, frozenset) else frozenset()

    @property
    def _staff_hurt(self) -> bool:
        return self.victim == "staff" or (self.victim == "me" and self.you in STAFF)

    @property
    def _adult_hurt(self) -> str:
        """What it is when a member of staff is hurt, or the parent who writes."""
        if self.doing_it == "parent":
            return "threats_by_parent"
        if self._staff_hurt:
            return "bullying_of_staff"
        return "pupil_conduct" if self.doing_it == "pupils" else BEYOND_SCHOOL

    @property
    def _about_the_school(self) -> str:
        if self.platform == Platform.SCHOOL_PAGE:
            return SCHOOL_ACCOUNT
        return "pupil_conduct" if self.doing_it == "pupils" else "post_by_parent"

    @property
    def _beyond_school(self) -> bool:
        outside = self.doing_it == "elsewhere" or self.victim == "someone_else"
        return outside or (self.doing_it in _PERHAPS_A_PUPIL and self.in_school == "out")

    @property
    def _further_help(self) -> str:
        if self._staff_hurt:
            return (
                "There is a national helpline for people who work with children and are attacked online; your union can help as "
                "well. Ask the school how to reach them."
            )
        return (
            "If the app or site has not helped after two days, Report Harmful Content can ask it again. For a child under 13 a "
            "parent does that."
        )
