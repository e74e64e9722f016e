"""The encoder: the same sentence is the same vector, whatever is typed costs little, and a model that is not ours is refused."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import knowledge
from knowledge import danger, encoder, heads, meaning, phrasebook, precedents, ranking
from knowledge.encoder import CARD, FILES, MODEL, Encoder, ModelMissing
from knowledge.ranking import Weights
from knowledge.risk import Triage

ROOT = Path(knowledge.__file__).parents[1]

SENTENCES = (
    "May I accept a friend request from a pupil?",
    "he says he wants to die",
    "",
    "😀😀😀",
    "مدرسة الأطفال",
    "Hello.",
    "one " * 300,
)


@pytest.fixture(scope="module")
def model() -> Encoder:
    """The encoder as shipped."""
    return encoder.load()


def test_a_vector_has_the_length_of_one(model):
    """So that nearness is a plain product of two vectors."""
    for rows in (model.vectors(SENTENCES), model.heard(SENTENCES)):
        assert rows.shape == (len(SENTENCES), model.width)
        assert rows.dtype == np.float32
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert model.vectors([]).shape == model.heard([]).shape == (0, model.width)


def test_likeness_of_meaning_is_nearness(model):
    """Two ways of asking the same stand nearer to each other than to something else."""
    same, also, other = model.vectors(
        [
            "staff: can a teacher be friends with a pupil on facebook",
            "staff: adding children from school on social media",
            "lunch menu",
        ]
    )
    assert float(same @ also) > float(same @ other) + 0.1


def test_what_was_asked_before_changes_nothing(model):
    """The same words give the same numbers to the last bit, remembered or not, first or after many others."""
    fresh = Encoder(encoder.read(encoder.WEIGHTS), encoder.read(encoder.LISTENING))
    about, wanted = model.vectors(SENTENCES), model.heard(SENTENCES)
    for number in range(40):
        model.heard([f"another {number}"])  # more than are remembered half way
    assert np.array_equal(model.vectors(SENTENCES[::-1])[::-1], about)
    assert np.array_equal(fresh.heard(SENTENCES[::-1])[::-1], wanted)
    assert np.array_equal(fresh.vectors(SENTENCES), about)


def test_two_threads_at_once_hear_the_same(model):
    """The bot weighs messages in threads: no thread may see another's numbers."""
    texts = [f"{text} {number}" for number in range(4) for text in SENTENCES[:3]]
    about, wanted = model.vectors(texts), model.heard(texts)
    fresh = Encoder(encoder.read(encoder.WEIGHTS), encoder.read(encoder.LISTENING))
    with ThreadPoolExecutor(4) as pool:
        listening = pool.submit(fresh.heard, texts)
        answering = list(pool.map(fresh.vector, texts * 3))
        assert np.array_equal(listening.result(), wanted)
    assert np.array_equal(np.stack(answering), np.concatenate([about] * 3))


def test_another_number_of_threads_within_says_the_same():
    """A machine that gives the sums several cores comes to the same answers as one that gives one."""
    script = "from knowledge import encoder; print(encoder.load().vector('a pupil wants to follow me').tolist())"
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "2"}
    done = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    there = np.array(ast.literal_eval(done.stdout), np.float32)
    assert np.allclose(there, encoder.load().vector("a pupil wants to follow me"), atol=1e-5)


def test_the_sums_keep_to_one_core():
    """It is said before numpy is loaded, whichever part of knowledge comes first: afterwards nobody would listen."""
    script = "import knowledge, os, sys; print('numpy' in sys.modules, os.environ['OPENBLAS_NUM_THREADS'])"
    environ = {**{name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "1"]


def test_nobody_can_change_what_is_remembered(model):
    """One vector is handed to search, intent and risk."""
    with pytest.raises(ValueError, match="read-only"):
        model.vector("hello")[0] = 0


@given(text=st.text(max_size=400))
@settings(max_examples=25)
def test_whatever_is_typed_has_a_vector(model, text):
    """Pictures, right-to-left writing, half a character, nothing at all: a vector, and no number that is none."""
    for vector in (model.vector(text), model.heard([text])[0]):
        assert np.isfinite(vector).all()
        assert abs(float(np.linalg.norm(vector)) - 1) < 1e-4


@pytest.mark.parametrize("text", ["a" * 100_000, "word " * 20_000, "é" * 100_000, "😀" * 100_000, " " * 100_000, "a b. " * 20_000])
def test_a_hundred_thousand_letters_cost_no_more_than_a_page(model, text):
    """Nobody can keep a core busy by leaning on a key, nor fill the memory with what is remembered."""
    model.heard(["warm"])
    before = time.process_time()
    model.vector(text)
    model.heard([text])
    assert time.process_time() - before < 0.25
    assert np.array_equal(model.vector(text), model.vector(text[:8000]))


# --- a model that cannot be trusted ---


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the model's folder, to be spoiled."""
    folder = tmp_path / "model"
    shutil.copytree(MODEL, folder)
    return folder


def spoil(folder: Path, name: str, how: str) -> None:
    """Do to the file NAME what happens to files."""
    file = folder / name
    if how == "missing":
        file.unlink()
    elif how == "truncated":
        os.truncate(file, file.stat().st_size // 2)
    elif how == "empty":
        os.truncate(file, 0)
    else:
        with file.open("r+b") as opened:
            opened.seek(file.stat().st_size // 2)
            byte = opened.read(1)
            opened.seek(-1, os.SEEK_CUR)
            opened.write(bytes([byte[0] ^ 1]))


def test_the_card_names_every_file_and_none_else():
    """A file that the card forgets would never be looked at."""
    assert set(tomllib.loads((MODEL / CARD).read_text(encoding="utf-8"))["sha256"]) == set(FILES)
    assert {*FILES, CARD} <= {file.name for file in MODEL.iterdir()}
    assert {file.name for file in MODEL.glob("*.npz")} == set(FILES)


@pytest.mark.parametrize("how", ["missing", "truncated", "empty", "one bit changed"])
@pytest.mark.parametrize("name", FILES)
def test_a_model_file_that_is_not_the_one_released_is_refused(copy, name, how):
    """Whichever file, whatever befell it: the file and the remedy are named."""
    spoil(copy, name, how)
    with pytest.raises(ModelMissing, match=rf"{name}: .*Restore the folder from the release; the bot does not start without it"):
        encoder.verify(copy)


@pytest.mark.parametrize("text", [None, "", "sha256 = 3", "[sha256]\n", "not toml ="])
def test_without_a_whole_model_card_nothing_is_trusted(copy, text):
    """The card is what says which files are ours."""
    (copy / CARD).unlink() if text is None else (copy / CARD).write_text(text, encoding="utf-8")
    with pytest.raises(ModelMissing, match="Restore the folder from the release"):
        encoder.verify(copy)


@pytest.mark.parametrize(
    ("load", "name"),
    [
        (encoder.load, encoder.WEIGHTS),
        (heads.load, encoder.LISTENING),
        (phrasebook.load, phrasebook.DATA),
        (lambda folder: Weights.load(named=True, folder=folder), ranking.DATA),
        (lambda folder: encoder.read(meaning.DATA, folder), meaning.DATA),
        (precedents.load, precedents.DATA),
    ],
    ids=["search, intents and risk", "intents and risk", "topics", "ranking", "rules", "precedents"],
)
def test_each_part_refuses_for_itself(copy, load, name):
    """Also when it is used alone, as the commands do: no part falls back to something weaker."""
    spoil(copy, name, "truncated")
    with pytest.raises(ModelMissing, match=name):
        load(copy)


@pytest.mark.parametrize("name", FILES)
def test_there_is_no_triage_without_the_whole_model(copy, monkeypatch, name):
    """Half a triage would look like one: danger words alone are not what the school was promised."""
    spoil(copy, name, "one bit changed")
    monkeypatch.setattr(encoder.verify, "__defaults__", (copy,))
    with pytest.raises(ModelMissing, match=name):
        Triage.load()


@pytest.mark.parametrize("part", ["encoder", "heads"])
def test_danger_is_never_quietly_not_heard(monkeypatch, part):
    """A model that cannot be read while running is an error to the caller, not the level "none"."""

    def gone(folder: Path = MODEL) -> None:
        raise ModelMissing("gone")

    monkeypatch.setattr(getattr(danger, part), "load", gone)
    with pytest.raises(ModelMissing):
        danger.heard("we are in danger")


# --- what runs, and what is only for teaching ---


def imported(file: Path) -> set[str]:
    """Every module that FILE imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_nothing_that_runs_needs_what_only_training_needs():
    """The school's machine has no PyTorch and no scipy, and gets nothing from a network."""
    strangers = ("scipy", "torch", "urllib.request", "knowledge.training")
    files = [file for part in ("bot", "flows", "knowledge", "storage") for file in (ROOT / part).rglob("*.py")]
    running = [file for file in files if (ROOT / "knowledge" / "training") not in file.parents]
    assert len(running) > 100
    found = {
        (file.relative_to(ROOT).as_posix(), name)
        for file in running
        for name in imported(file)
        if any(name == one or name.startswith(f"{one}.") for one in strangers)
    }
    assert found == set()
