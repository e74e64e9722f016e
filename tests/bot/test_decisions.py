"""A request is decided once, by a role that may, and whoever carries it out learns what to do and not who asked."""

from __future__ import annotations

import json

import pytest

from bot.messages import Reply
from flows.cases.case import Case, Decision, Status
from tests.talk import Talk, transcript

SITE, CLASS, NAME, CONTACT = "example.org/maps", "Badgers", "Robin Teacher", "extension 23"
CARD = ["Acknowledge", "Take", "Hand on", "Open"]


@pytest.fixture
async def school(talk: Talk) -> Talk:
    """Rosebrook, where somebody also holds the role of the IT provider, and somebody that of a senior leader."""
    people = talk.app.stores["rosebrook"].people
    await people.add("Technician", ("it",), ((talk.channel.name, "Technician"),))
    await people.add("Senior", ("slt",), ((talk.channel.name, "Senior"),))
    return talk


async def asks(talk: Talk, who: str = "Teacher") -> str:
    """WHO asks for a site to be unblocked; the reference that they are given."""
    await talk[who].says("report something")
    await talk[who].clicks("Ask for a blocked website")
    await talk[who].clicks("I work at the school")
    for words in (SITE, "Rivers and hills", CLASS, "Thursday morning"):
        await talk[who].says(words)
    await talk[who].clicks("For one lesson")
    for words in (NAME, CONTACT):
        await talk[who].says(words)
    await talk[who].reads()
    told = transcript(await talk[who].clicks("Send"))
    return told[told.index("SP-") :][:8]


async def stands(talk: Talk, reference: str) -> Case:
    """The request as it stands, whoever sent it."""
    everything = await talk.app.database.read(
        lambda session: session.connection().exec_driver_sql("SELECT id FROM conversation").all()
    )
    store = talk.app.stores["rosebrook"]
    own = [case for row in everything for case in await store.own(row[0])]
    return next(case for case in own if case.reference == reference)


def labels(replies: list[Reply]) -> list[str]:
    """Every button under REPLIES."""
    return [choice.label for reply in replies for choice in reply.choices]


async def test_whoever_may_decide_has_both_buttons_and_the_it_provider_hears_nothing_yet(school: Talk):
    """Headteacher and safeguarding lead decide at Rosebrook (section 10); neither card says who asked, nor for which site."""
    await asks(school)
    for who in ("Head", "Lead"):
        (card,) = await school[who].reads()
        assert labels([card]) == ["Approve", "Decline", *CARD]
        assert SITE not in transcript([card])
        assert NAME not in transcript([card])
    assert await school["Technician"].reads() == []


async def test_an_approval_is_told_and_goes_to_whoever_carries_it_out(school: Talk):
    """Whoever asked hears the role and what comes next; the IT provider gets the site and the dates, not who, why or for whom."""
    reference = await asks(school)
    told = {one.text.partition(" and ")[0].partition(" on ")[0] for one in await school["Head"].clicks("Approve")}
    assert {f"Thank you. {reference} has been approved,", f"{reference} was approved"} <= told, "an answer, and the card"
    (heard,) = await school["Teacher"].reads()
    assert heard.text == (
        f"Your request {reference} has been approved by the headteacher. I am asking the IT provider to see to it now."
    )
    (card,) = await school["Technician"].reads()
    assert labels([card]) == CARD
    (page,) = await school["Technician"].clicks("Open")
    shown = transcript([card, page])
    assert SITE in page.text
    assert "Thursday morning" in page.text
    assert "For one lesson" in page.text
    assert not any(word in shown for word in (NAME, CLASS, "Rivers", CONTACT, reference))


async def test_a_refusal_is_told_and_nobody_is_asked_to_do_anything(school: Talk):
    """The IT provider never hears of it."""
    reference = await asks(school)
    await school["Lead"].clicks("Decline")
    (heard,) = await school["Teacher"].reads()
    assert heard.text == f"Your request {reference} has been declined by the safeguarding lead (DSL)."
    assert await school["Technician"].reads() == []
    case = await stands(school, reference)
    assert (case.status, case.decision) == (Status.CLOSED, Decision.DECLINED)
    assert case.closed_at == school.clock.now()


async def test_a_note_typed_with_the_decision_goes_to_whoever_asked(school: Talk):
    """Approve or decline, the reference, and then what there is to say about it; it is kept beside the request."""
    reference = await asks(school)
    await school["Head"].says(f"decline {reference}: please use the atlas we have")
    (heard,) = await school["Teacher"].reads()
    assert heard.text.endswith("declined by the headteacher. With it they wrote: “please use the atlas we have”")
    page = (await school["Head"].says(reference))[-1]
    assert "please use the atlas we have" in page.text


async def test_it_is_decided_once(school: Talk):
    """A second tap, and the other one who may, learn what was decided and when; nobody is told twice."""
    reference = await asks(school)
    await school["Lead"].reads()
    await school["Head"].clicks("Approve")
    await school["Teacher"].reads()
    again = (await school["Head"].clicks("Approve"))[-1]
    assert again.text.startswith(f"{reference} was approved on Monday")
    late = (await school["Lead"].says(f"decline {reference}"))[-1]
    assert "was approved on" in late.text
    assert await school["Teacher"].reads() == []
    assert (await stands(school, reference)).decision is Decision.APPROVED


async def test_two_who_decide_at_the_same_moment_decide_once(school: Talk):
    """Both messages are in before either is answered: one decides, the other is told of it, and the asker hears one answer."""
    reference = await asks(school)
    (head, _), (lead, _) = school["Head"].button("Approve"), school["Lead"].button("Decline")
    await school.send("Head", "approve", about=head.about, pressed=True)
    await school.send("Lead", "decline", about=lead.about, pressed=True)
    answers = [*await school["Head"].reads(), *await school["Lead"].reads()]
    assert len([one for one in answers if one.text.startswith("Thank you.")]) == 1
    heard = await school["Teacher"].reads()
    assert len(heard) == 1
    decided = (await stands(school, reference)).decision
    assert decided is not None
    assert f"has been {decided.value} by" in heard[0].text


async def test_the_others_card_says_what_was_decided(school: Talk):
    """Nothing is left to press."""
    reference = await asks(school)
    await school["Lead"].reads()
    await school["Head"].clicks("Approve")
    card = (await school["Lead"].reads())[-1]
    assert card.text.startswith(f"{reference} was approved")
    assert labels([card]) == []


async def test_whoever_reads_it_later_may_not_decide_it(school: Talk):
    """A senior leader hears of it when nobody answers, reads it and takes it on; the decision stays with those who may."""
    reference = await asks(school)
    await school.passes(days=7)
    card = (await school["Senior"].reads())[-1]
    assert "Approve" not in labels([card])
    page = (await school["Senior"].clicks("Open"))[-1]
    assert "Approve" not in labels([page])
    no = (await school["Senior"].says(f"approve {reference}"))[-1]
    assert no.text.startswith(f"{reference} is for the headteacher and the safeguarding lead (DSL) to decide")
    await school["Senior"].clicks("Acknowledge")
    assert (await stands(school, reference)).decision is None


async def test_it_can_be_decided_after_somebody_took_it(school: Talk):
    """Acknowledging stops the climbing and decides nothing: the buttons are still there for those who may."""
    reference = await asks(school)
    await school["Head"].clicks("Acknowledge")
    card = (await school["Lead"].reads())[-1]
    assert labels([card]) == ["Approve", "Decline", "Open"]
    page = (await school["Lead"].clicks("Open"))[-1]
    assert labels([page])[:2] == ["Approve", "Decline"]
    await school["Lead"].clicks("Approve")
    assert (await stands(school, reference)).decision is Decision.APPROVED


async def test_nobody_decides_their_own_request(school: Talk):
    """The headteacher asks for a site: the safeguarding lead decides."""
    reference = await asks(school, "Head")
    no = (await school["Head"].clicks("Approve"))[-1]
    assert no.text == f"You asked for {reference} yourself, so somebody else has to decide it."
    assert (await stands(school, reference)).decision is None
    await school["Lead"].clicks("Approve")
    assert (await stands(school, reference)).decision is Decision.APPROVED


@pytest.mark.parametrize("wish", ["approve", "decline"])
async def test_whoever_was_not_told_learns_nothing(school: Talk, wish: str):
    """Not even that there is such a request."""
    reference = await asks(school)
    for who in ("Parent", "Technician", "Chair"):
        (no,) = await school[who].says(f"{wish} {reference}")
        assert "cannot show you" in no.text
    assert (await stands(school, reference)).decision is None


async def test_an_ordinary_report_has_nothing_to_decide(school: Talk):
    """Approve and decline are for requests: nobody approves a worry."""
    await school["Parent"].says("report something")
    await school["Parent"].clicks("Just tell us")
    await school["Parent"].says("The class group is rather noisy in the evening")
    await school["Parent"].clicks("The safeguarding lead")
    await school["Parent"].clicks("Send")
    (card,) = await school["Lead"].reads()
    assert labels([card]) == CARD
    reference = transcript([card])[transcript([card]).index("SP-") :][:8]
    no = (await school["Lead"].says(f"approve {reference}"))[-1]
    assert no.text.startswith(f"There is nothing to decide in {reference}")


async def test_the_decision_and_what_it_opened_are_in_the_audit(school: Talk):
    """Who, what, when, in which role, and the reference that went to whoever carries it out; the chain holds."""
    reference = await asks(school)
    await school["Head"].clicks("Approve")
    audit = school.app.stores["rosebrook"].audit
    assert (await audit.verify()).whole
    case = await stands(school, reference)
    (link,) = [link for link in await audit.links() if (link.act, link.case) == ("request approved", case.id)]
    assert link.details is not None
    kept = json.loads(link.details)
    assert kept["role"] == "headteacher"
    assert kept["at"] == school.clock.now().isoformat()
    assert (await stands(school, kept["opened"])).matter == "site_to_open"


async def test_what_was_approved_climbs_until_somebody_sees_to_it(school: Talk):
    """The IT provider does not answer: the headteacher hears of it."""
    await asks(school)
    await school["Lead"].clicks("Approve")
    await school["Technician"].reads()
    await school["Head"].reads()
    await school.passes(days=7)
    card = (await school["Head"].reads())[-1]
    assert "approved" in transcript([card])
    assert labels([card]) == CARD
