"""The invented policies of this folder as files, printed once for all tests that read them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.importing.document import Document
from knowledge.importing.proposal import Proposal, proposed
from knowledge.importing.reading import read
from knowledge.importing.text import lines
from tests.knowledge.importing import press


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """The policy NAME as a file of FORM."""
    folder = tmp_path_factory.mktemp("printed")

    def file(name: str, form: str) -> Path:
        path = folder / f"{name}.{form}"
        if not path.exists():
            path.write_bytes(press.printed(name, form))
        return path

    return file


@pytest.fixture(scope="session")
def imported(paper: Callable[[str, str], Path]) -> Callable[[str, str], tuple[Document, Proposal]]:
    """What the policy NAME was understood to say when it came as a file of FORM; read in this process, which is quicker."""

    def one(name: str, form: str) -> tuple[Document, Proposal]:
        document = read(paper(name, form))
        return document, proposed(document, name, keep_people=True)

    return one


@pytest.fixture
def told() -> Callable[..., Proposal]:
    """What a few lines of plain text are understood to say."""

    def one(text: str, *, keep_people: bool = False) -> Proposal:
        return proposed(Document("invented.txt", tuple(lines(text))), "hill", keep_people=keep_people)

    return one
