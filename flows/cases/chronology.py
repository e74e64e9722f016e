"""The chronology of a case: everything that was done about it, in order, with who did it in the role they held by then.

Nothing is written over: what is changed is a later version, and both are shown. What was purged is shown as having been there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from flows.cases.acts import BOOKKEEPING, COPIES, LOOKS, MEANINGS, SHOWN, Doing, Meaning
from flows.cases.case import Case, Said


@dataclass(frozen=True, slots=True)
class Happened:
    """One act as the audit kept it. `details` is None where its words were purged."""

    seq: int
    at: datetime
    act: str
    person: str | None
    details: Mapping[str, object] | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class RoleChange:
    """From the act number `seq` on, `person` held these roles, or held them no longer."""

    seq: int
    person: str
    roles: tuple[str, ...]
    held: bool


@dataclass(frozen=True, slots=True)
class History:
    """All that is kept about one case: the case, what was done about it, and who held which role when."""

    case: Case
    happened: tuple[Happened, ...] = field(repr=False)
    changes: tuple[RoleChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a chronology. `person` did it, holding `roles` by then; `who` says it where no person is named."""

    at: datetime
    act: str
    what: str
    who: str
    person: str | None = None
    roles: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # (what it is, the words)
    gone: bool = False  # there were words, and they have been purged
    whom: tuple[str, ...] = ()  # the people it was said to concern, for whoever may know


def chronology(history: History, reader: str | None = None) -> tuple[Entry, ...]:
    """What was done about the case, first things first; without those who only looked.

    Whom it was said to concern is told to READER only if they hold the case or said it themselves.
    """
    later = _later(history.case.said)
    versions: Counter[str] = Counter()
    entries = []
    for one in _told_apart(history, looks=False):
        entry = _version(_entry(one, history.changes, later), one, versions)
        may_know = reader is not None and reader in (history.case.holder, one.person)
        entries.append(replace(entry, whom=_whom(one)) if may_know else entry)
    # Whatever no act tells of is told all the same, at its time.
    entries += [_unclaimed(at, said) for at, said in later.items()]
    return tuple(sorted(entries, key=lambda entry: entry.at))


def looks(history: History) -> tuple[Entry, ...]:
    """Who read the report, and when."""
    return tuple(_entry(one, history.changes, {}) for one in _told_apart(history, looks=True))


def disclosures(history: History) -> tuple[Entry, ...]:
    """Who was given what of it, and when: the copies that were taken, and what went outside the school."""
    return tuple(_entry(one, history.changes, {}) for one in history.happened if one.act in COPIES)


def roles_at(changes: Iterable[RoleChange], person: str, seq: int) -> tuple[str, ...]:
    """The roles that PERSON held when the act number SEQ was done."""
    held: dict[str, None] = {}
    for change in changes:
        if change.person != person or change.seq > seq:
            continue
        for role in change.roles:
            if change.held:
                held[role] = None
            else:
                held.pop(role, None)
    return tuple(held)


def _told_apart(history: History, *, looks: bool) -> Iterable[Happened]:
    return (one for one in history.happened if one.act not in BOOKKEEPING and (one.act in LOOKS) is looks)


def _entry(one: Happened, changes: Sequence[RoleChange], later: dict[datetime, list[Said]]) -> Entry:
    meaning = MEANINGS.get(one.act) or Meaning(f"{one.act[:1].upper()}{one.act[1:]}")
    words = _words(one.details or {})
    if one.act in {Doing.ADDED, Doing.JOINED} or one.act.startswith("request "):
        # What was said later lies beside the report under the moment it came, and is told once.
        words += tuple((said.question, said.answer) for said in later.pop(one.at, ()))
    return Entry(
        at=one.at,
        act=one.act,
        what=meaning.what,
        who=meaning.who,
        person=one.person,
        roles=() if one.person is None else roles_at(changes, one.person, one.seq),
        words=words,
        gone=one.details is None,
    )


def _version(entry: Entry, one: Happened, versions: Counter[str]) -> Entry:
    """A note that was changed says which version this is; those before it stand above, as they were."""
    key = str((one.details or {}).get("note", ""))
    if not key:
        return entry
    versions[key] += 1
    return entry if versions[key] == 1 else replace(entry, what=f"{entry.what}, version {versions[key]} of an earlier note")


def _whom(one: Happened) -> tuple[str, ...]:
    people = (one.details or {}).get("people")
    return tuple(str(person) for person in people) if one.act == Doing.CONCERNS and isinstance(people, list) else ()


def _unclaimed(at: datetime, said: Iterable[Said]) -> Entry:
    meaning = MEANINGS[Doing.ADDED]
    words = tuple((one.question, one.answer) for one in said)
    return Entry(at, Doing.ADDED, meaning.what, meaning.who, words=words)


def _words(details: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((SHOWN[key], str(value)) for key, value in details.items() if key in SHOWN and value not in (None, ""))


def _later(said: Iterable[Said]) -> dict[datetime, list[Said]]:
    found: dict[datetime, list[Said]] = {}
    for one in said:
        if one.at is not None:
            found.setdefault(one.at, []).append(one)
    return found
