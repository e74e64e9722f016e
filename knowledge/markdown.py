"""How a policy is written down: one Markdown file with its facts on top, each section and rule with a reference of its own.

A line that begins with > is what the rules below it hang on ("Staff must not:"), up to the next such line or heading; a lone >
ends it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge import bank
from knowledge.policy import AUDIENCES, Dates, Numbered, Policy, PolicyError, Section, When

ANSWERS = "topics.toml"  # beside policy.md

_HEADING = re.compile(r"(#{1,4})\s+(?P<title>.*?)\s*(?P<attributes>\{[^{}]*\})?$")
_RULE = re.compile(r"-\s+\*\*(?P<title>.+?)\*\*\s*(?P<text>.*?)\s*(?P<attributes>\{[^{}]*\})$")
_ANCHOR = re.compile(r"#(?P<ref>[A-Za-z0-9][A-Za-z0-9.-]*)")
_ATTRIBUTE = re.compile(r'(?P<key>\w+)="(?P<value>[^"]*)"')
_DATE = re.compile(r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12]\d|3[01]))?")


class _Answers(BaseModel):
    """The file topics.toml."""

    model_config = ConfigDict(extra="forbid")

    answers: dict[str, tuple[str, ...]]


class _Front(BaseModel):
    """The table between the +++ lines."""

    model_config = ConfigDict(extra="forbid", strict=True)

    school: str
    title: str
    version: str = ""
    edition: Literal["plain-language", "verbatim"]
    numbered: Numbered
    dates: dict[Literal["published", "approved", "changed", "next_review"], str] = {}


def load(path: Path) -> Policy:
    """Read the policy file at PATH, or raise PolicyError naming the file, the line and the remedy."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise PolicyError(
            f"{path}: cannot be read as UTF-8 text ({type(problem).__name__}). Save it again as plain Markdown."
        ) from problem
    policy = parse(text, str(path))
    answers = path.with_name(ANSWERS)
    if not answers.exists():
        return policy
    try:
        written = answers.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise PolicyError(
            f"{answers}: cannot be read as UTF-8 text ({type(problem).__name__}). Save it again as such."
        ) from problem
    return with_answers(policy, written, str(answers))


def with_answers(policy: Policy, text: str, name: str, *, outlived: bool = False) -> Policy:
    """POLICY together with TEXT, which says which rules answer which topic; NAME is how errors call it.

    A version that was published may name topics that have since gone from the bank: OUTLIVED passes over them.
    """
    written = _answers(text, name)
    known = {topic.name for topic in bank.topics() if topic.kind == "policy"}
    if outlived:
        written = {topic: refs for topic, refs in written.items() if topic in known}
    wrong = [f"{topic}: there is no such topic in {bank.FOLDER / 'topics.tsv'}." for topic in written if topic not in known]
    for topic, refs in written.items():
        gone = (ref for ref in refs if ref not in policy or not policy.section(ref).text)
        wrong += [f"{topic}: {ref} is no rule of policy.md." for ref in gone]
    if wrong:
        # All of them at once: a rule that was taken out often stands under several topics.
        raise PolicyError("\n".join(f"{name}: {one}" for one in wrong))
    return replace(policy, answers=written)


def _answers(text: str, name: str) -> dict[str, tuple[str, ...]]:
    """Which rules answer which topic, as somebody wrote it down beside the policy after reading it."""
    try:
        return _Answers.model_validate({"answers": tomllib.loads(text)}).answers
    except tomllib.TOMLDecodeError as problem:
        raise PolicyError(f"{name}: cannot be read as TOML: {problem}.") from problem
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"][1:])
        raise PolicyError(f'{name}: {key}: {first["msg"]}. Write the rules of a topic as: {key} = ["1.a", "2.b"]') from problem


def parse(text: str, name: str) -> Policy:
    """The policy written in TEXT; NAME is how errors call it."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != "+++" or "+++" not in (line.strip() for line in lines[1:]):
        raise PolicyError(f"{name}:1: a policy begins with its facts between two lines that say +++.")
    end = next(number for number, line in enumerate(lines[1:], 1) if line.strip() == "+++")
    front = _front("\n".join(lines[1:end]), name)
    sections: dict[str, Section] = {}
    taken: set[str] = set()
    for number, section in _Body(lines, end + 1, name).sections():
        for ref in (section.ref, *section.aliases):
            if ref in taken:
                raise PolicyError(f"{name}:{number}: {ref} is there twice. Give every section and rule its own reference.")
            taken.add(ref)
        sections[section.ref] = section
    if not sections:
        raise PolicyError(
            f'{name}:{end + 1}: there is no section. A section begins with a heading such as: # Title {{#1 for="staff"}}'
        )
    for section in sections.values():
        for other in section.also:
            if other not in taken:
                raise PolicyError(f'{name}: {section.ref} points to also="{other}", which does not exist. Correct or remove it.')
    dates = Dates(**{key: _when(value, key, name) for key, value in front.dates.items()})
    return Policy(front.school, front.title, front.version, front.edition, front.numbered, dates, tuple(sections.values()))


def _front(text: str, name: str) -> _Front:
    try:
        return _Front.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        place = re.search(r"line (\d+)", str(problem))
        line = int(place.group(1)) + 1 if place else 2
        raise PolicyError(f"{name}:{line}: the facts between the +++ lines are not valid TOML: {problem}") from problem
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        line = next((number for number, line in enumerate(text.splitlines(), 2) if line.startswith(key.rsplit(".")[-1])), 1)
        raise PolicyError(f"{name}:{line}: {key}: {first['msg']}. Known: {', '.join(_Front.model_fields)}.") from problem


def _when(value: str, key: str, name: str) -> When:
    found = _DATE.fullmatch(value)
    if found is None:
        raise PolicyError(f"{name}: dates.{key}: write 2024-12 for a month or 2024-12-31 for a day.")
    when = When(int(found["year"]), int(found["month"]), int(found["day"]) if found["day"] else None)
    try:
        _ = when.last_day
    except ValueError as problem:
        raise PolicyError(f"{name}: dates.{key}: there is no such day.") from problem
    return when


@dataclass(frozen=True, slots=True)
class _Heading:
    """An open heading: what is written below it belongs to it."""

    line: int
    depth: int
    ref: str
    title: str
    audience: frozenset[str]
    also: tuple[str, ...]
    fact: bool
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Body:
    """The part below the facts: headings, paragraphs, and rules as list items."""

    lines: list[str]
    start: int
    name: str

    def sections(self) -> Iterator[tuple[int, Section]]:
        """Every section followed by its rules, each with the line it begins on."""
        open_headings: list[_Heading] = []
        words: list[str] = []
        rules: list[tuple[int, Section]] = []
        lead = ""
        for number, block in self._blocks():
            if heading := _HEADING.match(block):
                yield from self._close(open_headings, words, rules)
                depth = len(block) - len(block.lstrip("#"))
                open_headings = [above for above in open_headings if above.depth < depth]
                open_headings.append(self._heading(number, depth, heading))
                words, rules, lead = [], [], ""
            elif not open_headings:
                raise self._error(number, 'text before the first heading. Begin with a heading such as: # Title {#1 for="staff"}')
            elif block.startswith(">"):
                lead = block[1:].strip()
            elif block.startswith("- "):
                rules.append((number, self._rule(number, block, open_headings, lead)))
            elif rules:
                raise self._error(number, "a paragraph after rules belongs to nothing. Make it a rule, or move it above the list.")
            else:
                words.append(block)
        yield from self._close(open_headings, words, rules)

    def _blocks(self) -> Iterator[tuple[int, str]]:
        """Paragraphs, headings and list items, each on one line, with the line it begins on."""
        block: list[str] = []
        begins = 0
        for number, raw in enumerate(self.lines[self.start :], self.start + 1):
            line = raw.strip()
            if block and (not line or line.startswith(("#", "- ", ">")) or block[0].startswith("#")):
                yield begins, " ".join(block)
                block = []
            if line:
                begins = begins if block else number
                block.append(line)
        if block:
            yield begins, " ".join(block)

    def _close(self, above: list[_Heading], words: list[str], rules: list[tuple[int, Section]]) -> Iterator[tuple[int, Section]]:
        if above:
            own = above[-1]
            path = tuple(heading.title for heading in above)
            text = "\n\n".join(words)
            yield (
                own.line,
                Section(own.ref, own.title, own.audience, text, own.also, path, fact=own.fact and not rules, aliases=own.aliases),
            )
            yield from rules

    def _heading(self, number: int, depth: int, found: re.Match[str]) -> _Heading:
        ref, given = self._attributes(number, found["attributes"])
        if "for" not in given:
            raise self._error(number, f'the heading {ref} does not say whom it is for. Add for="staff parent" or the like.')
        audience = self._audience(number, given["for"])
        also, aliases = (tuple(given.get(key, "").split()) for key in ("also", "same"))
        return _Heading(number, depth, ref, found["title"], audience, also, given.get("facts") == "yes", aliases)

    def _rule(self, number: int, block: str, above: list[_Heading], lead: str) -> Section:
        found = _RULE.fullmatch(block)
        if found is None:
            raise self._error(number, "a rule is written as: - **Short title.** The rule. {#6.2.a}")
        home = above[-1]
        ref, given = self._attributes(number, found["attributes"])
        if not any(ref.startswith(f"{heading.ref}.") for heading in above):
            raise self._error(number, f"the rule {ref} stands in section {home.ref}. Its reference has to begin with {home.ref}.")
        audience = self._audience(number, given["for"]) if "for" in given else home.audience
        path = (*(heading.title for heading in above), found["title"].rstrip("."))
        also, aliases = (tuple(given.get(key, "").split()) for key in ("also", "same"))
        return Section(ref, found["title"].rstrip("."), audience, found["text"], also, path, home.ref, home.fact, lead, aliases)

    def _attributes(self, number: int, written: str | None) -> tuple[str, dict[str, str]]:
        anchor = _ANCHOR.search(written or "")
        if anchor is None:
            raise self._error(number, "the reference is missing. End the line with one such as {#6.2}")
        given = {found["key"]: found["value"] for found in _ATTRIBUTE.finditer(written or "")}
        if unknown := given.keys() - {"for", "also", "same", "facts"}:
            raise self._error(number, f"{min(unknown)}= is not known here. Known: for=, also=, same=, facts=.")
        return anchor["ref"], given

    def _audience(self, number: int, written: str) -> frozenset[str]:
        audience = frozenset(written.split())
        if not audience or audience - AUDIENCES:
            raise self._error(number, f'for="{written}" is not known here. Known: {", ".join(sorted(AUDIENCES))}.')
        return audience

    def _error(self, number: int, text: str) -> PolicyError:
        return PolicyError(f"{self.name}:{number}: {text}")
