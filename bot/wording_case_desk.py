"""Every sentence with which the desk answers what was done on a case's page, where a chat has no such sentence."""

from __future__ import annotations

# The steps of the policy
NO_SUCH_STEP = "There is no such step."
DONE_ALREADY = "That step is ticked already: “{step}”"
NOT_DONE = "That step is not ticked: “{step}”"
STEP_DONE = "Ticked as done: “{step}”"
STEP_NOT_DONE = "Not done after all: “{step}”"

# What a form lacks
CHANGED = "{changed} Nothing was done. The page shows how it stands now."
CHANGED_WORDS_KEPT = "{changed} Nothing was done. What you had written still stands in the form: look, and send it again."
ADDED_MEANWHILE = (
    "More was said about {reference} since you opened this page. It stands below by now, and nothing was done. "
    "Please read it, and send your form again."
)
NOTE_MOVED = "Somebody changed that note since you opened this page. It stands below as it reads now; yours is still in the form."
WHICH_ROLE = "Choose to whom it goes."
WHICH_URGENCY = "Choose how urgent it is."
WHY = "Say why: the reason is kept in the record."
WHICH_DECISION = "Press “Approve” or “Decline”."
WHICH_ENDING = "Choose how it ended."
WHICH_REPORT = "Type the reference of one other report, such as SP-7K2M4."
ABOUT_WHOM = "Choose a role, or type a name in full."
ONE_OF_BOTH = "Choose a role or type a name, and not both."
NOT_SURE_WHOM = "I cannot tell whom you mean by that. Type the name in full as the school's list has it, or choose a role."
TICK_SURE = "Tick the box: they lose every sight of it at once, and that cannot be taken back."
WHO_IS_GIVEN = "Say who is given it. It stands in the record who was given what."
WHERE_RECORDED = "Type its reference in the record system."

# On paper
COPIED = "You took a copy of the record of {reference}. That stands in it from now on."
GIVEN = "The sheet of {reference} is below. That it is given to {to} stands in the record from now on."

# Keeping
HELD = "{reference} is held: nothing of it is destroyed until the hold is lifted."
LIFTED = "The hold on {reference} is lifted."
MOVED = "{reference} stands in {system} as “{there}”. {kept}"
RECORD_SYSTEM = "the school's record system"
