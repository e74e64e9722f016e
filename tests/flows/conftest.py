"""A catalogue for the tests: the shipped flows, and those that bend wherever a flow can bend."""

from __future__ import annotations

import pytest

from flows import catalogue
from tests.flows.telling import FLOWS


@pytest.fixture
def both(monkeypatch):
    """The catalogue with the bending flows in it."""
    monkeypatch.setattr(catalogue, "_known", lambda: FLOWS)
    return FLOWS
