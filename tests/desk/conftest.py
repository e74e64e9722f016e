"""What every test of the desk begins with: a rehearsal of Rosebrook, served over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.desk_site import desk_site
from tests.site import Site
from tests.starting import alike, started_alike  # noqa: F401 - fixtures


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """A rehearsal with its desk, on a Monday morning in term."""
    async with desk_site(tmp_path) as site:
        yield site
