"""Edith Cavell: what its policy says about who is told. One person is headteacher, safeguarding lead and e-safety officer."""

from __future__ import annotations

from tests.flows.facts.table import ONE_PERSON, STAFF_RULE_ONLY, Departure, Row

NOW = ("immediately",)
BOTH = "headteacher/dsl"
LEAD = Departure(ONE_PERSON, also="dsl")
EVERYBODY_BUT_THE_CHAIR = "headteacher dsl deputy_dsl eso slt it office computing_lead"

ROWS = (
    Row("E01", "contact_pupil_to_staff", "eso headteacher", ref="D4 D9", when=NOW, more="App1", departs=LEAD),
    Row("E02", "contact_parent_to_staff", "headteacher", ref="D9", when=NOW),
    Row("E03", "contact_staff_to_pupil", "headteacher eso", ref="D10 D4 D9 School-Action I", when=NOW, departs=LEAD),
    Row("E04", "contact_staff_to_parent", "headteacher", ref="D9 I School-Action"),
    Row("E05", "existing_relationship", "headteacher", ref="D9", more="D4"),
    Row("E06", "bullying_of_pupil", "headteacher eso", ref="D10 E", when=NOW, departs=LEAD),
    Row("E07", "bullying_of_staff", BOTH, ref="F I", silent=True),
    Row("E08", "bullying_by_staff", "headteacher", ref="D1 I School-Action", departs=LEAD),
    Row("E09", "threats_by_parent", BOTH, ref="F I", silent=True),
    Row("E10", "bullying_beyond_school", BOTH, silent=True, more="front"),
    Row("E11", "content_met_by_pupil", BOTH, "eso", "E D11", silent=True, never="it"),
    Row("E12", "content_met_by_staff", "headteacher", ref="D5 I School-Action", never="it"),
    Row("E13", "site_to_block", "headteacher/eso", ref="E", silent=True),
    Row("E14", "post_by_parent", "headteacher", ref="F I", silent=True),
    Row("E15", "post_by_staff", "headteacher", ref="D1 D6 D7 I School-Action"),
    Row("E16", "post_about_pupil_by_pupil", "headteacher eso", ref="B5 D10 F G", when=NOW, departs=LEAD),
    Row("E16", "post_about_pupil_by_staff", "headteacher eso", ref="B5 D7 D10 G", when=NOW, more="School-Action", departs=LEAD),
    Row("E16", "post_about_pupil_by_parent", "headteacher eso", ref="D10 F", when=NOW, more="I", departs=LEAD),
    Row("E17", "abuse_on_school_account", "office computing_lead eso headteacher", ref="F"),
    Row("E18", "staff_conduct", "headteacher", ref="I H School-Action"),
    Row("E19", "about_headteacher", "chair", ref="front links", silent=True, never=EVERYBODY_BUT_THE_CHAIR),
    Row("E20", "about_governor", "chair", silent=True),
    Row("E21", "pupil_conduct", BOTH, "eso", "E I", silent=True),
    Row("E22", "disclosure", BOTH, ref="front E links", silent=True),
    Row("E23", "crime", BOTH, ref="front links", silent=True),
    Row("E24", "image_by_pupil", BOTH, ref="front links", silent=True),
    Row("E25", "grooming", "headteacher eso", "dsl", "D10 front", NOW, more="links"),
    Row("E26", "extremism", BOTH, silent=True, more="front"),
    Row("E27", "data_breach", "headteacher", ref="I D8 links"),
    Row("E28", "consent_given", "headteacher", "office", "G B4", ("yearly",), silent=True),
    Row("E29", "consent_changed", "headteacher", "office", "G", silent=True),
    Row("E31", "new_account", "headteacher", ref="front F", silent=True),
    Row("E32", "draft_check", "headteacher", ref="D6 F", when=("beforehand",), more="B5"),
    Row("E30", "site_to_unblock", "headteacher/eso", ref="E", silent=True),
    Row("E33", "complaint", "headteacher/eso", ref="H"),
    Row("E34", "age_restricted", BOTH, silent=True, more="front B1"),
    Row("E35", "filter_bypass_by_pupil", BOTH, silent=True, more="front D11"),
    Row("E35", "filter_bypass_by_staff", BOTH, silent=True, more="I School-Action"),
    Row("E36", "use_in_lessons_by_pupil", "headteacher", silent=True, more="D11 I"),
    Row("E36", "use_in_lessons_by_staff", "headteacher", ref="D5 I School-Action"),
    Row("E37", "permission_needed", "headteacher", ref="F", silent=True),
    Row(
        "E38", "anonymous_posting_by_pupil", "headteacher", ref="I", departs=Departure(STAFF_RULE_ONLY, also="dsl", label="default")
    ),
    Row("E38", "anonymous_posting_by_staff", "headteacher", ref="D7 I School-Action"),
    Row(
        "E38", "anonymous_posting_by_parent", "headteacher", ref="I", more="F", departs=Departure(STAFF_RULE_ONLY, label="default")
    ),
    Row("E39", "school_rule", "eso", ref="E"),
    Row("E40", "false_allegation", "headteacher", ref="D2", silent=True),
)
