"""How near a question comes to each of several things that are each said in several ways: the mean of the nearest few ways."""

from __future__ import annotations

import numpy as np

from knowledge.encoder import Vector


def nearest(near: Vector, owner: np.ndarray, count: int, most: int, without: Vector | None = None) -> Vector:
    """For each of COUNT owners the mean of its MOST nearest rows; NEAR is sorted by OWNER.

    An owner that has no row at all gets its number of WITHOUT, or nothing.
    """
    found = np.zeros(count, np.float32) if without is None else without.astype(np.float32)
    if not len(near):
        return found
    begins = np.concatenate([[0], np.flatnonzero(np.diff(owner)) + 1])
    run = np.repeat(np.arange(len(begins)), np.diff([*begins, len(owner)]))
    left, total, taken = near.astype(np.float32), np.zeros(len(begins), np.float64), np.zeros(len(begins), np.intp)
    # One nearest after another: a few looks at all rows cost less than putting them in order.
    for _ in range(most):
        top = np.maximum.reduceat(left, begins)
        at = left == top[run]
        more = np.where(np.isfinite(top), np.minimum(np.add.reduceat(at, begins), most - taken), 0)
        total += np.where(more > 0, top, 0.0) * more
        taken += more
        left[at] = -np.inf
    found[owner[begins]] = total / taken
    return found
