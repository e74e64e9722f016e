"""The matters a report can be about: their plain title, their event in the school's policy, and how fast somebody must know."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from flows.cases.case import Severity

# Somebody may be in danger now. Its route tells everybody who can act, so it is routed a little differently (see routing.py).
DANGER = "danger"
# The "Tell the lead now" button, and whatever no other matter fits: a worry never stays without a door.
TELL_THE_LEAD = "tell_the_lead"
# The same for somebody who would rather have the headteacher read it.
TELL_THE_HEADTEACHER = "tell_the_headteacher"
# Only whoever stands above them may look into it, so nobody else waits on the next rung.
ABOUT_HEADTEACHER = "about_headteacher"
ABOUT_GOVERNOR = "about_governor"
# It may be about how a report was handled.
COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that can be reported. `title` is what a push may say.

    `event` is its row in a school's routing table; a row is several matters where who did it decides who is told.

    What `asks` is a request: one of the roles that decide approves or declines it. Once approved it opens a matter of its own,
    called `opens`, for whoever carries it out. They see the answers named in `shows` and no others.
    """

    name: str
    event: str
    title: str
    severity: Severity
    asks: bool = False
    opens: str = ""
    shows: tuple[str, ...] = ()


class UnknownMatter(LookupError):
    """No matter goes by that name; the message lists those that exist."""


_ALL = (
    # Contact
    Matter("contact_pupil_to_staff", "E01", "A pupil tried to connect with a member of staff online", Severity.MEDIUM),
    Matter("contact_parent_to_staff", "E02", "A parent or carer tried to connect with a member of staff online", Severity.LOW),
    Matter("contact_staff_to_pupil", "E03", "An adult from the school was in touch with a pupil online", Severity.HIGH),
    Matter(
        "contact_staff_to_parent", "E04", "An adult from the school was in touch with a parent or carer online", Severity.MEDIUM
    ),
    Matter("existing_relationship", "E05", "A member of staff knows a pupil or a family outside school", Severity.LOW),
    # Bullying and threats
    Matter("bullying_of_pupil", "E06", "A pupil may be being bullied online", Severity.MEDIUM),
    Matter("bullying_of_staff", "E07", "A member of staff may be being bullied online", Severity.MEDIUM),
    Matter("bullying_by_staff", "E08", "An adult from the school may be bullying somebody online", Severity.HIGH),
    Matter("threats_by_parent", "E09", "Abuse or threats by a parent or carer", Severity.HIGH),
    Matter("bullying_beyond_school", "E10", "Online bullying outside school or from outside it", Severity.MEDIUM),
    # What people met, and what they posted
    Matter("content_met_by_pupil", "E11", "A pupil came across something unsuitable online", Severity.HIGH),
    Matter("content_met_by_staff", "E12", "A member of staff and something unsuitable online", Severity.MEDIUM),
    Matter("site_to_block", "E13", "A website should be blocked", Severity.MEDIUM),
    Matter("post_by_parent", "E14", "A post by a parent or an outsider that may harm the school", Severity.MEDIUM),
    Matter("post_by_staff", "E15", "A post by an adult from the school that may harm it", Severity.MEDIUM),
    Matter("post_about_pupil_by_pupil", "E16", "A post about a pupil, by a pupil", Severity.MEDIUM),
    Matter("post_about_pupil_by_staff", "E16", "A post about a pupil, by an adult from the school", Severity.HIGH),
    Matter("post_about_pupil_by_parent", "E16", "A post about a pupil, by a parent or carer", Severity.MEDIUM),
    Matter("abuse_on_school_account", "E17", "Abuse on one of the school's own pages", Severity.MEDIUM),
    # Conduct. Adults at the school are never looked into by themselves, so these may not wait
    Matter("staff_conduct", "E18", "A concern about what an adult from the school does online", Severity.HIGH),
    Matter(ABOUT_HEADTEACHER, "E19", "A concern about the headteacher", Severity.HIGH),
    Matter(ABOUT_GOVERNOR, "E20", "A concern about a member of the governing body", Severity.HIGH),
    Matter("pupil_conduct", "E21", "A concern about what a pupil does online", Severity.MEDIUM),
    # Harm. A deputy has to hear within ten minutes of the first three, which only the fastest clock does
    Matter("disclosure", "E22", "A pupil has told somebody about harm", Severity.IMMEDIATE),
    Matter(
        "image_by_pupil", "E24", "A picture that may show a child: do not look at it, and do not pass it on", Severity.IMMEDIATE
    ),
    Matter("grooming", "E25", "Somebody may be trying to win a child's trust online", Severity.IMMEDIATE),
    Matter("crime", "E23", "Something that may be a crime", Severity.HIGH),
    Matter("extremism", "E26", "Extreme or hateful content", Severity.HIGH),
    Matter("data_breach", "E27", "Personal information may have been made public", Severity.HIGH),
    # Requests and everyday rules
    Matter("consent_given", "E28", "Consent for pictures of a child was given", Severity.LOW),
    Matter("consent_changed", "E29", "Consent for pictures of a child was changed or taken back", Severity.MEDIUM),
    Matter(
        "site_to_unblock",
        "E30",
        "A website should be unblocked",
        Severity.LOW,
        asks=True,
        opens="site_to_open",
        shows=("site", "needed", "how_long"),
    ),
    Matter("new_account", "E31", "Somebody asks for a new school account", Severity.LOW, asks=True),
    Matter("draft_check", "E32", "A post should be looked at before it goes up", Severity.LOW, asks=True),
    Matter(COMPLAINT, "E33", "A complaint about the policy or how it is applied", Severity.LOW),
    Matter("age_restricted", "E34", "A pupil uses a site or an app that is not for their age", Severity.MEDIUM),
    Matter("filter_bypass_by_pupil", "E35", "A pupil may have got round the web filter", Severity.MEDIUM),
    Matter("filter_bypass_by_staff", "E35", "A member of staff may have got round the web filter", Severity.MEDIUM),
    Matter("use_in_lessons_by_pupil", "E36", "A pupil's use of social media in lesson time", Severity.LOW),
    Matter("use_in_lessons_by_staff", "E36", "Use of social media in lesson or work time by a member of staff", Severity.LOW),
    Matter("permission_needed", "E37", "Somebody asks to use a device, the Wi-Fi or a camera", Severity.LOW, asks=True),
    Matter("anonymous_posting_by_pupil", "E38", "A pupil may be posting under another name, or none", Severity.MEDIUM),
    Matter("anonymous_posting_by_staff", "E38", "A member of staff may be posting under another name, or none", Severity.MEDIUM),
    Matter("anonymous_posting_by_parent", "E38", "A parent or carer may be posting under another name, or none", Severity.MEDIUM),
    # One more rule that only this school has: its route says in `then` which
    Matter("school_rule", "E39", "Something this school has a rule of its own for", Severity.MEDIUM),
    Matter("false_allegation", "E40", "An allegation that may be mistaken or untrue", Severity.MEDIUM),
    # Whatever no event names
    Matter(DANGER, "", "Somebody may be in danger now", Severity.IMMEDIATE),
    Matter(TELL_THE_LEAD, "", "A worry for the safeguarding lead", Severity.HIGH),
    Matter(TELL_THE_HEADTEACHER, "", "A worry for the headteacher", Severity.HIGH),
    Matter("site_to_open", "", "A website was approved and may be unblocked", Severity.LOW),
    Matter("code_signed", "", "The staff code of conduct was read and answered", Severity.LOW),
)

MATTERS = MappingProxyType({one.name: one for one in _ALL})


def matter(name: str) -> Matter:
    """The matter called NAME."""
    try:
        return MATTERS[name]
    except KeyError:
        raise UnknownMatter(f"There is no matter “{name}” in flows/matters.py. Known: {', '.join(sorted(MATTERS))}.") from None
