"""A report that somebody began and left: one gentle word, the silence that sends, and the day on which what was said is gone."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from bot import drafts, last_question, schools
from bot.drafts import Due, due, known, touched, wake_at
from bot.memory import DRAFT, OFFERED, Talk, recall
from bot.messages import Reply
from bot.triage import WORRY, WORRY_ID
from flows import catalogue
from flows.engine import Progress
from flows.setting import ANYWHERE
from storage.tables import Conversation, table
from tests.fakes import MONDAY, FakeChannel, HandClock
from tests.talk import Talk as Voices
from tests.talk import settings, talking, transcript

REMINDER = "A little while ago"
SENT = "You did not choose within ten minutes"
SECRET = "the purple rhinoceros wrote to him again"
NOBODY_NAMED = {"adult_part": "rather_not_say"}


async def begins(talk: Voices, name: str = "Parent", *, until: str, **answers: str) -> Reply:
    """NAME begins a report and answers its questions, by button or in words, UNTIL that one is open. Returns how it was asked."""
    told = {"danger": "no", "you": "parent", "safe": "yes", "adult_part": "no", "happened": SECRET, **answers}
    voice = talk[name]
    await voice.says("report something")
    said = await voice.clicks("Unwanted friend or follow request")
    for _ in range(30):
        asked = said[-1]
        question = asked.about.split(":")[1]
        if question == until:
            return asked
        values = [choice.value for choice in asked.choices]
        value = told.get(question) or ("skip" if "skip" in values else values[0] if values else "skip")
        if value in values:
            await talk.send(name, value, about=asked.about, pressed=True)
            said = await voice.reads()
        else:
            said = await voice.says(value)
    raise AssertionError(f"{until} was never asked")


async def state(talk: Voices) -> str:
    """Everything that is remembered of all conversations, opened."""

    def read(session) -> list[str]:
        rows = session.connection().execute(sa.select(table(Conversation))).mappings().all()
        vault = talk.app.database.vault
        return [vault.opened("conversation", "state", row["id"], row["state"]) or "" for row in rows]

    return "\n".join(await talk.app.database.read(read))


async def acts(talk: Voices) -> list[str]:
    """What the audit chain says was done."""
    return [link.act for link in await talk.app.stores["rosebrook"].audit.links(limit=1000)]


# --- the reminder


async def test_after_twenty_minutes_there_is_one_reminder_with_three_buttons_and_no_word_of_the_report(talk: Voices):
    """Not a minute earlier, and never a second one, however long it lies there."""
    await begins(talk, until="told")
    await talk.passes(minutes=19, seconds=59)
    assert await talk["Parent"].reads() == []
    await talk.passes(seconds=1)
    (reminder,) = await talk["Parent"].reads()
    assert reminder.text.startswith(REMINDER)
    assert [choice.label for choice in reminder.choices] == ["Carry on", "Keep a draft", "Throw it away"]
    assert "report" not in transcript([reminder])
    assert "rhinoceros" not in transcript([reminder])
    for _ in range(3):
        await talk.passes(minutes=20)
        await talk.passes(days=1)
    assert await talk["Parent"].reads() == []


@pytest.mark.parametrize("answers", [{"safe": "no"}, {"until": "safe"}, {"until": "danger"}])
async def test_who_did_not_say_that_it_is_safe_is_never_reminded(talk: Voices, answers: dict[str, str]):
    """Said "no", or not yet asked: nobody is written to."""
    await begins(talk, **{"until": "told", **answers})
    await talk.passes(minutes=21)
    await talk.passes(hours=3)
    assert await talk["Parent"].reads() == []


async def test_every_word_of_the_person_puts_it_off(talk: Voices):
    """Somebody who writes is there; the twenty minutes count from the last thing they said."""
    await begins(talk, until="told")
    for _ in range(4):
        await talk.passes(minutes=15)
        await talk["Parent"].says("where am i")
    await talk.passes(minutes=19)
    assert await talk["Parent"].reads() == []
    await talk.passes(minutes=1)
    assert len(await talk["Parent"].reads()) == 1


async def test_a_message_at_that_very_moment_comes_first(talk: Voices):
    """It was kept before the reminder was written: it is answered, and nobody is asked whether they are still there."""
    await begins(talk, until="told")
    talk.clock.tick(minutes=20)
    await talk.send("Parent", "where am i")
    talk.app.database.wake("idle")
    said = await talk["Parent"].reads()
    assert REMINDER not in transcript(said)
    assert "Question" in said[-1].title


async def test_nobody_is_reminded_twice_after_a_restart(tmp_path: Path):
    """What was said is written down together with the saying."""
    clock = HandClock()
    heard = []
    for span in (20, 20, 20, 60 * 24):
        async with talking(settings(tmp_path), clock) as talk:
            if not heard:
                await begins(talk, until="told")
                await talk["Parent"].reads()
                heard.append(len(talk.channel.sent))
            await talk.passes(minutes=span)
            heard.append(sum(one.reply.text.startswith(REMINDER) for one in talk.channel.sent))
    assert heard[1:] == [1, 0, 0, 0]


async def test_a_reminder_that_was_held_up_for_hours_is_not_sent_at_all(tmp_path: Path):
    """The bot was away over night: nobody's phone rings at four in the morning."""
    clock = HandClock()
    async with talking(settings(tmp_path), clock) as talk:
        await begins(talk, until="told")
    clock.tick(hours=9)
    async with talking(settings(tmp_path), clock) as talk:
        await talk.settled()
        assert talk.channel.sent == []
        await talk.passes(hours=1)
        assert talk.channel.sent == []


async def test_another_report_gets_a_reminder_of_its_own(talk: Voices):
    """Once for each draft, not once for each person."""
    for _ in range(2):
        await begins(talk, until="told")
        await talk.passes(minutes=20)
        assert [one.text.startswith(REMINDER) for one in await talk["Parent"].reads()] == [True]
        await talk["Parent"].clicks("Throw it away")


async def test_who_was_asked_whether_to_keep_a_draft_is_not_asked_again(talk: Voices):
    """They wanted to stop: that is not to be called after them."""
    asked = await begins(talk, until="told")
    await talk.send("Parent", "cancel", about=asked.about, pressed=True)
    assert "draft" in (await talk["Parent"].reads())[-1].text
    await talk.passes(minutes=30)
    assert await talk["Parent"].reads() == []


async def test_carry_on_asks_the_open_question_again(talk: Voices):
    """With its buttons, bound to that question."""
    asked = await begins(talk, until="told")
    await talk.passes(minutes=20)
    await talk["Parent"].reads()
    (again,) = await talk["Parent"].clicks("Carry on")
    assert (again.about, again.choices) == (asked.about, asked.choices)


async def test_keep_a_draft_puts_it_aside_and_it_can_be_carried_on(talk: Voices):
    """A second tap changes nothing, and the same buttons still do what they say."""
    asked = await begins(talk, until="told")
    await talk.passes(minutes=20)
    await talk["Parent"].reads()
    assert "We keep it as a draft" in transcript(await talk["Parent"].clicks("Keep a draft"))
    assert "We keep it as a draft" in transcript(await talk["Parent"].clicks("Keep a draft"))
    assert (await talk["Parent"].clicks("Carry on with my draft"))[-1].about == asked.about
    await talk["Parent"].clicks("Keep a draft")
    assert (await talk["Parent"].clicks("Carry on"))[-1].about == asked.about
    await talk.passes(hours=2)
    assert await talk["Parent"].reads() == [], "it is the same draft, and had its reminder"


async def test_throw_it_away_leaves_nothing(talk: Voices):
    """Thrown away is gone; a second tap says kindly that there is nothing there."""
    await begins(talk, until="told")
    await talk.passes(minutes=20)
    await talk["Parent"].reads()
    assert "gone" in transcript(await talk["Parent"].clicks("Throw it away"))
    assert "rhinoceros" not in await state(talk)
    for label in ("Throw it away", "Carry on", "Keep a draft"):
        assert "There is no draft here any more" in transcript(await talk["Parent"].clicks(label))


async def test_words_that_follow_a_reminder_answer_the_open_question(talk: Voices):
    """Who comes back and simply tells it has carried on: nothing has to be written twice."""
    await begins(talk, until="happened")
    await talk.passes(minutes=20)
    await talk["Parent"].reads()
    said = await talk["Parent"].says(SECRET)
    assert said[-1].about.split(":")[1] != "happened"
    assert "rhinoceros" in await state(talk)


@pytest.mark.parametrize("typed", ["1", "carry on", "Carry on"])
async def test_a_channel_without_buttons_can_type_the_choice(talk: Voices, typed: str):
    """The number or the label shown last means the reminder, and is not taken for what happened."""
    asked = await begins(talk, until="happened")
    await talk.passes(minutes=20)
    await talk["Parent"].reads()
    (again,) = await talk["Parent"].says(typed)
    assert again.about == asked.about
    assert '"happened"' not in json.loads(await state(talk))["progress"].split('"answers":')[1].split("}")[0]


async def test_nothing_is_thrown_away_because_of_a_number(talk: Voices):
    """It may have been meant for the question above: what cannot be undone is asked first."""
    asked = await begins(talk, until="told")
    await talk.passes(minutes=20)
    await talk["Parent"].reads()
    (doubt,) = await talk["Parent"].says("3")
    assert "keep what you have said as a draft?" in doubt.text
    assert (await talk["Parent"].says("carry on"))[-1].about == asked.about


# --- silence at the question that decides who must not be told


async def test_the_door_left_unanswered_for_ten_minutes_sends_the_report_to_the_chair(talk: Voices):
    """As if Send had been pressed: one case, the chair and nobody else, and the receipt where it is safe to write."""
    await begins(talk, until="door", **NOBODY_NAMED)
    await talk.passes(minutes=9, seconds=59)
    assert talk.channel.at("Chair") == []
    await talk.passes(seconds=1)
    assert len(talk.channel.at("Chair")) == 1
    said = transcript(await talk["Parent"].reads())
    assert said.startswith(SENT)
    assert "SP-" in said
    assert talk.channel.at("Lead") == talk.channel.at("Head") == []
    assert (await acts(talk)).count("case opened") == 1
    await talk.passes(hours=1)
    assert (await acts(talk)).count("case opened") == 1
    assert "rhinoceros" not in await state(talk)


async def test_where_it_is_not_safe_to_write_the_receipt_waits_until_they_do(talk: Voices):
    """The report is sent, the chair is told; the phone stays silent until its owner writes, and then it is the first thing said."""
    await begins(talk, until="door", safe="no", **NOBODY_NAMED)
    await talk.passes(minutes=10)
    assert len(talk.channel.at("Chair")) == 1
    assert await talk["Parent"].reads() == []
    await talk.passes(hours=5)
    said = await talk["Parent"].says("hello")
    assert "as it stood, on Monday 23 November at 10:10" in said[0].text, "what follows was true then"
    assert "SP-" in transcript(said)
    assert "Hello" in said[-1].text
    assert "SP-" not in transcript(await talk["Parent"].says("hello")), "said once"


async def test_who_is_still_talking_is_not_sent_over_their_head(talk: Voices):
    """Asking why, or for time, is not silence: the question was just asked again."""
    await begins(talk, until="door", **NOBODY_NAMED)
    for _ in range(3):
        await talk.passes(minutes=9)
        await talk["Parent"].says("why")
    assert talk.channel.at("Chair") == []
    await talk["Parent"].says("lead")
    await talk.passes(minutes=30)
    assert talk.channel.at("Chair") == []
    assert "case opened" not in await acts(talk)


async def test_an_outage_sends_it_late_and_never_destroys_it(tmp_path: Path):
    """Nine days away: what was promised at the question is kept before anything is cleared."""
    clock = HandClock()
    async with talking(settings(tmp_path), clock) as talk:
        await begins(talk, until="door", **NOBODY_NAMED)
    clock.tick(days=9)
    async with talking(settings(tmp_path), clock) as talk:
        await talk.settled()
        assert len(talk.channel.at("Chair")) == 1
        assert "draft destroyed" not in await acts(talk)


# --- gone after the days the school keeps it


@pytest.fixture
async def three_days(own, tmp_path: Path) -> AsyncIterator[Voices]:
    """A school that keeps drafts for three days."""
    folder = own("[calendar]", "[drafts]\nkeep_days = 3\n\n[calendar]")
    (tmp_path / "hill").rename(tmp_path / "rosebrook")
    async with talking(settings(tmp_path, schools_folder=folder)) as talk:
        yield talk


async def test_a_draft_is_destroyed_after_the_days_the_school_set(three_days: Voices):
    """Its words are gone from the row, one link without content says so, and whoever comes back hears it kindly."""
    talk = three_days
    await begins(talk, until="told", safe="no")
    await talk.passes(days=2, hours=23)
    assert "rhinoceros" in await state(talk)
    await talk.passes(hours=1)
    assert "rhinoceros" not in await state(talk)
    assert await talk["Parent"].reads() == []
    (link,) = [one for one in await talk.app.stores["rosebrook"].audit.links() if one.act == "draft destroyed"]
    assert (link.case, link.person, link.details) == (None, None, "")
    said = await talk["Parent"].says("hello")
    assert "kept for 3 days after your last words, and has now been destroyed" in said[0].text
    assert "Hello" in said[-1].text
    assert "3 days" not in transcript(await talk["Parent"].says("hello"))


async def test_a_draft_that_was_put_aside_counts_from_then(talk: Voices):
    """Chatting about other things keeps nobody's words longer; its button then says that there is nothing any more."""
    asked = await begins(talk, until="told")
    await talk.send("Parent", "cancel", about=asked.about, pressed=True)
    await talk["Parent"].reads()
    await talk["Parent"].clicks("Keep a draft")
    for _ in range(6):
        await talk.passes(days=1)
        await talk["Parent"].says("hello")
    assert "rhinoceros" in await state(talk)
    await talk.passes(days=1)
    assert "rhinoceros" not in await state(talk)
    assert (await acts(talk)).count("draft destroyed") == 1
    said = await talk["Parent"].clicks("Carry on with my draft")
    assert "kept for 7 days" in said[0].text
    assert "There is no draft here any more" in said[-1].text


async def test_a_report_that_is_gone_takes_what_was_kept_beside_it(talk: Voices):
    """A file offered, a role named, words that answered no question: nothing of it stays."""
    await begins(talk, until="told")
    await talk["Parent"].says("", attachments=("image",))
    assert "beside" in json.loads(await state(talk))["memory"]
    await talk.passes(days=7)
    assert json.loads(await state(talk))["memory"] == {}


async def test_questions_and_worries_are_not_kept_for_ever_either(talk: Voices):
    """A question for a day, words that a button could pass on for as long as a draft. Nobody is told of that: it was no draft."""
    await talk["Parent"].says("can the purple rhinoceros photograph the play?")
    assert last_question.KEY in await state(talk)
    await talk.passes(days=1)
    assert "rhinoceros" not in await state(talk)
    await talk["Parent"].says("she has a boyfriend online who says he is 15 but his voice sounds like a man")
    await talk["Parent"].says("cancel")
    await talk.passes(days=6, hours=23)
    assert "boyfriend" in json.loads(await state(talk))["memory"][WORRY]
    await talk.passes(hours=1)
    assert "boyfriend" not in await state(talk)
    assert "draft destroyed" not in await acts(talk)
    assert transcript(await talk["Parent"].says("hello")).startswith("Hello")


async def test_after_a_week_without_a_word_nothing_that_was_said_is_remembered(talk: Voices):
    """Whatever a conversation remembers, and whoever adds to it."""
    await talk["Parent"].says("hello")
    assert OFFERED in await state(talk)
    await talk.passes(days=7)
    kept = json.loads(await state(talk))
    assert (kept["progress"], kept["memory"], kept["since"], kept["owed"]) == (None, {}, {}, [])
    assert await talk.app.work.next_idle(talk.clock.now() - timedelta(days=999)) is None


# --- the same under every condition


async def test_several_processes_remind_once_and_send_once(tmp_path: Path, fresh_url: Callable[[str], str]):
    """Three bots on one PostgreSQL, all at the same moment: ten people are each asked once, ten reports each sent once."""
    clock, channel, url = HandClock(), FakeChannel(), fresh_url("postgresql")
    async with AsyncExitStack() as stack:
        one_process = settings(tmp_path, database=url)
        bots = [await stack.enter_async_context(talking(one_process, clock, channel)) for _ in range(3)]
        talk = bots[0]
        await asyncio.gather(*(begins(talk, f"Parent{one}", until="told") for one in range(5)))
        await asyncio.gather(*(begins(talk, f"Silent{one}", until="door", **NOBODY_NAMED) for one in range(5)))
        clock.tick(minutes=20)
        await asyncio.gather(*(bot.settled() for bot in bots))
        for one in range(5):
            assert sum(reply.text.startswith(REMINDER) for reply in channel.at(f"Parent{one}")) == 1
            assert sum(reply.text.startswith(SENT) for reply in channel.at(f"Silent{one}")) == 1
        assert (await acts(talk)).count("case opened") == 5


async def test_a_database_that_is_away_for_a_moment_only_delays_it(talk: Voices, monkeypatch: pytest.MonkeyPatch):
    """The reminder comes once it is back, and once."""
    await begins(talk, until="told")
    store = talk.app.stores["rosebrook"]
    record, refused = store.record, []

    async def away(recording, hold):
        if len(refused) < 2:
            refused.append(recording)
            raise OperationalError("update", {}, Exception("the server closed the connection"))
        return await record(recording, hold)

    monkeypatch.setattr(store, "record", away)
    monkeypatch.setattr("bot.idle.POLL", 0.02)
    await talk.passes(minutes=20)
    assert (len(refused), await talk["Parent"].reads()) == (1, [])
    for _ in range(2):
        await talk.passes(seconds=61)
    assert [one.text.startswith(REMINDER) for one in await talk["Parent"].reads()] == [True]


async def test_one_that_cannot_be_looked_at_holds_up_nobody(talk: Voices, monkeypatch: pytest.MonkeyPatch):
    """It is tried again later; the others are reminded now."""
    await begins(talk, until="told")
    await begins(talk, "Teacher", until="told")
    broken = []

    def breaks(talked, now):
        if not broken:
            broken.append(now)
            raise RuntimeError(SECRET)
        return drafts.reminded(talked, now)

    monkeypatch.setattr("bot.idle.reminded", breaks)
    await talk.passes(minutes=20)
    assert len([one for name in ("Parent", "Teacher") for one in await talk[name].reads()]) == 1
    await talk.passes(minutes=5)
    assert len([one for name in ("Parent", "Teacher") for one in await talk[name].reads()]) == 1


async def test_a_clock_that_steps_back_neither_repeats_nor_forgets(talk: Voices):
    """It comes when the clock gets there, and once."""
    await begins(talk, until="told")
    await talk.passes(minutes=10)
    talk.clock.step_back(hours=1)
    await talk.passes(minutes=60)
    assert await talk["Parent"].reads() == []
    await talk.passes(minutes=10)
    assert len(await talk["Parent"].reads()) == 1
    talk.clock.step_back(hours=1)
    await talk.passes(minutes=70)
    assert await talk["Parent"].reads() == []


@pytest.mark.parametrize("night", [datetime(2026, 10, 25, 0, 45, tzinfo=UTC), datetime(2027, 3, 28, 0, 45, tzinfo=UTC)])
async def test_the_night_the_clocks_change_is_no_longer_and_no_shorter(tmp_path: Path, night: datetime):
    """Twenty minutes are twenty minutes, though the school's clock shows sixty less or more."""
    async with talking(settings(tmp_path), HandClock(night)) as talk:
        await begins(talk, until="told")
        await talk.passes(minutes=19)
        assert await talk["Parent"].reads() == []
        await talk.passes(minutes=1)
        assert len(await talk["Parent"].reads()) == 1


# --- what is due, on its own


def open_report(**answers: str) -> Talk:
    """A report that is open at the question after ANSWERS."""
    return Talk(Progress("friend_request", answers=answers, id="r1").onward())


def test_a_conversation_of_an_earlier_version_counts_from_now_and_reminds_nobody():
    """It kept no moments: nothing is destroyed at once, and nobody is called after for what may be weeks old."""
    old = json.dumps({"progress": open_report(danger="no", safe="yes").written(), "memory": {"draft": "{}"}})
    before = json.loads(old)
    before["progress"] = json.loads(before["progress"])["progress"]
    before["memory"] = {}
    talk = known(recall(json.dumps(before), ANYWHERE), MONDAY)
    assert due(talk, 7, MONDAY + timedelta(hours=1)) == frozenset()
    assert due(talk, 7, MONDAY + timedelta(days=7)) == {Due.DESTROY_OPEN}


def test_nothing_is_due_where_nothing_is_kept():
    """An empty conversation is never looked at."""
    assert wake_at(touched(Talk(), Talk(), MONDAY), 7) is None
    assert known(Talk(), MONDAY) == Talk()


def test_an_untouched_draft_keeps_its_time_and_a_changed_one_begins_anew():
    """Whatever else is said meanwhile."""
    aside = json.dumps({"id": "r1"})
    first = touched(Talk(), Talk(memory={DRAFT: aside, WORRY: "w", WORRY_ID: "1"}), MONDAY)
    later = touched(first, Talk(memory={DRAFT: aside, WORRY: "another", WORRY_ID: "2"}), MONDAY + timedelta(days=1))
    assert (later.since[DRAFT], later.since[WORRY]) == (MONDAY, MONDAY + timedelta(days=1))
    assert wake_at(later, 7) == MONDAY + timedelta(days=7)


def test_a_report_whose_flow_is_gone_keeps_its_words_until_its_time(monkeypatch: pytest.MonkeyPatch):
    """Something else that falls due meanwhile must not cost the words that are still to be given back."""
    kept = touched(Talk(), open_report(danger="no"), MONDAY)
    kept = touched(kept, Talk(kept.progress, {last_question.KEY: "a question"}), MONDAY)
    sealed = kept.written()
    monkeypatch.setattr(catalogue, "names", lambda: ())
    read = recall(sealed, ANYWHERE)
    assert read.lost is not None
    left = drafts.forgotten(read, due(read, 7, MONDAY + timedelta(days=1)), 7)
    assert json.loads(left.written())["memory"] == {}
    assert json.loads(left.written())["progress"] == json.loads(sealed)["progress"]
    gone = drafts.forgotten(left, due(left, 7, MONDAY + timedelta(days=7)), 7)
    assert json.loads(gone.written())["progress"] is None
    assert [one.text.count("destroyed") for one in gone.owed] == [1]


@pytest.mark.parametrize("days", [0, 91, "seven"])
def test_a_school_that_writes_an_impossible_number_of_days_is_told_so(own, days: object):
    """With the file and the key."""
    folder = own("[calendar]", f"[drafts]\nkeep_days = {json.dumps(days)}\n\n[calendar]")
    with pytest.raises(schools.SchoolError, match=r"school\.toml: drafts\.keep_days"):
        schools.load("hill", folder)
