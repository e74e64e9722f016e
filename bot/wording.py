"""What the bot says that is neither policy text nor a question of a flow. A school may reword it, here and in wording_sent.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

NINE_NINE_NINE = (
    "If anyone is in danger now, ring 999. Then tell the nearest adult you trust, in person. "
    "A child can ring Childline free at any hour: 0800 1111."
)
CHILD = "You can ring Childline free, at any hour: 0800 1111. If you are in danger now, ring 999."
TOLD_EMERGENCY = "I have opened an urgent report, {reference}, with the words you just wrote, and I am telling {roles} now."
LEFT_OUT = "Because of your words I am not telling {roles}."
LEFT_OUT_SAID = "Because of your answers I am not telling {roles}."
IF_YOU_STOP = "If you stop writing here, I pass on to the school what you have answered after ten minutes, as urgent."
TOLD_LEFT = (
    "You said that somebody is in danger, and I have heard nothing more for ten minutes. I have opened an urgent report, "
    "{reference}, with your answers so far, and I am telling {roles} now. You can still go on with it."
)
TOLD_STOPPED = (
    "Because you said that somebody is in danger, I have opened an urgent report, {reference}, and I am telling {roles} now."
)
TOLD_AGAIN = "I have added what you wrote to your urgent report, {reference}."
NOBODY_TO_TELL = (
    "I have kept your report, {reference}, but there is nobody at the school I can safely send it to. "
    "Please ring the school office, or your local authority's children's services, and give them this reference."
)
WORRIED = "This may be something the safeguarding lead should see today. If someone is in danger now, ring 999."
TELL_THE_LEAD = "Tell the lead now"
TELL_WHOM = "Tell the {role}"
IS_IT_ABOUT = "You mention {roles}. Is this about them? Whoever it is about will not be told."
KEEP_IT_FROM_THEM = "Yes, keep it from them"
TELL_THEM_TOO = "No, they may read it"
LEAD_TOLD = "I have passed on what you wrote as report {reference}. I am telling {roles} now."
WORRY_GONE = "That button belongs to an earlier message. Please tell me again what is worrying you."

HELLO = "Hello. I am Signpost, the bot of {school}. I answer questions about its social media policy and help you report a concern."
HELP = "You can ask me a question in your own words, or report something. Which would you like?"
ASK_PROMPT = "Ask me anything about the school's social media policy, in your own words."
REPORT_PROMPT = "What would you like to report?"
REPORT_OR_LEAD = "What would you like to report? If nothing here fits, I can give the {role} what you wrote, as it is."
A_PERSON = "To speak to a person, find {roles}, or any member of staff you trust, or {ring}."
OUTSIDE = "Outside the school: {lines}."
NINE_NINE_NINE_SHORT = "If anyone is in danger, ring 999."
RING_OFFICE, RING_OFFICE_ON = "ring the school office", "ring the school office on {number}"
OUTSIDE_CONTACTS = {
    "social_care_day": "children's services in the daytime: {contact}",
    "social_care_night": "children's services at night and at weekends: {contact}",
    "designated_officer": "the local authority's designated officer, for a worry about an adult who works with children: {contact}",
}
WANTS_A_PERSON = "They asked here to speak to a person."
NOT_UNDERSTOOD = "I am not sure what you mean. Is it a question about the policy, or something you want to report?"
ONLY_ENGLISH = (
    "I can only read English, so I may not have understood you. A person can help: ask at the {office}, or any member of staff. "
    "If anyone is in danger, ring 999."
)
WHICH_ONE = "Is this a report, or a question about the policy?"
CANCELLED = "Nothing to stop: no report is open."
MEDIA = (
    "I do not open pictures, videos or files, and I have not looked at this one. Please tell me in words. "
    "If it may show a child undressed: do not look again, do not send it on and do not delete it. Tell the safeguarding lead."
)
MEDIA_IN_REPORT = (
    "I cannot take pictures, videos or files, and I have not looked at this one. Please say it in words, as far as you can. "
    "Keep what you have where it is. Your report will say that you offered it."
)
MEDIA_LOCKED = (
    "I did not take that, and I have not looked at it. A picture that may show a child undressed must not be sent to anybody, "
    "not even to those who help. Leave it where it is, without looking again, and do not delete it. No picture is needed here."
)
PICTURE_STOP = (
    "Thank you for telling us. Please stop there: you need not say what it shows, and no picture is needed here. "
    "Do not look at it again. Do not copy, send, save or delete it."
)
PICTURE_ONE_MORE = "Only this, so that your report reaches the right person; then it is sent at once:"
PICTURE_AFTER = "Leave it where it is until somebody from the school has spoken to you. It was right to tell us."
REPORT_REMOVE = (
    "A young person can have such a picture taken down, without showing it to anybody at the school: "
    "ask for Report Remove at Childline, free at any hour, on 0800 1111."
)
REPORT_REMOVE_AT = (
    "A young person can have such a picture taken down with Report Remove ({contact}), without showing it to anybody at school. "
    "Childline helps with it, free at any hour: 0800 1111."
)
ALSO_WROTE = "What they also wrote"
FILES_OFFERED = "Pictures or files offered"
FILES_NOT_TAKEN = "{number}. None was opened, looked at or kept."
BELONGS = "Belongs with an earlier report"
EDITED = (
    "I see that you changed a message. I keep what you wrote first: what is answered is not changed that way. "
    "To change an answer, say “back”, or type its number before it is sent. After that, say “add” and I keep what you add."
)
PRIVATE_PAGE_AT = "The private page is {page}. It asks the same questions, and nobody who runs this workspace can read it there."
NO_PRIVATE_PAGE = (
    "There is no private page here that I could send you to, and people who run this workspace may be able to read along, "
    "so please {ring} and ask to speak to somebody in private."
)
SEND_NONE = (
    "Please send no pictures, videos or files here: I cannot take them, and none is needed. Keep what you have where it is, "
    "and do not pass it on. If it may show a child undressed, do not look at it again and do not delete it."
)
OLD_BUTTON = "That button is from an earlier question."
OPEN_QUESTION = "Back to your report:"
PROGRESS = "Question {number} of {of}"
REVIEW_TITLE = "Before it is sent"
REVIEW = "Press Send to send it. To change an answer, type its number."
SEND, BACK, CANCEL, SKIP, DONE = "Send", "Back", "Stop", "Skip", "Done"
TICKED, NOT_TICKED = "☑", "☐"
WHO_SEES = "It goes to {roles}."
WHO_NEXT = "If nobody there has it in time, {roles} will be told."
WHO_SEES_LESS = "Separately, {roles} will see only your answers to {parts}."
NOT_SEEN_BY = "{roles} will not see it."
NOBODY_SEES = (
    "Nobody at the school is left who could look into this freely. We keep your report, and tell you whom to phone once it is sent."
)
CARRY_ON = "Carry on with my draft"
DRAFT_REMINDER = (
    "A little while ago you began something here that is not finished. Nothing has been sent to anybody. "
    "Would you like to carry on?"
)
DRAFT_ON, DRAFT_KEEP, DRAFT_THROW = "Carry on", "Keep a draft", "Throw it away"
DRAFT_KEPT = "After {days} it is destroyed."
DRAFT_GONE = (
    "The draft of what you began here was kept for {days} after your last words, and has now been destroyed. "
    "It was sent to nobody. If it still matters, you can tell us again at any time."
)
NO_DRAFT = "There is no draft here any more. Would you like to begin again?"
SENT_BY_SILENCE = "You did not choose within ten minutes, so I have sent your report as it stood."
SENT_MEANWHILE = (
    "You did not choose within ten minutes, so I sent your report as it stood, on {when}. I did not write to you here, "
    "because you said that it is not safe. This is what there was to say at that time:"
)
JOINED = "Thank you. I have added your answers to your urgent report, {reference}."
KEPT_FROM = "From now on I keep it from {roles}."
NOW_ALSO = "I am telling {roles} now."
ADDED = "Something was added to {reference}, which you have. Press Open to read it."
ADDED_ON = "Added on {when}:"
UNNAMED = "the adult you did not name"

POLICY_SAYS = "The policy says"
AUDIENCES = {
    "staff": "staff",
    "volunteer": "volunteers",
    "governor": "governors",
    "parent": "parents",
    "pupil": "pupils",
}
RULE_FOR = "For {people}"
EDITIONS = {"plain-language": "in our plain words: check the reference in the document itself", "verbatim": "word for word"}
VERSION = "version {version}"
PUBLISHED = "published here as number {number}"
POLICY_UNSURE = "I am not sure. Is it one of these?"
DID_YOU_MEAN = "Did you mean “{question}”?"
OTHERWISE = "If not, is it one of these?"
MEANT = "Yes, that is what I meant"
NONE_OF_THESE = "None of these"
POLICY_SILENT = (
    "The policy of {school} does not seem to say, and I do not guess from any other school's policy. "
    "Ask the {headteacher} about the policy, and the {office} about everyday matters."
)
NOT_FOUND = "Then I cannot find it in this policy. Ask the {headteacher} about the policy, and the {office} about everyday matters."
MAY_I_NOTE_IT = (
    "Shall I note down your question, in your words and without your name, for those who look after the policy? "
    "It helps them to see what it leaves out. You will not get an answer here."
)
NOTE_IT = "Yes, pass my question on"
NOTED = "Thank you. I have noted down your question, without your name."
CLOSEST_ANYWAY = "Show the closest anyway"
CLOSEST = "These come closest, but they may not be what you meant."
WAS_THIS_RIGHT = "Was this right?"
YES, NO = "Yes", "No"
GLAD = "Thank you. That helps us."
PERHAPS_ONE_OF_THESE = "Thank you for saying so. Is it one of these?"
WHOLE_SECTION = "Read the whole section"
WHOLE_OF = "Read all of {place}"
READ_ON = "Read on"
MARKED, UNMARKED = "▸", "•"
CONTENTS = "Look through the policy"
CONTENTS_OF = "The parts of the {title}. Which would you like to see?"
IN_SECTION = "What this part says. Which rule would you like to read?"
MORE = "More"
HAVING = "These rules hold your words. Which would you like to read?"
NOTHING_HAS = "No rule of the policy holds these words. You can ask me in your own words, or look through the policy."
SECTION_GONE = "I cannot find that section any more. Please ask again in your own words."
ASK_AGAIN = "That button belongs to an earlier question. Please ask me again."

FAILED = (
    "Something went wrong on our side. Your answers are kept. Please try again; if it happens again, give this code: {reference}. "
    "If anyone is in danger, ring 999."
)

NEEDS_YOU = "Signpost: {reference} needs you"
ACKNOWLEDGE = "Acknowledge"
OPEN = "Open"
ACKNOWLEDGED = "Thank you. {reference} is yours: nobody else will be told. Press Open to read it."
ALREADY = "{reference} has already been acknowledged. Nothing more is needed from you."
NO_CASES = "No open reports for you."
CASES = "Open reports you can see:"
NOT_YOURS = "I cannot show you a case with that reference."
APPROVE, DECLINE = "Approve", "Decline"
YOU_DECIDED = "Thank you. {reference} has been {decision}, and whoever asked for it is told."
TOLD_SITE_ONLY = "I am telling {roles}, who will see what is to be done and when, and not who asked or for whom."
DECIDED_BY = "Your request {reference} has been {decision} by {role}."
DECIDED_NOTE = "With it they wrote: “{note}”"
ASKED_TO_SEE_TO_IT = "I am asking {roles} to see to it now."
NOTE_ON_DECISION = "Written with the decision"
ALREADY_DECIDED = "{reference} was {decision} on {when}. Nothing more is needed from you."
NOT_YOURS_TO_DECIDE = "{reference} is for {roles} to decide. You can read it: press Open."
YOUR_OWN_REQUEST = "You asked for {reference} yourself, so somebody else has to decide it."
NOTHING_TO_DECIDE = "There is nothing to decide in {reference}. Press Open to read it."
BLANKED = "This message was withdrawn."
ESCALATED = "Nobody else who may have this has acknowledged it yet, so it has come to you."
NEXT = "What to do next:"
LABELS = {
    "default": "the policy names nobody for this, so we tell you by our own default",
    "outside": "general safeguarding practice in England; the policy names nobody for this",
}
URGENCY = {
    "immediate": "now: somebody may be in danger",
    "high": "within one school hour",
    "medium": "within the school day",
    "low": "within two school days",
}
WITHIN, WITHIN_OPENING = "within {minutes} minutes", "within {minutes} minutes of opening time"


def listed(words: Sequence[str]) -> str:
    """WORDS as people say a list: "the headteacher and the chair"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def days(number: int) -> str:
    """NUMBER of days in words, such as "7 days"."""
    return "1 day" if number == 1 else f"{number} days"


def sentence(words: str) -> str:
    """WORDS with a capital at their beginning."""
    return f"{words[:1].upper()}{words[1:]}"


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """MOMENT as the school's own clock shows it, such as "08:12"."""
    return f"{moment.astimezone(zone):%H:%M}"


def day(moment: datetime, zone: ZoneInfo) -> str:
    """The day of MOMENT, such as "Monday 23 November"."""
    local = moment.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B}"


def day_and_clock(moment: datetime, zone: ZoneInfo) -> str:
    """MOMENT with its day, such as "Monday 23 November at 08:30"."""
    return f"{day(moment, zone)} at {clock(moment, zone)}"


def at(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """MOMENT as it is said NOW: "at 08:12", or with its day when that is another one."""
    today = moment.astimezone(zone).date() == now.astimezone(zone).date()
    return f"at {clock(moment, zone)}" if today else f"on {day_and_clock(moment, zone)}"
