"""How near a question comes to each of several things that are each said in several ways: the mean of the nearest few ways."""

from __future__ import annotations

import numpy as np

from knowledge.encoder import Vector


def nearest(near: Vector, owner: np.ndarray, count: int, most: int, without: Vector | None = None) -> Vector:
    """For each of COUNT owners the mean of its MOST nearest rows; NEAR is sorted by OWNER.

    An owner that has no row at all gets its number of WITHOUT, or nothing.
    """
    found = np.zeros(count, np.float32) if without is None else without.astype(np.float32)
    order = np.lexsort((-near, owner))
    first = np.searchsorted(owner, np.arange(count))
    last = np.searchsorted(owner, np.arange(count), side="right")
    total = np.concatenate([[0.0], np.cumsum(near[order], dtype=np.float64)])
    upto = np.minimum(first + most, last)
    there = last > first
    found[there] = ((total[upto] - total[first]) / np.maximum(upto - first, 1))[there]
    return found
