"""English is let through however it is typed; what is not English is noticed when there is enough of it to know."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import bank
from knowledge.language import english, mended

TYPED = sorted({line.rpartition("\t")[2] for file in bank.FOLDER.glob("*/*.tsv") for line in file.read_text("utf-8").splitlines()})

FOREIGN = """
czy mogę robić zdjęcia na koncercie
moje dziecko jest przesladowane w internecie przez innych uczniow
Dzień dobry, czy szkoła może używać zdjęć mojej córki na Facebook?
pot să fac poze la serbare
copilul meu primește mesaje urâte pe whatsapp
posso tirar fotos na festa da escola
o meu filho está a ser vítima de bullying na internet
puedo hacer fotos en el concierto del colegio
mi hijo recibe mensajes de un desconocido en instagram
mera beta school nahi jana chahta
mere bachay ko whatsapp pe ganday message aa rahe hain
mari dikri ne koi instagram par hairan kare che
mere munde nu koi tang kar reha hai
amar meyeke keu facebook e birokto korche
est-ce que je peux prendre des photos pendant le spectacle
mein Kind wird im Internet gemobbt was soll ich tun
okulda fotoğraf çekebilir miyim
çocuğum internette zorbalığa uğruyor
wiilkayga waxaa lagu dhibaateeyaa internetka
mano vaikas gauna piktas zinutes
mio figlio riceve messaggi da uno sconosciuto
con toi bi bat nat tren mang
můžu fotit na školním představení
Допоможіть
привіт, чи можна фотографувати?
میرے بیٹے کو کوئی تنگ کر رہا ہے
আমার ছেলেকে কেউ বিরক্ত করছে
ਮੇਰਾ ਪੁੱਤਰ
મારા દીકરાનો ફોટો
هل يمكنني التصوير في الحفلة
我可以拍照吗
""".strip().splitlines()

ENGLISH = """
wot r da rulz 4 fones m8
cn u pls tl me wt da rls r abt fones
omg my kid got a rly nasty msg on insta wot shud i do
wen iz da nxt meetin abt onlin safty
is skool gonna tel me wen they poast my kidz pics
teh hedteacher dosnt anser my emial
aye wee bairn's greetin cos o thae photies on facebook ken
yer da's been postin aboot the heidie
innit bruv allow it man its long
what rhymes with orange
Any vegan options on roast day
Agnieszka Kowalczyk and Jadwiga Wisniewska
https://example.com/a/b/c
lol lol lol lol
👍👍👍👍
1234 5678 90 11 22
""".strip().splitlines()


@pytest.mark.parametrize("text", FOREIGN)
def test_what_is_not_english_is_noticed(text):
    """In the languages of our families, with and without their accents, and in letters that English never uses."""
    assert not english(text)


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_let_through_however_it_is_typed(text):
    """Text-speak, dialect, names, links and pictures are no foreign language."""
    assert english(text)


def test_whatever_was_typed_in_english_is_english():
    """Of all the messages of the bank not one in ten thousand is turned away."""
    away = [text for text in TYPED if not english(text)]
    assert len(away) <= len(TYPED) / 10_000, away


@given(st.sampled_from(TYPED), st.integers(0, 400), st.sampled_from("aeiourstnl"))
def test_one_slip_makes_nobody_a_foreigner(text, place, letter):
    """A letter too many, anywhere."""
    place %= len(text)
    assert english(text[:place] + letter + text[place:])


@given(st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=12), max_size=3))
def test_a_few_words_are_never_turned_away(typed):
    """Three words may be a name, a nickname or a code."""
    assert english(" ".join(typed))


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyzéüßłşñ", min_size=1, max_size=12).map(str.title), max_size=12))
def test_names_are_never_turned_away(names):
    """A list of the children in a photo is no foreign language."""
    assert english(" ".join(names))


@given(st.text(max_size=300))
def test_whatever_is_typed_gets_an_answer(text):
    """Both functions take any text there is; a mended text is another one."""
    english(text)
    assert mended(text) != text


@given(st.sampled_from(TYPED))
def test_what_is_spelt_well_is_left_alone(text):
    """Mending twice changes no more than mending once."""
    better = mended(text) or text
    assert mended(better) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("who keeps the pasword", "who keeps the password"),
        ("can i take fotographs of teh concert", "can i take photographs of teh concert"),
        ("is Jaydenn allowed on snapchat", None),
        ("who may see our usernames", None),
    ],
)
def test_slips_are_put_right_and_names_are_not(typed, meant):
    """Only a word that nobody types, close to one that people do, and not a name."""
    assert mended(typed, {"password", "photographs", "concert"}) == meant
