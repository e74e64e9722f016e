"""The two translations of the Teams channel, and its settings: what is heard, what is shown, and what must be set."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.channels.teams.hearing import Unreadable, heard, readable
from bot.channels.teams.places import Place
from bot.channels.teams.saying import messages, notification, pressed
from bot.config import Config, Secrets
from bot.config import Teams as Settings
from bot.config.teams import SECRET, broken
from bot.messages import Choice, Reply
from bot.ways_in import ways_in
from bot.wording_teams import NEWS
from tests.fakes import MONDAY
from tests.teams_wire import APP, BOT, TENANT, Refused, Teams, _lines, fit, fit_card

OBJECT = "aaaaaaaa-0000-4000-8000-000000000001"
HERE = {"serviceUrl": "https://smba.example/uk/", "channelId": "msteams", "recipient": {"id": BOT, "name": "Signpost"}}
PRIVATE = {"conversation": {"id": "a:1chat", "conversationType": "personal", "tenantId": TENANT}}
TEACHER = {"from": {"id": "29:1teacher", "name": "Teacher", "aadObjectId": OBJECT}, "channelData": {"tenant": {"id": TENANT}}}
SAID = {"type": "message", "id": "1700000000001", "text": "hello", **HERE, **PRIVATE, **TEACHER}


def the_message(**more: object):
    """What the bot hears of a message with MORE in it."""
    found = heard({**SAID, **more}, MONDAY)
    assert found is not None
    return found.message


# What is heard.


@pytest.mark.parametrize(
    ("text", "mentions", "read"),
    [
        ("hello", (), "hello"),
        ("<at>Signpost</at> report it", ("<at>Signpost</at>",), "report it"),
        ('<at id="0">Signpost</at>&nbsp;report it', ('<at id="0">Signpost</at>',), "report it"),
        ("it was <at>Ms Example</at> again", (), "it was @Ms Example again"),
        ('<quoted messageId="1700000000000"/> yes, that one', (), "yes, that one"),
        ("1 &lt; 2 &amp; 3", (), "1 < 2 & 3"),
        ("1 < 2 & <b>3</b>", (), "1 < 2 & <b>3</b>"),
        ("one\r\ntwo\n", (), "one\ntwo"),
        ("&copy; stays &hellip; as it is", (), "&copy; stays &hellip; as it is"),
    ],
)
def test_words_are_read_as_they_were_typed(text: str, mentions: tuple[str, ...], read: str):
    """Our own name is no part of them, other names are, and the marks that Teams puts in are gone."""
    entities = [{"type": "mention", "text": mark, "mentioned": {"id": BOT, "name": "Signpost"}} for mark in mentions]
    assert readable({**SAID, "text": text, "entities": entities}) == read


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="<&"), min_size=1))
def test_what_somebody_types_comes_through_unchanged(text: str):
    """Whatever the script, whatever the signs."""
    assert the_message(text=text).text == text


def test_the_same_person_is_the_same_sender_wherever_they_write():
    """Their chat, a channel, a changed message, a button: one account in one tenant."""
    channel = {"id": "19:x@thread.tacv2", "conversationType": "channel", "tenantId": TENANT}
    called = [{"type": "mention", "text": "<at>Signpost</at>", "mentioned": {"id": BOT}}]
    button = {"type": "invoke", "name": "adaptiveCard/action"}
    action = {"action": {"verb": "choose", "data": {"about": "q:1", "value": "yes"}}}
    for more in (
        {},
        {"conversation": channel, "entities": called},
        {"type": "messageUpdate"},
        {"type": "messageDelete"},
        {**button, "value": action},
        {"from": {**TEACHER["from"], "aadObjectId": OBJECT.upper()}},
    ):
        assert the_message(**more).sender == f"{TENANT}:{OBJECT}"


def test_what_people_change_and_delete_among_themselves_is_not_heard():
    """In a channel only what calls us is for us, also when it is changed; a deletion there says nothing of whom it was for."""
    channel = {"id": "19:x@thread.tacv2", "conversationType": "channel", "tenantId": TENANT}
    for kind in ("message", "messageUpdate", "messageDelete"):
        assert heard({**SAID, "conversation": channel, "type": kind, "text": "see you at nine", "entities": []}, MONDAY) is None
    called = [{"type": "mention", "text": "<at>Signpost</at>", "mentioned": {"id": BOT}}]
    assert the_message(type="messageUpdate", conversation=channel, entities=called).edited


def test_somebody_without_an_account_goes_by_what_teams_calls_them():
    """A guest of a meeting: they can be heard and answered, and are nobody the school knows."""
    assert the_message(**{"from": {"id": "29:1anonymous"}}).sender == f"{TENANT}:29:1anonymous"
    assert Place.read(f"{TENANT}:29:1anonymous") == Place(TENANT, "29:1anonymous")


def test_a_file_is_known_by_its_kind_and_nothing_else():
    """No name and no address of it is kept: there is nothing that it could be fetched by."""
    kinds = ("image/png", "image/*", "video/mp4", "application/vnd.microsoft.teams.file.download.info", "application/pdf", "", None)
    files = [{"contentType": kind, "name": "IMG_1.jpg", "contentUrl": "https://secret.example/IMG_1"} for kind in kinds]
    message = the_message(attachments=files)
    assert message.attachments == ("image", "image", "video", "file", "file", "file", "file")
    assert "IMG_1" not in repr(message)


def test_what_only_repeats_the_words_is_no_file():
    """Teams sends along a copy of them with their looks, the message that is answered, a card."""
    kinds = ("text/html", "application/vnd.microsoft.card.adaptive", "messageReference", "forwardedMessageReference")
    assert the_message(attachments=[{"contentType": kind, "content": "<p>hello</p>"} for kind in kinds]).attachments == ()
    pasted = {"contentType": "text/html", "content": "<p>look</p><IMG src='https://secret.example'>"}
    assert the_message(attachments=[pasted]).attachments == ("image",)
    assert the_message(attachments=[pasted, {"contentType": "image/*"}]).attachments == ("image",)


def test_an_edited_message_has_a_number_of_its_own():
    """Teams gives it the number it had: the words and the time make it another delivery, and a repeat the same one."""
    first = the_message().id
    second = the_message(type="messageUpdate", text="hello there", timestamp="2026-03-02T09:00:01Z").id
    third = the_message(type="messageUpdate", text="hello there", timestamp="2026-03-02T09:00:02Z").id
    assert len({first, second, third, the_message(type="messageDelete").id}) == 4
    assert the_message(type="messageUpdate", text="hello there", timestamp="2026-03-02T09:00:01Z").id == second


def test_half_a_sign_does_not_stop_a_message():
    """JSON can bring what no database stores."""
    assert the_message(text="so \ud83d sad").text == "so \ufffd sad"


def test_a_conversation_cannot_lead_our_calls_elsewhere():
    """Its name goes into an address: one that could mean another address is refused."""
    for name in ("../../v3/other", "a:1/activities", "a:1?x=", "a:1#", "a:%2f", "", "a b"):
        with pytest.raises(Unreadable):
            heard({**SAID, "conversation": {**PRIVATE["conversation"], "id": name}}, MONDAY)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from(["message", "messageUpdate", "messageDelete", "invoke", "typing"]),
    st.dictionaries(
        st.sampled_from(
            ["text", "from", "conversation", "entities", "attachments", "value", "name", "recipient", "id", "channelData"]
        ),
        anything,
        max_size=4,
    ),
)
def test_nothing_delivered_can_do_more_than_be_set_aside(kind: str, more: dict):
    """Any field may be anything, one day."""
    with suppress(Unreadable):  # anything else would be an error of ours
        heard({**SAID, "type": kind, "name": "adaptiveCard/action", **more}, MONDAY)


@given(st.text(alphabet="0123456789abcdef-:/é ", max_size=60))
def test_what_is_no_place_is_none(written: str):
    """A place of another channel, or of nobody, is never taken for one of ours."""
    found = Place.read(written)
    assert found is None or str(found) == written


# What is shown.


def shown(reply: Reply) -> list[str]:
    """The text of REPLY's messages as a person reads them, each held against the limits of Teams."""
    found = []
    for said in messages(reply):
        card = said.card.model_dump(by_alias=True, exclude_none=True)
        attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
        fit({"type": "message", "summary": said.notice, "attachments": [attachment]})
        found.append("\n".join(_lines(card["body"])))
    return found


@example("{", 3)
@given(st.text(min_size=1, max_size=60), st.integers(1, 300))
def test_whatever_is_said_arrives_whole_and_within_the_limits(text: str, times: int):
    """Nothing is cut away, nothing is refused, however long it is and whatever it is made of."""
    whole = text * times
    arrived = "".join(shown(Reply(whole)))
    assert _letters(arrived) == _letters(whole) or not _letters(whole)


@given(st.text(min_size=1, max_size=40), st.integers(1, 700))
def test_no_message_is_longer_than_teams_takes(text: str, times: int):
    """Counted as it is sent, with everything that the card needs around the words."""
    reply = Reply(text * times, tuple(Choice(text * 3, f"v{number}" * 40) for number in range(40)), about="q:" + "1" * 150)
    for said in messages(reply):
        card = said.card.model_dump_json(by_alias=True, exclude_none=True)
        assert len(card.encode("utf-16-le")) < 60_000


def _letters(text: str) -> str:
    """TEXT without spaces, and without the sign that stands between two curly brackets so that Teams leaves them alone."""
    return re.sub(r"[\s\x1c-\x1f\x85\u2028\u2029\u2060]", "", text)


def test_markup_is_shown_and_never_obeyed():
    """Only a TextBlock is read as markup, and there is none; a time that Teams would work out is left as it was typed."""
    (said,) = messages(Reply("**bold** [a](https://a.example) <at>Head</at> {{DATE(2026-01-01T00:00:00Z)}}"))
    assert {block.type for block in said.card.body or ()} == {"RichTextBlock"}
    (text,) = shown(Reply("**bold** <at>Head</at> {{DATE(2026-01-01T00:00:00Z)}}"))
    assert text.replace("\u2060", "") == "**bold** <at>Head</at> {{DATE(2026-01-01T00:00:00Z)}}"
    assert "{{" not in text


def test_an_address_can_be_opened():
    """The policy points at pages; Teams is told where a link is, since it does not look for itself."""
    (said,) = messages(Reply("Report it at https://reportremove.example/a?b=1&c=2. Then tell us."))
    card = said.card.model_dump(by_alias=True, exclude_none=True)
    (link,) = [run for block in card["body"] for run in block["inlines"] if "selectAction" in run]
    assert link["text"] == link["selectAction"]["url"] == "https://reportremove.example/a?b=1&c=2"


def test_long_answers_are_split_between_sentences():
    """Nobody reads half a sentence, then waits for the rest."""
    parts = shown(Reply("Staff do not add pupils as friends on any site. " * 900))
    assert len(parts) > 2
    assert all(part.rstrip().endswith("any site.") for part in parts)


def test_labels_too_long_for_a_button_stand_in_the_text_with_their_number():
    """And what no button can carry any more is typed by its number."""
    (text,) = shown(Reply("which?", (Choice("a" * 90, "1"), Choice("b", "2")), about="q:1"))
    assert f"1. {'a' * 90}" in text
    many = Reply("which?", tuple(Choice("c" * 70, f"{number}" * 300) for number in range(60)), about="q:1")
    (said,) = messages(many)
    buttons = [action for block in said.card.body or () if block.type == "ActionSet" for action in block.actions or ()]
    assert 0 < len(buttons) < 60
    assert "60. ccc" in shown(many)[0]


def test_short_choices_stand_side_by_side_and_long_ones_below_each_other():
    """A telephone cuts what is wider than its screen."""
    (short,) = messages(Reply("?", tuple(Choice(label, label) for label in ("Yes", "No", "Not sure")), about="q:1"))
    (long,) = messages(Reply("?", tuple(Choice(f"Unwanted friend request {n}", str(n)) for n in range(3)), about="q:1"))
    rows = [[len(b.actions or ()) for b in said.card.body or () if b.type == "ActionSet"] for said in (short, long)]
    assert rows == [[3], [1, 1, 1]]


def test_a_lock_screen_shows_a_reference_at_most():
    """What a telephone shows to whoever picks it up: that a case needs somebody, or that Signpost wrote."""
    card = Reply("what happened", title="Signpost: SP-7K2MQ needs you", about="case:1")
    assert notification(card) == "Signpost: SP-7K2MQ needs you"
    assert notification(Reply("He wrote to my daughter", title="Question 4 of 9", about="q:1")) == NEWS


def test_what_was_pressed_stands_there_and_nothing_can_be_pressed():
    """The question stays readable, with the answer below it; a choice that was never offered changes nothing."""
    question = Reply("Is anybody in danger?", (Choice("Yes, now", "yes"), Choice("No", "no")), about="q:1")
    card = pressed(question, "yes")
    assert card is not None
    body = card.model_dump(by_alias=True, exclude_none=True)["body"]
    assert list(_lines(body)) == ["Is anybody in danger?", "✓ Yes, now"]
    assert not [block for block in body if block["type"] == "ActionSet"]
    assert pressed(question, "perhaps") is None


# The fake.


def test_the_fake_refuses_what_teams_cannot_show():
    """A fake that takes anything would prove nothing."""
    run = {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "x"}]}
    action = {"type": "Action.Execute", "title": "x", "verb": "choose", "data": {"about": "1"}}
    good = {"type": "AdaptiveCard", "version": "1.4", "body": [run]}
    fit_card(good)
    for body in (
        [],
        [{"type": "TextBlock", "text": "**x**"}],
        [{**run, "inlines": []}],
        [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "a\nb"}]}],
        [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "{{DATE(x)}}"}]}],
        [{"type": "ActionSet", "actions": [action] * 7}],
        [{"type": "ActionSet", "actions": [{**action, "title": ""}]}],
        [{"type": "ActionSet", "actions": [{**action, "type": "Action.Submit"}]}],
    ):
        with pytest.raises(Refused):
            fit_card({**good, "body": body})
    for card in ({**good, "version": "1.0"}, {**good, "refresh": {}}, {}):
        with pytest.raises(Refused):
            fit_card(card)
    for message in (
        {"type": "message"},
        {"type": "typing", "text": "x"},
        {"type": "message", "attachments": [{"contentType": "x"}]},
    ):
        with pytest.raises(Refused):
            fit(message)


def test_the_fake_signs_what_microsoft_signs():
    """The claims that the notes of a real token have, and no more."""
    import jwt  # noqa: PLC0415 - the SDK's, loaded by this test only

    platform = Teams()
    claims = jwt.decode(platform.bearer(), options={"verify_signature": False})
    assert set(claims) == {"iss", "aud", "nbf", "exp", "serviceurl"}


# The way in.


def test_an_invitation_leads_to_the_bot_with_its_code_and_a_poster_does_not():
    """Parents are not in the school's Teams."""
    config = Config(channels=("teams",), teams=Settings(**GOOD), data_folder=Path("unused"))
    (way,) = ways_in(config, "rosebrook", "ABCDEFGH")
    assert way.link == f"https://teams.microsoft.com/l/chat/0/0?users=28:{APP}&message=ABCD-EFGH"
    assert ways_in(config, "rosebrook") == ()


# What must be set.

GOOD = {"app_id": APP, "tenants": (TENANT,)}


def wrong(*, names: tuple[str, ...] = (), **teams: object) -> dict[str, str]:
    """What is wrong with a school's settings: by key or variable."""
    value = teams.pop("secret", "a~value")
    secrets = {"client_secret": SecretStr(value)} if value else {}
    secrets |= {name: SecretStr("x") for name in names}
    config = Config(
        schools=("rosebrook",),
        channels=("teams",),
        data_folder=Path("unused"),
        secrets=Secrets(channels={"teams": secrets}),
        teams=Settings(**{**GOOD, **teams}),
    )
    return dict(broken(config))


def test_good_settings_have_nothing_wrong():
    """Those that the page for IT asks for."""
    assert wrong() == {}


@pytest.mark.parametrize(
    ("settings", "key", "remedy"),
    [
        ({"app_id": ""}, "teams.app_id", "docs/channels/teams.md"),
        ({"app_id": "Signpost"}, "teams.app_id", "Application (client) ID"),
        ({"tenants": ()}, "teams.tenants", "nobody else is heard"),
        ({"tenants": (TENANT, "school.example")}, "teams.tenants", "school.example"),
        ({"secret": ""}, SECRET, "docs/channels/teams.md"),
        ({"secret": APP}, SECRET, "the secret's ID"),
        ({"names": ("password",)}, "SIGNPOST_TEAMS_PASSWORD", SECRET),
        ({"login": "http://login.example"}, "teams.login", "https://login.microsoftonline.com"),
        ({"keys": "http://keys.example"}, "teams.keys", "https://login.botframework.com"),
        ({"service": "http://smba.example"}, "teams.service", "https://smba.trafficmanager.net"),
    ],
)
def test_each_wrong_setting_names_its_key_and_its_remedy(settings: dict, key: str, remedy: str):
    """What is missing, mixed up or unencrypted is said before anything starts."""
    assert remedy in wrong(**settings)[key]
