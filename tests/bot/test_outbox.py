"""What is sent, in which order, how often, and to whom: whatever a platform does."""

from bot.channel import SendFailed
from bot.people import to_tell
from storage.kept import Person
from tests.fakes import MONDAY
from tests.filling import sends
from tests.talk import Talk, transcript


async def report(talk: Talk) -> str:
    """A teacher reports a pupil's request; the reference."""
    sent = await sends(talk["Teacher"], you="staff", receiver="me")
    return sent[0].text.split("Your report is ")[1].split(".")[0]


async def test_a_send_that_fails_is_made_again_with_the_same_key(talk: Talk):
    """An outage of the platform delays a reply and does not double it."""
    talk.channel.failures = [SendFailed("503"), ConnectionResetError(), TimeoutError()]
    await talk.send("Parent", "hello")
    for _ in range(6):
        await talk.passes(minutes=1)
    assert len(talk.channel.at("Parent")) == 1


async def test_replies_behind_a_failing_one_wait_for_it(talk: Talk):
    """What was said first arrives first, also after an outage."""
    talk.channel.down = True
    await talk.send("Parent", "hello")
    await talk.app.conversations.finish()
    await talk.send("Parent", "talk to a person")
    await talk.passes(seconds=1)
    talk.channel.down = False
    for _ in range(12):
        await talk.passes(minutes=1)
    first, second = talk.channel.at("Parent")
    assert "Hello" in first.text
    assert "ring the school office" in second.text


async def test_a_permanent_refusal_ends_one_reply_and_releases_those_behind_it(talk: Talk):
    """A blocked bot must not hold up what comes when it is let in again."""
    talk.channel.failures = [SendFailed("blocked by the user", permanent=True)]
    await talk.send("Parent", "hello")
    await talk.settled()
    said = await talk["Parent"].says("talk to a person")
    assert [reply.text for reply in talk.channel.at("Parent")] == [said[0].text]


async def test_a_push_is_tried_until_it_arrives_however_often_the_platform_refuses(talk: Talk):
    """A reply may be given up; the call for help never is."""
    await report(talk)
    talk.channel.sent.clear()
    talk.channel.down = True
    await talk.send("Parent", "he is going to kill her now")
    for _ in range(30):
        await talk.passes(hours=1)
    assert talk.channel.at("Lead") == []
    talk.channel.down = False
    for _ in range(3):
        await talk.passes(minutes=10)
    assert "needs you" in transcript(talk.channel.at("Lead"))


async def test_once_somebody_has_it_nobody_else_is_told(talk: Talk):
    """Acknowledging stops the climb, for good."""
    await report(talk)
    await talk["Lead"].clicks("Acknowledge")
    before = len(talk.channel.sent)
    await talk.passes(days=3)
    assert len(talk.channel.sent) == before
    assert talk.channel.at("Chair") == []


async def test_whoever_has_it_has_nothing_left_to_acknowledge(talk: Talk):
    """Their card says that it is theirs, and since when; it opens the report and hands it on."""
    reference = await report(talk)
    card = (await talk["Lead"].clicks("Acknowledge"))[-1]
    assert card.text.startswith(f"You have {reference}: you said so on ")
    assert [choice.label for choice in card.choices] == ["Open", "Hand on"]
    assert len(talk.channel.edited) == 1 + len([name for name in ("Deputy", "Head") if talk.channel.at(name)])


async def test_a_card_that_changes_late_says_who_has_the_case_by_then(talk: Talk):
    """It was to say “you have it”; meanwhile somebody else took it over, and the platform is back only now."""
    reference = await report(talk)
    await talk.passes(hours=2)
    about = talk["Head"].button("Acknowledge")[0].about
    talk.channel.down = True
    for who, wish, shown_with in (("Lead", "acknowledge", ""), ("Head", "take-over", ":1")):
        await talk.send(who, wish, about=f"{about}{shown_with}", pressed=True)
        await talk.app.conversations.finish()
    before = len(talk.channel.at("Lead"))
    talk.channel.down = False
    for _ in range(8):
        await talk.passes(minutes=1)
    texts = [reply.text for reply in talk.channel.at("Lead")[before:]]
    assert any(text.startswith(f"{reference}, which you had, is with the headteacher now") for text in texts)
    assert any(text.startswith(f"{reference} has already been acknowledged") for text in texts)
    assert not any(text.startswith("You have") for text in texts)


async def test_the_reporter_hears_when_it_was_seen(talk: Talk):
    """The honest clock: the time, and the role, not the name."""
    reference = await report(talk)
    talk.clock.tick(minutes=12)
    await talk["Lead"].clicks("Acknowledge")
    heard = transcript(await talk["Teacher"].reads())
    assert f"{reference} was seen at 10:12" in heard
    assert "by the safeguarding lead" in heard


async def test_a_push_names_nobody_and_quotes_nothing(talk: Talk):
    """The card carries reference, event, urgency, section and steps; what was written is read on demand."""
    await report(talk)
    card = transcript(await talk["Lead"].reads())
    assert "6.2" in card
    assert "He asked twice." not in card
    assert "Teacher" not in card


async def test_every_look_at_a_case_is_in_the_audit(talk: Talk):
    """Opening it is an act like any other."""
    await report(talk)
    await talk["Lead"].clicks("Open")
    acts = [link.act for link in await talk.app.stores["rosebrook"].audit.links()]
    assert "case viewed" in acts
    assert acts.index("case opened") < acts.index("person told") < acts.index("case viewed")


def test_one_person_in_several_roles_is_told_once():
    """Three hats, one push."""
    person = Person("p1", "x", ("dsl", "headteacher"), (("fake", "here"),))
    chosen = to_tell((person, person), concerns=(), told=(), channels=("fake",), now=MONDAY)
    assert chosen == ((person, ("fake", "here")),)


def test_nobody_is_told_who_is_concerned_absent_told_or_out_of_reach():
    """Exclusion is by person, whatever roles they hold."""
    people = [Person(name, "x", ("dsl",), (("fake", name),)) for name in ("concerned", "told", "free")]
    away = Person("away", "x", ("dsl",), (("fake", "away"),), away_until=MONDAY.replace(year=2027))
    elsewhere = Person("elsewhere", "x", ("dsl",), (("pigeon", "loft"),))
    chosen = to_tell((*people, away, elsewhere), concerns={"concerned"}, told={"told"}, channels=("fake",), now=MONDAY)
    assert [person.id for person, _ in chosen] == ["free"]
