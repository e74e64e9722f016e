"""Before a policy goes live: what would replace what, and what in the school's own files would point to nothing afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot import schools
from bot.readiness import Finding, lint
from knowledge import markdown
from knowledge.policy import Policy
from storage.kept import Published

POLICY = "policy.md"


class CannotPublish(Exception):
    """This policy must not go live as it is; the message names each file and key, and what to do."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy that somebody wants to publish, as written and as read. `restores` is the earlier version it brings back."""

    markdown: str
    topics: str | None
    policy: Policy
    restores: int | None = None


def read(path: Path) -> Draft:
    """The policy in the file PATH, or in the folder PATH, with the topics that stand beside it."""
    file = path / POLICY if path.is_dir() else path
    if not file.is_file():
        raise CannotPublish(f"{file}: there is no such file. Name the Markdown file of the policy, or the folder it is in.")
    policy = markdown.load(file)
    topics = file.with_name(markdown.ANSWERS)
    # Read once more as it stands: both were just found to be readable.
    return Draft(file.read_text(encoding="utf-8"), topics.read_text(encoding="utf-8") if topics.exists() else None, policy)


def again(version: Published, school: str) -> Draft:
    """A version of SCHOOL's policy that was live before, to be brought back."""
    return Draft(version.markdown, version.topics, schools.as_published(version, school), version.number)


def answered_from(name: str, folder: Path | None, live: Published | None) -> Policy | None:
    """The policy that the school called NAME is answered from today; None where its folder holds none yet."""
    if live is not None:
        return schools.as_published(live, name)
    file = schools.folder_of(name, folder) / POLICY
    return markdown.load(file) if file.is_file() else None


def refuse_what_dangles(name: str, folder: Path | None, draft: Draft) -> None:
    """Refuse a draft that takes away a section which the school's routes, steps or exceptions rely on: all of them at once."""
    gone = [
        f"{file}: {key}: section {ref} is not in this policy. Put it back, or correct the key."
        for file, key, ref in schools.relied_on(name, folder)
        if ref not in draft.policy
    ]
    if gone:
        raise CannotPublish("\n".join(gone))


def findings(name: str, folder: Path | None, version: Published, today: date) -> Iterator[Finding]:
    """What `signpost check` would say about the policy and its routes, were VERSION live; refuses what nothing could start with."""
    found = lint(schools.load(name, folder, version), today, live=False)
    if wrong := [f"{one.file}: {one.key}: {one.text}" for one in found if one.level == "error"]:
        raise CannotPublish("\n".join(wrong))
    about = ("routes", "lint", "dates", "edition")
    return (one for one in found if one.key.startswith(about))
