"""Every sentence of the forms that a case is worked on with: notes, messages, closing, opening again, linking, logging."""

from __future__ import annotations

from flows.cases.case import Ending

# Buttons on a case's page.
NOTE, WRITE, CLOSE, REOPEN, LINK = "Add a note", "Write to the reporter", "Close", "Open it again", "Link a report"
LOG = "Log a report"
# Buttons of the forms.
SAVE, CHANGE, LEAVE, SEND, UNDO, NONE = "Save", "Change", "Leave it", "Send", "Undo", "Nothing to add"

LEFT = "All right. Nothing has changed for {reference}."
FINISH_FIRST = "A report is still open here, and I must not mix them up. Send it or stop it, then come back to {reference}."
IN_WORDS = "Please type it as words."
TOO_LONG = "That is {letters} letters, and this holds {most}. Nothing was kept. Please shorten it, or write it in two parts."
GONE_WORDS = "The words of {reference} were destroyed at the end of their time. Only its stub is kept, and nothing is added to it."
DANGER = "If anyone is in danger now, ring 999. What you write here stays with {reference}: it opens no report of its own."

NOTE_PROMPT = "What is to be noted about {reference}? Your next message is shown to you before it is kept."
NOTE_CHANGE = (
    "Note {number} of {reference} reads:\n\n{text}\n\nWhat is it to read instead? The earlier version stays in the record."
)
NOTE_BACK = "This will be kept with {reference}, with your role and the time:\n\n{text}"
NOTE_SAVED = "Kept as note {number} of {reference}. To change it, press the button or type “note {reference} {number} again”."
NOTE_NEWER = "Kept as a later version of note {number} of {reference}. The earlier one stays in the record."
NOTE_AGAIN = "Change this note"
NOTE_UNKNOWN = "There is no note {number} about {reference}. Type “notes {reference}” to see them."
NOTES_READ = "Read the notes so far"
NOTES_NONE = "Nothing has been noted about {reference} yet."
NOTES = "The notes about {reference}, each as it reads now:"
NOTE_LINE = "Note {number}. {text}"
NOTE_VERSIONS = " (version {versions})"

WRITE_PROMPT = (
    "What would you like to write to whoever sent {reference}? Your next message is read back to you before it is sent. "
    "You need not know who they are, and I do not tell you."
)
WRITE_BACK = "This is what they will read. It comes from Signpost in the name of {role}; they do not see your name.\n\n{text}"
WRITE_OTHER = "Look again: it names another report, {others}. Whoever reads it may not know of that one."
WRITE_SENT = "Sent. If they answer, it is added to {reference} and you hear of it."
WRITE_NOT_SAFE = (
    "It is not safe to write to whoever sent {reference}: they said so. They hear what there is to hear when they ask. "
    "You can note down what you would have told them."
)
WRITE_NOBODY = "Nobody can be written to about {reference}: it was not sent from a chat. You can note down what was said in person."
WRITE_FIRST = "Take {reference} first: whoever has it writes, and the answer comes to them."
FROM_SCHOOL = "the school"
REPORTER_ANSWER = "Answer"
REPORTER_HOW = "To answer, press “Answer” and write, or type “add {reference}:” and your words."

ENDINGS = {
    Ending.REFERRED: "Referred outside",
    Ending.DEALT_WITH: "Dealt with at school",
    Ending.LOW_LEVEL: "Low-level concern",
    Ending.ADVICE: "Advice was given",
    Ending.NO_ACTION: "No action needed",
    Ending.MISTAKE: "Sent by mistake",
}
CLOSE_ENDING = "How did {reference} end?"
CLOSE_REASON = "Why is it closed? Say what was decided and on what grounds: the record needs the reason."
CLOSE_ACTION = "What was done about it? If the reason says it already, press “Nothing to add”."
CLOSE_RECORDED = (
    "What is its reference in {system}? If it is not there yet, press the button: its words are then kept until it has been moved."
)
CLOSE_NOT_YET = "Not there yet"
CLOSE_BACK = "This closes {reference}."
CLOSE_OUTCOME, CLOSE_WHY, CLOSE_DONE, CLOSE_WHERE = "Outcome", "Reason", "Action", "Recorded as"
CLOSE_SURE = "Close it"
CLOSE_TOLD = "Whoever sent it reads: “{text}” Nothing of the outcome or the reason."
CLOSE_NOT_TOLD = "Whoever sent it is not written to, because they said that it is not safe. They read it when they ask for news."
CLOSE_NOBODY = "Nobody is written to: it was not sent from a chat."
CLOSED = "{reference} is closed. {kept} If that was a slip, press Undo within ten minutes."
CLOSE_NOT_YOURS = "Somebody else has {reference}, and closes it. If you see to it now, take it over first."
KEPT_UNTIL = "Its words are kept until {day}, then a stub is left."
KEPT_FOR_GOOD = "Its words are kept until they have been moved to the school's own record."
CLOSED_ALREADY = "{reference} has already been closed. If it is not over, open it again and say why."
OPEN_ALREADY = "{reference} is open."
UNDONE = "{reference} is open again, as if it had not been closed. The record shows both."
UNDO_TOO_LATE = "That was more than ten minutes ago. To open {reference} again, press the button and give the reason."
UNDO_REASON = "Closed by a slip; undone at once."

REOPEN_PROMPT = "Why is {reference} opened again? Whoever reads the record later needs the reason."
REOPEN_BACK = "This opens {reference} again. It is yours from then on. The reason that is kept:\n\n{text}"
REOPENED = "{reference} is open again, and it is yours."

LINK_PROMPT = "Which report does {reference} belong with? Type its reference, such as SP-7K2M4."
LINK_THERE = "It is linked with {others} now."
LINK_WHICH = "I see no reference in that. Type one, such as SP-7K2M4, or press “Leave it”."
LINK_ITSELF = "That is {reference} itself. Type the reference of another report."
LINKED = "{one} and {other} belong together from now on. Whoever may see both sees that."
LINKED_ALREADY = "{one} and {other} are linked already."
UNLINKED = "{one} and {other} are no longer linked."
NOT_LINKED = "{one} and {other} are not linked."
UNLINK = "Unlink {reference}"

LOG_FINISH_FIRST = "A report is still open here, and I must not mix them up. Send it or stop it first, then log the other one."
LOGGED = (
    "It is written down as {reference}, with what you were told and that it was you who wrote it down. I am telling {roles} now."
)
LOGGED_KEPT_FROM = "I keep it from {roles}."
LOGGED_NOBODY = (
    "It is written down as {reference}, but there is nobody at the school I can safely send it to. Ring the local authority's "
    "children's services, and give them this reference."
)
LOGGED_PHONE = (
    "Nobody has taken {reference}, which you wrote down, and there is nobody left whom I could tell. Whoever told you does not "
    "know that: please speak to somebody who can act, or {ring}, and give this reference. If anyone is in danger, ring 999."
)
LOGGED_AFTER = (
    "Nobody is written to about it: whoever told you hears from people, not from me. If they say more, log it again and "
    "name {reference}. If anyone is in danger, ring 999."
)
