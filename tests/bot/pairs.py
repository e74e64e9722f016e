"""All pairs: the fewest worlds, or nearly, in which every two values of different factors meet at least once."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import combinations

Row = dict[str, str]
Pair = tuple[tuple[str, str], tuple[str, str]]

TRIES = 12  # rows that are drawn up for each one that is taken


def pairs_of(row: Mapping[str, str]) -> set[Pair]:
    """Every two values that meet in ROW."""
    return set(combinations(sorted(row.items()), 2))


def every_pair(factors: Mapping[str, Sequence[str]]) -> set[Pair]:
    """Every two values of different FACTORS."""
    names = sorted(factors)
    return {
        ((one, first), (other, second))
        for one, other in combinations(names, 2)
        for first in factors[one]
        for second in factors[other]
    }


def covering(factors: Mapping[str, Sequence[str]], seed: int) -> list[Row]:
    """Rows in which every pair of values of FACTORS stands at least once. The same SEED gives the same rows."""
    draw = random.Random(seed)
    left, rows = every_pair(factors), list[Row]()
    while left:
        tried = [_row(factors, left, draw) for _ in range(TRIES)]
        best = max(tried, key=lambda row: len(pairs_of(row) & left))
        left -= pairs_of(best)
        rows.append(best)
    return rows


def _row(factors: Mapping[str, Sequence[str]], left: set[Pair], draw: random.Random) -> Row:
    """A row that begins with a pair of LEFT and is filled up, in any order, with what meets the most of them."""
    row: Row = dict(draw.choice(sorted(left)))
    for name in draw.sample(sorted(factors), len(factors)):
        if name not in row:
            met = {value: sum(_pair((name, value), other) in left for other in row.items()) for value in factors[name]}
            most = max(met.values())
            row[name] = draw.choice([value for value in factors[name] if met[value] == most])
    return row


def _pair(one: tuple[str, str], other: tuple[str, str]) -> Pair:
    return (one, other) if one < other else (other, one)
