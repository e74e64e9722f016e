"""Asks axe-core what is wrong with a page: WCAG 2.2 A and AA, and what its makers call best practice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from playwright.async_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What stands in a frame is a page of its own, and is asked about there: the stage shows the same one three times over.
RUN = """(only) => axe.run(document, { runOnly: only, resultTypes: ["violations"], iframes: false })
    .then((found) => found.violations)"""
EVERYTHING = {"type": "tag", "values": TAGS}
COLOURS = {"type": "rule", "values": ["color-contrast"]}


def _rules() -> str:
    """axe-core as its makers ship it. The package around it is wanted for this one file, which its locked hash vouches for."""
    package = find_spec("axe_playwright_python")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("axe-core is missing. `make test-clients` installs it with what the browser tests need.")
    return (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")


RULES = _rules()


async def prepare(page: Page) -> None:
    """Put axe into PAGE, once after it was loaded."""
    # Evaluated and not inserted: the page's own policy refuses every script that is not its own, and stays as it is.
    await page.evaluate(RULES)


async def violations(page: Page) -> list[str]:
    """What axe objects to on PAGE: a line for each element, with the rule, the element and what to do about it."""
    return _lines(await page.evaluate(RUN, EVERYTHING))


async def faint(page: Page) -> list[str]:
    """What cannot be told well enough from what is behind it, in the colours that PAGE shows just now."""
    return _lines(await page.evaluate(RUN, COLOURS))


def _lines(found: Sequence[Mapping[str, Any]]) -> list[str]:
    return [_line(violation, node) for violation in found for node in violation["nodes"]]


def _line(violation: Mapping[str, Any], node: Mapping[str, Any]) -> str:
    return f"{violation['id']}: {_where(node['target'])}: {' '.join(node['failureSummary'].split())}"


def _where(target: Sequence[Any]) -> str:
    return " » ".join(part if isinstance(part, str) else " ".join(part) for part in target)
