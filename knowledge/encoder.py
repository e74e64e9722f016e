"""What a sentence means, as one vector: a small transformer in numpy, its weights shipped beside it, nothing ever downloaded."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.wordpiece import Pieces

MODEL = Path(__file__).with_name("model")
WEIGHTS, LISTENING, CARD = "encoder.npz", "listener.npz", "model.toml"
FORMAT = 2  # of the files together: raised when this program could no longer read those of an older release, or would misread them
FILES = (WEIGHTS, LISTENING, "bank.npz", "precedents.npz", "rules.npz", "ranking.npz")  # what is understood rests on all of them

Vector = NDArray[np.float32]

_LONGEST = 96  # pieces; what stands behind them in one sentence says little about what it means
_FAR = 8_000  # letters; more cannot matter to so many pieces, and must cost nothing and be remembered by nobody
_HEADS = 12
_REMEMBERED = 512
_BEGUN = 32  # sentences half way: the second stack is asked right after the first


class ModelMissing(Exception):
    """The encoder's data is missing or not the file that was released; the message says which, and the remedy."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer's matrices, turned so that a row of words is multiplied from the left."""

    mix: Vector
    mix_bias: Vector
    out: Vector
    out_bias: Vector
    first_gain: Vector
    first_bias: Vector
    widen: Vector
    widen_bias: Vector
    narrow: Vector
    narrow_bias: Vector
    second_gain: Vector
    second_bias: Vector


class Encoder:
    """Turns sentences into vectors of length one; the nearer two of them, the nearer the meaning.

    The lower layers are shared. Above them stand two stacks: one was taught which rule answers a question, the other to
    listen for danger and for what somebody wants.
    """

    def __init__(self, data: dict[str, NDArray[Any]], listening: dict[str, NDArray[Any]]) -> None:
        words = bytes(data["vocabulary"]).decode("utf-8").split("\n")
        self._pieces = Pieces({word: number for number, word in enumerate(words)})
        # The table of words stays in small whole numbers: only the rows of a message are ever needed.
        self._words, self._word_scales = data["words"], data["words.scale"]
        self._places = data["places"].astype(np.float32)
        self._gain, self._bias = data["gain"], data["bias"]
        layers = [_layer(data, number) for number in range(int(data["layers"]))]
        shared = len(layers) - int(listening["layers"])
        self._shared, self._answering = layers[:shared], layers[shared:]
        self._listening = [_layer(listening, number) for number in range(int(listening["layers"]))]
        self._begun = lru_cache(maxsize=_BEGUN)(self._begin)
        self._one = lru_cache(maxsize=_REMEMBERED)(lambda text: _pooled(self._answering, self._begun(text)))
        self._other = lru_cache(maxsize=_REMEMBERED)(lambda text: _pooled(self._listening, self._begun(text)))

    @property
    def width(self) -> int:
        """How many numbers a vector has."""
        return int(self._gain.shape[0])

    def vector(self, text: str) -> Vector:
        """What TEXT is about. Remembered for a while: a question is asked and then asked again in parts."""
        return self._one(text[:_FAR])

    def vectors(self, texts: Sequence[str]) -> Vector:
        """What each of TEXTS is about, as a row."""
        return np.stack([self._one(text[:_FAR]) for text in texts]) if texts else np.zeros((0, self.width), np.float32)

    def heard(self, texts: Sequence[str]) -> Vector:
        """What each of TEXTS wants and fears, as a row: for the heads, not to be compared with the other kind."""
        return np.stack([self._other(text[:_FAR]) for text in texts]) if texts else np.zeros((0, self.width), np.float32)

    def _begin(self, text: str) -> Vector:
        numbers = self._pieces.numbers(text, _LONGEST)
        rows = self._words[numbers].astype(np.float32) * self._word_scales[numbers, None]
        state = _normal(rows + self._places[: len(numbers)], self._gain, self._bias)
        for layer in self._shared:
            state = _through(layer, state)
        return state


def _pooled(layers: Sequence[_Layer], state: Vector) -> Vector:
    """The mean of the words after LAYERS."""
    for layer in layers:
        state = _through(layer, state)
    mean = state.mean(0)
    vector: Vector = mean / np.linalg.norm(mean)
    vector.flags.writeable = False  # it is handed out again and again
    return vector


def _layer(data: dict[str, NDArray[Any]], number: int) -> _Layer:
    def whole(name: str) -> Vector:
        key = f"{number}.{name}"
        return np.ascontiguousarray(data[key].astype(np.float32) * data[f"{key}.scale"])

    def plain(name: str) -> Vector:
        return data[f"{number}.{name}"].astype(np.float32)

    return _Layer(
        *(whole("mix"), plain("mix_bias"), whole("out"), plain("out_bias"), plain("first_gain"), plain("first_bias")),
        *(whole("widen"), plain("widen_bias"), whole("narrow"), plain("narrow_bias"), plain("second_gain"), plain("second_bias")),
    )


def _through(layer: _Layer, state: Vector) -> Vector:
    """STATE after every word has looked at every other."""
    length, width = state.shape
    size = width // _HEADS
    asked, kept, said = (state @ layer.mix + layer.mix_bias).reshape(length, 3, _HEADS, size).transpose(1, 2, 0, 3)
    looks = asked @ kept.transpose(0, 2, 1) * np.float32(size**-0.5)
    looks = np.exp(looks - looks.max(-1, keepdims=True))
    looks /= looks.sum(-1, keepdims=True)
    seen = (looks @ said).transpose(1, 0, 2).reshape(length, width)
    state = _normal(state + (seen @ layer.out + layer.out_bias), layer.first_gain, layer.first_bias)
    return _normal(
        state + (_bent(state @ layer.widen + layer.widen_bias) @ layer.narrow + layer.narrow_bias),
        layer.second_gain,
        layer.second_bias,
    )


def _bent(values: Vector) -> Vector:
    """The Gaussian error unit by its usual approximation: the one the weights were trained with."""
    inner = values * (np.float32(0.7978845608) + np.float32(0.0356774081) * values * values)
    bent: Vector = np.float32(0.5) * values * (1 + np.tanh(inner))
    return bent


def _normal(values: Vector, gain: Vector, bias: Vector) -> Vector:
    centred = values - values.mean(-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(-1, keepdims=True) + np.float32(1e-12))
    normal: Vector = centred / spread * gain + bias
    return normal


@cache
def load(folder: Path = MODEL) -> Encoder:
    """The encoder in FOLDER, after its checksum was compared with the model card. ModelMissing when it cannot be trusted."""
    return Encoder(read(WEIGHTS, folder), read(LISTENING, folder))


def read(name: str, folder: Path = MODEL) -> dict[str, NDArray[Any]]:
    """The arrays of the file NAME in FOLDER, if it is the very file that the model card names."""
    with np.load(_released(name, folder), allow_pickle=False) as arrays:
        return {key: arrays[key] for key in arrays.files}


def _released(name: str, folder: Path) -> Path:
    """The file NAME in FOLDER, after its checksum was compared. ModelMissing, with file and remedy, when it is another."""
    remedy = "Restore the folder from the release; the bot does not start without it."
    card, file = folder / CARD, folder / name
    try:
        told = tomllib.loads(card.read_text(encoding="utf-8"))
        wanted, version = str(told["sha256"][name]), told["format"]
        with file.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as problem:
        raise ModelMissing(f"{file}: the language model cannot be read: {type(problem).__name__}: {problem}. {remedy}") from problem
    if version != FORMAT:
        raise ModelMissing(f"{card}: this language model is of another release (format {version}, not {FORMAT}). {remedy}")
    if found != wanted:
        raise ModelMissing(f"{file}: this is not the file that {card} names (its sha256 differs). {remedy}")
    return file


def verify(folder: Path = MODEL) -> None:
    """See that every file of the model is the one that was released: before the start, not at somebody's first question."""
    for name in FILES:
        _released(name, folder)
