"""One row of a school's routing table, as a person reads it out of the school's policy, and where our routes depart from it."""

from __future__ import annotations

from dataclasses import dataclass, field

# How a table's words for "when" may stand in a route.
SAID_AS = {
    "immediately": ("at once", "immediately"),
    "quickly": ("quickly",),
    "as soon as it happens": ("as soon as it happens",),
    "beforehand": ("beforehand", "before", "first"),
    "any time": ("any day",),
    "on joining": ("joins",),
    "yearly": ("every year",),
    "start of day": ("beginning of the school day",),
}

# Why a route departs from its row. Each is a decision, written up in ARCHITECTURE.md.
CLASS_TEACHER = (
    "Every class teacher would read what goes to the class teachers: the child's own teacher is a step, and whoever leads is told"
)
IT_PART = "IT people see a site, a time, a device and a reference: they get a case of their own with no more in it, or a step"
APPROVE_FIRST = "Whoever decides is asked first; once it is approved those who carry it out are told the site and the dates"
LEAD_TOO = (
    "The document names no lead for it, and what may harm a child passes no safeguarding lead by: general practice in England"
)
STAFF_COPY = "A route does not know who reports: what staff report goes to the headteacher at once, so the copy always goes"
A_STEP = "Which of them acts is the first recipient's to choose, or depends on what is found: it stands among the steps"
ONE_PERSON = "Headteacher and lead are one person there; where a school parts them the lead is told of what touches a child"
MONITORS = "Those who watch the filter do so anyway; a report goes to whom the general rule names"
STAFF_RULE_ONLY = "The rule that is broken binds staff: for others nothing is broken, and telling the headteacher is our default"
OFFICE_KEEPS = "Consents are office matters: the headteacher's default, with the office that keeps them"


@dataclass(frozen=True, slots=True)
class Departure:
    """What the route says instead, and why. None: as in the table."""

    why: str
    first: str | None = None
    also: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Who is told of EVENT first and also, by which references, with which time words; `silent`: the document does not say.

    Roles stand apart by spaces; "headteacher/dsl" is one inbox. `more` are references the route gives beyond the table's.
    """

    event: str
    matter: str
    first: str
    also: str = ""
    ref: str = ""
    when: tuple[str, ...] = ()
    silent: bool = False
    never: str = ""
    more: str = ""
    departs: Departure | None = field(default=None)
