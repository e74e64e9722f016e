"""The shipped policies, read once."""

from pathlib import Path

import pytest

import knowledge
from knowledge.markdown import load
from knowledge.policy import Policy
from knowledge.risk import Triage

SHIPPED = sorted((Path(knowledge.__file__).parent / "schools").iterdir())


@pytest.fixture(scope="session", params=SHIPPED, ids=lambda folder: folder.name)
def policy(request) -> Policy:
    """Each shipped policy in turn."""
    return load(request.param / "policy.md")


@pytest.fixture(scope="session")
def policy_name(policy) -> str:
    """The name under which the bank speaks of the policy in turn."""
    return next(folder.name for folder in SHIPPED if load(folder / "policy.md").school == policy.school)


@pytest.fixture(scope="session")
def rosebrook() -> Policy:
    """The first school."""
    return load(next(folder for folder in SHIPPED if folder.name == "rosebrook") / "policy.md")


@pytest.fixture(scope="session")
def triage() -> Triage:
    """The danger words as shipped."""
    return Triage.load()
