"""What was said of a case to somebody who may not see it any more: unsent it never goes out, and sent it is blanked like any card.

A digest, a line that more was said, a page they had opened, a list: all of it, wherever they are written to. What they hear as
the sender of a report is theirs and stays. What is being sent at that moment is gone as well: an attempt that fails finds nothing
to try again, and one that succeeds is blanked once the platform has said what it calls it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from storage.store import unstopped
from storage.store.queueing import BLANK, Card, card
from storage.store.scope import Scope
from storage.tables import Case, PersonPlace, Push, Reply, table

CASE, PLACE, PUSH, REPLY = table(Case), table(PersonPlace), table(Push), table(Reply)

# What the letter of a digest belongs to, so that it can be told from others; and those to which buttons about one case belong.
DIGEST_ABOUT, CASE_ABOUT = "digest", "case:"
# Others that may name it among more: lists of cases, and the forms in which one is worked on.
NAMING = ("cases:", "form:")
# The cards of a person have ranks below this: the edits of whatever else was said stand beside theirs.
BESIDE_CARDS = 1000


def take_back(scope: Scope, people: Collection[str], cases: Collection[str], at: datetime) -> None:
    """Take whatever was said of CASES from PEOPLE, wherever it is."""
    if not people or not cases:
        return
    known = (CASE.c.school == scope.school, CASE.c.id.in_(cases))
    for case in scope.connection.execute(sa.select(CASE.c.id, CASE.c.reference, CASE.c.opened_at).where(*known)).all():
        for person in people:
            _from(scope, person, case, at)


def _from(scope: Scope, person: str, case: sa.Row[str, str, datetime], at: datetime) -> None:
    at_theirs = REPLY.c.address.in_(addresses(scope, person))
    lately = sa.select(REPLY).where(REPLY.c.school == scope.school, REPLY.c.created_at >= case.opened_at, at_theirs)
    # Until nothing is left: a send that fails meanwhile is waited for by the deletion, and may have put the words at another place.
    while naming := [row.id for row in scope.connection.execute(lately) if _says(_body(scope, row), case)]:
        # The row goes with them: a page that shows what was said would show it again.
        gone = sa.delete(REPLY).where(REPLY.c.id.in_(naming)).returning(*REPLY.c)
        # As they are by now, and not as they were found: the one that was being sent may have arrived.
        rows = sorted(scope.connection.execute(gone).mappings(), key=lambda row: row["id"])
        _blank(scope, person, case.id, [row for row in rows if row["state"] == "sent" or row["token"] is not None], at)


def _body(scope: Scope, row: sa.Row[str, bytes]) -> str:
    return scope.vault.open("reply", "body", row.key, row.body)


def _says(body: str, case: sa.Row[str, str, datetime]) -> bool:
    """Whether BODY belongs to CASE, or names it where several are spoken of."""
    named, key = case.reference in body, str(case.id)
    if not named and key not in body:
        return False
    about = str(json.loads(body).get("about") or "")
    if about.startswith(CASE_ABOUT):
        return about.removeprefix(CASE_ABOUT).partition(":")[0] == key
    return named and (about == DIGEST_ABOUT or about.startswith(NAMING))


def addresses(scope: Scope, person: str) -> list[str]:
    """The digests of all places at which PERSON is written to."""
    places = sa.select(PLACE.c.key, PLACE.c.channel, PLACE.c.place).where(
        PLACE.c.school == scope.school, PLACE.c.person_id == person
    )
    return [
        scope.address(row.channel, scope.vault.open("person_place", "place", row.key, row.place))
        for row in scope.connection.execute(places)
    ]


def _blank(scope: Scope, person: str, case: str, sent: Sequence[sa.RowMapping], at: datetime) -> None:
    """Queue the edit for each line in SENT; for one that is still being sent without a receipt, which comes when it arrives."""
    theirs = (PUSH.c.case_id == case, PUSH.c.person_id == person, PUSH.c.kind == BLANK)
    last = scope.connection.execute(sa.select(sa.func.max(PUSH.c.rank)).where(*theirs)).scalar()
    rank = max(BESIDE_CARDS, -1 if last is None else last + 1)
    for number, row in enumerate(sent):
        change = Card(
            case,
            person,
            row["channel"],
            scope.vault.open("reply", "place", row["key"], row["place"]),
            kind=BLANK,
            rank=rank + number,
            receipt=scope.vault.opened("reply", "receipt", row["key"], row["receipt"]),
            key=unstopped.key_of(row["key"]),
        )
        card(scope, change, at)
