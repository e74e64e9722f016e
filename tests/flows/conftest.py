"""A catalogue for the tests: the shipped flows, and one that bends wherever a flow can bend."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows import catalogue

SHIPPED = catalogue.find(catalogue.FOLDER, "flows.catalogue")
BENDING = catalogue.find(Path(__file__).parent / "catalogue")


@pytest.fixture
def both(monkeypatch):
    """The catalogue with the winding flow in it."""
    flows = {**SHIPPED, **BENDING}
    monkeypatch.setattr(catalogue, "_known", lambda: flows)
    return flows
