"""The door of the Teams channel: whose calls are let in, and that nothing forged, foreign or broken is, nor makes it fall over."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.teams.edge import LARGEST, tenant_of
from tests.driving.teams import TeamsDriver, working
from tests.teams_wire import TENANT, Teams, private_key, teams

OTHER_TENANT = "99999999-9999-4999-8999-999999999999"


@pytest.fixture
async def driver(tmp_path: Path) -> AsyncIterator[TeamsDriver]:
    """The bot behind its door, and the platform that calls it."""
    async with teams() as wire, working(tmp_path, wire) as driver:
        yield driver


def a_message(wire: Teams, **more: object) -> dict:
    """What a teacher types, as it arrives."""
    return wire.activity(wire.person("Teacher"), {"type": "message", "text": "hello", **more})


async def kept(driver: TeamsDriver) -> int:
    """How many messages the bot has taken from the teacher."""
    (store,) = driver.app.stores.values()
    place = driver.place("Teacher")
    lines = await store.conversations.transcript("teams", place, place, 5000)
    return sum(line.kind == "heard" for line in lines)


def public_pem() -> bytes:
    """The key that everybody can read, as a clever forger would sign with it."""
    return (
        private_key()
        .public_key()
        .public_bytes(encoding=serialization.Encoding.PEM, format=serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def hand_made(head: dict, claims: dict, signature: bytes = b"") -> str:
    """A token that no library would make."""
    parts = [json.dumps(head).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def claims_of(wire: Teams, **more: object) -> dict:
    """Everything that a good token says, with MORE in its place."""
    return jwt.decode(wire.bearer(), options={"verify_signature": False}) | more


async def test_a_call_that_is_signed_for_us_is_let_in(driver: TeamsDriver):
    """The one row of the table that must not be refused; without it all the others would pass for nothing."""
    assert (await driver.wire.signed(json.dumps(a_message(driver.wire)).encode())).status_code == 200
    assert await kept(driver) == 1


async def test_clocks_may_differ_by_a_few_minutes(driver: TeamsDriver):
    """Microsoft allows five; a token that ended, or begins, within them is good."""
    for claim, later in (("exp", -200), ("nbf", 200)):
        claims = {claim: int(time.time()) + later}
        assert (await driver.wire.signed(json.dumps(a_message(driver.wire)).encode(), **claims)).status_code == 200


@dataclass(frozen=True)
class Seconds:
    """So long after the moment at which a claim is tried: a table is made long before that."""

    later: int


def at_this_moment(claims: dict[str, object]) -> dict[str, object]:
    """CLAIMS with every moment worked out."""
    return {name: int(time.time()) + what.later if isinstance(what, Seconds) else what for name, what in claims.items()}


NOT_OURS = (
    {"iss": "https://sts.windows.net/" + TENANT + "/"},
    {"iss": "https://login.microsoftonline.com/" + TENANT + "/v2.0", "azp": "5a807f24-c9de-44ee-a3a7-329e88a00ffc"},
    {"iss": None},
    {"aud": "00000000-0000-0000-0000-000000000000"},
    {"aud": None},
    {"exp": Seconds(-400)},
    {"exp": None},
    {"exp": "tomorrow"},
    {"nbf": Seconds(400)},
    {"nbf": None},
    {"serviceurl": None},
    {"serviceurl": ""},
    {"serviceurl": 1},
    {"serviceurl": "https://smba.trafficmanager.net/emea/"},
    {"kid": "unknown"},
    {"kid": ""},
    {"kid": "other-channel"},
)


async def test_a_token_that_is_not_quite_ours_is_refused(driver: TeamsDriver):
    """Each claim matters: who made it, for whom, when, for which address of Microsoft's, and with which key."""
    body = json.dumps(a_message(driver.wire)).encode()
    answered = {str(claims): (await driver.wire.signed(body, **at_this_moment(claims))).status_code for claims in NOT_OURS}
    assert answered == dict.fromkeys(answered, 401)
    assert await kept(driver) == 0


async def test_a_token_that_was_signed_with_another_key_is_refused(driver: TeamsDriver):
    """Also one that calls its key by the name of a good one, or brings the key along."""
    wire = driver.wire
    theirs = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(theirs.public_key()))
    head = {"kid": "teams-1", "jwk": jwk, "jku": "http://127.0.0.1:1/keys"}
    for token in (wire.bearer(key=theirs), jwt.encode(claims_of(wire), theirs, algorithm="RS256", headers=head)):
        answer = await wire.signed(json.dumps(a_message(wire)).encode(), header={"authorization": f"Bearer {token}"})
        assert answer.status_code == 401
    assert await kept(driver) == 0


async def test_a_token_that_chooses_how_it_is_checked_is_refused(driver: TeamsDriver):
    """Not signed at all; signed with the public key as if it were a password; with an algorithm that nobody has."""
    wire = driver.wire
    claims = claims_of(wire)
    pem = public_pem()
    head = {"alg": "HS256", "kid": "teams-1", "typ": "JWT"}
    body = hand_made(head, claims).rpartition(".")[0]
    mark = base64.urlsafe_b64encode(hmac.new(pem, body.encode(), hashlib.sha256).digest()).rstrip(b"=").decode()
    for token in (
        hand_made({"alg": "none", "kid": "teams-1"}, claims),
        hand_made({"alg": "None", "kid": "teams-1"}, claims),
        f"{body}.{mark}",
        hand_made({"alg": "XX", "kid": "teams-1"}, claims, b"x"),
        hand_made({"alg": ["RS256"], "kid": {"a": 1}}, claims, b"x"),
        wire.bearer() + "x",
        wire.bearer()[:-8],
    ):
        answer = await wire.signed(json.dumps(a_message(wire)).encode(), header={"authorization": f"Bearer {token}"})
        assert answer.status_code == 401
    assert await kept(driver) == 0


NO_TOKENS = ("x", "..", "a.b.c", "e30.e30.e30", "eyJhbGciOiJSUzI1NiJ9..", "a" * 9000, "x y")


async def test_what_is_no_token_is_refused(driver: TeamsDriver):
    """Whoever calls without one gets one word."""
    body = json.dumps(a_message(driver.wire)).encode()
    headers = [{}, {"authorization": ""}, {"authorization": "Bearer"}, {"authorization": "Basic YTpi"}]
    for header in (*headers, *({"authorization": f"Bearer {rubbish}"} for rubbish in NO_TOKENS)):
        answer = await driver.wire.signed(body, header=header)
        assert (answer.status_code, answer.content) == (401, b""), header


FROM_ELSEWHERE = (
    ({"channelData": {"tenant": {"id": OTHER_TENANT}}, "conversation": {"id": "a:1", "tenantId": OTHER_TENANT}}, 403),
    ({"channelData": {"tenant": {"id": OTHER_TENANT}}}, 403),
    ({"channelData": {"tenant": {"id": "rosebrook"}}, "conversation": {"id": "a:1"}}, 403),
    ({"channelData": {}, "conversation": {"id": "a:1"}}, 403),
    ({"channelData": None, "conversation": None}, 403),
    ({"channelId": "webchat"}, 403),
    ({"channelId": "directline"}, 403),
    ({"channelId": None}, 403),
    ({"serviceUrl": "https://smba.trafficmanager.net/emea/"}, 401),
    ({"serviceUrl": None}, 401),
    ({"serviceUrl": ["https://smba.trafficmanager.net/emea/"]}, 401),
)


async def test_a_signed_call_from_elsewhere_is_refused(driver: TeamsDriver):
    """Another organisation, another of the ways to reach a bot, another address to answer to: signed by Microsoft all the same."""
    for more, status in FROM_ELSEWHERE:
        body = json.dumps(a_message(driver.wire, **more)).encode()
        assert (await driver.wire.signed(body)).status_code == status, more
    assert await kept(driver) == 0


async def test_an_address_that_could_be_listened_to_is_refused(driver: TeamsDriver):
    """We would write to it: what people are told must not travel unencrypted."""
    away = "http://smba.example/uk"
    answer = await driver.wire.signed(json.dumps(a_message(driver.wire, serviceUrl=away)).encode(), serviceurl=away)
    assert answer.status_code == 401


NO_MESSAGES = (
    (b"", 400),
    (b"{", 400),
    (b"[]", 400),
    (b'"hello"', 400),
    (b"\xff\xfe", 400),
    (b"[" * 100_000, 400),
    (b"{}", 401),
    (b" " * (LARGEST + 1), 413),
)


async def test_what_is_signed_and_no_message_is_refused(driver: TeamsDriver):
    """A signature says who calls, not that it makes sense."""
    for body, status in NO_MESSAGES:
        assert (await driver.wire.signed(body)).status_code == status, body[:20]


async def test_a_body_that_is_longer_than_it_says_is_cut_off(driver: TeamsDriver):
    """The announced length may be a lie, or missing."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 16_384

    headers = {"authorization": f"Bearer {driver.wire.bearer()}"}
    async with httpx.AsyncClient() as http:
        answer = await http.post(driver.wire.bot, content=endless(), headers=headers)
    assert answer.status_code == 413


async def test_nothing_is_read_for_somebody_who_did_not_sign(driver: TeamsDriver):
    """An unsigned call is answered by its header alone, however long the body that would follow."""
    answer = await driver.wire.signed(b"{" * LARGEST, header={"authorization": "Bearer x.y.z"})
    assert answer.status_code == 401


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    *("type", "id", "text", "from", "conversation", "channelData", "recipient", "entities", "attachments", "value", "name"),
    *("timestamp", "textFormat", "channelId", "replyToId"),
)


async def test_whatever_is_signed_is_never_answered_with_a_breakdown(driver: TeamsDriver):
    """Any field may be anything, one day: it is set aside, and the next message is heard."""
    tried: list[tuple[str, object]] = []

    @settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None, database=None)
    @given(st.sampled_from(FIELDS), anything, st.sampled_from(["message", "messageUpdate", "messageDelete", "invoke", "event"]))
    def collect(field: str, value: object, kind: str) -> None:
        tried.append((field, {"type": kind, field: value}))

    collect()
    for _, more in tried:
        body = json.dumps(a_message(driver.wire, **more)).encode()
        status = (await driver.wire.signed(body)).status_code
        assert status in {200, 400, 401, 403, 501}, more
    before = await kept(driver)
    assert (await driver.wire.says("Teacher", "hello again")).received
    assert await kept(driver) == before + 1


@given(anything, anything)
def test_the_tenant_is_read_whatever_stands_there(data: object, conversation: object):
    """It is an ID, in small letters, or nothing; two that differ are nothing."""
    found = tenant_of({"channelData": data, "conversation": conversation})
    assert found == ""
    assert tenant_of({"channelData": {"tenant": {"id": TENANT.upper()}}, "conversation": conversation}) in {TENANT, ""}
    assert tenant_of({"channelData": data, "conversation": {"tenantId": TENANT}}) in {TENANT, ""}


# The keys.


async def test_keys_are_fetched_beside_the_work_of_the_bot(tmp_path: Path):
    """Microsoft takes its time over them: whoever asks the bot anything else meanwhile does not wait."""
    async with teams() as wire, working(tmp_path, wire) as driver:
        wire.slow["keys"] = 1.0
        channel = driver.app.channels["teams"]
        channel._line.door._keys._asked_at = float("-inf")
        call = asyncio.create_task(wire.signed(json.dumps(a_message(wire)).encode(), kid="unknown"))
        await asyncio.sleep(0.1)
        began = time.monotonic()
        async with httpx.AsyncClient() as http:
            assert (await http.get(wire.bot.replace("/teams/messages", "/healthz"))).status_code == 200
        assert time.monotonic() - began < 0.8
        assert not call.done()
        assert (await call).status_code == 401


async def test_made_up_keys_do_not_make_us_ask_over_and_over(driver: TeamsDriver):
    """Anybody can write a name of a key into a token: Microsoft is asked once in half a minute at most."""
    before = driver.wire.counted["keys"]
    for number in range(20):
        assert (await driver.wire.signed(b"{}", kid=f"made-up-{number}")).status_code == 401
    assert driver.wire.counted["keys"] <= before + 1


async def test_a_new_key_is_found_when_it_is_used(driver: TeamsDriver):
    """Microsoft changes its keys without a word."""
    assert (await driver.wire.says("Teacher", "hello")).received
    keys = driver.app.channels["teams"]._line.door._keys
    keys._known = {"old": next(iter(keys._known.values()))}
    keys._asked_at = float("-inf")
    assert (await driver.wire.says("Teacher", "hello")).received


async def test_where_the_keys_cannot_be_had_nobody_is_called_a_forger(tmp_path: Path):
    """“Not now” and not “you may not”: and as soon as the keys are there, people are heard."""
    async with teams() as wire:
        wire.keys_down = True
        async with working(tmp_path, wire) as driver:
            answers = await asyncio.gather(*(wire.says("Teacher", "hello") for _ in range(5)))
            assert {answer.status for answer in answers} == {503}
            assert await kept(driver) == 0
            assert wire.counted["keys"] == 1  # and Microsoft, which is in trouble, is not asked over and over
            wire.keys_down = False
            driver.app.channels["teams"]._line.door._keys._asked_at -= 2
            assert (await wire.says("Teacher", "hello")).received


async def test_keys_that_were_had_stay_good_while_microsoft_is_away(driver: TeamsDriver):
    """A day later the list is asked for anew; where that fails, the one we have is still better than silence."""
    assert (await driver.wire.says("Teacher", "hello")).received
    keys = driver.app.channels["teams"]._line.door._keys
    driver.wire.keys_down = True
    keys._had_at -= 48 * 3600
    keys._asked_at = float("-inf")
    assert (await driver.wire.says("Teacher", "hello")).received
