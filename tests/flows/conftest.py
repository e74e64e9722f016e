"""A catalogue for the tests: the shipped flows, and those that bend wherever a flow can bend."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows import catalogue
from tests.flows.telling import settings

SHIPPED = catalogue.find(catalogue.FOLDER, "flows.catalogue")
BENDING = catalogue.find(Path(__file__).parent / "catalogue")


@pytest.fixture
def both(monkeypatch):
    """The catalogue with the bending flows in it."""
    flows = {**SHIPPED, **BENDING}
    monkeypatch.setattr(catalogue, "_known", lambda: flows)
    return flows


@pytest.fixture
def readings():
    """A place that has every passage that is read aloud."""
    return settings([*SHIPPED.values(), *BENDING.values()])[0]
