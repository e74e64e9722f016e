"""Everything that the audit keeps about one case, and who held which role when: what a chronology is made of."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from flows.cases.case import Case
from flows.cases.chronology import Happened, History, RoleChange
from storage import audit
from storage.audit import LINK
from storage.store.scope import Scope

# Acts by which roles change, and whether the person holds them from then on.
_CHANGES = {"person added": True, "role given": True, "role taken": False}


def history(scope: Scope, case: Case) -> History:
    """The history of CASE, which the caller has found to be readable for whoever asks."""
    happened = tuple(
        Happened(link.seq, link.at, link.act, link.person, None if link.details is None else _details(link.details))
        for link in audit.opened(scope.session, scope.vault, scope.school, LINK.c.case_id == case.id)
    )
    return History(case, happened, _changes(scope))


def _changes(scope: Scope) -> tuple[RoleChange, ...]:
    found = []
    for link in audit.opened(scope.session, scope.vault, scope.school, sa.and_(LINK.c.case_id.is_(None), LINK.c.act.in_(_CHANGES))):
        details = _details(link.details or "")
        roles = tuple(details.get("roles") or ([details["role"]] if "role" in details else ()))
        if "person" in details and roles:
            found.append(RoleChange(link.seq, details["person"], roles, held=_CHANGES[link.act]))
    return tuple(found)


def _details(text: str) -> dict[str, Any]:
    """The details of a link. Words that are not a table are told as they are."""
    try:
        details = json.loads(text) if text else {}
    except json.JSONDecodeError:
        return {"text": text}
    return details if isinstance(details, dict) else {"text": text}
