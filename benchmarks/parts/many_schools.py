"""What a question costs when one process answers for many schools: made up from the rules of those we ship, well shuffled."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

from knowledge import encoder, lexical, markdown, meaning, phrasebook, precedents, search
from knowledge.policy import Dates, Policy, Section
from parts.asking import Clock, Job, memory

RULES = 85  # of a school: what the five have in the middle
AWAKE = 60  # schools that somebody is asking at one time, where there are so many: fewer than meaning.py keeps
TURNED = 150  # schools that are woken one after the other, to see that memory stops growing


def ask(job: Job) -> dict[str, Any]:
    """Questions to JOB's number of schools, each to one that is awake; what waking costs; and how memory grows."""
    encoder.load()
    phrasebook.load()
    precedents.load()
    pool = [rule for file in sorted(Path(job["schools"]).glob("*/policy.md")) for rule in markdown.load(file).leaves()]
    chance = random.Random(2026)
    empty = memory("VmRSS")
    policies = [_policy(chance, pool, number) for number in range(job["count"])]
    loaded = memory("VmRSS")
    awake = chance.sample(policies, min(AWAKE, len(policies)))
    wakes = [_wake(policy) for policy in awake]
    spent = []
    for one in job["questions"]:
        with Clock() as clock:
            search.find(chance.choice(awake), one["question"], one["audience"])
        spent.append(clock.ms)
    full = memory("VmRSS")
    for policy in chance.sample(policies, min(TURNED, len(policies))):
        _wake(policy)
    return {
        "ms": spent,
        "wake_ms": wakes,
        # A document that was just imported: no vector of it lies in a file.
        "fresh_ms": [_wake(_policy(chance, pool, -number, f"Part {number}")) for number in range(1, 1 + job["fresh"])],
        "policies_mb": loaded - empty,
        "awake_mb": full - loaded,
        "turned_mb": memory("VmRSS") - full,
    }


def _wake(policy: Policy) -> float:
    with Clock() as clock:
        meaning.of(policy)
        lexical.of(policy)
    return clock.ms


def _policy(chance: random.Random, pool: list[Section], number: int, above: str = "") -> Policy:
    """A school's policy of rules drawn from POOL; ABOVE stands over all of them, so that each reads a little differently."""
    rules = tuple(
        replace(rule, ref=f"{place}", also=(), within=None, aliases=(), path=(above, *rule.path[-2:]) if above else rule.path)
        for place, rule in enumerate(chance.sample(pool, RULES))
    )
    if above:
        rules = tuple(
            replace(rule, path=(above, rule.path[-1] if rule.path else rule.title), text=f"{above}. {rule.text}") for rule in rules
        )
    return Policy(f"school-{number}", "Social media", "1", "verbatim", "headings", Dates(), rules)
