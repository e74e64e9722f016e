"""A friend, follow or message request that nobody asked for."""

from __future__ import annotations

from typing import Literal

from flows import advice
from flows.cases.case import Severity
from flows.flow import NotAsked, Part, Role, ask
from flows.frame import STAFF, Report, fastest, here_or_privately
from flows.matters import TELL_THE_LEAD
from flows.platforms import Platform

GROOMING = "grooming"
STAFF_TO_PUPIL = "contact_staff_to_pupil"
SEXUAL_PICTURE = "sexual_picture"

_CHILD = ("my_child", "another_pupil")
# "Somebody else" may be a child too, and then what it asked of them must not go unheard.
_PERHAPS_CHILD = (*_CHILD, "someone_else")
_FROM_FAMILIES = ("pupil", "parent", "former_pupil")
_NO_SIGN = frozenset({"none", "not_sure"})


class FriendRequest(Report):
    """Who sent it, who received it, where, how often, and whether anything in it is a reason to act at once."""

    title = "Unwanted friend or follow request"
    heard_as = (
        "unwanted friend request",
        "report a friend request",
        "a pupil sent me a friend request",
        "a parent added me",
        "an old pupil of mine keeps following me",
        "somebody follows my child online",
        "a stranger wants to be friends with my child",
        "my daughter was invited into a group by someone we do not know",
        "a stranger on a game keeps messaging my son",
        "somebody on roblox asked to be my son's friend",
    )
    intro = "Thank you for telling us. A few short questions. You can go back at any of them, and read it all through at the end."

    sender: Literal[
        "pupil", "parent", "former_pupil", "adult_at_school", "known_adult", "stranger", "not_sure"
    ] = ask(
        "Who sent it?",
        help="As far as you know. You do not need to find out. A governor or a volunteer counts as an adult at school.",
        labels={
            "pupil": "A pupil",
            "parent": "A parent or carer",
            "former_pupil": "A former pupil",
            "adult_at_school": "An adult at school",
            "known_adult": "Another adult we know",
            "stranger": "Somebody unknown",
        },
    )  # fmt: skip
    read_along: Literal["here", "private_page"] | NotAsked = here_or_privately({"sender": "adult_at_school", "adult_part": "no"})
    which_adult: Role | NotAsked = ask(
        "What is that adult's role?",
        why="The person it is about is left out of everything that follows.",
        help="We ask for the role and not for the name. Choose “someone else” if it is not in the list.",
        when={"sender": "adult_at_school", "adult_part": ("no", "not_sure")},
        gate=True,
    )
    still_a_child: Literal["yes", "no", "not_sure"] | NotAsked = ask(
        "Is the former pupil under 18, as far as you know?",
        why="Some schools' rules go on for pupils who have left, until they are grown up.",
        when={"sender": "former_pupil"},
    )
    receiver: Literal["me", "colleague", "my_child", "another_pupil", "someone_else"] = ask(
        "Who received it?",
        why="It decides who at the school looks into it.",
        labels={"colleague": "A member of staff", "another_pupil": "A pupil"},
    )
    signs: frozenset[
        Literal["meet", "move_app", "secret", "wanted_pictures", "gifts", "sexual_picture", "none", "not_sure"]
    ] | NotAsked | None = ask(
        "Did any of this happen? Tick what you know of.",
        why="Any of it is a reason to act today.",
        help="You do not need to ask anybody about it. What you know already is enough.",
        when={"receiver": _PERHAPS_CHILD},
        optional=True,
        labels={
            "meet": "Asked to meet",
            "move_app": "Move to another app",
            "secret": "Asked to keep a secret",
            "wanted_pictures": "Asked for pictures",
            "gifts": "Offered gifts or money",
            SEXUAL_PICTURE: "A sexual picture, maybe",
            "none": "None of these",
        },
        locks=(SEXUAL_PICTURE,),
    )  # fmt: skip
    worry: Literal["yes", "no", "sexual_picture"] | NotAsked | None = ask(
        "Did anything in it worry you?",
        why="Then whoever looks after safeguarding sees it too.",
        help="If so, you can say what it was in your own words in a moment.",
        when={"receiver": ("me", "colleague")},
        optional=True,
        labels={SEXUAL_PICTURE: "A sexual picture, maybe"},
        locks=(SEXUAL_PICTURE,),
    )
    how: Literal["friend", "follow", "message", "group", "game_chat"] | None = ask(
        "How did it come?",
        help="The nearest one will do.",
        optional=True,
        labels={
            "friend": "A friend request",
            "follow": "A follow request",
            "message": "A message",
            "group": "A group invitation",
            "game_chat": "Chat in a game",
        },
    )
    platform: Platform | None = ask(
        "Where did it happen?", help="The app, game or site. If you see no button for it, type its name.", optional=True
    )
    how_often: Literal["once", "several", "ongoing"] | None = ask(
        "How often has it happened?",
        optional=True,
        labels={"several": "Several times", "ongoing": "It is still going on"},
    )
    done_so_far: Literal["nothing", "declined", "accepted", "answered", "other"] | NotAsked | None = ask(
        "What has been done with it so far?",
        why="It shows what is still open.",
        help="Whatever it was is fine to say. Many requests are accepted before anybody notices who they are from.",
        when={"receiver": ("me", "my_child")},
        optional=True,
        labels={
            "nothing": "Nothing yet",
            "declined": "Declined or blocked",
            "accepted": "Accepted",
            "answered": "Answered",
            "other": "Something else",
        },
    )
    tie: Literal["no", "family", "friendship", "other", "rather_not_say"] | NotAsked | None = ask(
        "Do you know each other in another way, outside school?",
        why="Some schools like to have such ties written down. Having one is nothing wrong.",
        when={"you": STAFF, "receiver": "me", "sender": _FROM_FAMILIES},
        optional=True,
        labels={"family": "We are family", "friendship": "An earlier friendship", "other": "Another way"},
    )
    sender_name: str | NotAsked | None = ask(
        "What is the sender's name, if you know it?",
        why="So that whoever looks into it need not come back to you for it.",
        help="Leave it out if you do not know. Nobody needs to find out.",
        when={"you": STAFF, "receiver": ("me", "colleague"), "sender": _FROM_FAMILIES},
        optional=True,
    )
    still_there: Literal["yes", "no", "not_sure"] | NotAsked | None = ask(
        "Do you still have it?",
        why="Then somebody can look at it with you, if that is needed.",
        help="Please keep it where it is. You can show it in person if you are asked. Send nothing of it here.",
        when=({"how": ("message", "group", "game_chat")}, {"how_often": ("several", "ongoing")}),
        optional=True,
    )

    def matter(self) -> str:
        if self._grooming and self.sender != "adult_at_school":
            return GROOMING
        match self.sender:
            case "pupil" | "former_pupil" if self._to_staff:
                return "contact_pupil_to_staff"
            case "parent" if self._to_staff:
                return "contact_parent_to_staff"
            case "adult_at_school":
                return self._from_school
            case "pupil":
                return "pupil_conduct"
        return TELL_THE_LEAD

    def severity(self) -> Severity:
        usual = super().severity()
        if self._grooming:
            return Severity.IMMEDIATE
        if self._worrying or (self.receiver in _CHILD and not self._from_child):
            return fastest(usual, Severity.HIGH)
        if self._everyday:
            return Severity.MEDIUM
        return fastest(usual, Severity.MEDIUM) if self.how_often in ("several", "ongoing") else usual

    def also(self) -> tuple[Part, ...]:
        """What worries goes to the safeguarding lead too, wherever the request itself goes."""
        told = ("sender", "receiver", "signs", "worry", "platform", "happened")
        if self._grooming and self.matter() != GROOMING:
            return (Part(GROOMING, told),)
        if self._worrying and self.matter() not in (GROOMING, TELL_THE_LEAD):
            return (Part(TELL_THE_LEAD, told),)
        return ()

    def advice(self) -> tuple[str, ...]:
        if SEXUAL_PICTURE in (self.worry, *self._ticked):
            return ()  # what is said about such a picture is said once, for every report
        if self._grooming:
            return advice.CHILD_CONTACTED
        undo = " If it was accepted, it can be undone in the app, without a word."
        lines = [
            f"Please do not accept it and do not answer.{undo if self.done_so_far == 'accepted' else ''}",
            advice.KEEP_IT,
            advice.SETTINGS,
            advice.OFFICIAL,
        ]
        if self.tie in ("family", "friendship", "other"):
            lines.append("You said that you know each other in another way. You can ask the school, or here, how to declare that.")
        return tuple(lines)

    @property
    def _ticked(self) -> frozenset[str]:
        return frozenset(self.signs) if isinstance(self.signs, frozenset) else frozenset()

    @property
    def _worrying(self) -> bool:
        """Whether a sign was ticked, or may be there, or something in it worried whoever received it."""
        return self.worry == "yes" or bool(self._ticked - {"none"})

    @property
    def _grooming(self) -> bool:
        """Whether a grown-up, or somebody who may be one, asked for what is asked of a child to win its trust."""
        return bool(self._ticked - _NO_SIGN) and self.receiver in _PERHAPS_CHILD and not self._from_child

    @property
    def _from_child(self) -> bool:
        return self.sender == "pupil" or (self.sender == "former_pupil" and self.still_a_child == "yes")

    @property
    def _to_staff(self) -> bool:
        return self.receiver == "colleague" or (self.receiver == "me" and self.you in STAFF)

    @property
    def _from_school(self) -> str:
        if self.receiver in _CHILD or self._grooming:
            return STAFF_TO_PUPIL
        return "contact_staff_to_parent" if self.receiver == "me" and self.you == "parent" else "staff_conduct"

    @property
    def _everyday(self) -> bool:
        """One grown-up asked another, nothing in it worries anybody, and nobody from the school is part of it."""
        calm = self.danger == "no" and self.adult_part in ("no", "not_sure")
        return calm and self.receiver in ("me", "colleague") and self.matter() == TELL_THE_LEAD
