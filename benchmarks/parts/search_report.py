"""From what the rankers found and spent to figures, targets and tables."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from knowledge.evaluating import scoring
from parts.measuring import quantile
from parts.rankers import NAMES

Anchors = Mapping[str, Mapping[str, str]]

UNSEEN = "unread, just imported"  # policies that nobody here had read, as the importer proposes them


def figures(
    rounds: Mapping[str, Sequence[Mapping[str, Any]]], questions: Sequence[scoring.Question], anchors: Anchors
) -> dict[str, dict[str, Any]]:
    """For each ranker what it found (the same in every round) and what it cost (over all rounds)."""
    return {name: {**_found(done[0]["found"], questions, anchors), **_cost(done)} for name, done in rounds.items()}


def _found(found: Mapping[str, Any], questions: Sequence[scoring.Question], anchors: Anchors) -> dict[str, Any]:
    def given(item: scoring.Question) -> scoring.Given:
        one, home = found[item.id], anchors[item.school]
        return scoring.Given(one["band"], tuple(dict.fromkeys(home[ref] for ref in one["refs"])))

    return scoring.questions(questions, given)[0].plain()


def _cost(done: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    spent = [ms for one in done for ms in one["ms"]]
    return {
        "p50_ms": round(quantile(spent, 0.5), 2),
        "p99_ms": round(quantile(spent, 0.99), 2),
        "load_s": round(statistics.median(one["load_s"] for one in done), 2),
        "school_ms": round(statistics.median(ms for one in done for ms in one["school_ms"]), 1),
        "memory_mb": round(max(one["memory_mb"] for one in done)),
    }


def many(rounds: Mapping[int, Sequence[Mapping[str, Any]]]) -> dict[str, dict[str, float]]:
    """For each number of schools what a question costs; the ratio to the smallest is taken within a round, then the median."""
    least = min(rounds)
    middles = {count: [statistics.median(one["ms"]) for one in done] for count, done in rounds.items()}
    found: dict[str, dict[str, float]] = {}
    for count, done in rounds.items():
        spent = [ms for one in done for ms in one["ms"]]
        fresh = [ms for one in done for ms in one["fresh_ms"]]
        found[str(count)] = {
            "p50_ms": round(quantile(spent, 0.5), 2),
            "p99_ms": round(quantile(spent, 0.99), 2),
            "to_least": round(statistics.median(own / base for own, base in zip(middles[count], middles[least], strict=True)), 2),
            "wake_ms": round(statistics.median(ms for one in done for ms in one["wake_ms"]), 1),
            **({"fresh_ms": round(statistics.median(fresh))} if fresh else {}),
            **{name: round(max(one[name] for one in done)) for name in ("policies_mb", "awake_mb", "turned_mb")},
        }
    return found


def targets(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was promised and what came of it."""
    ours, most = found["rankers"].get("ours"), list(found["schools"].values())[-1:]
    rows: list[tuple[str, str, float, float]] = []
    if ours:
        rows += [
            ("wrong though sure", "≤", 0.08, ours["sure_wrong"]),
            ("no answer there, yet sure", "≤", 0.08, ours["unanswerable_sure"]),
            ("sure, of what has an answer", "≥", 0.55, ours["sure_share"]),
            ("right first", "≥", 0.75, ours["hit_at_1"]),
            ("right in the first three", "≥", 0.93, ours["hit_at_3"]),
            ("ms a question, p50", "≤", 15, ours["p50_ms"]),
            ("memory at most, MB", "≤", 300, ours["memory_mb"]),
        ]
    if worth := found["worth"]:
        behind = worth["all of it"]["shipped"]["hit_at_1"] - worth[UNSEEN]["shipped"]["hit_at_1"]
        rows.append((f"{UNSEEN}: points behind, right first", "≤", 8, round(100 * behind, 1)))
        rows.append((f"{UNSEEN}: ms a question, p50", "≤", 15, worth[UNSEEN]["shipped"]["p50_ms"]))
    rows += [("a question at the most schools ÷ at one", "≤", 1.3, one["to_least"]) for one in most]
    return [
        {
            "what": what,
            "target": f"{sign} {aim:g}",
            "reached": got,
            "met": got is not None and (got <= aim if sign == "≤" else got >= aim),
        }
        for what, sign, aim, got in rows
    ]


def show(found: Mapping[str, Any], console: Console) -> None:
    """The tables a person reads."""
    about = found["machine"]
    console.print(
        f"{found['questions']} questions of {len(found['writers'])} writers. Python {about['python']}, {about['cores']} cores, "
        f"{about['system']} {about['processor']}; load before: {about['busy_before']}"
    )
    for name, why in found["left_out"].items():
        console.print(f"{NAMES[name]} is left out: {why}")
    console.print(_rankers(found["rankers"]))
    if found["worth"]:
        console.print(_worth(found["worth"]))
        console.print(_bands({name: found["worth"][name]["shipped"] for name in ("all of it", "as an imported policy", UNSEEN)}))
    if found["schools"]:
        console.print(_schools(found["schools"]))
    table = Table(title="Targets", title_justify="left")
    for heading in ("what", "target", "reached", ""):
        table.add_column(heading)
    for one in found["targets"]:
        table.add_row(one["what"], one["target"], str(one["reached"]), "met" if one["met"] else "[bold]missed[/]")
    console.print(table)


def _rankers(rankers: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table("On the same rules", "", "right first", "in three", "p50 ms", "p99 ms", "MB at most", "load s", "a school ms")
    for name, one in rankers.items():
        cost = (
            f"{one['p50_ms']:.1f}",
            f"{one['p99_ms']:.1f}",
            f"{one['memory_mb']}",
            f"{one['load_s']:.2f}",
            f"{one['school_ms']:.0f}",
        )
        table.add_row(NAMES[name], _bounded(one, "hit_at_1"), _bounded(one, "hit_at_3"), *cost)
    return table


def _worth(worth: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Table:
    table = _table("What each part is worth", "", "right first", "in three", "refitted: right first", "in three")
    for name, one in worth.items():
        told = [
            _bounded(one[how], figure) if how in one else ""
            for how in ("shipped", "refitted")
            for figure in ("hit_at_1", "hit_at_3")
        ]
        table.add_row(name, *told)
    return table


def _bands(shown: Mapping[str, Mapping[str, Any]]) -> Table:
    """When it is sure, and how often that is a mistake; only ours has bands."""
    names = ("sure_share", "sure_wrong", "unanswerable_sure")
    table = _table("The bands", "", "sure, of what has an answer", "then wrong", "sure of something without an answer")
    for name, one in shown.items():
        table.add_row(name, *(_bounded(one, figure) for figure in names))
    return table


def _schools(schools: Mapping[str, Mapping[str, float]]) -> Table:
    columns = ("p50 ms", "p99 ms", "÷ one", "wake ms", "imported: wake ms", "policies MB", "awake MB", "after many more MB")
    table = _table("One process for many schools", "schools", *columns)
    for count, one in schools.items():
        names = ("p50_ms", "p99_ms", "to_least", "wake_ms", "fresh_ms", "policies_mb", "awake_mb", "turned_mb")
        table.add_row(count, *(f"{one[name]:g}" if name in one else "" for name in names))
    return table


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _bounded(one: Mapping[str, Any], name: str) -> str:
    if one[name] is None:
        return ""
    low, high = one[f"{name}_bounds"]
    return f"{one[name]:.2f} ({low:.2f}–{high:.2f})"
