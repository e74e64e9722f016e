"""Precedents: questions that were written for one particular rule, so that whoever asks much the same is led to the same rule.

A rule is known again by its very words: as soon as a school changes it, what was written for the old rule no longer speaks for
the new one as its own. Such a rule, and every rule of a policy that nobody here has read, borrows the questions of its kin: of
those rules of other schools that say nearly the same, each counting the less the further its rule is from this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from knowledge import encoder
from knowledge.encoder import MODEL, Vector
from knowledge.nearest import nearest
from knowledge.policy import Section
from knowledge.spoken import mark, rule_words

DATA = "precedents.npz"
NOWHERE = 0  # the mark of a question that its policy did not answer

_FEW = 3  # one question alone may be a chance likeness
# How many rules one may borrow from, and how much less what it borrows counts for every step that the other rule is further away.
# Chosen among 6 to 48 and 0.1 to 0.8 on the invented policies that the network was not taught with.
_KIN, _FURTHER = 24, 0.1
_FURTHER_ALONE = 0.5  # beside rules that have questions of their own: one borrower must not outshout them
_BYTE = np.float32(127.0)


@dataclass(frozen=True, slots=True, eq=False)
class Precedents:
    """All of them as vectors, and the mark of the rule that each was written for; sorted by mark, those of NOWHERE first.

    `marks` are the rules that have any, sorted too, and `rules` what each of them says. All vectors are kept in bytes: a
    question is compared with some of them only.
    """

    rows: np.ndarray
    about: np.ndarray
    marks: np.ndarray
    rules: np.ndarray

    def of(self, leaves: Sequence[Section], says: Vector) -> Own:
        """Those that were written for LEAVES, or for the kin of those that have none; SAYS are the leaves as vectors."""
        theirs = _marks(leaves)
        parts = [self._written(about) for about in theirs]
        lacking = [number for number, (rows, _) in enumerate(parts) if not len(rows)]
        further = _FURTHER if 2 * len(lacking) > len(leaves) else _FURTHER_ALONE
        for number, part in zip(lacking, self._borrowed(says[lacking], ~np.isin(self.marks, theirs), further), strict=True):
            parts[number] = part
        owner = np.repeat(np.arange(len(leaves)), np.array([len(rows) for rows, _ in parts], np.intp))
        rows = np.concatenate([*(rows for rows, _ in parts), np.zeros(0, np.intp)])
        less = np.concatenate([*(less for _, less in parts), np.zeros(0, np.float32)])
        taken, place = np.unique(rows, return_inverse=True)
        silent = np.arange(np.searchsorted(self.about, np.uint64(NOWHERE), "right"))
        return Own(self.rows, np.concatenate([silent, taken]), len(silent), place, owner, less, len(leaves) - len(lacking))

    def without(self, leaves: Sequence[Section]) -> Precedents:
        """As if nobody had ever asked anything of LEAVES: what it is like to be a school that has just put its policy in."""
        return self.only(~np.isin(self.about, _marks(leaves)))

    def only(self, kept: np.ndarray) -> Precedents:
        """The KEPT rows alone, and the rules of which they still ask anything."""
        rules = np.isin(self.marks, self.about[kept])
        return Precedents(self.rows[kept], self.about[kept], self.marks[rules], self.rules[rules])

    def _written(self, about: np.uint64) -> tuple[np.ndarray, Vector]:
        rows = np.arange(*(np.searchsorted(self.about, about, side) for side in ("left", "right")))
        return rows, np.zeros(len(rows), np.float32)

    def _borrowed(self, says: Vector, lenders: np.ndarray, further: float) -> list[tuple[np.ndarray, Vector]]:
        """For each rule that SAYS something: the questions of its kin among the LENDERS, and how much less each counts."""
        marks, nothing = self.marks[lenders], (np.zeros(0, np.intp), np.zeros(0, np.float32))
        near = says @ self.rules[lenders].T.astype(np.float32) / _BYTE
        most, found = min(_KIN, len(marks)), []
        for one in near:
            kin = np.argpartition(-one, most - 1)[:most] if most else ()
            parts = [(self._written(marks[other])[0], further * (1 - one[other])) for other in kin]
            less = [np.full(len(rows), less, np.float32) for rows, less in parts]
            found.append((np.concatenate([rows for rows, _ in parts]), np.concatenate(less)) if parts else nothing)
        return found


def _marks(leaves: Sequence[Section]) -> np.ndarray:
    return np.array([mark(rule_words(leaf)) for leaf in leaves], np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Own:
    """Which precedents speak for one policy's rules, sorted by rule, and how much less each counts for being borrowed.

    `taken` are the rows of the SHELF that a question is compared with: first those SILENT ones that a policy did not answer, then
    each row once that speaks for any rule; `place` says where among these each stands. `written` rules have their own precedents.
    """

    shelf: np.ndarray
    taken: np.ndarray
    silent: int
    place: np.ndarray
    owner: np.ndarray
    less: Vector
    written: int

    def near(self, asked: Vector, rules: Vector) -> Likeness:
        """How near ASKED, a question's rows, comes to them.

        A rule for which none speaks is as near as it comes by itself, which RULES says.
        """
        rows = self.shelf[self.taken].astype(np.float32)
        like: Vector = (asked @ rows.T).max(0) / _BYTE
        own, count = like[self.silent :][self.place] - self.less, len(rules)
        few = np.sort(like[: self.silent])[::-1][:_FEW]
        silent = (float(few[0]), float(few.mean())) if len(few) else (0.0, 0.0)
        return Likeness(nearest(own, self.owner, count, 1, rules), nearest(own, self.owner, count, _FEW, rules), silent)


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """For each rule how near its nearest precedent comes, and its nearest few; and the same of those that no rule answered."""

    one: Vector
    few: Vector
    silent: tuple[float, float]


@cache
def load(folder: Path = MODEL) -> Precedents:
    """The precedents in FOLDER; ModelMissing when it is not the file the model card names."""
    data = encoder.read(DATA, folder)
    return Precedents(data["rows"], data["about"], data["marks"], data["rules"])
