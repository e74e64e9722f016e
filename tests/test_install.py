"""What `make` installs is locked, and the locks keep up with what the project says it needs."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
NEEDS = {
    "requirements.lock": (PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]["build"]),
    "requirements-dev.lock": (*PROJECT["project"]["optional-dependencies"].values(), PROJECT["dependency-groups"]["dev"]),
    "requirements-clients.lock": (PROJECT["dependency-groups"]["clients"],),
}
# What only a desk needs, and what asks for another Python, lies in environments of its own.
APART = {
    "requirements-train.lock": (PROJECT["dependency-groups"]["train"],),
    "requirements-bench.lock": (PROJECT["dependency-groups"]["bench"],),
    "requirements-telegram.lock": (PROJECT["dependency-groups"]["telegram-client"], PROJECT["dependency-groups"]["build"]),
}
EVERY = {**NEEDS, **APART}
PIN = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)([^\\\n]*)((?:\s*\\\n\s+--hash=sha256:[0-9a-f]{64})*)", re.MULTILINE)


def plain(requirement: str) -> str:
    """The name in REQUIREMENT, spelled as locks spell it."""
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def pins(lock: str) -> dict[str, str]:
    """What LOCK pins, and to which versions."""
    return {name: version for name, version, *_ in PIN.findall((ROOT / "deploy" / lock).read_text())}


@pytest.mark.parametrize("lock", EVERY)
def test_everything_the_project_needs_is_locked(lock):
    """A dependency that was added and not locked would be missing on every fresh machine: `make lock` brings it in."""
    wanted = {plain(one) for needs in EVERY[lock] for one in needs}
    assert wanted <= pins(lock).keys()


@pytest.mark.parametrize("lock", EVERY)
def test_every_locked_package_has_its_hashes_and_no_lock_names_a_host(lock):
    """Nothing is installed that is not the very file we locked, and everybody fetches it from where they like."""
    text = (ROOT / "deploy" / lock).read_text()
    found = PIN.findall(text)
    assert len(found) == len(re.findall(r"^[a-z0-9._-]+==", text, re.MULTILINE)) > 10
    assert all(hashes for *_, hashes in found)
    assert "://" not in text


def test_the_larger_locks_hold_the_smaller_ones():
    """One environment serves to run, to test and to drive browsers: the same versions throughout."""
    run, dev, clients = (pins(lock).items() for lock in NEEDS)
    assert run <= dev <= clients
    assert all(run <= pins(lock).items() for lock in APART)


def test_make_alone_lists_every_target():
    """Whoever types `make` sees what can be done, and each name in the list is a target."""
    told = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed = set(re.findall(r"^  ([a-z-]+)  ", told, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony is not None
    assert listed == set(phony[1].split())
