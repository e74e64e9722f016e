"""What people wrote, sealed: it opens where it was sealed and nowhere else, and the keyring survives paper."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from storage.keyring import SIZE
from storage.sheet import LETTERS
from storage.vault import BadKeyring, BadSheet, CannotOpen, Keyring, Vault, from_sheet, recovery_sheet

RING = Keyring.new()
VAULT = Vault(RING)
NAMES = st.text("abcdefgh_", min_size=1, max_size=12)
SPOTS = st.tuples(NAMES, NAMES, st.text(min_size=1, max_size=40))
WORDS = st.text(st.characters(exclude_categories=("Cs",)))
RINGS = st.builds(
    Keyring,
    st.binary(min_size=SIZE, max_size=SIZE),
    st.dictionaries(st.integers(1, 0xFFFF), st.binary(min_size=SIZE, max_size=SIZE), min_size=1, max_size=5),
)


@given(SPOTS, WORDS)
def test_what_was_sealed_opens_again(spot: tuple[str, str, str], words: str) -> None:
    """Any text, in any place."""
    assert VAULT.open(*spot, VAULT.seal(*spot, words)) == words


@given(SPOTS, SPOTS, WORDS)
@example(("reply", "body", "1"), ("reply", "body", "2"), "moved to another row")
@example(("reply", "body", "1"), ("reply", "place", "1"), "moved to another column")
@example(("inbox", "body", "1"), ("reply", "body", "1"), "moved to another table")
def test_what_was_moved_does_not_open(here: tuple[str, str, str], there: tuple[str, str, str], words: str) -> None:
    """Swapping rows, columns or tables is refused, without showing a word."""
    assume(".".join(here[:2]) + ":" + here[2] != ".".join(there[:2]) + ":" + there[2])
    with pytest.raises(CannotOpen) as refused:
        VAULT.open(*there, VAULT.seal(*here, words))
    assert refused.value.__context__ is None or refused.value.__suppress_context__


@given(st.data(), WORDS)
def test_a_single_changed_bit_is_refused(data: st.DataObject, words: str) -> None:
    """Wherever it is: header, nonce, text or tag."""
    sealed = bytearray(VAULT.seal("cases", "said", "1", words))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CannotOpen):
        VAULT.open("cases", "said", "1", bytes(sealed))


@given(st.binary(max_size=200))
def test_bytes_that_were_never_sealed_are_refused(junk: bytes) -> None:
    """Whatever they are, the answer is CannotOpen and nothing else."""
    with pytest.raises(CannotOpen, match=r"cases\.said of 1"):
        VAULT.open("cases", "said", "1", junk)


@given(WORDS, st.integers(1, 4))
def test_old_keys_open_after_rotation_and_the_newest_seals(words: str, times: int) -> None:
    """A key can be added any number of times; nothing becomes unreadable, and the old ring cannot read the new."""
    ring = RING
    for _ in range(times):
        ring = ring.rotated()
    newer = Vault(ring)
    assert newer.open("t", "c", "1", VAULT.seal("t", "c", "1", words)) == words
    with pytest.raises(CannotOpen, match=f"key {ring.newest} is not on this keyring"):
        VAULT.open("t", "c", "1", newer.seal("t", "c", "1", words))
    assert newer.look_up("web", "U1") == VAULT.look_up("web", "U1")
    assert ring.fingerprint() == RING.fingerprint()


@given(WORDS)
def test_a_key_that_is_handed_round_opens_and_does_not_seal(words: str) -> None:
    """While some have it and some have not, everybody can open whatever anybody seals; then it seals, and the vault goes on."""
    behind, ahead = Vault(RING), Vault(RING.with_next())
    assert behind.open("t", "c", "1", ahead.seal("t", "c", "1", words)) == words
    assert Keyring.parse(ahead.keyring.dump()) == ahead.keyring
    sealed_before = ahead.seal("t", "c", "1", words)
    behind.adopt(ahead.keyring)
    ahead.adopt(ahead.keyring.settled())
    assert behind.open("t", "c", "1", ahead.seal("t", "c", "1", words)) == words
    assert ahead.open("t", "c", "1", sealed_before) == words
    assert (behind.keyring.sealing, ahead.keyring.sealing) == (1, 2)


@pytest.mark.parametrize("other", [Keyring.new(), Keyring(RING.lookup, {2: b"2" * SIZE}), Keyring(RING.lookup, {1: b"1" * SIZE})])
def test_a_ring_that_lacks_a_key_in_use_is_not_taken_up(other: Keyring) -> None:
    """A wrong file in the right place must not lock anybody out: the keys in use stay."""
    vault = Vault(RING)
    sealed = vault.seal("t", "c", "1", "words")
    with pytest.raises(BadKeyring, match="The old one stays"):
        vault.adopt(other)
    assert vault.open("t", "c", "1", sealed) == "words"


@given(st.lists(st.text(max_size=10), max_size=4), st.lists(st.text(max_size=10), max_size=4))
@example(["ab", "c"], ["a", "bc"])
@example(["a", ""], ["a"])
def test_a_digest_stands_for_its_parts_and_their_order(one: list[str], two: list[str]) -> None:
    """The same parts give the same digest, others another, wherever one part ends and the next begins."""
    assert (VAULT.look_up(*one) == VAULT.look_up(*two)) == (one == two)


def test_a_digest_needs_the_key() -> None:
    """Somebody without the keyring cannot try names until one fits."""
    assert Vault(Keyring.new()).look_up("web", "U1") != VAULT.look_up("web", "U1")


def test_the_same_words_never_look_the_same() -> None:
    """Equal answers cannot be told from each other in the database."""
    assert len({VAULT.seal("t", "c", "1", "yes") for _ in range(50)}) == 50


@given(RINGS)
def test_a_keyring_survives_its_text(ring: Keyring) -> None:
    """In a key file, or on one line of an environment variable."""
    assert Keyring.parse(ring.dump()) == ring
    assert Keyring.parse(ring.dump().replace("\n", " ")) == ring


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("lookup", "look"), "twice or has no name"),
        (lambda text: "\n".join(text.splitlines()[1:]), "no line `lookup:"),
        (lambda text: text.splitlines()[0], "at least one numbered key"),
        (lambda text: text + text.splitlines()[1], "named twice"),
        (lambda text: text.strip()[:-4], "cut short"),
        (lambda text: text.replace("1:", "1:!", 1), "no key has"),
        (lambda text: text.replace("\n1:", "\n0:"), "between 1 and"),
        (lambda text: text + "seals:2\n", "does not hold it"),
        (lambda text: text + "seals:1\nseals:1\n", "no key has|twice|cut short"),
        (lambda text: "", "no line `lookup:"),
    ],
)
def test_a_damaged_keyring_is_refused_without_showing_it(change, says: str) -> None:
    """The message says which line and what to do."""
    text = change(RING.dump())
    with pytest.raises(BadKeyring, match=says) as refused:
        Keyring.parse(text)
    assert not any(len(word) > 30 and word in str(refused.value) for word in re.split(r"[\s:]", RING.dump()))


def test_no_secret_shows_in_a_repr() -> None:
    """Neither the ring's nor the vault's, in whatever form."""
    shown = repr(RING) + str(RING) + repr(VAULT) + str(VAULT.keyring) + str(vars(VAULT))
    for key in (RING.lookup, *RING.keys.values()):
        assert repr(key)[2:-1] not in shown
        assert key.hex() not in shown
    assert all(line.split(":")[1] not in shown for line in RING.dump().split())


@given(RINGS)
def test_a_keyring_survives_paper(ring: Keyring) -> None:
    """Printed, typed in small letters, with hyphens, without gaps, with O for 0 and l for 1, and read again."""
    sheet = recovery_sheet(ring, ["Rosebrook"], "the headteacher")
    assert from_sheet(sheet) == ring
    numbered = [line for line in sheet.splitlines() if re.match(r"\s*\d+\.", line)]
    parts = [line.split(".", 1) for line in numbered]
    typed = "\n".join(f"{number}. {letters.strip().replace(' ', '-').lower().replace('0', 'o')}" for number, letters in parts)
    assert from_sheet(typed) == ring
    assert all(len(line) < 40 for line in numbered)


def test_the_sheet_says_whose_it_is_and_how_to_use_it() -> None:
    """Schools, holder, fingerprint and the command to type."""
    sheet = recovery_sheet(RING, ["Rosebrook", "Trent"], "the chair of governors")
    for expected in ("Rosebrook, Trent", "the chair of governors", RING.fingerprint(), "signpost restore"):
        assert expected in sheet


@given(st.data())
def test_a_typing_slip_names_its_line(data: st.DataObject) -> None:
    """One wrong letter is found, and the message says in which line to look."""
    lines = [line.strip() for line in recovery_sheet(RING, ["Rosebrook"], "x").splitlines() if re.match(r"\s*\d+\.", line)]
    number = data.draw(st.integers(0, len(lines) - 1))
    spots = [place for place, letter in enumerate(lines[number]) if letter in LETTERS and place > lines[number].index(".")]
    spot = data.draw(st.sampled_from(spots))
    wrong = data.draw(st.sampled_from([letter for letter in LETTERS if letter != lines[number][spot]]))
    lines[number] = lines[number][:spot] + wrong + lines[number][spot + 1 :]
    with pytest.raises(BadSheet, match=rf"[Ll]ine {number + 1} |Each line is right"):
        from_sheet("\n".join(lines))


def test_missing_swapped_and_foreign_lines_are_named() -> None:
    """A line left out, the last one cut off, two in the wrong order, one from another sheet, and no sheet at all."""
    lines = [line for line in recovery_sheet(RING, ["Rosebrook"], "x").splitlines() if re.match(r"\s*\d+\.", line)]
    foreign = [line for line in recovery_sheet(Keyring.new(), ["Rosebrook"], "x").splitlines() if re.match(r"\s*\d+\.", line)]
    for text, says in (
        (lines[:2] + lines[3:], "Line 3 .* is missing"),
        (lines[:-1], f"goes on after line {len(lines) - 1}"),
        ([lines[0]], "goes on after line 1"),
        ([lines[1], lines[0], *lines[2:]], "Line 1 .* is missing"),
        ([foreign[0], *lines[1:]], "do not belong together"),
        (["hello"], "No numbered line"),
        ([" 1. ÄÖÜ", *lines[1:]], "Line 1 .* no sheet has"),
    ):
        with pytest.raises(BadSheet, match=says):
            from_sheet("\n".join(text))
