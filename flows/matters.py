"""The matters a report can be about: their plain title, their event in the school's policy, and how fast somebody must know."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from flows.cases.case import Severity

# Somebody may be in danger now. Its route tells everybody who can act, so it is routed a little differently (see routing.py).
DANGER = "danger"
# The "Tell the lead now" button, and whatever no other matter fits: a worry never stays without a door.
TELL_THE_LEAD = "tell_the_lead"


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that can be reported. `event` is its row in a school's routing table; `title` is what a push may say."""

    name: str
    event: str
    title: str
    severity: Severity


class UnknownMatter(LookupError):
    """No matter goes by that name; the message lists those that exist."""


_ALL = (
    Matter("contact_pupil_to_staff", "E01", "A pupil tried to connect with a member of staff online", Severity.MEDIUM),
    Matter("contact_parent_to_staff", "E02", "A parent or carer tried to connect with a member of staff online", Severity.LOW),
    Matter("contact_staff_to_pupil", "E03", "An adult from the school was in touch with a pupil online", Severity.HIGH),
    Matter(
        "contact_staff_to_parent", "E04", "An adult from the school was in touch with a parent or carer online", Severity.MEDIUM
    ),
    Matter("existing_relationship", "E05", "A member of staff knows a pupil or a family outside school", Severity.LOW),
    Matter(DANGER, "", "Somebody may be in danger now", Severity.IMMEDIATE),
    Matter(TELL_THE_LEAD, "", "A worry for the safeguarding lead", Severity.HIGH),
)

MATTERS = MappingProxyType({one.name: one for one in _ALL})


def matter(name: str) -> Matter:
    """The matter called NAME."""
    try:
        return MATTERS[name]
    except KeyError:
        raise UnknownMatter(f"There is no matter “{name}” in flows/matters.py. Known: {', '.join(sorted(MATTERS))}.") from None
