"""Which columns are sealed, and what each seal is bound to. Rotation, the proof of the key and the tests go by this list."""

from __future__ import annotations

import sqlalchemy as sa

# Every sealed column, and the columns its seal is bound to: a value moved to another row or column does not open there.
SEALED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "conversation": (("id",), ("place", "sender", "state")),
    "inbox": (("key",), ("message_id", "body")),
    "reply": (("key",), ("place", "body", "receipt")),
    "cases": (("id",), ("said", "recorded_as")),
    "case_addition": (("key",), ("said",)),
    "push": (("key",), ("place", "receipt", "card")),
    "person": (("id",), ("name",)),
    "person_place": (("key",), ("place",)),
    "audit_link": (("school", "seq"), ("details",)),
    "school_head": (("school",), ("seal",)),
    "asked": (("key",), ("words",)),
    "news_address": (("conversation",), ("address",)),
}


def record_id(row: sa.RowMapping, keys: tuple[str, ...]) -> str:
    """What a row's seals are bound to."""
    return ":".join(str(row[key]) for key in keys)
