"""Advice that more than one report ends with: our own words for what to do meanwhile, with no rule of a school in them."""

from __future__ import annotations

# Somebody may be trying to win a child's trust. A contact that is deleted or warned is a contact nobody can look into.
CHILD_CONTACTED = (
    "Please do not answer any more and do not accept anything. It is better that the other person does not learn of this yet.",
    "Leave everything where it is, and delete nothing. Please send nothing of it here.",
    "If you think that somebody is on the way to meet a child, that is an emergency: ring the police at once.",
    "You may also report it yourself, today, to CEOP, the part of the police that looks after children online.",
    "CEOP's website takes reports from children, parents and people who work with children. It has to know who is reporting.",
    "If you can, stay near the child, and let them know that it was right to tell.",
)

KEEP_IT = "Keep it where it is: somebody may ask to look at it with you. Please send nothing of it here."
SETTINGS = "Look at the privacy settings of that app together, so that only people you know can find you or write to you."
OFFICIAL = "For school matters, use the school's own ways to be in touch."
NOT_SAFE_NOW = "If anybody stops being safe, do not wait for us: ring the police, and tell an adult who is near."
