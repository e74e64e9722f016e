"""Rosebrook: what its policy says about who is told. Sections are printed there."""

from __future__ import annotations

from tests.flows.facts.table import A_STEP, APPROVE_FIRST, IT_PART, MONITORS, STAFF_COPY, Departure, Row

NOW = ("immediately",)
EVERYBODY_BUT_THE_CHAIR = "headteacher dsl deputy_dsl slt it office dpo"

ROWS = (
    Row("E01", "contact_pupil_to_staff", "headteacher dsl", ref="6.2 8 3", when=NOW),
    Row("E02", "contact_parent_to_staff", "headteacher dsl", "slt", "6.2 8 7 3", NOW, departs=Departure(A_STEP, also="")),
    Row("E03", "contact_staff_to_pupil", "headteacher", "dsl", "9 3 6.2", NOW),
    Row("E04", "contact_staff_to_parent", "headteacher", ref="9 3 6.2", when=NOW),
    Row("E05", "existing_relationship", "headteacher", "dsl", "6.2", silent=True),
    Row("E06", "bullying_of_pupil", "dsl", "headteacher", "11 9 3", ("immediately", "quickly")),
    Row("E07", "bullying_of_staff", "headteacher", "dsl slt", "11 3 9", NOW, departs=Departure(A_STEP, also="dsl")),
    Row("E08", "bullying_by_staff", "headteacher", "dsl", "11 6.2 9 3", NOW),
    Row("E09", "threats_by_parent", "headteacher", "slt", "3 7 11 9", NOW),
    Row("E10", "bullying_beyond_school", "dsl", "headteacher", "11 4 9 3", ("immediately", "quickly")),
    Row("E11", "content_met_by_pupil", "dsl", "it", "8 6.1 10 3", NOW, never="it", departs=Departure(IT_PART, also="")),
    Row(
        "E12",
        "content_met_by_staff",
        "dsl",
        "it headteacher",
        "6.1 9 10 3",
        NOW,
        never="it",
        departs=Departure(IT_PART, also="headteacher"),
    ),
    Row("E13", "site_to_block", "it", ref="10"),
    Row("E14", "post_by_parent", "headteacher", "slt", "3 7 9", NOW),
    Row("E15", "post_by_staff", "headteacher", "slt", "6.1 6.2 9 3", NOW, departs=Departure(A_STEP, also="")),
    Row("E16", "post_about_pupil_by_pupil", "dsl", ref="5 8 9 3", when=NOW, departs=Departure(STAFF_COPY, also="headteacher")),
    Row("E16", "post_about_pupil_by_staff", "headteacher", ref="5 6.2 9 3", when=NOW),
    Row("E16", "post_about_pupil_by_parent", "headteacher", "slt", "5 7 9 3", NOW),
    Row("E17", "abuse_on_school_account", "slt", "headteacher", "3 7", NOW),
    Row("E18", "staff_conduct", "headteacher", ref="9 3", when=NOW),
    Row("E19", "about_headteacher", "chair", ref="9", never=EVERYBODY_BUT_THE_CHAIR),
    Row("E20", "about_governor", "chair", silent=True),
    Row("E21", "pupil_conduct", "dsl", "headteacher", "9 8 3", NOW),
    Row("E22", "disclosure", "dsl", ref="9 3", silent=True),
    Row("E23", "crime", "headteacher", "dsl", "9 3", NOW),
    Row("E24", "image_by_pupil", "dsl", "headteacher", "9"),
    Row("E25", "grooming", "dsl", "headteacher", "9", silent=True),
    Row("E26", "extremism", "dsl", ref="9 6.2 7 8", silent=True),
    Row("E27", "data_breach", "headteacher", "dpo", "5 3", silent=True),
    Row("E28", "consent_given", "office", ref="5", when=("on joining",)),
    Row("E29", "consent_changed", "office", "slt", "5", ("any time",)),
    Row(
        "E30", "site_to_unblock", "it", "headteacher dsl", "10", departs=Departure(APPROVE_FIRST, first="headteacher dsl", also="")
    ),
    Row("E31", "new_account", "headteacher", "slt", "6.1", departs=Departure(A_STEP, also="")),
    Row("E32", "draft_check", "headteacher", ref="6.1 5", when=("beforehand",)),
    Row("E33", "complaint", "headteacher", ref="3"),
    Row("E34", "age_restricted", "dsl", ref="8 9 3", when=NOW, departs=Departure(STAFF_COPY, also="headteacher")),
    Row("E35", "filter_bypass_by_pupil", "dsl", "it", "10 9", never="it", departs=Departure(MONITORS, also="")),
    Row("E35", "filter_bypass_by_staff", "headteacher", "it dsl", "10 9", never="it", departs=Departure(MONITORS, also="")),
    Row("E36", "use_in_lessons_by_pupil", "dsl headteacher", ref="8 9 3", when=NOW),
    Row("E36", "use_in_lessons_by_staff", "headteacher", ref="6.2 9 3", when=NOW),
    Row("E37", "permission_needed", "headteacher", "it oso", "6.2 8 5", ("beforehand",), departs=Departure(APPROVE_FIRST, also="")),
    Row("E38", "anonymous_posting_by_pupil", "dsl", ref="8 9 3", when=NOW, departs=Departure(STAFF_COPY, also="headteacher")),
    Row("E38", "anonymous_posting_by_staff", "headteacher", ref="6.2 9 3", when=NOW),
    Row("E38", "anonymous_posting_by_parent", "headteacher", silent=True, more="7 3"),
    Row("E39", "school_rule", "slt", ref="3"),
    Row("E40", "false_allegation", "headteacher", ref="3", silent=True),
)
