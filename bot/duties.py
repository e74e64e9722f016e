"""Which rules of a policy say to tell somebody, and whether any route sees to it. Read by sentence, for `signpost check`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from flows.cases.routing import Route
from knowledge.policy import Policy, Section

# What English school policies call those who can be told.
INSIDE = MappingProxyType(
    {
        "headteacher": r"head ?teachers?|head of school|principal",
        "dsl": r"DSLs?|(?:designated )?safeguarding (?:leads?|officers?)|child protection (?:officer|person|lead)",
        "deputy_dsl": r"deputy (?:DSLs?|safeguarding leads?)|safeguarding team",
        "chair": r"chair(?:person)? of (?:the )?(?:governors|governing body|local academy committee)",
        "slt": r"senior leadership team|senior leaders?|SLT",
        "it": r"(?:ICT|IT) (?:provider|technicians?|support|team)|network manager",
        "office": r"school office|admin(?:istration)? team|the office",
        "class_teacher": r"class ?teachers?",
        "dpo": r"data protection officer|DPO",
        "eso": r"e-?safety officer",
        "oso": r"online safety officer",
        "computing_lead": r"(?:ICT|computing) (?:lead(?: teacher)?|co-?ordinator)",
    }
)
# They stand on no rung. Nor does a role that the school has no word for, such as the one teacher of a class: a step names them.
OUTSIDE = MappingProxyType(
    {
        "the police": r"police",
        "the designated officer": r"LADO|designated officer",
        "CEOP": r"CEOP",
        "children's social care": r"(?:children's )?social (?:care|services)",
    }
)

WORDS = MappingProxyType({**INSIDE, **OUTSIDE})

_TELLS = (
    r"tells?|told|inform(?:s|ed)?|notif(?:y|ies|ied)|reports?|reported|contacts?|alerts?|asks?|lets?|refers?|consults?|"
    r"declares?|given to|(?:take|taken|bring|goes|go|going|sends?|sent|pass|passes|passed|referred|turns?|talks?|speaks?|spoken)"
    r"(?: \S+){0,9}? (?:to|with)"
)
_IS_TOLD = r"(?:is|are|be|been) (?:also )?(?:told|informed|notified|alerted|contacted|consulted)|gets|receives"
_NOT = "".join(f"(?<!{words})" for words in ("no ", "never to ", "never to the ", "not to the "))
# As far as a person reads on before the one who is told must have come up; a comma or a dash does not end the thought.
_NEAR = r"(?:\s+\S+){0,9}?\s+"
_SO_NEAR = r"(?:\s+\S+){0,7}?\s+"
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Duty:
    """A rule that says to tell somebody: any of the ROLES will do, and each of the OTHERS has to be named in a step."""

    section: Section
    roles: frozenset[str]
    others: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Patterns:
    """How one of those who can be told is written, alone and in a sentence that says to tell them."""

    name: re.Pattern[str]
    told: re.Pattern[str]

    def said_in(self, text: str) -> bool:
        """Whether TEXT says to tell them."""
        # Most rules name nobody, and every school is looked through at the start.
        return self.name.search(text) is not None and any(self.told.search(one) for one in _SENTENCE.split(text))


def duties(policy: Policy, words: Mapping[str, str]) -> Iterator[Duty]:
    """The rules of POLICY that say whom to tell. WORDS are the school's own names for its roles."""
    patterns = {one: _patterns(names + _own(words.get(one, ""))) for one, names in WORDS.items()}
    for section in policy.leaves():
        if section.fact:
            continue
        named = {one for one, known in patterns.items() if known.said_in(section.text)}
        if named:
            yield Duty(section, frozenset(named & words.keys()), frozenset(named - words.keys()))


def met(duty: Duty, routes: Mapping[str, Route]) -> bool:
    """Whether a route that gives this rule as its reference tells whom the rule names."""
    near = [route for route in routes.values() if any(_covers(ref, duty.section) for ref in route.ref)]
    told = {role for route in near for role in (*route.to, *route.also)}
    advice = " ".join(line for route in near for line in (*route.steps, route.then))
    named = {one for one in duty.others if re.search(WORDS[one], advice, re.IGNORECASE)}
    return (not duty.roles or bool(duty.roles & told)) and named == duty.others


def _covers(ref: str, section: Section) -> bool:
    # A route may give the whole section; one that gives a rule means that rule and what is told apart within it.
    return ref in (section.ref, section.within) or section.ref.startswith(f"{ref}.")


def _own(words: str) -> str:
    """A school's own name for a role, and what stands there in brackets, as further ways to say it."""
    return "".join(f"|{re.escape(word.strip())}" for word in re.split(r"[()]", words) if word.strip())


@cache
def _patterns(names: str) -> _Patterns:
    name = rf"\b{_NOT}(?:{names})s?\b"
    before, after = rf"\b(?:{_TELLS}){_NEAR}(?:\S+/)?{name}", rf"{name}{_SO_NEAR}(?:{_IS_TOLD})"
    return _Patterns(re.compile(name, re.IGNORECASE), re.compile(f"{before}|{after}", re.IGNORECASE))
