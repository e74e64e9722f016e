"""The passages of a school's own policy that a guided report shows before it asks, as they are published today."""

from __future__ import annotations

from collections.abc import Sequence

from flows.setting import Reading
from knowledge.policy import Policy


def passage(policy: Policy, refs: Sequence[str], published: int | None) -> Reading:
    """The sections REFS of POLICY in their order, and which version they are from; PUBLISHED is its number here, if it has one."""
    return Reading("\n\n".join(_shown(policy, ref) for ref in refs), _version(policy, published))


def _shown(policy: Policy, ref: str) -> str:
    section = policy.section(ref)
    # A section without words of its own is the rules in it.
    rules = (section,) if section.text else policy.rules(section.ref)
    heading = f"{policy.number(section)} {section.title}".strip()
    return f"{heading}: {' '.join(rule.text for rule in rules)}"


def _version(policy: Policy, published: int | None) -> str:
    known = [
        *([f"version {policy.version}"] if policy.version else []),
        *([f"approved in {policy.dates.approved}"] if policy.dates.approved else []),
        *([f"published here as number {published}"] if published is not None else []),
    ]
    return ", ".join(known) or "without a version or a date"
