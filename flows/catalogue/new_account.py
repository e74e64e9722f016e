"""Somebody who works or helps at the school asks first: for an account, for its name, about a post, or to use a device."""

from __future__ import annotations

from typing import Literal

from flows.flow import NotAsked, ask
from flows.frame import UNDER_18, YOU_HEARD, Request
from flows.platforms import Platform

_ACCOUNT = {"wish": "account"}
_NAME = {"wish": "name"}
_POST = {"wish": "post"}
_PERMISSION = {"wish": "permission"}

_MATTERS = {"account": "new_account", "name": "draft_check", "post": "draft_check", "permission": "permission_needed"}


class NewAccount(Request):
    """What is asked for, and what somebody has to weigh up before they say yes. No password is ever asked for."""

    title = "Ask first: an account, a post, a permission"
    heard_as = (
        "ask for a new school account",
        "request a new account",
        "set up an account for our class",
        "start a class blog",
        "use the school logo",
        "use the school name and logo",
        "have a post checked before it goes up",
        "get a draft checked",
        "ask for permission to use a camera",
    )
    intro = "All right. A few short questions, and nothing is sent until you have read it through. Please never send a password."

    you: Literal["parent", "staff", "volunteer", "governor", "under_18"] = ask(
        "Who are you?",
        why="Only people who work or help at the school can ask for this.",
        labels={"parent": "Parent or carer", "staff": "I work at the school", UNDER_18: "I am under 18"},
        heard=YOU_HEARD,
        stops={
            "parent": (
                "Thank you for asking. This is for people who work or help at the school. "
                "If you would like to use its name or pictures, or to start a group for parents, please ask the school office."
            ),
            UNDER_18: "Thank you for asking. Please ask your teacher. A teacher can ask for it.",
        },
    )
    wish: Literal["account", "name", "post", "permission"] = ask(
        "What would you like to ask for?",
        why="It decides what somebody has to know before they can say yes.",
        labels={
            "account": "A new account or page",
            "name": "School name or logo",
            "post": "A look at a post",
            "permission": "A device, Wi-Fi, camera",
        },
    )

    # A new account: what is weighed up first, and who looks after it.
    platform: Platform | NotAsked = ask("Where would the account be?", help="The app or site.", when=_ACCOUNT)
    purpose: str | NotAsked = ask("What is the account for?", help="In a sentence or two.", when=_ACCOUNT)
    worth: str | NotAsked | None = ask(
        "What would pupils or families gain from it, and is that worth the work?",
        why="Every account takes time that is then missing elsewhere.",
        when=_ACCOUNT,
        optional=True,
    )
    interaction: Literal["none", "families", "public", "not_sure"] | NotAsked | None = ask(
        "Who could answer or comment there?",
        why="Wherever people can answer, somebody has to keep watch.",
        when=_ACCOUNT,
        optional=True,
        labels={"none": "Nobody", "families": "Families of the school", "public": "Anybody"},
    )
    contributors: str | NotAsked | None = ask(
        "Who would post on it?", help="Staff, pupils, parents, others: roles and no names.", when=_ACCOUNT, optional=True
    )
    time: str | NotAsked | None = ask(
        "How much time would it take, and whose?", help="Roughly, in a week.", when=_ACCOUNT, optional=True
    )
    plan: str | NotAsked | None = ask("What is the plan, and how long would it run?", when=_ACCOUNT, optional=True)
    success: str | NotAsked | None = ask("How would you tell whether it works?", when=_ACCOUNT, optional=True)
    owner: str | NotAsked = ask(
        "Who would be in charge of it?",
        why="Somebody has to answer for it, also when you are away.",
        help="The role of that person.",
        when=_ACCOUNT,
    )
    school_email: Literal["yes", "no", "not_sure"] | NotAsked | None = ask(
        "Would it run under a school e-mail address?",
        why="An account under a private address is hard to take over.",
        help="Please leave out passwords.",
        when=_ACCOUNT,
        optional=True,
    )

    # A post, or the school's name on something.
    wanted: str | NotAsked = ask(
        "What would you like to use, and for what?", help="The name, the logo or other material.", when=_NAME
    )
    draft: str | NotAsked = ask(
        "What does the post say?", help="Its words. Please send no pictures: say what they show.", when=_POST
    )
    channel: str | NotAsked = ask("Where would it appear?", help="The page, the site or the paper.", when=[_NAME, _POST])
    wanted_on: str | NotAsked | None = ask("On which day is it wanted?", when=[_NAME, _POST], optional=True)
    pupils_shown: Literal["none", "one", "more", "not_sure"] | NotAsked = ask(
        "Does it show or mention any pupil?",
        why="Then there has to be consent for each of them.",
        help="Please write no names.",
        when=_POST,
        labels={"none": "No pupil", "one": "One pupil", "more": "Several pupils"},
    )
    consent_checked: Literal["yes", "no", "not_sure"] | NotAsked | None = ask(
        "Have you looked up whether there is consent for each of them?",
        why="Whoever decides knows then what is left to look up.",
        when={"pupils_shown": ("one", "more", "not_sure")},
        optional=True,
    )

    # A device, the Wi-Fi or a camera.
    thing: Literal["camera", "staff_wifi", "pupil_wifi", "own_account", "other"] | NotAsked = ask(
        "What would you like to use?",
        when=_PERMISSION,
        labels={
            "camera": "A camera or device",
            "staff_wifi": "Wi-Fi, for myself",
            "pupil_wifi": "Wi-Fi, for pupils",
            "own_account": "Own account, school kit",
            "other": "Something else",
        },
    )
    reason: str | NotAsked = ask("What is it for?", help="A sentence will do.", when=_PERMISSION)
    lesson: str | NotAsked | None = ask(
        "For which lesson, trip or time?",
        help="The class and the day. Please write no pupil's name.",
        when=_PERMISSION,
        optional=True,
    )

    def matter(self) -> str:
        return _MATTERS[self.wish]

    def advice(self) -> tuple[str, ...]:
        return ("You will hear here what is decided. Please wait for it before you begin.",)
