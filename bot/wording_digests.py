"""What digests, figures, drills and a quiet word to the lead say. A school may reword it."""

from __future__ import annotations

from datetime import timedelta

DAILY_TITLE = "Signpost: what needs somebody today"
DAILY_LATE = "Nobody has said in time that they have it:"
DAILY_WAITING = "Sent, and nobody has said yet that they have it:"
DAILY_UPDATE = "Somebody has it, and nothing was done for some time. Whoever sent it is waiting for a word:"
DAILY_LINE = "• {reference}, {urgency}, since {when}"
DAILY_HOW = "Type “cases” to read them."
DAILY_MORE = "• and {number} more"

WEEKLY_TITLE = "Signpost: the week at a glance"
WEEKLY_SINCE = "Since {when}, as far as it is yours to see."
WEEKLY_NONE = "No report came in."
WEEKLY_CAME = "Reports that came in: {number}."
WEEKLY_KIND = "• {number} × {title}"
WEEKLY_WAIT = "Half of them were acknowledged within {wait}."
WEEKLY_OPEN = "Not acknowledged yet: {number}."
WEEKLY_REACHED = "All places can be reached."
WEEKLY_UNSENT = "Not everybody was reached: {number} cards about reports you know of could not be sent yet."
WEEKLY_CHANNEL = "{channel} is not working ({state}). Please tell whoever looks after Signpost."
WEEKLY_IN_VAIN = "Questions that the policy did not answer for sure: {number}."
WEEKLY_NOTHING_IN_VAIN = "Every question was answered from the policy."
HEAD = "The record is whole as far as link {head}. Keep this message: “signpost audit verify --head {head}” proves it later."

DRILL_NEVER = "No drill has been held yet. Please ask whoever looks after Signpost to run one (“signpost drill”)."
DRILL_LAST = "Last drill on {day}: all {number} people who were told were reached within {took}."
DRILL_LAST_UNREACHED = "Last drill on {day}: {number} of {all} people were not reached."
DRILL_ANSWERED = "The first answered after {took}."
DRILL_OVERDUE = "That is some time ago: it is time for another."

DRILL_MARK = "DRILL: "
DRILL_NOTE = "This is a drill. Nothing of it happened, and nobody is in danger. Please do what you would do if it were real."
DRILL_SAID_QUESTION = "What is this?"
DRILL_SAID = "A drill: Signpost tries out whether everybody who should be told can be reached. Nothing of it happened."
DRILL_OVER = "A drill, which is over. Nothing of it happened."

GLANCE = (
    "Somebody wrote something to Signpost {when} that may need you, and has not passed it on. What they wrote is theirs: "
    "I have told nobody any of it, and I cannot say who it was. Please be easy to find today, and ask those who see the children "
    "and their parents whether anybody seems troubled."
)


def span(length: timedelta) -> str:
    """LENGTH as people say it: "4 min", "3 hours", "2 days"."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 1:
        return "a minute"
    if minutes < 120:
        return f"{minutes} min"
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"
