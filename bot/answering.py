"""How an answer from the policy looks: rules quoted with their source, the closest few to choose from, or honestly none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot import paging, wording
from bot.messages import Choice, Reply
from bot.schools import School
from knowledge.policy import Policy, Section
from knowledge.search import Answer

# What a button under an answer belongs to, followed by the question's id where an old one must be known from a new one.
OURS = "policy:"
RULES, RATING, SILENT = f"{OURS}rules:", f"{OURS}rating:", f"{OURS}silent:"
CONTENTS = f"{OURS}contents"

# What is heard when a button is pressed. A rule's own reference shows the rule; no reference begins with a hyphen.
WHOLE, LIST, CLOSEST = "-whole", "-list", "-closest"
RIGHT, WRONG, NONE, MEANT, NOTE_IT = "-right", "-wrong", "-none", "-meant", "-note"

OFFERED = 3  # rules to choose from: with more, people stop reading
LABEL = 72  # letters on a button; the strictest platform refuses more than 75
_TOGETHER = 4  # rules quoted as one answer; a cross-reference to half the policy is not an answer


@dataclass(frozen=True, slots=True)
class Desk:
    """The school's policy as it stands on one day, from which answers are given."""

    school: School
    today: date

    @property
    def policy(self) -> Policy:
        """What is quoted from."""
        return self.school.policy


def together(policy: Policy, rule: Section) -> tuple[Section, ...]:
    """RULE and those that say the same, say more, or contradict it: nobody may be shown only one side."""
    beside = [policy.section(ref) for ref in rule.also]
    return tuple(dict.fromkeys([rule, *(one for one in beside if one.text)]))[:_TOGETHER]


def quoted(desk: Desk, answers: Iterable[Section]) -> tuple[Reply, ...]:
    """What the policy says, for each of ANSWERS with what belongs to it: words, place, whom it binds, document, warning."""
    replies: list[Reply] = []
    for best in answers:
        blocks = (_rule(desk.policy, rule) for rule in together(desk.policy, best))
        first, *more = (Reply(page) for page in paging.pages(blocks))
        *most, last = (replace(first, title=wording.POLICY_SAYS), *more)
        replies += [*most, replace(last, facts=_source(desk))]
    return tuple(replies)


def rating(desk: Desk, answers: Sequence[Section], question: str) -> Reply:
    """What follows an answer: was it right, and where to read on."""
    homes: dict[Section, Section] = {}
    for rule in (rule for best in answers for rule in together(desk.policy, best)):
        homes.setdefault(_home(desk.policy, rule), rule)
    choices = [Choice(wording.YES, RIGHT), Choice(wording.NO, WRONG)]
    for home, rule in homes.items():
        reading = wording.WHOLE_SECTION if len(homes) == 1 else wording.WHOLE_OF.format(place=desk.policy.place(home))
        choices.append(Choice(paging.short(reading, LABEL), f"{WHOLE} {rule.ref} 0"))
    return Reply(wording.WAS_THIS_RIGHT, choices=tuple(choices), about=f"{RATING}{question}")


def offered(desk: Desk, text: str, rules: Iterable[Section], question: str) -> Reply:
    """TEXT and a button for each of RULES: nothing is asserted."""
    return Reply(text, choices=tuple(Choice(label(desk.policy, rule), rule.ref) for rule in rules), about=f"{RULES}{question}")


def silent(desk: Desk, text: str, question: str, *more: Choice, note: bool) -> Reply:
    """The policy does not say: whom to ask instead, and whether the school may know what was asked."""
    roles = desk.school.roles
    told = text.format(school=desk.school.title, headteacher=roles["headteacher"], office=roles["office"])
    if not note:
        return Reply(told)
    choices = (Choice(wording.NOTE_IT, NOTE_IT), *more, Choice(wording.CONTENTS, LIST))
    return Reply(f"{told}\n\n{wording.MAY_I_NOTE_IT}", choices=choices, about=f"{SILENT}{question}")


def closest(policy: Policy, found: Answer, without: Iterable[str] = ()) -> tuple[Section, ...]:
    """The rules of FOUND that come nearest, those in WITHOUT left out."""
    known = {policy.section(ref).ref for ref in without if ref in policy}
    rules = dict.fromkeys(hit.section for hit in found.sections if hit.section.ref not in known)
    return tuple(rules)[:OFFERED]


def whole(desk: Desk, rule: Section, page: int = 0) -> Reply:
    """The section that RULE stands in, from the document, RULE itself marked; long ones page by page."""
    policy = desk.policy
    home = _home(policy, rule)
    blocks = [home.text]
    lead = ""
    for one in policy.rules(home.ref):
        if one.lead and one.lead != lead:
            blocks.append(one.lead)
        lead = one.lead
        mark = wording.MARKED if one.ref == rule.ref else wording.UNMARKED
        blocks.append(f"{mark} {one.title}\n{one.text}")
    shown = paging.pages(blocks)
    page = min(page, len(shown) - 1)
    more = (Choice(wording.READ_ON, f"{WHOLE} {rule.ref} {page + 1}"),) if page + 1 < len(shown) else ()
    facts = () if more else _source(desk)
    return Reply(
        shown[page],
        choices=more,
        about=CONTENTS if more else "",
        title=f"{home.title} ({policy.place(home)})" if policy.number(home) else home.title,
        facts=facts,
    )


def _home(policy: Policy, rule: Section) -> Section:
    return policy.section(rule.within) if rule.within is not None else rule


def _rule(policy: Policy, rule: Section) -> str:
    """One rule as it is quoted: its title within its section, whom it binds, and its words after what they hang on."""
    above = " › ".join(rule.path[:-1])
    number = policy.place(rule) if policy.number(rule) else ""
    stands = f"{above} ({number})" if above and number else above or number
    bound = [people for name, people in wording.AUDIENCES.items() if name in rule.audience]
    heading = [f"{wording.MARKED} {rule.title}", stands, wording.RULE_FOR.format(people=wording.listed(bound))]
    words = f"{rule.lead} {rule.text}" if rule.lead else rule.text
    return "\n".join(line for line in heading if line) + f"\n\n{words}"


def label(policy: Policy, rule: Section, within: Section | None = None) -> str:
    """RULE on a button, with its place where that is another than WITHIN's. What is cut is its title, never its place."""
    place = policy.place(rule) if policy.number(rule) or rule.within is not None else ""
    if not place or (within is not None and place == policy.place(within)):
        return paging.short(rule.title, LABEL)
    behind = f" ({paging.short(place, LABEL // 2)})"
    return paging.short(rule.title, LABEL - len(behind)) + behind


def _source(desk: Desk) -> tuple[tuple[str, str], ...]:
    policy = desk.policy
    known = [policy.title, *([wording.VERSION.format(version=policy.version)] if policy.version else [])]
    if desk.school.published is not None:
        known.append(wording.PUBLISHED.format(number=desk.school.published))  # with it, `policy history` shows what was said
    facts = [("From", ", ".join([*known, wording.EDITIONS[policy.edition]]))]
    if (warning := policy.review_warning(desk.today)) is not None:
        facts.append(("Please note", warning))
    return tuple(facts)
