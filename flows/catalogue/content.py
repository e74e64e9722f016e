"""Something unsuitable that somebody came across online."""

from __future__ import annotations

from typing import Literal

from flows import advice
from flows.cases.case import Severity
from flows.flow import NotAsked, Part, ask
from flows.frame import STAFF, Report, fastest
from flows.matters import TELL_THE_LEAD

BREACH = "data_breach"
GROOMING = "grooming"
EXTREMISM = "extremism"
TO_BLOCK = "site_to_block"
MAYBE_A_CHILD = "maybe_a_child"

_ON_SCHOOL_KIT = ("school_device", "school_wifi", "own_device_at_school", "school_mail")
_CHILDREN = ("my_child", "pupils", "whole_class", "someone_else")
# What is a matter of its own, whoever met it: the first of these that was ticked is what the report is about.
_OWN_MATTERS = {"stranger": GROOMING, "hate": EXTREMISM, "details": BREACH}
# All that is shown to somebody who has to see to a website or to what was made public: neither needs to read about a child.
_FOR_BLOCKING = ("site", "when", "device")
_FOR_BREACH = ("sort", "site", "when")


class Content(Report):
    """Who met it, where and on what, what sort it was, and what has been done so far."""

    title = "Something unsuitable online"
    heard_as = (
        "inappropriate content",
        "something unsuitable came up on a school ipad",
        "the children saw a violent video",
        "an adult website opened on the classroom board",
        "a pupil found a self harm site",
        "racist videos came up on a school laptop",
        "pupils are watching extremist videos",
        "a gambling advert popped up in a lesson",
        "my son saw something horrible on youtube",
        "children saw a dangerous challenge on tiktok",
    )
    intro = (
        "Thank you for telling us. Please do not open it again, and send nothing of it here. "
        "A few short questions: you can go back at any of them, and read it all through at the end."
    )

    who_met_it: Literal["me", "my_child", "pupils", "whole_class", "colleague", "someone_else"] = ask(
        "Who came across it?",
        why="It decides who at the school looks after them.",
        labels={"pupils": "A pupil, or several", "whole_class": "A whole class", "colleague": "A member of staff"},
    )
    where: Literal["school_device", "school_wifi", "own_device_at_school", "school_mail", "home", "elsewhere"] = ask(
        "Where was that?",
        why="It shows what the school can change.",
        help="If it was at home your report counts just as much.",
        labels={
            "school_device": "On a school device",
            "school_wifi": "On the school's Wi-Fi",
            "own_device_at_school": "Own device, at school",
            "school_mail": "In school e-mail",
            "home": "At home",
            "elsewhere": "Somewhere else",
        },
    )
    sort: frozenset[
        Literal[
            "violence", "hate", "sexual", "maybe_a_child", "self_harm", "gambling_drugs", "scam", "challenge", "details",
            "stranger", "other", "not_sure",
        ]
    ] = ask(
        "What sort of thing was it? Tick what fits.",
        why="Some sorts cannot wait.",
        help="Please do not look at it again to find out. “Not sure” is a good answer.",
        labels={
            "hate": "Hate or extremism",
            "sexual": "Sexual, adults only",
            MAYBE_A_CHILD: "Sexual, maybe a child",
            "self_harm": "Self-harm or suicide",
            "gambling_drugs": "Gambling or drugs",
            "scam": "A scam or trick",
            "challenge": "A dare or challenge",
            "details": "Somebody's own details",
            "stranger": "Contact by a stranger",
            "other": "Something else",
        },
        locks=(MAYBE_A_CHILD,),
    )  # fmt: skip
    how: Literal["advert", "link", "played_on", "search", "shown", "not_sure"] | None = ask(
        "How did it come up?",
        help="As far as you know. Please do not put that question to a child.",
        optional=True,
        labels={
            "advert": "An advert or pop-up",
            "link": "A link or a message",
            "played_on": "It played by itself",
            "search": "Among search results",
            "shown": "It was shown to them",
        },
    )
    site: str | None = ask(
        "Which site, app or game was it?",
        why="It is needed to block it. Whoever does that is shown this, the time and the device, and nothing else.",
        help="Its name or address, in plain letters, from memory. Please name no child here.",
        optional=True,
    )
    device: str | NotAsked | None = ask(
        "Which room and which device was it?",
        why="So that the device can be looked at. Whoever does that is shown this, the site and the time, and nothing else.",
        help="Such as “Room 4, tablet 12”. Please name no child here.",
        when={"you": STAFF, "where": _ON_SCHOOL_KIT},
        optional=True,
    )
    upset: Literal["yes", "no", "not_sure"] | None = ask(
        "Is anybody upset by it?",
        why="Then somebody looks after them too, whatever happens with the site.",
        optional=True,
    )
    done_so_far: frozenset[Literal["closed", "put_aside", "nothing"]] | NotAsked | None = ask(
        "What has been done so far?",
        why="It shows what is still to do.",
        when={"you": STAFF, "where": _ON_SCHOOL_KIT},
        optional=True,
        labels={"closed": "The screen is closed", "put_aside": "The device is put aside", "nothing": "Nothing yet"},
    )
    block: Literal["yes", "no", "not_sure"] | NotAsked | None = ask(
        "Should the school block it?",
        why="Whoever does that is then told the site, the time and the device, and nothing else.",
        when={"where": _ON_SCHOOL_KIT},
        optional=True,
    )

    def matter(self) -> str:
        if own := self._own_matters:
            return own[0]
        if self.who_met_it in _CHILDREN:
            return "content_met_by_pupil"
        return "content_met_by_staff" if self._staff_met_it else TELL_THE_LEAD

    def severity(self) -> Severity:
        usual = super().severity()
        if "self_harm" not in self._sorts:
            return usual
        return Severity.IMMEDIATE if self.who_met_it in _CHILDREN else fastest(usual, Severity.HIGH)

    def also(self) -> tuple[Part, ...]:
        """The lead hears of whoever is upset; what was made public and what is to be blocked reach those who can mend just that."""
        parts = []
        if self.upset == "yes" and self.matter() in ("content_met_by_staff", BREACH):
            parts.append(Part(TELL_THE_LEAD, ("who_met_it", "where", "sort", "upset", "happened")))
        if BREACH in self._own_matters[1:]:
            parts.append(Part(BREACH, _FOR_BREACH))
        if self.block == "yes" and (self.site or self.device):
            parts.append(Part(TO_BLOCK, _FOR_BLOCKING))
        return tuple(parts)

    def advice(self) -> tuple[str, ...]:
        if MAYBE_A_CHILD in self._sorts:
            return ()  # what is said about such a picture is said once, for every report
        if GROOMING in self._own_matters:
            return advice.CHILD_CONTACTED
        lines = ["Please close it, and do not open it again or show it to anybody."]
        if self.where in _ON_SCHOOL_KIT:
            lines.append("Put the device aside as it is, so that it can be looked at. Nothing on it needs to be cleared.")
        if "challenge" in self._sorts:
            lines.append(
                "Please do not name the challenge to other parents or children, and do not pass on warnings about it: that makes "
                "more of them look for it. The school can say what helps without naming it."
            )
        if "self_harm" in self._sorts:
            lines.append(advice.NOT_SAFE_NOW)
        if self.who_met_it in _CHILDREN:
            lines.append("If a child wants to talk about it, listen, and leave the questions to the school. It was right to tell.")
        return tuple(lines)

    @property
    def _sorts(self) -> frozenset[str]:
        # A report that was cut short by a picture was never asked.
        return frozenset(self.sort) if isinstance(self.sort, frozenset) else frozenset()

    @property
    def _own_matters(self) -> tuple[str, ...]:
        about = [matter for sort, matter in _OWN_MATTERS.items() if sort in self._sorts]
        return tuple(one for one in about if one != GROOMING or self.who_met_it in _CHILDREN)

    @property
    def _staff_met_it(self) -> bool:
        return self.who_met_it == "colleague" or (self.who_met_it == "me" and self.you in STAFF)
