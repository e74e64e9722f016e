"""Congerstone: what its policy says about who is told. It speaks to staff and governors only; the numbering is ours."""

from __future__ import annotations

from tests.flows.facts.table import LEAD_TOO, Departure, Row

LEAD = Departure(LEAD_TOO, also="dsl")
EVERYBODY_BUT_THE_CHAIR = "headteacher dsl deputy_dsl slt it office"

ROWS = (
    Row("E01", "contact_pupil_to_staff", "headteacher", ref="CO-resp.3", silent=True),
    Row("E02", "contact_parent_to_staff", "headteacher", ref="CO-resp.11", silent=True),
    Row("E03", "contact_staff_to_pupil", "headteacher", ref="CO-use CO-resp.3", departs=LEAD),
    Row("E04", "contact_staff_to_parent", "headteacher", ref="CO-use CO-resp.11"),
    Row("E05", "existing_relationship", "headteacher", ref="CO-resp.3", silent=True),
    # Dignity at Work is named in the table only to say that it is not for pupils.
    Row("E06", "bullying_of_pupil", "headteacher", ref="CO-links", silent=True),
    Row("E07", "bullying_of_staff", "headteacher", ref="CO-use CO-disc", silent=True),
    Row("E08", "bullying_by_staff", "headteacher", ref="CO-disc CO-use", departs=LEAD),
    Row("E09", "threats_by_parent", "headteacher", silent=True),
    Row("E10", "bullying_beyond_school", "headteacher", ref="CO-purpose", silent=True),
    Row("E11", "content_met_by_pupil", "headteacher", ref="CO-links", silent=True, never="it", departs=LEAD),
    Row("E12", "content_met_by_staff", "headteacher", ref="CO-use CO-mon CO-resp.14", never="it"),
    Row("E13", "site_to_block", "headteacher", silent=True),
    Row("E14", "post_by_parent", "headteacher", silent=True),
    Row("E15", "post_by_staff", "headteacher", ref="CO-purpose CO-use CO-resp.8 CO-resp.9 CO-resp.10 CO-resp.12 CO-disc"),
    Row("E16", "post_about_pupil_by_pupil", "headteacher", silent=True, more="CO-links"),
    Row("E16", "post_about_pupil_by_staff", "headteacher", ref="CO-resp.4 CO-resp.6 CO-resp.7 CO-use"),
    Row("E16", "post_about_pupil_by_parent", "headteacher", silent=True, more="CO-links"),
    Row("E17", "abuse_on_school_account", "headteacher", silent=True),
    Row("E18", "staff_conduct", "headteacher", ref="CO-purpose CO-use"),
    Row("E19", "about_headteacher", "chair", ref="CO-links", silent=True, never=EVERYBODY_BUT_THE_CHAIR),
    Row("E20", "about_governor", "chair", ref="CO-gov", silent=True),
    Row("E21", "pupil_conduct", "headteacher", silent=True),
    Row("E22", "disclosure", "headteacher", ref="CO-links", silent=True, departs=LEAD),
    Row("E23", "crime", "headteacher", ref="CO-use", silent=True, departs=LEAD),
    Row("E24", "image_by_pupil", "headteacher", ref="CO-links", silent=True, departs=LEAD),
    Row("E25", "grooming", "headteacher", ref="CO-links", silent=True, departs=LEAD),
    Row("E26", "extremism", "headteacher", ref="CO-resp.15 CO-resp.12 CO-use", silent=True, departs=LEAD),
    Row("E27", "data_breach", "headteacher", ref="CO-use CO-resp.4 CO-resp.13 CO-purpose"),
    Row("E28", "consent_given", "headteacher", ref="CO-resp.7", silent=True),
    Row("E29", "consent_changed", "headteacher", ref="CO-resp.7", silent=True),
    Row("E30", "site_to_unblock", "headteacher", silent=True),
    Row("E31", "new_account", "headteacher", ref="CO-purpose", when=("beforehand",)),
    Row("E32", "draft_check", "headteacher", ref="CO-resp.9", silent=True, more="CO-resp.7"),
    Row("E33", "complaint", "headteacher", ref="CO-front", silent=True),
    Row("E34", "age_restricted", "headteacher", silent=True),
    Row("E35", "filter_bypass_by_pupil", "headteacher", silent=True),
    Row("E35", "filter_bypass_by_staff", "headteacher", silent=True),
    Row("E36", "use_in_lessons_by_pupil", "headteacher", silent=True),
    Row("E36", "use_in_lessons_by_staff", "headteacher", ref="CO-mon CO-resp.5 CO-use"),
    Row("E37", "permission_needed", "headteacher", ref="CO-links", silent=True),
    Row("E38", "anonymous_posting_by_pupil", "headteacher", silent=True),
    Row("E38", "anonymous_posting_by_staff", "headteacher", ref="CO-resp.2", silent=True),
    Row("E38", "anonymous_posting_by_parent", "headteacher", silent=True),
    Row("E39", "school_rule", "headteacher", ref="CO-groups CO-use"),
    Row("E40", "false_allegation", "headteacher", ref="CO-disc", silent=True),
)
