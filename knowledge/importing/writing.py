"""Writes a policy as the Markdown that a person edits; knowledge/markdown.py reads the same policy back from it."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.policy import Policy, Section, When


def written(policy: Policy) -> str:
    """POLICY as Markdown."""
    return "\n".join([*_front(policy), *_body(policy)]).rstrip() + "\n"


def _front(policy: Policy) -> Iterator[str]:
    yield "+++"
    for key in ("school", "title", "version", "edition", "numbered"):
        yield f"{key} = {_quoted(getattr(policy, key))}"
    dates = {key: when for key in ("published", "approved", "changed", "next_review") if (when := getattr(policy.dates, key))}
    if dates:
        yield ""
        yield "[dates]"
        yield from (f'{key} = "{_iso(when)}"' for key, when in dates.items())
    yield "+++"


def _body(policy: Policy) -> Iterator[str]:
    facts = {section.within for section in policy.sections if section.within and section.fact}
    audience: dict[str, frozenset[str]] = {}
    lead, listing = "", False
    for section in policy.sections:
        if section.within is None:
            audience[section.ref] = section.audience
            lead, listing = "", False
            yield ""
            yield f"{'#' * len(section.path)} {section.title} {_attributes(section, fact=section.fact or section.ref in facts)}"
            if section.text:
                yield ""
                yield section.text
            continue
        if section.lead != lead:
            lead, listing = section.lead, False
            yield ""
            yield f"> {lead}".rstrip()
        if not listing:
            yield ""
            listing = True
        same = section.audience == audience.get(section.within)
        stop = "" if section.title.endswith(("…", "?", "!", ":")) else "."
        yield f"- **{section.title}{stop}** {section.text} {_attributes(section, audience=not same)}"


def _attributes(section: Section, *, audience: bool = True, fact: bool = False) -> str:
    parts = [f"#{section.ref}"]
    if audience:
        parts.append(f'for="{" ".join(sorted(section.audience))}"')
    for key, refs in (("also", section.also), ("same", section.aliases)):
        if refs:
            parts.append(f'{key}="{" ".join(refs)}"')
    if fact:
        parts.append('facts="yes"')
    return "{" + " ".join(parts) + "}"


def _quoted(text: str) -> str:
    """TEXT as a TOML string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _iso(when: When) -> str:
    return f"{when.year:04}-{when.month:02}" + (f"-{when.day:02}" if when.day else "")
