"""Saying whom of the school a case is about, or that oneself is too close to it: who may, whom is meant, what is asked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.drill import mark
from bot.messages import Choice, Reply
from bot.naming import TITLES
from bot.schools import School
from bot.summaries import role_words
from flows.cases.case import Case, Status
from flows.cases.routing import CHAIR, HEADTEACHER
from flows.setting import SHORT
from knowledge.words import words as words_of
from storage.kept import Person

CONCERNS, PASS_ON, YES, NO = "concerns", "pass-on", "concerns-yes", "concerns-no"
ROLE = "concerns-role:"  # followed by the role

CONCERNS_BUTTON = "It is about somebody here"
ASIDE_BUTTON = "Not for me"
ABOUT_WHOM = (
    "Who is {reference} about? Press a role, or type “{reference} concerns” and the name. "
    "They lose every sight of it at once, and it goes on past them."
)
SURE = "Shall I keep {reference} from {whom}? They lose every sight of it at once, and this cannot be taken back here."
SURE_YES, SURE_NO = "Yes, keep it from them", "No"
LEFT = "All right. Nothing has changed for {reference}."
KEPT = "Thank you. From now on I keep {reference} from {whom}."
NOW_TOLD = "I am telling {roles} now."
NOBODY_LEFT = (
    "Nobody is left at the school to tell: whoever sent it is asked to phone. The local authority's designated officer helps."
)
WHICH = "I cannot tell whom you mean by that. Type the name in full, as “{reference} concerns First Last”, or press a role."
HELD_FIRST = "Acknowledge {reference} first: whoever has it says whom it is about. So may the headteacher and the chair."
PASSED_ON = "All right, {reference} goes to the next person. You need not say why, and you will not see it again."
GOES_ON = "{reference} has gone on to somebody else at the school. I am telling {roles} now."
GOES_ON_QUIETLY = "{reference} has gone on to somebody else at the school."


def offering(reply: Reply, case: Case) -> Reply:
    """The page REPLY of CASE with the two buttons, as long as it is not closed."""
    if case.status is Status.CLOSED:
        return reply
    more = (Choice(ASIDE_BUTTON, PASS_ON), Choice(CONCERNS_BUTTON, CONCERNS))
    return Reply(reply.text, choices=(*reply.choices, *more), about=reply.about, title=reply.title, facts=reply.facts)


def may_say(person: Person, case: Case) -> bool:
    """Whether PERSON, who can see CASE, may say whom it is about: whoever has it, and those who stand above everybody else."""
    return case.holder == person.id or HEADTEACHER in person.roles or CHAIR in person.roles


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom words mean: everybody who holds `role`, or, where that is empty, whoever goes by a name."""

    people: tuple[Person, ...]
    role: str = ""

    @property
    def sure(self) -> bool:
        """Whether there is somebody, and not one of several by the same name."""
        return bool(self.people) and (bool(self.role) or len(self.people) == 1)


def meant(words: str, people: Iterable[Person], school: School) -> Meant:
    """Whom of PEOPLE the WORDS mean, by the role they hold at SCHOOL or by name."""
    everybody = tuple(people)
    plain = " ".join(words.casefold().split()).removeprefix("the ")
    called = {SHORT[role].casefold(): role for role in school.roles if role in SHORT}
    called |= {role: role for role in school.roles} | {own.casefold(): role for role, own in school.roles.items()}
    if role := called.get(plain):
        return Meant(tuple(one for one in everybody if role in one.roles), role)
    return Meant(tuple(one for one in everybody if _called(words, one)))


def _called(given: str, person: Person) -> bool:
    """Whether GIVEN is a name of PERSON's, in part or in full. Nothing else stands there, so that a name that is a word is one."""
    said = set(words_of(given)) - TITLES
    return bool(said) and said <= set(words_of(person.name)) - TITLES


def ask_whom(case: Case, school: School) -> Reply:
    """The roles to choose from, whoever holds them and whether or not they know of it: the list says nothing."""
    choices = tuple(Choice(SHORT.get(role, words), f"{ROLE}{role}") for role, words in school.roles.items())
    return Reply(mark(case, ABOUT_WHOM.format(reference=case.reference)), choices=choices, about=f"case:{case.id}")


def ask_sure(case: Case, whom: str, token: str) -> Reply:
    """Nothing is done on a name alone."""
    text = mark(case, SURE.format(reference=case.reference, whom=whom))
    return Reply(text, choices=(Choice(SURE_YES, YES), Choice(SURE_NO, NO)), about=f"case:{case.id}:{token}")


def kept(case: Case, whom: str, door: Sequence[str], school: School) -> Reply:
    """What whoever said it hears: who is told instead, and nothing of whether anybody had seen it."""
    lines = [KEPT.format(reference=case.reference, whom=whom)]
    if door:
        lines.append(NOW_TOLD.format(roles=role_words(school, door)))
    elif case.waiting and not case.rungs:
        lines.append(NOBODY_LEFT)
    return Reply(mark(case, " ".join(lines)))


def reporter_told(case: Case, door: Sequence[str], school: School) -> Reply:
    """What whoever sent it hears when it has gone from one person to another: not who, and not why."""
    if not door:
        return Reply(GOES_ON_QUIETLY.format(reference=case.reference))
    return Reply(GOES_ON.format(reference=case.reference, roles=role_words(school, door)))


def said(case: Case, sentence: str) -> Reply:
    """SENTENCE about CASE, to somebody who can see it."""
    return Reply(mark(case, sentence.format(reference=case.reference)), about=f"case:{case.id}")
