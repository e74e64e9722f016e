"""Slack's two translations and its settings, without a socket: what is heard, what is shown, what is wrong with a token."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.channels.slack import hearing, saying
from bot.channels.slack.hearing import SHORTCUT, Heard, Unreadable, heard, mentioned, readable
from bot.channels.slack.saying import messages, notification, pressed
from bot.config import Config, Secrets, Slack, slack
from bot.cutting import pieces
from bot.messages import Choice, Reply
from tests.fakes import MONDAY
from tests.slack_wire import BOT_ID, BOT_USER, SCOPES, TEAM, Refused, _fit, unescaped

MANIFEST = Path(__file__).parents[2] / "deploy" / "slack" / "manifest.yaml"


def event(**event: object) -> dict:
    """A delivery of EVENT, a direct message unless it says otherwise."""
    shown = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "hello", "ts": "1.1", **event}
    return {"type": "event_callback", "event_id": "Ev1", "authorizations": [{"team_id": TEAM, "user_id": BOT_USER}], "event": shown}


def words(body: dict, **more: object) -> str:
    """What the bot hears in BODY."""
    found = heard(body, TEAM, MONDAY, **more)
    assert found.message is not None
    return found.message.text


# What is heard.


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("see <https://x.example/a?b=1&amp;c=2>", "see https://x.example/a?b=1&c=2"),
        ("see <https://x.example/a|x.example/a>", "see x.example/a"),
        ("see <https://evil.example|the school>", "see https://evil.example"),
        ("mail <mailto:office@x.example|office@x.example>", "mail office@x.example"),
        ("it was <@U0HEAD> again", "it was @the head again"),
        ("in <#C1|staff-room>, <!here> and <!subteam^S1|@governors>", "in #staff-room, @here and @governors"),
        ("1 &lt; 2", "1 < 2"),
    ],
)
def test_words_are_read_as_they_stood_on_the_screen(written: str, read: str):
    """A lead must read what the person saw: names instead of numbers, and where a link leads instead of what it claims."""
    assert readable(written, lambda user: "the head" if user == "U0HEAD" else "?") == read


@given(st.text(max_size=200))
def test_what_somebody_types_comes_through_unchanged(text: str):
    """Slack escapes three signs; undone, nothing of what was typed is lost or taken for a mark of Slack's."""
    assert readable(saying.escaped(text), lambda _: "?") == text


@pytest.mark.parametrize(
    "nobodys",
    [
        event(bot_id="B9"),
        event(user=None),
        event(user="USLACKBOT"),
        event(subtype="bot_message"),
        event(subtype="channel_join"),
        event(channel_type="channel"),
        event(type="reaction_added"),
        event(text=""),
        event(subtype="message_changed", message={"user": "U1", "text": "same"}, previous_message={"user": "U1", "text": "same"}),
        event(subtype="message_changed", message={"user": BOT_USER, "bot_id": BOT_ID, "text": "b"}, previous_message={"text": "a"}),
        event(subtype="message_deleted", previous_message={"user": BOT_USER, "bot_id": BOT_ID, "text": "b"}),
        {"type": "view_submission", "user": {"id": "U1"}},
        {"type": "block_actions", "user": {"id": "U1"}, "actions": [{"type": "overflow"}]},
        {"type": "message_action", "callback_id": "of_another", "user": {"id": "U1"}},
        {},
    ],
)
def test_what_nobody_said_to_us_is_not_kept(nobodys: dict):
    """Our own words, other apps', links that Slack looked up, and whatever may be invented later: none of it is a report."""
    assert heard(nobodys, TEAM, MONDAY) == Heard()


def test_the_same_person_is_the_same_sender_wherever_they_write():
    """A direct message, a call in a public channel, a command and a shortcut are one conversation."""
    press = {"value": "\na\nb", "type": "button", "action_ts": "3", "text": {"text": "B"}}
    bodies = (
        event(),
        {**event(type="app_mention", channel_type="channel", text=f"<@{BOT_USER}> hi"), "event_id": "Ev2"},
        {"command": "/signpost", "text": "cases", "user_id": "U1", "trigger_id": "9"},
        {"type": "message_action", "callback_id": SHORTCUT, "trigger_id": "8", "user": {"id": "U1"}, "message": {"text": "x"}},
        {"type": "block_actions", "user": {"id": "U1"}, "container": {"channel_id": "D1", "message_ts": "1"}, "actions": [press]},
    )
    found = [heard(body, TEAM, MONDAY).message for body in bodies]
    assert all(one is not None for one in found)
    assert {(one.sender, one.address.place) for one in found} == {(f"{TEAM}:U1", f"{TEAM}:U1")}
    assert len({one.id for one in found}) == len(bodies)


def test_calling_the_bot_by_name_is_not_part_of_what_was_said():
    """The name of the bot is cut off, other names stay."""
    said = event(type="app_mention", channel_type="channel", text=f"<@{BOT_USER}> ask about <@U7>", channel="C1")
    found = heard(said, TEAM, MONDAY, lambda _: "a teacher")
    assert found.message is not None
    assert found.message.text == "ask about @a teacher"
    assert found.public == ("C1", "U1")
    assert not found.message.private


def test_a_reported_message_is_quoted_without_its_files():
    """The words are evidence; a picture is never passed on, and that there was one is said."""
    shown = {"text": "look &amp; laugh", "user": "U9", "files": [{"id": "F1", "mimetype": "image/png", "url_private": "https://x"}]}
    body = {"type": "message_action", "callback_id": SHORTCUT, "trigger_id": "8", "user": {"id": "U1"}, "message": shown}
    found = heard(body, TEAM, MONDAY).message
    assert found is not None
    assert "“look & laugh”" in found.text
    assert "not passed on" in found.text
    assert found.attachments == ()


def test_a_file_is_known_by_its_kind_and_nothing_else():
    """No name, number or address of a file is kept: there is nothing to fetch it by."""
    files = [{"id": "F1", "name": "IMG.jpg", "mimetype": "image/jpeg", "url_private": "https://x"}, {"mimetype": "application/pdf"}]
    found = heard(event(subtype="file_share", files=files), TEAM, MONDAY).message
    assert found is not None
    assert found.attachments == ("image", "file")


def test_a_ticket_to_act_for_somebody_is_not_kept():
    """Slack's trigger can open a window in that person's name for a while: only its mark is kept, to tell a repeat."""
    body = {"command": "/signpost", "text": "", "user_id": "U1", "trigger_id": "123.456.secret"}
    found = heard(body, TEAM, MONDAY).message
    assert found is not None
    assert "secret" not in found.id
    assert found.text == "help"


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["user", "text", "id", "type"]), inner, max_size=3),
    max_leaves=6,
)
_keys = ["event", "user", "actions", "message", "container", "callback_id", "trigger_id", "command", "text", "user_id", "team"]


@given(
    st.sampled_from(["event_callback", "block_actions", "message_action", None]),
    st.dictionaries(st.sampled_from([*_keys, "event_id", "authorizations", "team_id"]), _json, max_size=8),
)
def test_nothing_delivered_can_do_more_than_be_set_aside(kind: str | None, body: dict):
    """A delivery of no shape at all is unreadable at worst: it never stops the stream."""
    body = {**body, "type": kind}
    for look in (hearing.who, hearing.team_of, mentioned):
        look(body)
    with suppress(Unreadable):  # anything else would be an error of ours
        heard(body, TEAM, MONDAY)


# What is shown.


def shown(reply: Reply) -> list[str]:
    """The text of REPLY's messages as a person reads them, each held against Slack's limits."""
    found = []
    for said in messages(reply):
        blocks = _fit({"text": said.text, "blocks": [dict(block) for block in said.blocks]})
        texts = [block["text"]["text"] for block in blocks if block["type"] in {"section", "header"}]
        found.append("\n".join(unescaped(text) for text in texts))
    return found


@given(st.text(min_size=1, max_size=60), st.integers(1, 400))
def test_whatever_is_said_arrives_whole_and_within_the_limits(text: str, times: int):
    """Nothing is cut away, nothing is refused, however long it is and whatever it is made of."""
    whole = text * times
    arrived = "".join("".join(messages_) for messages_ in shown(Reply(whole)))
    assert _letters(arrived) == _letters(whole) or not whole.strip()


def _letters(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_markup_of_slacks_is_shown_and_never_obeyed():
    """Somebody who writes a call to everybody in a report must not have it made by the bot."""
    (said,) = messages(Reply("<!channel> <@U1> <https://x|y> & *bold*"))
    text = said.blocks[0]["text"]["text"]
    assert text.startswith("&lt;!channel&gt; &lt;@U1&gt; &lt;")
    assert "&amp; *bold*" in text


def test_an_address_can_be_opened():
    """The policy points at pages; Slack is told where a link is, since it may not look for itself."""
    (said,) = messages(Reply("Report it at https://reportremove.example/a?b=1&c=2. Then tell us."))
    assert "<https://reportremove.example/a?b=1&amp;c=2>. Then" in said.blocks[0]["text"]["text"]


def test_long_answers_are_split_between_sentences():
    """Nobody reads half a sentence, then waits for the rest."""
    sentence = "Staff do not add pupils as friends on any site. "
    parts = [block["text"]["text"] for said in messages(Reply(sentence * 300)) for block in said.blocks]
    assert len(parts) > 4
    assert all(part.rstrip().endswith("any site.") for part in parts)


@given(st.text(max_size=300), st.integers(10, 60))
def test_cutting_loses_nothing_and_keeps_to_its_measure(text: str, most: int):
    """Whatever the text is, the pieces together are the text."""
    found = list(pieces(text, most, saying.size))
    assert _letters("".join(found)) == _letters(text)
    assert all(sum(map(saying.size, piece)) <= most for piece in found)


def test_buttons_keep_to_slacks_limits():
    """25 in a row, 75 signs on each; what does not fit on one stands in the text, numbered."""
    many = messages(Reply("which?", tuple(Choice(f"Choice {n}", str(n)) for n in range(60)), about="q:1"))[-1]
    rows = [block["elements"] for block in many.blocks if block["type"] == "actions"]
    assert [len(row) for row in rows] == [25, 25, 10]
    long = shown(Reply("which?", (Choice("a" * 90, "1"), Choice("b", "2")), about="q:1"))[-1]
    assert f"1. {'a' * 90}" in long


def test_a_lock_screen_shows_a_reference_at_most():
    """What a phone shows to whoever picks it up: that a case needs somebody, or that Signpost wrote."""
    card = Reply("what happened", title="Signpost: SP-7K2MQ needs you", about="case:1")
    assert notification(card) == "Signpost: SP-7K2MQ needs you"
    assert notification(Reply("He wrote to my daughter", title="Question 4 of 9", about="q:1")) == saying.NEWS
    assert all("daughter" not in said.text for said in messages(Reply("He wrote to my daughter")))


def test_what_was_pressed_stands_there_and_nothing_can_be_pressed():
    """The question stays readable, with the answer below it."""
    (said,) = messages(Reply("Is anybody in danger?", (Choice("Yes & now", "yes"), Choice("No", "no")), about="q:1"))
    after = pressed(said.blocks, "Yes & now")
    assert not [block for block in after if block["type"] == "actions"]
    assert after[-1]["elements"][0]["text"] == "✓ Yes &amp; now"
    assert after[0] == said.blocks[0]


def test_the_fake_refuses_what_slack_refuses():
    """A fake that takes anything would prove nothing."""
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    tag = {"type": "section", "text": {"type": "mrkdwn", "text": "<!channel>"}}
    button = {"type": "button", "action_id": "1", "text": {"type": "plain_text", "text": "x" * 76}, "value": "1"}
    fine = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}
    for blocks in ([section], [tag], [{"type": "actions", "elements": [button]}], [fine] * 51):
        with pytest.raises(Refused, match="invalid_blocks"):
            _fit({"text": "x", "blocks": blocks})
    with pytest.raises(Refused, match="msg_blocks_too_long"):
        _fit({"text": "x", "blocks": [fine] * 5})
    with pytest.raises(Refused, match="no_text"):
        _fit({})


# What is set up.


def configured(channels: tuple[str, ...] = ("slack",), schools: tuple[str, ...] = ("rosebrook",), api: str = "", **given: str):
    """What is wrong with these settings."""
    secrets = Secrets(channels={"slack": {name: SecretStr(value) for name, value in given.items()}})
    config = Config(schools=schools, channels=channels, secrets=secrets, slack=Slack(api=api) if api else Slack())
    return dict(slack.broken(config))


GOOD = {"bot_token": "xoxb-12345678", "signing_secret": "0" * 32}


def test_good_settings_have_nothing_wrong():
    """One workspace for all schools, or one for each."""
    assert configured(**GOOD) == {}
    assert configured(bot_token="xoxb-12345678", app_token="xapp-12345678") == {}
    own = {"bot_token_rosebrook": "xoxb-12345678", "signing_secret_rosebrook": "0" * 32}
    assert configured(**own) == {}
    assert configured(channels=("web",)) == {}


@pytest.mark.parametrize(
    ("given_", "variable", "remedy"),
    [
        ({}, "SIGNPOST_SLACK_BOT_TOKEN", "bot token"),
        ({"bot_token": "xoxb-12345678"}, "SIGNPOST_SLACK_SIGNING_SECRET", "SIGNPOST_SLACK_APP_TOKEN"),
        ({**GOOD, "bot_token": "xoxp-of-a-person"}, "SIGNPOST_SLACK_BOT_TOKEN", "xoxb-"),
        ({**GOOD, "signing_secret": "'quoted'"}, "SIGNPOST_SLACK_SIGNING_SECRET", "quotation marks"),
        ({**GOOD, "token": "x"}, "SIGNPOST_SLACK_TOKEN", "Nothing reads this"),
        ({"bot_token_rosebrook": "xoxb-12345678"}, "SIGNPOST_SLACK_SIGNING_SECRET_ROSEBROOK", "ROSEBROOK"),
    ],
)
def test_each_wrong_setting_names_its_variable_and_its_remedy(given_: dict[str, str], variable: str, remedy: str):
    """Whoever sets it up reads what to change, and never a secret."""
    found = configured(**given_)
    assert remedy in found[variable]
    assert not any(secret in text for text in found.values() for secret in given_.values() if len(secret) > 3)


def test_a_workspace_is_never_called_unencrypted():
    """A report would travel open for everybody between."""
    assert "https://" in configured(api="http://slack.example/api", **GOOD)["slack.api"]


def test_the_manifest_asks_for_what_is_used_and_nothing_else():
    """The scopes are those that our own calls and events need; each has its reason beside it."""
    written = MANIFEST.read_text(encoding="utf-8")
    scopes = dict(re.findall(r"^      - ([a-z_:]+) +# (.{20,})$", _below("    bot:", written), re.MULTILINE))
    assert set(scopes) == SCOPES
    assert "    user:" not in written
    assert set(re.findall(r"- ([a-z._]+)", _below("    bot_events:", written))) == {"message.im", "app_mention"}
    assert f"- command: {hearing.COMMAND}\n" in written
    assert f"callback_id: {SHORTCUT}\n" in written


def _below(key: str, written: str) -> str:
    """The lines of the list under KEY."""
    after = written.split(f"\n{key}\n")[1]
    return re.split(r"^ {0,4}[a-z]", after, maxsplit=1, flags=re.MULTILINE)[0]
