"""Every sentence about a report that has been sent: the receipt, news, additions, and when nothing happens."""

from __future__ import annotations

RECEIPT = "Thank you. Your report is {reference}. I am telling {roles} now."
NOBODY_THERE = (
    "I have kept your report, {reference}, but nobody at the school whom I could tell is there at this moment: they are away, "
    "or cannot be reached. Please do not wait for them: ring the school office, or your local authority's children's services, "
    "and give them this reference. I tell the school as soon as somebody is there."
)
RECEIPT_KEPT_FROM = "I keep it from {roles}."
RECEIPT_OPEN = "The school is open now."
RECEIPT_CLOSED = "The school is closed now and next opens on {when}."
RECEIPT_WAIT = "If it cannot wait, {ring}. If anyone is in danger, ring 999."
RECEIPT_PART = "Separately, {roles} will see only your answers to {parts}."
RECEIPT_CHAIR = "You did not say who the adult is, so it goes to {roles} and to nobody else at the school."
RECEIPT_LEAD = "You did not say who the adult is. As you chose, it goes to {roles}."
RECEIPT_LATER = (
    "To add something or to ask for news, use the buttons, or type “add {reference}: …” or “status {reference}”. "
    "If nothing happens, tell me so: then I tell the next person."
)
QUIETLY = "I will not write to you here by myself. Ask for news whenever it is safe."
MEANWHILE = "Meanwhile"
GOES_BY = {
    "policy": "What the school's policy says: {then}",
    "default": "The policy does not say who is told of this, so we go by our own default. On the matter itself: {then}",
    "outside": "The policy does not say who is told of this, so we go by general practice in England. On the matter itself: {then}",
}
ADD_SOMETHING, ANY_NEWS, NOTHING_HAPPENED = "Add something", "Any news?", "Nothing has happened"
SEEN = "Your report {reference} was seen {when} by {role}."
UPDATE = "The next step, or a word to you, is due by {day}. If nothing has happened by then, tell me so."
OVERDUE = "The next step, or a word to you, was due by {day}. If nothing has happened, tell me so: then I tell the next person."
PHONE = (
    "Nobody has opened your report {reference} yet, and there is nobody left whom I could tell. "
    "Please {ring} now and give this reference. If anyone is in danger, ring 999."
)
STATUS_OPEN = "Report {reference} was sent {sent}. So far I told {roles}. Nobody has said yet that they have it."
STATUS_NEXT = "If nobody does, {roles} will be told {when}."
STATUS_LAST = "There is nobody left whom I could tell."
STATUS_SEEN = "Report {reference} was seen by the school {when}."
STATUS_CLOSED = "Report {reference} has been closed by the school."
STATUS_DECIDED = "Your request {reference} has been {decision}."
NO_SUCH_REPORT = "I cannot show you a report with that reference. If you sent one, ask from the same place you sent it from."
NO_REPORT_HERE = "No report was sent from here, so there is nothing I could look up. If you sent one elsewhere, ask there."
SEVERAL = "Several reports were sent from here. This is how the latest stand:"
ADD_PROMPT = "What would you like to add to {reference}? Your next message is kept with it. Say “cancel” if you would rather not."
ADD_BESIDE = (
    "Another report of yours is still open here, and I must not mix them up. To add to {reference} now, "
    "type “add {reference}:” and your words in one message."
)
ADD_KEPT = "I have added that to {reference}, with the time. What you wrote before stays as it was."
ADD_TOLD = "Whoever has it is told that you added something."
ADD_WAITS = "Nobody has said yet that they have it. Whoever opens it reads both."
ADD_CLOSED = "The school had closed this report. Whoever dealt with it is told that you added something."
ADDED_LATER = "What they added"
ADD_CANCELLED = "All right, nothing was added."
ADD_NAMES = (
    "Your words may mean {roles}, who can read this report. Is {roles} part of what worries you? "
    "Nothing is added until you have answered."
)
ADD_PART, ADD_NOT_PART = "Yes, part of it", "No"
ADD_PICTURE = "I send this as an urgent report of its own, so that the right people have it at once."
GOES_UP = "Thank you for saying so. I am telling {roles} about {reference} now."
NUDGED = "Whoever sent {reference} says that nothing has happened. Press Open to read it."
UP_ALREADY = "I told {roles} about {reference} {when}. If still nothing happens, say it again {until} or later."
UP_USED_UP = "Everybody at the school whom I could tell has been told of {reference}. Please {ring} now and give this reference."
UP_CLOSED = "The school has closed {reference}. If something is still wrong, add to it, or {ring}."
