"""Danger first: what is caught, what passes, who is left out, and that the bot will not run without its danger words."""

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.risk import LEXICON, RiskDataMissing, Triage

# Written for this test, to be read as people write.
IMMEDIATE = [
    "my daughter just said she wants to die and i dont know what to do",
    "hes got a knife in his bag he showed the other boys",
    "There is a man outside the gate trying to get a child into his car",
    "we cant find my son he hasnt come home from school",
    "she took all her tablets",
    "please help my husband is hitting me and the kids are here",
    "a girl in my class has cut herself and is bleeding",
    "someone online says they'll post her photos unless she sends more",
    "She has gone to meet a man she met on Roblox",
    "I can't go on any more, everyone would be better off without me",
]
HIGH = [
    "a boy in year 6 sent a nude to a girl in his class",
    "some man on fortnite keeps messaging my son",
    "I've seen cuts on her arms",
    "the coach messages my daughter late at night",
    "somebody made a fake account of my son",
    "they keep sending racist messages to my daughter",
    "he watches execution videos on his phone",
    "my ex is tracking us on snap maps",
]
NONE = [
    "can i post a photo of sports day",
    "I'm dying to know when the photos go up",
    "shoot me an email please",
    "this marking is killing me",
    "how do i unblock a website",
    "a parent has sent me a friend request",
    "what does the policy say about self harm?",
    "where is the extremism policy",
    "when is the suicide prevention training",
    "the wifi keeps dying",
    "who is the safeguarding lead",
    "How do I withdraw consent for photos?",
    "my son is missing his PE kit",
    "Is Fortnite allowed? It has guns in it",
]

# How many of the list below may open a case, or get a line, by what the encoder makes of them: as many as when it was shipped.
# Short words about who waits where are the price of hearing children who are not where they should be.
MISTAKEN_CASES, MISTAKEN_LINES = 4, 17

# What everybody writes every week, in words that a careless pattern would take for danger.
EVERYDAY = [
    "hes on his way to school now",
    "can uncle steve pick them up after school",
    "i have a meeting with mrs jones tomorrow",
    "dad is waiting outside the gate to collect her",
    "im coming to collect her from school early today",
    "trying to get my child into breakfast club",
    "my jumper is missing",
    "my son is missing school today with a cold",
    "my daughter is missing out on the trip",
    "the link to the form is missing",
    "please help me im locked out of my account",
    "please help he cant log in to the app",
    "taking the kids to the museum, can we post photos",
    "we got in the car and forgot the form",
    "i left it in the van",
    "we have lost the children's work",
    "cant find the consent form",
    "cant find my daughter on the class list",
    "i cant find it anywhere",
    "today is my last day",
    "the office is not responding to emails",
    "the ball is on the roof again",
    "the bus to the game on saturday",
    "can he go to his house after school",
    "please bring scissors and glue to school",
    "bring a bat and ball on friday",
    "going to beat them in the netball match",
    "on my way to school",
    "wait for her at the gate",
    "can she leave school alone",
    "the PE kit is locked in the cupboard",
    "someone in the school said we can film",
    "im outside the school now, where do i go",
    "who gets the stuff after the sale",
    "i wont be here tomorrow, who covers the page",
    "saying goodbye to year 6, can we film it",
    "i cant do this on my phone",
    "she cant go on the trip",
    "is there any point going to the meeting",
    "can the kids jump off the blocks on video",
    "has she taken her medicine",
    "the video was shot on a phone",
    "can you share the photo with everyone",
    "send the photos if you dont mind",
    "if i dont sign, will my picture be used",
    "the PTA wants money for photos",
    "make them film a video for homework",
    "take off her coat for the photo",
    "the letter hasnt arrived",
    "nobody knows where her coat is",
    "we got beaten 3-0",
    "whats the policy on sexual abuse",
    "im gonna die of embarrassment",
    "the battery is going to die",
    "can we stop the app tracking",
    "can i meet the head today",
    "is grandad allowed to take her home",
    "grandad is coming to take her to the dentist",
    "hes been gone all day on the trip, any photos",
    "can you ring me back now",
    "my phone is off until 3",
    "he didnt come home with his book bag",
    "she fell over and cut her knee at playtime",
    "he had a nosebleed in PE",
    "the children ran to school for charity",
    "can my mum meet me at reception",
    "i need to see the head today",
    "who is picking up the parcels",
    "fire drill at 2",
]


@pytest.mark.parametrize("text", IMMEDIATE)
def test_somebody_in_danger_now_is_immediate(triage, text):
    """999 and the case come from this."""
    assert triage.weigh(text).level == "immediate"


@pytest.mark.parametrize("text", HIGH)
def test_what_the_lead_must_know_today_is_at_least_high(triage, text):
    """An extra line and the button come from this."""
    assert triage.weigh(text).level in {"high", "immediate"}


@pytest.mark.parametrize("text", NONE)
def test_everyday_messages_pass(triage, text):
    """Figures of speech and questions about the policy raise no alarm by their words, and by their meaning never open a case."""
    assert triage.by_words(text).level == "none"
    assert triage.weigh(text).level != "immediate"


def test_what_everybody_writes_every_week_passes(triage):
    """No pattern takes any of it for danger. By its meaning some gets a line, since the list was made to sound like danger."""
    assert [text for text in EVERYDAY if triage.by_words(text).level != "none"] == []
    levels = {text: triage.weigh(text, "parent").level for text in EVERYDAY}
    assert len([text for text, level in levels.items() if level == "immediate"]) <= MISTAKEN_CASES, levels
    assert len([text for text, level in levels.items() if level == "high"]) <= MISTAKEN_LINES, levels


@pytest.mark.parametrize(
    "text",
    [
        "she wants to comit suiside",
        "HE HAS BEEN STABED",
        "she took an overdoze",
        "su\u200bicidal",
        "𝓼𝓾𝓲𝓬𝓲𝓭𝓪𝓵",
        "he is blackmailling her",
    ],
)
def test_slips_capitals_and_disguised_letters_do_not_hide_danger(triage, text):
    """Frightened people mistype, and phones put odd characters in."""
    assert triage.weigh(text).level == "immediate"


@pytest.mark.parametrize("text", IMMEDIATE)
def test_a_figure_of_speech_beside_danger_does_not_talk_it_down(triage, text):
    """Only the words of the idiom are passed over."""
    assert triage.weigh(f"Im dying to know what the policy says. {text}. Shoot me an email").level == "immediate"


@given(padding=st.text(max_size=200), text=st.sampled_from(IMMEDIATE))
@settings(max_examples=40)
def test_nothing_around_it_lowers_an_immediate(triage, padding, text):
    """Patterns may only raise: whatever else stands in the message, danger stays danger."""
    assert triage.weigh(f"{padding}\n{text}\n{padding}").level == "immediate"


def test_danger_at_the_end_of_a_very_long_message_is_seen(triage):
    """No message is too long to be read to its end."""
    assert triage.weigh("we went to the shops. " * 500 + "he says he wants to die").level == "immediate"


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("the head is hitting a child", {"headteacher"}),
        ("Headteacher has been messaging my son", {"headteacher"}),
        ("our safeguarding lead and the chair of governors know", {"dsl", "chair"}),
        ("the deputy safeguarding lead", {"deputy_dsl"}),
        ("the deputy head shouted", {"slt"}),
        ("he hit his head on the wall", set()),
        ("a pupil headed the ball", set()),
    ],
)
def test_roles_that_the_words_may_name_are_known(triage, text, roles):
    """They are left out of the emergency push; a hurt head is not a headteacher."""
    assert triage.weigh(text).names_roles == roles


def test_nothing_written_stays_in_the_result(triage):
    """Reasons are names of groups, fit for a log."""
    risk = triage.weigh("Zebedee says he wants to die")
    assert "zebedee" not in repr(risk).casefold()
    assert risk.reasons == ("suicide",)


@pytest.mark.parametrize(
    "text",
    ["", "a" * 10_000, "he " * 3300, "he will kill my son " * 500, "😀" * 5000, "\x00\x1b" * 5000, "man child message " * 600],
)
def test_hostile_text_is_weighed_quickly(triage, text):
    """Ten thousand characters of anything cost the patterns less than 50 ms; test_danger.py bounds the encoder."""
    before = time.process_time()
    triage.by_words(text)
    assert time.process_time() - before < 0.05


def broken(tmp_path: Path, old: str, new: str) -> Path:
    """A copy of the lexicon with OLD replaced by NEW."""
    written = LEXICON.read_text(encoding="utf-8")
    assert old in written
    path = tmp_path / "risk.toml"
    path.write_text(written.replace(old, new, 1), encoding="utf-8")
    return path


def test_without_the_lexicon_there_is_no_triage(tmp_path):
    """It never switches itself off: the file and the remedy are named instead."""
    with pytest.raises(RiskDataMissing, match=r"risk\.toml.*does not start without it"):
        Triage.load(tmp_path / "risk.toml")


@pytest.mark.parametrize("text", ["", "[immediate]\n[high]\n", "not toml at all ="])
def test_an_empty_or_torn_lexicon_is_refused(tmp_path, text):
    """A file that is there but says nothing is as bad as none."""
    path = tmp_path / "risk.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RiskDataMissing, match=r"risk\.toml"):
        Triage.load(path)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (
            "[immediate.suicide]",
            '[immediate.sadness]\ncaught = ["x"]\nphrases = ["nothing here"]\n[immediate.suicide]',
            "immediate.sadness",
        ),
        ('caught = ["I think she is self-harming"', 'caught = ["nice weather today"', "high.self_harm"),
        ('passes = ["', 'passes = ["he has been stabbed", "', "harmless"),
        ('"overdose|overdosed|overdosing"', '"<nobody> overdose"', "nobody"),
        ('"overdose|overdosed|overdosing"', '"over(dose)+"', "not understood"),
        ('"overdose|overdosed|overdosing"', '"~ ~"', "has to be there"),
        ("[look_up]", "[lookup]", "look_up"),
    ],
)
def test_a_lexicon_that_fails_its_own_examples_is_refused(tmp_path, old, new, named):
    """Each group carries messages it has to catch; the group that does not is named."""
    with pytest.raises(RiskDataMissing, match=named):
        Triage.load(broken(tmp_path, old, new))


def test_every_group_is_there_with_examples():
    """The bot's promise in the domain notes: each of these dangers has a group of its own."""
    lexicon = tomllib.loads(LEXICON.read_text(encoding="utf-8"))
    assert {"suicide", "overdose", "injury", "weapon", "threat", "missing", "meeting", "abuse", "blackmail"} <= lexicon[
        "immediate"
    ].keys()
    assert {"self_harm", "sexual_image", "grooming", "staff_contact", "hate", "harm_at_home"} <= lexicon["high"].keys()
