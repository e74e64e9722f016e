"""Counts as Word does: the numbers of its automatic lists are not in the text, they are worked out from a recipe."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from knowledge.importing.marks import letters
from knowledge.importing.word_styles import NAMES, Style, left_of

W = NAMES["w"]
_STEP = 300  # twentieths of a point between two depths of bullets
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class _Level:
    """How one depth of a list is counted and written."""

    kind: str = "decimal"
    pattern: str = ""
    start: int = 1
    left: int = 0


class Numbers:
    """The lists of one document and where each stands."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._recipe: dict[str, str] = {}
        self._restarts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._begun: set[str] = set()
        if root is None:
            return
        for recipe in root.findall(f"{W}abstractNum"):
            self._levels[recipe.get(f"{W}abstractNumId", "")] = {
                int(level.get(f"{W}ilvl", "0")): _level(level)
                for level in recipe.findall(f"{W}lvl")
                if level.get(f"{W}ilvl", "0").isdigit()
            }
        for number in root.findall(f"{W}num"):
            own = number.get(f"{W}numId", "")
            found = number.find(f"{W}abstractNumId")
            self._recipe[own] = found.get(f"{W}val", "") if found is not None else ""
            for override in number.findall(f"{W}lvlOverride"):
                start = override.find(f"{W}startOverride")
                if start is not None and start.get(f"{W}val", "").isdigit():
                    self._restarts[own, int(override.get(f"{W}ilvl", "0"))] = int(start.get(f"{W}val", "1"))

    def next(self, style: Style) -> tuple[str, bool, int]:
        """The label of the next paragraph of STYLE, whether it has a bullet instead, and its depth."""
        recipe = self._recipe.get(style.number, "")
        levels = self._levels.get(recipe)
        if not style.number or style.number == "0" or levels is None:
            return "", False, 0
        level = levels.get(style.depth, _Level())
        if level.kind == "bullet":
            return "", True, style.depth or (style.left or level.left) // _STEP
        if level.kind == "none" or not level.pattern:
            return "", False, style.depth
        counts = self._counts[recipe]
        if style.number not in self._begun:
            self._begun.add(style.number)
            if (restart := self._restarts.get((style.number, style.depth))) is not None:
                counts[style.depth] = restart - 1
        counts[style.depth] = counts.get(style.depth, level.start - 1) + 1
        for deeper in [depth for depth in counts if depth > style.depth]:
            del counts[deeper]
        return self._written(level, levels, counts), False, style.depth

    @staticmethod
    def _written(level: _Level, levels: dict[int, _Level], counts: dict[int, int]) -> str:
        """The label as it is printed, without the dot or bracket around it."""

        def number(found: re.Match[str]) -> str:
            depth = int(found[1]) - 1
            own = levels.get(depth, _Level())
            return _counted(
                counts.get(depth, own.start), own.kind if depth == len(counts) - 1 or own.kind != "bullet" else "decimal"
            )

        label = re.sub(r"%(\d)", number, level.pattern)
        return re.sub(r"^[\W_]+|[\W_]+$", "", label).replace("Section ", "section ").replace("Appendix ", "appendix ")


def _level(element: Element) -> _Level:
    def value(name: str, otherwise: str) -> str:
        found = element.find(f"{W}{name}")
        return found.get(f"{W}val", otherwise) if found is not None else otherwise

    start = value("start", "1")
    return _Level(
        value("numFmt", "decimal"), value("lvlText", ""), int(start) if start.isdigit() else 1, left_of(element.find(f"{W}pPr"))
    )


def _counted(number: int, kind: str) -> str:
    if kind in {"lowerLetter", "upperLetter"}:
        written = letters(max(0, number - 1))
        return written.upper() if kind == "upperLetter" else written
    if kind in {"lowerRoman", "upperRoman"}:
        written = _roman(number)
        return written.upper() if kind == "upperRoman" else written
    return str(number)


def _roman(number: int) -> str:
    written = ""
    for value, signs in _ROMAN:
        while number >= value:
            written, number = written + signs, number - value
    return written or "i"
