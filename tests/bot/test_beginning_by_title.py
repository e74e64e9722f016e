"""A report begins when somebody types what stands on its button, also where no button was shown."""

from __future__ import annotations

import pytest

from flows import catalogue
from tests.talk import Talk


@pytest.mark.parametrize("name", ["tell_us", "cyberbullying", "adult_concern"])
async def test_the_title_of_a_report_begins_it(talk: Talk, name: str):
    """Whoever was told “type Just tell us” need not ask for the list first."""
    said = await talk["Parent"].says(catalogue.flow(name).title.upper())
    assert said[-1].about.startswith("ask:") or said[-1].title.startswith("Question 1")
