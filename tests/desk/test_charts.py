"""Charts: whatever is counted, the drawing is whole, repeats the table, and can be told apart without colour."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, tostring

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.charts import MOST_SERIES, Picture, Row, chart, swatch

SVG = "{http://www.w3.org/2000/svg}"
NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=60)


@st.composite
def pictures(draw) -> Picture:
    """Any picture that a page could show."""
    series = draw(st.integers(1, MOST_SERIES))
    numbers = st.tuples(*[st.integers(0, 5000)] * series)
    rows = draw(st.lists(st.builds(Row, NAMES, numbers, NAMES), max_size=20))
    titles = draw(st.lists(NAMES, min_size=series, max_size=series))
    return Picture("key", draw(NAMES), "Week", tuple(titles), tuple(rows), upright=draw(st.booleans()))


def drawn(picture: Picture) -> Element:
    """PICTURE as a browser reads it."""
    return fromstring(str(chart(picture)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


@given(pictures())
def test_every_number_is_drawn_once_and_stays_inside(picture: Picture):
    """Names with signs of HTML in them too: one part for each number that is not nought, named for whoever points at it."""
    svg = drawn(picture)
    parts = [one for one in svg.iter(f"{SVG}rect") if one.get("class", "").startswith("chart-part")]
    said = [one.findtext(f"{SVG}title") for one in parts]
    expected = [number for row in picture.rows for number in row.numbers if number]
    assert [int(str(one).rpartition(" ")[2]) for one in said] == expected
    _, _, wide, high = (float(part) for part in svg.get("viewBox", "").split())
    for one in parts:
        x, y, w, h = (float(one.get(name, "nan")) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= 0
        assert x + w <= wide + 0.2
        assert y + h <= high + 0.2


@given(pictures())
def test_whoever_cannot_see_it_is_told(picture: Picture):
    """A title, and a sentence with what is in all and what is most."""
    svg = drawn(picture)
    assert svg.get("role") == "img"
    title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert svg.get("aria-labelledby", "").split() == [title.get("id"), desc.get("id")]
    assert title.text == picture.title
    assert (f"{picture.total} in all" in str(desc.text)) is bool(picture.total)


def test_no_two_series_are_told_apart_by_colour_alone():
    """Each has a pattern of its own, and nothing in a chart is a style that the page would refuse."""
    whole = Picture("key", "Title", "Week", tuple("abcdef"), (Row("one", (1, 2, 3, 4, 5, 6)),))
    svg = drawn(whole)
    patterns = [tostring(one, encoding="unicode").partition(">")[2] for one in svg.iter(f"{SVG}pattern")]
    assert len(set(patterns)) == len(patterns) == MOST_SERIES
    assert "style" not in chart(whole)
    assert re.search(r"url\(#key-3\)", swatch(whole, 3))
    with pytest.raises(ValueError, match="key: at most 6 series"):
        Picture("key", "Title", "Week", tuple("abcdefg"), ())
