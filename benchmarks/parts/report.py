"""From what was measured to figures, ratios and whether the targets were met; and how they are shown."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from parts.measuring import Stretch, cpu_each, quantile, wall

COMMITS = 3  # keep, record, finish: what has to be durable for one message, one after the other
PARTS = {
    "keep": "keep: the message is durable, its conversation leased",
    "decide": "decide: triage, handlers, search, the open report",
    "record": "record: everything the decision changes, in one transaction",
    "finish": "finish: the reply is noted as sent",
    "rest": "the rest: event loop, sending, pushes, the loops' own rounds",
}
ROWS = {
    "echo": "bare slack-bolt echo",
    "sqlite": "bare SQLite commit of one row",
    "sqlmodel": "bare SQLModel commit of one row",
    "one": "Signpost, one message at a time",
    "burst": "Signpost, fifty at once",
    "one_slack": "Signpost behind bolt, one at a time",
    "burst_slack": "Signpost behind bolt, fifty at once",
    "paced": "Signpost, ten a second, idle loops included",
}


def figures(measured: Mapping[str, Sequence[Stretch]]) -> dict[str, Any]:
    """Medians over the rounds, in microseconds and milliseconds; ratios are taken within a round, then their median."""
    cpu = {name: round(cpu_each(measured[name]) * 1e6) for name in ROWS}
    parts = {name: round(cpu_each(measured[f"part_{name}"]) * 1e6) for name in PARTS}
    waits = [wait for one in measured["paced"] for wait in one.waits]
    bursts = [wait for one in measured["burst"] for wait in one.waits]
    found = {
        "cpu_us": cpu,
        "to_peers": {name: _to_peers(measured, name) for name in ("one", "burst", "one_slack", "burst_slack")},
        "parts_us": parts,
        "paced_ms": {
            "messages": len(waits),
            "p50": _ms(quantile(waits, 0.5)),
            "p99": _ms(quantile(waits, 0.99)),
            "worst": _ms(max(waits)),
        },
        "burst_ms": {"bursts": len(bursts), "median": _ms(statistics.median(bursts)), "worst": _ms(max(bursts))},
        "idle_share": round(cpu_each(measured["idle"]), 4),
        "batching": {
            "group_commit_cpu": _between(measured, "burst_alone", "burst"),
            "group_commit_wall": round(wall(measured["burst_alone"]) / wall(measured["burst"]), 2),
            "reply_leased_when_recorded_cpu": _between(measured, "one_loop", "one"),
            "reply_leased_when_recorded_wait": round(_wait(measured["one_loop"]) / _wait(measured["one"]), 2),
        },
    }
    return {**found, "targets": _targets(found)}


def show(found: Mapping[str, Any], console: Console) -> None:
    """The tables a person reads."""
    about = found["machine"]
    console.print(
        f"Python {about['python']}, {about['cores']} cores, {about['system']} {about['processor']}; "
        f"one disk sync takes {about['sync_ms']} ms; load before: {about['busy_before']}"
    )
    path = Table(title="Processor time of one message", title_justify="left")
    path.add_column("what")
    path.add_column("µs", justify="right")
    path.add_column(f"÷ (echo + {COMMITS} commits)", justify="right")
    for name, words in ROWS.items():
        ratio = found["to_peers"].get(name)
        path.add_row(words, f"{found['cpu_us'][name]:,}", "" if ratio is None else f"{ratio:.2f}")
    console.print(path)
    parts = Table(title="Where it goes, one message at a time", title_justify="left")
    parts.add_column("part")
    parts.add_column("µs", justify="right")
    for name, words in PARTS.items():
        parts.add_row(words, f"{found['parts_us'][name]:,}")
    console.print(parts)
    batching = found["batching"]
    console.print(
        f"Without the shared commit fifty at once take {batching['group_commit_cpu']:.2f}× the processor time and "
        f"{batching['group_commit_wall']:.2f}× as long; without the reply leased when it is recorded one message takes "
        f"{batching['reply_leased_when_recorded_cpu']:.2f}× the processor time and waits "
        f"{batching['reply_leased_when_recorded_wait']:.2f}× as long. Nobody speaking costs {found['idle_share']:.1%} of a core."
    )
    targets = Table(title="Targets", title_justify="left")
    for heading in ("what", "target", "reached", ""):
        targets.add_column(heading)
    for one in found["targets"]:
        targets.add_row(one["what"], f"≤ {one['target']}", str(one["reached"]), "met" if one["met"] else "[bold]missed[/]")
    console.print(targets)


def _targets(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = (
        ("CPU ÷ (echo + three commits), fifty at once", 2.5, found["to_peers"]["burst"]),
        ("CPU ÷ (echo + three commits), one at a time", 2.5, found["to_peers"]["one"]),
        ("p99 at 10 messages a second over 50 conversations, ms", 50, found["paced_ms"]["p99"]),
        ("a burst of 50 answered, ms", 500, found["burst_ms"]["worst"]),
    )
    return [{"what": what, "target": target, "reached": reached, "met": reached <= target} for what, target, reached in rows]


def _to_peers(measured: Mapping[str, Sequence[Stretch]], name: str) -> float:
    rounds = zip(measured[name], measured["echo"], measured["sqlmodel"], strict=True)
    return round(statistics.median(one.cpu_each / (echo.cpu_each + COMMITS * commit.cpu_each) for one, echo, commit in rounds), 2)


def _between(measured: Mapping[str, Sequence[Stretch]], name: str, other: str) -> float:
    rounds = zip(measured[name], measured[other], strict=True)
    return round(statistics.median(one.cpu_each / two.cpu_each for one, two in rounds), 2)


def _wait(stretches: Sequence[Stretch]) -> float:
    return statistics.median(wait for one in stretches for wait in one.waits)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
