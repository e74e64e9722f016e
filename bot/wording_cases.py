"""Every sentence with which a case is worked on in chat: the lists, the 90-second view, taking it, handing it on, its urgency."""

from __future__ import annotations

from flows.cases.telling import Reached

TAKE, TAKE_OVER, HAND_ON, URGENCY, ALL_OF_IT = "Take", "Take it over", "Hand on", "How urgent", "All of it"
LEAVE_IT = "Leave it as it is"
DRILL = "DRILL"

# Lists
MENU = "Your reports. Which would you like to see?"
MINE_BUTTON, OPEN_BUTTON, LATE_BUTTON = "Mine ({number})", "Open ({number})", "Late ({number})"
MINE, OPEN, LATE = "Reports you have", "Reports nobody has yet", "Reports that are late"
NONE = {
    "mine": "You have no report at the moment.",
    "open": "No open reports for you.",
    "late": "Nothing is late.",
}
LATE_MEANS = "Late is what nobody took in time, and what has had no step for {urgent} (urgent) or {usual} (the rest)."
PAGE_OF = "{first} to {last} of {number}"
MORE = "More"
OPEN_ONE = "Open {reference}"
NOBODY_HAS_IT, YOU_HAVE_IT, WITH = "nobody has it yet", "you have it", "with {role}"
URGENT = {"immediate": "Immediate", "high": "High", "medium": "Medium", "low": "Low"}
AGES = (("day", 86400), ("hour", 3600), ("minute", 60))
OLD, NEW = "{age} old", "new"

# Who has it
HANDED_ON_CARD = "It was handed on or opened again, and nobody has said yet that they have it."
ALREADY_BY = "({when}, by {role})"
YOURS = "You have {reference}: you said so on {when}. Press Open to read it."
YOURS_ALREADY = "{reference} is yours already, since {when}. Press Open to read it."
CLOSED = "{reference} has been closed."
TAKEN = "Thank you. You are seeing to {reference}: it is on your list, and nobody else will be told."
SURE_TAKE = "{reference} is with {role} since {when}. Shall I give it to you? They are told."
SURE_TAKE_YES, SURE_TAKE_NO = "Yes, it is mine now", LEAVE_IT
TAKEN_FROM_YOU = "{reference}, which you had, is with {role} now. You can still read it."
WAS_WITH = "It was with {role} until then."
LEFT = "All right. Nothing has changed for {reference}."
CHANGED_SINCE = "{reference} has changed since that button was shown. Now: {stands}."
HANDED_FROM_YOU = "{reference}, which you had, was handed on to {role}. You can still read it."
IS_CLOSED, SEEN_SINCE = "closed", "{who}; first seen {when}"
NOT_WHILE = "{reference} is with {role}, who decides that. If you see to it now, press “{take}” first."

# Handing it on
TO_WHOM = "To whom shall I hand {reference} on? They are told at once and nobody has it until they say so. You can still read it."
HANDED_ON = "All right. I am telling {roles} about {reference} now. If they do not take it, it goes on, and comes back in the end."
CANNOT_HAND = "{reference} cannot be handed to {role} through Signpost."
CANNOT_HAND_WORDS = "I do not know that role."
NOBODY_TO_HAND = "There is nobody I could hand {reference} on to through Signpost. Please speak to them in person."
OR_ONE_OF = "It can go to one of these:"

# How urgent
HOW_URGENT = "{reference} is “{now}”. How urgent is it?"
WHY_URGENT = "Why is {reference} “{now}” from now on? Your next message is kept as the reason, in the record."
URGENT_NOW = "{reference} is “{now}” from now on, and not “{before}”. Kept as the reason: “{reason}”"
CLOCK_ANEW = "If nobody takes it, {roles} will be told {when}."
CLOCK_LAST = "If nobody takes it by {when}, whoever sent it is asked to phone."
SAME_URGENCY = "{reference} is “{now}” already."
URGENCY_LEFT = "I have left the urgency as it was."
REASON_TOO_LONG = "That is longer than I can keep as a reason ({most} letters). Please say it in fewer words."

# The 90-second view
VIEW = "Report {reference}"
WHAT, HOW_SOON, STANDS, SENT = "What", "How soon", "Stands", "Sent"
KNOWN, NOT_KNOWN, ALREADY_TOLD, CLOCK, SCHOOL_SAYS, TOGETHER, REPLIES = (
    "What is known",
    "What is not known",
    "Who has been told",
    "The clock",
    "What to do next",
    "Belongs with",
    "Ready to send, once you have read it over",
)
SECTION = "the school's policy, {where}"
SEND_REPLY = "Reply {number}"
NOTHING_KNOWN = "Nothing was answered."
MORE_ANSWERS = "and {number} more: press “{all}”"
LEFT_OUT, NOT_SURE, NOT_SAID = "left out", "they were not sure", "they would rather not say"
NOT_ASKED = "The report was short, so nobody asked:"
ESSENTIAL = {
    "danger": "Whether anyone is in danger now",
    "adult_part": "Whether an adult from the school is part of it",
    "when": "When it was",
    "told": "Whether anybody at the school has been told in person",
}
ADDED_LATER = "added {when}"
NOBODY_TOLD = "Nobody yet."
SOMEBODY = "somebody at the school"
AT_WORK_HERE = "a member of staff"  # who holds no role that reports go to
YOU = "you, as {role}"
TOLD_AT = "{who}: told {at}"
REACHED = {
    Reached.QUEUED: "not sent yet",
    Reached.SENT: "sent {when}",
    Reached.DELIVERED: "delivered {when}",
    Reached.SEEN: "read {when}",
    Reached.ACKNOWLEDGED: "acknowledged {when}",
}
NEXT_TOLD = "If nobody takes it, {roles} will be told {when}."
THEN_TOLD = "After that {roles}, {when}."
LAST_TOLD = "There is nobody further to tell. If nobody takes it, whoever sent it is asked to phone."
STEP_DUE = "The next step, or a word to whoever sent it, is due by {when}."
STEP_LATE = "A step, or a word to whoever sent it, was due by {when}."
TAKE_LATE = "Somebody should have had it by {when}."
NOT_SAFE = "Nobody may write to whoever sent it: they said that it is not safe."
ALL_TITLE = "Report {reference}, all of it"
