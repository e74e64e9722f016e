"""Services outside the school: only numbers that somebody has verified are shown, and the two everybody knows always are."""

from datetime import date

import pytest

from knowledge.services import SERVICES, ServicesError, load, services

TODAY = date(2026, 11, 21)


def test_only_999_and_childline_are_shown_as_shipped():
    """Nobody here has verified the others."""
    assert [(one.key, one.contact) for one in services(TODAY)] == [("police", "999"), ("childline", "0800 1111")]
    assert len(load()) > 2


def edited(tmp_path, old, new):
    """A copy of the list with OLD replaced by NEW."""
    written = SERVICES.read_text(encoding="utf-8")
    assert old in written
    path = tmp_path / "services.toml"
    path.write_text(written.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("day", "shown"), [("2026-11-21", True), ("2026-08-23", True), ("2026-08-22", False), ("", False), ("2062-11-21", False)]
)
def test_a_service_is_shown_for_ninety_days_after_it_was_verified(tmp_path, day, shown):
    """Then somebody has to ring again; a day that has not come yet verifies nothing."""
    path = edited(tmp_path, 'verified_on = ""', f'verified_on = "{day}"')
    assert ("nspcc" in {one.key for one in services(TODAY, path)}) is shown
    assert {"police", "childline"} <= {one.key for one in services(TODAY, path)}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[childline]", "[child_line]", "childline is missing"),
        ('contact = "999"', 'contact = ""', "police.contact"),
        ('contact = "999"', 'number = "999"', "police.contact"),
        ('verified_on = ""', 'verified_on = "2026-02-31"', "no such day"),
        ('verified_on = ""', 'verified_on = "yesterday"', "verified_on"),
        ("[police]", "[police", "cannot be read"),
        ('read_in = "swgfl.org.uk, naht.org.uk"', 'read_in = ""', "posh.read_in is missing"),
    ],
)
def test_a_broken_list_is_refused_by_name(tmp_path, old, new, says):
    """The file and the key are named."""
    with pytest.raises(ServicesError, match=rf"services\.toml: .*{says}"):
        load(edited(tmp_path, old, new))
