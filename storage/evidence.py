"""What a case looks like, as one digest over its plain words: links of the audit promise it, and any change by hand shows.

Over the words and not their seals, so that a fresh key changes nothing; over what is set, so that a column which a later schema
adds changes nothing either.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.tables import Case, CaseAddition, CaseConcern, table
from storage.vault import Vault

CASE, ADDITION, CONCERN = table(Case), table(CaseAddition), table(CaseConcern)


def digest(connection: sa.Connection, vault: Vault, school: str, case: str) -> str | None:
    """The digest of everything that is kept of CASE, with what was added to it; None when SCHOOL has no such case."""
    row = connection.execute(sa.select(CASE).where(CASE.c.id == case, CASE.c.school == school)).mappings().first()
    if row is None:
        return None
    concerns = sa.select(CONCERN.c.person_id).where(CONCERN.c.case_id == case).order_by(CONCERN.c.person_id)
    additions = sa.select(ADDITION).where(ADDITION.c.case_id == case).order_by(ADDITION.c.id)
    everything = {
        "case": _plain(vault, "cases", case, row),
        "concerns": connection.execute(concerns).scalars().all(),
        "additions": [_plain(vault, "case_addition", one["key"], one) for one in connection.execute(additions).mappings()],
    }
    return hashlib.sha256(json.dumps(everything, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def states(connection: sa.Connection, vault: Vault, school: str, cases: Iterable[str]) -> dict[str, str]:
    """The digest of each of CASES that SCHOOL has."""
    found = {case: digest(connection, vault, school, case) for case in dict.fromkeys(cases)}
    return {case: state for case, state in found.items() if state is not None}


def _plain(vault: Vault, name: str, record: str, row: sa.RowMapping) -> dict[str, Any]:
    """What is set in ROW, opened."""
    return {key: _value(vault, name, record, key, value) for key, value in row.items() if value is not None}


def _value(vault: Vault, name: str, record: str, key: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return vault.open(name, key, record, value)
    return value.isoformat() if isinstance(value, datetime) else value
