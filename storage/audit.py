"""The audit: one hash chain per school, in which a changed, missing, moved or cut-off link shows.

A link holds a salted commitment to its details, not the details: they lie sealed beside it and can be purged or sealed with
another key without breaking the chain. With its details it promises what the case it is about looked like by then, so that a
case changed or deleted by hand shows as well.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from storage.evidence import digest
from storage.kept import Act, Link
from storage.tables import AuditLink, SchoolHead, table
from storage.vault import CannotOpen, Vault

LINK, HEAD = table(AuditLink), table(SchoolHead)
START = hashlib.sha256(b"signpost audit").hexdigest()  # what the first link of every school follows
HEAD_SHOWN = 16  # of 64 letters: nobody can make another link that begins alike
SALT = 32  # hexadecimal letters
APART = "\x1e"  # between the details of a link and the digest of its case; JSON never holds it
WRITTEN, DESTROYED = "case written", "details purged"
NO_STATES: Mapping[str, str] = MappingProxyType({})
BATCH = 500
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found. `first_bad` is the first link that is not as it was written."""

    whole: bool
    links: int
    head: str
    first_bad: int | None = None
    why: str = ""


def append(
    session: Session, vault: Vault, school: str, acts: Sequence[Act], at: datetime, *, states: Mapping[str, str] = NO_STATES
) -> None:
    """Add ACTS to the school's chain, in the caller's transaction. Locks the school's head: call it last.

    STATES are the digests of the cases that were written in this transaction; the last act on each promises it.
    """
    acts = (*acts, *(Act(WRITTEN, case) for case in states if all(act.case != case for act in acts)))
    if not acts:
        return
    last_on = {act.case: place for place, act in enumerate(acts) if act.case is not None}
    connection = session.connection()
    seq, last = _locked_head(connection, vault, school)
    rows: list[dict[str, Any]] = []
    for place, act in enumerate(acts):
        seq += 1
        salt = secrets.token_hex(SALT // 2)
        details = act.details.replace(APART, " ")
        if act.case is not None and act.case in states and last_on[act.case] == place:
            details += APART + states[act.case]
        link = {
            "school": school,
            "seq": seq,
            "at": at,
            "act": act.act,
            "case_id": act.case,
            "person_id": act.person,
            "commitment": _commitment(salt, details),
            "details": vault.seal("audit_link", "details", f"{school}:{seq}", salt + details),
        }
        last = link_hash(last, link)
        rows.append({**link, "hash": last})
    connection.execute(sa.insert(LINK), rows)
    connection.execute(
        sa.update(HEAD).where(HEAD.c.school == school).values(seq=seq, hash=last, seal=_sealed_head(vault, school, seq, last))
    )


def verify(session: Session, vault: Vault, school: str, head: str | None = None) -> Verdict:
    """Walk the whole chain, then look at the cases it speaks of. HEAD, kept from an earlier day, must still be one of its links.

    The beginning of one will do, as a digest shows it.
    """
    one_view(session)
    found = _Findings(vault, school)
    seq, last, seen = 0, START, head is None or _begins(START, head)
    for link in _walk(session, school):
        seq += 1
        if (fault := found.fault(link, seq, last)) is not None:
            return Verdict(whole=False, links=seq - 1, head=last, first_bad=seq, why=fault)
        last = link["hash"]
        seen = seen or _begins(last, head or "")
    end = session.connection().execute(sa.select(HEAD).where(HEAD.c.school == school)).mappings().first()
    fault = _end_fault(vault, school, end, seq, last)
    if fault is None and not seen:
        fault = "the head that was written down earlier is not in the chain: its end was cut off, or it was rewritten"
    if fault is not None:
        return Verdict(whole=False, links=seq, head=last, first_bad=seq + 1, why=fault)
    for bad, why in (*found.unexplained(), *found.changed(session)):
        return Verdict(whole=False, links=seq, head=last, first_bad=bad, why=why)
    return Verdict(whole=True, links=seq, head=last)


def one_view(session: Session) -> None:
    """Whatever others write meanwhile, SESSION sees one moment. On SQLite it does anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _begins(link: str, head: str) -> bool:
    """Whether HEAD is that LINK, or enough of its beginning."""
    return len(head) >= HEAD_SHOWN and link.startswith(head.casefold())


def links(session: Session, vault: Vault, school: str, *, after: int = 0, limit: int = 100) -> tuple[Link, ...]:
    """The links after number AFTER, as written, with their details where they were not purged."""
    statement = sa.select(LINK).where(LINK.c.school == school, LINK.c.seq > after).order_by(LINK.c.seq).limit(limit)
    return tuple(_link(vault, school, row) for row in session.connection().execute(statement).mappings())


def opened(session: Session, vault: Vault, school: str, which: sa.ColumnElement[bool]) -> tuple[Link, ...]:
    """The links of SCHOOL for which WHICH holds, oldest first."""
    statement = sa.select(LINK).where(LINK.c.school == school, which).order_by(LINK.c.seq)
    return tuple(_link(vault, school, row) for row in session.connection().execute(statement).mappings())


def head(session: Session, school: str) -> tuple[int, str]:
    """The number and the hash of the school's last link: what goes out in the digest."""
    row = session.connection().execute(sa.select(HEAD.c.seq, HEAD.c.hash).where(HEAD.c.school == school)).first()
    return (row.seq, row.hash) if row is not None else (0, START)


def purge(session: Session, vault: Vault, school: str, case: str, at: datetime) -> int:
    """Erase the details of everything done to CASE, for good; the links stay, and one more says that this was done."""
    gone = session.connection().execute(
        sa.update(LINK).where(LINK.c.school == school, LINK.c.case_id == case, LINK.c.details.is_not(None)).values(details=None)
    )
    append(session, vault, school, (Act(DESTROYED, case),), at)
    return gone.rowcount


def link_hash(last: str, link: Mapping[str, Any]) -> str:
    """The hash of one link: over the link before it and everything in it but the sealed details."""
    digest = hashlib.sha256()
    moment = str((link["at"] - EPOCH) // timedelta(microseconds=1))
    promised = (link["act"], link["case_id"], link["person_id"], link["commitment"])
    for part in (last, str(link["seq"]), link["school"], moment, *promised):
        raw = b"" if part is None else b"=" + part.encode()  # nobody is not the same as a person without a name
        digest.update(struct.pack(">I", len(raw)) + raw)
    return digest.hexdigest()


def _commitment(salt: str, details: str) -> str:
    return hashlib.sha256(f"{salt}{details}".encode()).hexdigest()


def _sealed_head(vault: Vault, school: str, seq: int, last: str) -> bytes:
    return vault.seal("school_head", "seal", school, f"{seq}:{last}")


def _locked_head(connection: sa.Connection, vault: Vault, school: str) -> tuple[int, str]:
    statement = sa.select(HEAD.c.seq, HEAD.c.hash).where(HEAD.c.school == school).with_for_update()
    row = connection.execute(statement).first()
    if row is None:
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        first = {"school": school, "seq": 0, "hash": START, "seal": _sealed_head(vault, school, 0, START)}
        connection.execute(insert(HEAD).values(first).on_conflict_do_nothing())
        row = connection.execute(statement).one()
    return row.seq, row.hash


def _walk(session: Session, school: str) -> Iterator[sa.RowMapping]:
    after = -1
    while True:
        statement = sa.select(LINK).where(LINK.c.school == school, LINK.c.seq > after).order_by(LINK.c.seq).limit(BATCH)
        rows = session.connection().execute(statement).mappings().all()
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1]["seq"]


class _Findings:
    """What is learnt link by link: which details are gone, and what each case looked like when it was last written."""

    def __init__(self, vault: Vault, school: str) -> None:
        self._vault = vault
        self._school = school
        self._gone: dict[int, str | None] = {}  # links without details, and their case
        self._states: dict[str, tuple[int, str]] = {}

    def fault(self, row: sa.RowMapping, seq: int, last: str) -> str | None:
        """What is wrong with this link, or None."""
        if row["seq"] != seq:
            return f"link {seq} is missing"
        if not hmac.compare_digest(link_hash(last, dict(row)), row["hash"]):
            return f"link {seq} was changed, or does not follow the one before it"
        if row["act"] == DESTROYED:
            self._gone = {gone: case for gone, case in self._gone.items() if case is None or case != row["case_id"]}
        if row["details"] is None:
            self._gone[seq] = row["case_id"]
            return None
        try:
            details = self._vault.open("audit_link", "details", f"{self._school}:{seq}", row["details"])
        except CannotOpen as error:
            return str(error)
        if not hmac.compare_digest(_commitment(details[:SALT], details[SALT:]), row["commitment"]):
            return f"the details of link {seq} are not the ones it was written with"
        if row["case_id"] is not None and (state := details.partition(APART)[2]):
            self._states[row["case_id"]] = seq, state
        return None

    def unexplained(self) -> Iterator[tuple[int, str]]:
        """Details that are gone although no later link says that they were purged."""
        for seq in self._gone:
            yield seq, f"the details of link {seq} are gone, and no later link says that they were purged"

    def changed(self, session: Session) -> Iterator[tuple[int, str]]:
        """Cases that are not as the last link about them left them."""
        for case, (seq, state) in self._states.items():
            try:
                now = digest(session.connection(), self._vault, self._school, case)
            except CannotOpen as error:
                yield seq, str(error)
                continue
            if now is None:
                yield seq, f"the case of link {seq} is missing"
            elif not hmac.compare_digest(now, state):
                yield seq, f"the case of link {seq}, or something that was added to it, is not as it was written"


def _end_fault(vault: Vault, school: str, end: sa.RowMapping | None, seq: int, last: str) -> str | None:
    if end is None:
        return None if seq == 0 else "the school's head is missing"
    try:
        sealed = vault.open("school_head", "seal", school, end["seal"])
    except CannotOpen as error:
        return str(error)
    if sealed != f"{end['seq']}:{end['hash']}":
        return "the school's head was changed by hand"
    if (end["seq"], end["hash"]) != (seq, last):
        return f"the chain ends at link {seq}, its head says {end['seq']}: the end was cut off or added by hand"
    return None


def _link(vault: Vault, school: str, row: sa.RowMapping) -> Link:
    details = vault.opened("audit_link", "details", f"{school}:{row['seq']}", row["details"])
    return Link(
        seq=row["seq"],
        at=row["at"],
        act=row["act"],
        case=row["case_id"],
        person=row["person_id"],
        commitment=row["commitment"],
        hash=row["hash"],
        details=None if details is None else details[SALT:].partition(APART)[0],
    )
