"""Everything the model learns from: the phrase bank, the schools' own rules, and which rule answers which topic there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge import bank, markdown
from knowledge.policy import Policy
from knowledge.spoken import asked_by, rule_words

SCHOOLS = Path(bank.__file__).with_name("schools")
INVENTED, IMPORTED = bank.FOLDER / "invented", bank.FOLDER / "imported"

_HARMLESS = frozenset({"smalltalk", "talk_to_human", "blocked_site_request", "question", "image_consent"})


@dataclass(frozen=True, slots=True)
class Ask:
    """One way somebody asks about a topic, and who wrote it (judged apart, so that a writer's habits are not learnt)."""

    topic: str
    text: str
    writer: str


@dataclass(frozen=True, slots=True)
class Document:
    """What an ask should come near: a rule of one school, or a topic's own description."""

    school: str
    text: str
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """A question put to one school by somebody who read its document: which of our rules answer it, none where it is silent."""

    writer: str
    school: str
    audience: str
    text: str
    refs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Precedent:
    """A question that was written for one rule of one school: REFS are that rule and others that answer it too, none if silent."""

    writer: str
    school: str
    audience: str
    text: str
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One policy: its rules, the section of each, and questions with the numbers of the rules that answer them, the best first."""

    rules: tuple[str, ...]
    within: tuple[str | None, ...]
    questions: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and its class: an intent, or a level of risk."""

    label: str
    text: str
    writer: str


def asks() -> tuple[Ask, ...]:
    """Every phrase of the bank, as its audience would be heard."""
    return tuple(Ask(topic, asked_by(audience, text), writer) for writer, topic, audience, text in _rows("asks"))


def questions() -> tuple[Question, ...]:
    """The questions that say how the signs add up and when an answer may be sure. The network is not taught with them."""
    return tuple(
        Question(writer, school, audience, text, frozenset(refs.split()))
        for writer, school, audience, refs, text in _rows("questions")
    )


def precedents() -> tuple[Precedent, ...]:
    """The questions that were written rule by rule for the schools we ship."""
    return tuple(_precedent(writer, *columns) for writer, *columns in _rows("precedents"))


def invented() -> tuple[dict[str, Policy], tuple[Precedent, ...]]:
    """Policies of schools that do not exist, and the questions that were written rule by rule for them."""
    return _made_up(INVENTED)


def borrowed() -> tuple[dict[str, Policy], tuple[Precedent, ...]]:
    """Every policy, and what was asked of its rules, that a rule nobody has read may borrow from.

    What an invented policy does not say, others may: of unanswered questions only those to the schools we ship are in it.
    """
    made, asked = invented()
    held, more = imported()
    return {**policies(), **made, **held}, (*precedents(), *(one for one in (*asked, *more, *lent()) if one.refs))


def lent() -> tuple[Precedent, ...]:
    """What others than their authors asked of the invented and the imported policies. The network is not taught with it."""
    return tuple(_precedent(writer, *columns) for writer, *columns in _rows("lent"))


def unread() -> tuple[dict[str, Policy], tuple[Question, ...]]:
    """Invented policies that the network is not taught with, and questions to them: as if a school had just imported its own.

    Who wrote a policy asked its questions as well, and then somebody else did.
    """
    held, own = imported()
    asked = (*own, *(one for one in lent() if one.school in held))
    return held, tuple(Question(one.writer, one.school, one.audience, one.text, frozenset(one.refs)) for one in asked)


def imported() -> tuple[dict[str, Policy], tuple[Precedent, ...]]:
    """Those policies, and the questions that were written rule by rule for them."""
    return _made_up(IMPORTED)


def policies() -> dict[str, Policy]:
    """The schools we ship by the name of their folder, with the rules that somebody named for each topic."""
    return {file.parent.name: markdown.load(file) for file in sorted(SCHOOLS.glob("*/policy.md"))}


def lessons() -> tuple[Lesson, ...]:
    """Every policy with the questions written for its rules: of the schools we ship, and of some that were invented for this."""
    made, asked = invented()
    by_school: dict[str, list[Precedent]] = {}
    for one in (*precedents(), *asked):
        by_school.setdefault(one.school, []).append(one)
    return tuple(_lesson(policy, by_school.get(name, [])) for name, policy in {**policies(), **made}.items())


def documents() -> tuple[Document, ...]:
    """Every rule of every school shipped, with the topics it answers there, and every topic as it is described."""
    return (*_rules(), *(Document("", topic.says, frozenset({topic.name})) for topic in bank.topics()))


def labelled(folder: str) -> tuple[Labelled, ...]:
    """The messages in the bank's FOLDER ("intents" or "risk")."""
    return tuple(Labelled(label, asked_by(audience, text), writer) for writer, label, audience, text in _rows(folder))


def everyday() -> tuple[Labelled, ...]:
    """What everyday life sounds like to somebody who was not thinking of danger: every ask, and the intents without an incident."""
    harmless = [one.text for one in labelled("intents") if one.label in _HARMLESS]
    return tuple(Labelled("everyday", text, "") for text in [*(ask.text for ask in asks()), *harmless])


def _made_up(folder: Path) -> tuple[dict[str, Policy], tuple[Precedent, ...]]:
    asked = tuple(_precedent(writer, *columns) for writer, *columns in _rows(folder.name))
    return {file.stem: markdown.load(file) for file in sorted(folder.glob("*.md"))}, asked


def _rows(folder: str) -> Iterator[tuple[str, ...]]:
    """Every line of the bank's FOLDER, its writer in front."""
    for file in sorted((bank.FOLDER / folder).glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield file.stem, *line.split("\t")


def _precedent(writer: str, school: str, audience: str, refs: str, text: str) -> Precedent:
    return Precedent(writer, school, audience, text, tuple(refs.split()))


def _lesson(policy: Policy, asked: Sequence[Precedent]) -> Lesson:
    leaves = policy.leaves()
    numbers = {leaf.ref: number for number, leaf in enumerate(leaves)}

    def answers(refs: tuple[str, ...]) -> tuple[int, ...]:
        """Those named, and what says the very same as the best of them."""
        same = [other for ref in refs[:1] for other in policy.section(ref).also if other in numbers]
        return tuple(dict.fromkeys(numbers[ref] for ref in (*refs, *same)))

    return Lesson(
        tuple(rule_words(leaf) for leaf in leaves),
        tuple(leaf.within for leaf in leaves),
        tuple((asked_by(one.audience, one.text), answers(one.refs)) for one in asked),
    )


def _rules() -> Iterator[Document]:
    for name, policy in policies().items():
        for rule in policy.leaves():
            yield Document(name, rule_words(rule), frozenset(topic for topic, refs in policy.answers.items() if rule.ref in refs))
