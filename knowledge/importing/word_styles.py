"""Works out what the styles of a Word document mean: which are headings, which are bold, which are lines of a contents list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

NAMES = {"w": "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"}
W = NAMES["w"]
_HEADING = re.compile(r"heading\s*(\d)$")
_DEEPEST = 12  # styles based on styles


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph is by its own settings and those of its style."""

    level: int = 0
    bold: bool = False
    listed: bool = False  # a line of the table of contents
    number: str = ""  # the list it belongs to
    depth: int = 0  # and how deep in it
    left: int = 0  # how far it is set in, in twentieths of a point


class Styles:
    """The styles of one document."""

    def __init__(self, root: Element | None) -> None:
        found = root.findall(f"{W}style") if root is not None else []
        self._by_id = {style.get(f"{W}styleId", ""): style for style in found}

    def of(self, paragraph: Element) -> Style:
        """The style of PARAGRAPH."""
        own = paragraph.find(f"{W}pPr")
        name = _value(own, "pStyle")
        chain = self._chain(name)
        level = _outline(own)
        bold = None
        listed = False
        number, depth = _list(own)
        left = left_of(own)
        for style in chain:
            title = (_value(style, "name") or "").lower()
            level = level or _named_level(title) or _outline(style.find(f"{W}pPr"))
            bold = _bold(style.find(f"{W}rPr")) if bold is None else bold
            listed = listed or bool(re.match(r"toc \d|table of figures", title))
            if not number:
                number, depth = _list(style.find(f"{W}pPr"))
            left = left or left_of(style.find(f"{W}pPr"))
        return Style(0 if listed else min(level, 6), bool(bold), listed, number, depth, left)

    def bold(self, properties: Element | None, *, otherwise: bool) -> bool:
        """Whether a run with PROPERTIES is bold."""
        own = _bold(properties)
        if own is None and properties is not None and (name := _value(properties, "rStyle")):
            own = next((known for style in self._chain(name) if (known := _bold(style.find(f"{W}rPr"))) is not None), None)
        return otherwise if own is None else own

    def _chain(self, name: str) -> list[Element]:
        """The style NAME and those it is based on."""
        chain: list[Element] = []
        while name in self._by_id and len(chain) < _DEEPEST:
            chain.append(self._by_id[name])
            name = _value(chain[-1], "basedOn")
        return chain


def on(properties: Element, name: str) -> bool:
    """Whether a switch such as bold or hidden is set in PROPERTIES."""
    element = properties.find(f"{W}{name}")
    return element is not None and element.get(f"{W}val", "true") not in {"0", "false", "off", "none"}


def _bold(properties: Element | None) -> bool | None:
    """Whether PROPERTIES say bold, say not bold, or say nothing."""
    if properties is None or properties.find(f"{W}b") is None:
        return None
    return on(properties, "b")


def _value(element: Element | None, name: str) -> str:
    found = element.find(f"{W}{name}") if element is not None else None
    return found.get(f"{W}val", "") if found is not None else ""


def _named_level(title: str) -> int:
    found = _HEADING.match(title)
    return int(found[1]) if found else 1 if title == "title" else 0


def _outline(properties: Element | None) -> int:
    value = _value(properties, "outlineLvl")
    return int(value) + 1 if value.isdigit() and int(value) < 9 else 0


def _list(properties: Element | None) -> tuple[str, int]:
    numbers = properties.find(f"{W}numPr") if properties is not None else None
    depth = _value(numbers, "ilvl")
    return _value(numbers, "numId"), int(depth) if depth.isdigit() and len(depth) < 3 else 0


def left_of(properties: Element | None) -> int:
    """How far PROPERTIES set a paragraph in, in twentieths of a point."""
    indent = properties.find(f"{W}ind") if properties is not None else None
    value = indent.get(f"{W}left") or indent.get(f"{W}start") or "" if indent is not None else ""
    return int(value) if value.isdigit() and len(value) < 6 else 0
