"""Teaching the model: a small network learns, is packed, and says the same when the encoder reads it."""

from __future__ import annotations

import importlib.util
import tomllib

import numpy as np
import pytest

from knowledge import bank, encoder
from knowledge.encoder import CARD, Encoder, ModelMissing
from knowledge.heads import INTENTS, RISKS
from knowledge.training import pack, shelves
from knowledge.training.base import Fitted
from knowledge.training.examples import Ask, Document, Labelled, Lesson
from knowledge.wordpiece import Pieces

WIDTH, WIDE, LAYERS, SHARED = 48, 96, 3, 1
LETTERS = "abcdefghijklmnopqrstuvwxyz"
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *LETTERS, *(f"##{one}" for one in LETTERS), "photo", "friend", "staff", ":", "."]
TEXTS = ["a friend", "staff: photo. photo", "", "abc xyz friend photo", "9"]
CLOSE = 2e-2  # so small a network, and a random one, feels the rounding to one byte more than the one that is shipped

needs_torch = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None,
    reason="training needs PyTorch, which is not installed here: deploy/requirements-train.lock",
)


def random_layer(random: np.random.Generator) -> dict[str, np.ndarray]:
    """A layer that knows nothing yet."""

    def some(*shape: int) -> np.ndarray:
        return random.normal(0, 0.2, shape).astype(np.float32)

    norms = {f"{which}_{part}": some(WIDTH) + (part == "gain") for which in ("first", "second") for part in ("gain", "bias")}
    return {
        "mix": some(WIDTH, 3 * WIDTH),
        "mix_bias": some(3 * WIDTH),
        "out": some(WIDTH, WIDTH),
        "out_bias": some(WIDTH),
        "widen": some(WIDTH, WIDE),
        "widen_bias": some(WIDE),
        "narrow": some(WIDE, WIDTH),
        "narrow_bias": some(WIDTH),
        **{name: values.astype(np.float32) for name, values in norms.items()},
    }


@pytest.fixture
def network() -> Fitted:
    """A whole network, small and random, the same every time."""
    random = np.random.default_rng(7)
    table = {
        "words": random.normal(0, 1, (len(VOCABULARY), WIDTH)).astype(np.float32),
        "places": random.normal(0, 0.2, (128, WIDTH)).astype(np.float32),
        "gain": np.ones(WIDTH, np.float32),
        "bias": np.zeros(WIDTH, np.float32),
    }
    return Fitted(table, [random_layer(random) for _ in range(LAYERS)])


def some_heads() -> dict[str, dict[str, np.ndarray]]:
    """What tells intents and dangers apart, small and random, the same every time."""
    random = np.random.default_rng(8)
    return {
        name: {"weight": random.normal(0, 1, (WIDTH, len(labels))).astype(np.float32), "bias": np.zeros(len(labels), np.float32)}
        for name, labels in (("intent", INTENTS), ("risk", RISKS))
    }


def packed(network: Fitted) -> Encoder:
    """NETWORK as it is shipped; its upper layers both answer and listen."""
    return Encoder(pack.encoder(network, VOCABULARY), pack.listener(network.layers[SHARED:], some_heads(), 0.2, 0.6))


def pieces() -> Pieces:
    """The words that the small network knows."""
    return Pieces({word: number for number, word in enumerate(VOCABULARY)})


# --- the same sums once more, slowly and with all digits, as a textbook writes them ---


def normal(row: np.ndarray, gain: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """ROW with the mean taken off and the spread made one."""
    return (row - row.mean()) / np.sqrt(row.var() + 1e-12) * gain + bias


def by_the_book(network: Fitted, text: str) -> np.ndarray:
    """What NETWORK makes of TEXT, word by word and head by head."""
    table = {name: np.asarray(values, np.float64) for name, values in network.table.items()}
    numbers = pieces().numbers(text, 96)
    rows = [normal(table["words"][n] + table["places"][at], table["gain"], table["bias"]) for at, n in enumerate(numbers)]
    for layer in network.layers:
        one = {name: np.asarray(values, np.float64) for name, values in layer.items()}
        size = WIDTH // 12
        mixed = [row @ one["mix"] + one["mix_bias"] for row in rows]
        seen = [np.zeros(WIDTH) for _ in rows]
        for start in range(0, WIDTH, size):
            part = slice(start, start + size)
            asked, kept, said = ([row[WIDTH * third :][part] for row in mixed] for third in range(3))
            for at, question in enumerate(asked):
                weight = np.exp([question @ key / np.sqrt(size) for key in kept])
                seen[at][part] = sum(share * value for share, value in zip(weight / weight.sum(), said, strict=True))
        rows = [
            normal(row + (own @ one["out"] + one["out_bias"]), one["first_gain"], one["first_bias"])
            for row, own in zip(rows, seen, strict=True)
        ]
        wide = [row @ one["widen"] + one["widen_bias"] for row in rows]
        bent = [0.5 * row * (1 + np.tanh(np.sqrt(2 / np.pi) * (row + 0.044715 * row**3))) for row in wide]
        rows = [
            normal(row + (own @ one["narrow"] + one["narrow_bias"]), one["second_gain"], one["second_bias"])
            for row, own in zip(rows, bent, strict=True)
        ]
    mean = np.mean(rows, axis=0)
    return mean / np.linalg.norm(mean)


# --- packing ---


def test_a_packed_network_says_what_the_sums_say(network):
    """One byte a number and float32 cost less than two hundredths in any number of a vector."""
    model = packed(network)
    for text in TEXTS:
        wanted = by_the_book(network, text)
        assert np.abs(model.vector(text) - wanted).max() < CLOSE, text
        assert np.abs(model.heard([text])[0] - wanted).max() < CLOSE, text


def test_the_two_stacks_are_not_mixed_up(network):
    """What listens stands on the shared layers only, and answering does not hear of it."""
    other = Fitted(network.table, [*network.layers[:SHARED], *network.layers[:0:-1]])
    model = Encoder(pack.encoder(network, VOCABULARY), pack.listener(other.layers[SHARED:], some_heads(), 0.2, 0.6))
    assert np.abs(model.vector("a friend") - by_the_book(network, "a friend")).max() < CLOSE
    assert np.abs(model.heard(["a friend"])[0] - by_the_book(other, "a friend")).max() < CLOSE
    assert np.abs(model.heard(["a friend"])[0] - model.vector("a friend")).max() > 5 * CLOSE


def test_small_numbers_come_back_to_within_half_a_step():
    """A row of nothing stays nothing and divides by nothing."""
    values = np.random.default_rng(1).normal(0, 3, (5, 9)).astype(np.float32)
    values[2] = 0
    whole, scale = pack.small(values, 1)
    assert whole.dtype == np.int8
    assert np.abs(whole * scale[:, None] - values).max() <= scale.max() / 2 + 1e-6
    assert (whole[2] == 0).all()


def test_what_was_written_is_read_back_and_a_later_part_keeps_the_rest(network, tmp_path):
    """The card names every file with its checksum; a part written anew changes its own line only."""
    files = {encoder.WEIGHTS: pack.encoder(network, VOCABULARY), "bank.npz": {"rows": np.zeros((1, WIDTH), np.int8)}}
    pack.write(tmp_path, files, {"name": "small", "seed": 3})
    card = tomllib.loads((tmp_path / CARD).read_text(encoding="utf-8"))
    assert (card["name"], card["seed"], card["sha256"].keys()) == ("small", 3, files.keys())
    read = encoder.read(encoder.WEIGHTS, tmp_path)
    assert all(np.array_equal(read[name], values) for name, values in files[encoder.WEIGHTS].items())
    pack.write(tmp_path, {"bank.npz": {"rows": np.ones((1, WIDTH), np.int8)}})
    again = tomllib.loads((tmp_path / CARD).read_text(encoding="utf-8"))
    assert (again["name"], again["seed"]) == ("small", 3)
    assert again["sha256"][encoder.WEIGHTS] == card["sha256"][encoder.WEIGHTS]
    assert again["sha256"]["bank.npz"] != card["sha256"]["bank.npz"]
    assert encoder.read("bank.npz", tmp_path)["rows"].sum() == WIDTH
    with pytest.raises(ModelMissing, match="heads"):
        encoder.read("heads.npz", tmp_path)


def test_the_shelf_is_sorted_by_topic_and_holds_its_description(network):
    """The phrase book looks up a topic's phrases as one run of rows."""
    names = [topic.name for topic in bank.topics()]
    asks = [Ask(names[5], "a photo", "one"), Ask(names[2], "friend", "two"), Ask(names[5], "photo a", "two")]
    told = []
    shelf = shelves.shelf(asks, packed(network), lambda: told.append(1))
    assert list(shelf["topic"]) == sorted([5, 2, 5, *range(len(names))])
    assert shelf["rows"].shape == (len(names) + 3, WIDTH)
    assert len(told) == len(names) + 3


# --- learning ---

TOPICS = {
    "photo": ["a photo", "photo b", "c photo photo"],
    "friend": ["friend", "a friend b", "friend c"],
    "x": ["x y z", "z y x", "y x"],
}


def start(network: Fitted) -> tuple[dict, list]:
    """NETWORK where PyTorch can reach it."""
    from knowledge.training import transformer  # noqa: PLC0415 - it needs PyTorch, which most have not installed

    return transformer.tensors(network.table), [transformer.tensors(one) for one in network.layers]


LESSON = Lesson(
    ("photo a", "friend b", "x y", "z"),
    ("1", "1", "2", "2"),
    (*((f"staff: {text}", (rule,)) for rule, texts in enumerate(TOPICS.values()) for text in texts), ("parent: q q", ())),
)


def material():
    """Nine asks about three topics, with the rules that answer them, and one school that is asked the same and one thing more."""
    from knowledge.training import batches  # noqa: PLC0415 - see above

    asks = [Ask(topic, f"staff: {text}", "one") for topic, texts in TOPICS.items() for text in texts]
    documents = [Document("hill", f"{topic} {letter}", frozenset({topic})) for topic in TOPICS for letter in "abc"]
    return batches.Material(asks, documents, [LESSON])


def messages() -> tuple[list[Labelled], list[Labelled]]:
    """Dangers and wishes that need no genius to tell apart."""
    risks = [Labelled(RISKS[number % 3], f"{'abc'[number % 3]} {LETTERS[number]}", "one") for number in range(24)]
    intents = [Labelled(INTENTS[number % 9], f"{LETTERS[number % 9]} {LETTERS[number]}", "one") for number in range(26)]
    return risks, intents


@needs_torch
def test_a_few_steps_lower_the_loss_and_the_encoder_reads_the_same(network):
    """Asks come nearer to their rules; what was fitted in PyTorch says the same in numpy, closely."""
    import torch  # noqa: PLC0415 - see above

    from knowledge.training import batches, fit, transformer  # noqa: PLC0415 - see above

    plan = fit.Plan(steps=31, shared=SHARED, rate=2e-3, sizes=batches.Sizes(asks=6, beside=2, questions=8, rules=4))
    told: list[float] = []
    fitted = fit.fit(material(), pieces(), start(network), plan, lambda _, loss: told.append(loss))
    assert all(np.isfinite(told))
    assert told[-1] < told[0] * 0.8
    model = packed(fitted)
    for text in TEXTS:
        numbers = torch.tensor([pieces().numbers(text, 96)])
        state, there = transformer.embed(transformer.tensors(fitted.table), numbers), numbers > 0
        for one in fitted.layers:
            state = transformer.layer(state, transformer.tensors(one), there, 0.0)
        wanted = transformer.pooled(state, there)[0].numpy()
        assert model.vector(text) @ wanted > 1 - CLOSE, text


@needs_torch
def test_the_same_seed_teaches_the_same(network):
    """Whoever makes the model again from the same bank gets the same numbers; another seed gives others."""
    from knowledge.training import batches, fit  # noqa: PLC0415 - see above

    def run(seed: int) -> list[float]:
        sizes = batches.Sizes(asks=6, beside=2, questions=8, rules=4)
        plan = fit.Plan(steps=3, shared=SHARED, sizes=sizes, seed=seed)
        told: list[float] = []
        fit.fit(material(), pieces(), start(network), plan, lambda _, loss: told.append(loss))
        return told

    assert run(1) == run(1)
    assert run(1) != run(2)


@needs_torch
def test_a_question_is_put_among_the_siblings_of_its_rule():
    """What answers is always there, what stands beside it in its section comes before what does not, and silence has no answer."""
    from knowledge.training import batches  # noqa: PLC0415 - see above

    sizes = batches.Sizes(asks=6, beside=2, questions=4, rules=3)
    drawn = batches.Batches(material(), sizes, seed=1)
    answers = dict(LESSON.questions) | {text.partition(": ")[2]: rules for text, rules in LESSON.questions}
    for _ in range(20):
        _, put = drawn.next()
        assert len(put.rules) == 3
        for asked, right in zip(put.asked, put.right.tolist(), strict=True):
            assert [rule for rule, own in zip(put.rules, right, strict=True) if own] == [LESSON.rules[n] for n in answers[asked]]
        here = [LESSON.rules.index(rule) for rule in put.rules]
        asked_of = {answers[asked][0] for asked in put.asked if answers[asked]}
        if len(asked_of) == 1:  # room for two beside it, of which one is its sibling
            section = LESSON.within[asked_of.pop()]
            assert sum(LESSON.within[number] == section for number in here) == 2


@needs_torch
def test_listening_is_learnt_above_layers_that_stay_as_they_are(network):
    """The loss falls, and the heads that come out tell the taught messages apart."""
    from knowledge.training import classes  # noqa: PLC0415 - see above

    told: list[float] = []
    plan = classes.Plan(steps=41, shared=SHARED, rate=5e-3, risks=12, intents=9)
    risks, intents = messages()
    layers, heads = classes.fit(risks, intents, pieces(), start(network), plan, lambda _, loss: told.append(loss))
    assert told[-1] < told[0] * 0.8
    assert len(layers) == LAYERS - SHARED
    model = Encoder(pack.encoder(network, VOCABULARY), pack.listener(layers, heads, 0.2, 0.6))
    heard = model.heard([one.text for one in risks]) @ np.asarray(heads["risk"]["weight"]) + np.asarray(heads["risk"]["bias"])
    right = [RISKS[number] == one.label for number, one in zip(heard.argmax(1), risks, strict=True)]
    assert sum(right) / len(right) > 0.8
